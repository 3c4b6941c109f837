package web_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"tiebreak/internal/pgtest"
	"tiebreak/internal/staff"
)

// says is a word of what the page behind each act says of it. The acts that say nothing lead to the page that was asked for: a
// proof and the first step of an authenticator, or are the script's: a draft.
var says = map[string]string{
	"/staff/leads/views": "View saved", "/staff/leads/views/{id}/removal": "View removed",
	"/staff/leads/{reference}/reply": "reply", "/staff/leads/{reference}/team-notes": "Note added",
	"/staff/leads/{reference}/assignee": "Sample Member", "/staff/leads/{reference}/status": "moved to Qualified",
	"/staff/leads/{reference}/suspicion": "spam", "/staff/leads/{reference}/erasure": "erased",
	"/staff/leads/changes": "1 lead", "/staff/leads/changes/{batch}/undo": "1 lead",
	"/staff/templates": "Template saved", "/staff/templates/{id}/removal": "Template deleted",
	"/staff/leads/{reference}/email": "Email address corrected",
	"/staff/deliveries/{id}/attempt": "sending", "/staff/deliveries/{id}/acknowledgement": "sent",
	"/staff/deliveries/attempts": "sending the emails again",
	"/staff/promise":             "Saved", "/staff/sign-out": "signed out",
	"/staff/account/signature": "Signature saved", "/staff/account/password": "Password changed",
	"/staff/account/authenticator/confirmation": "Authenticator app set up",
	"/staff/account/authenticator/removal":      "Authenticator app removed",
	"/staff/account/recovery-codes":             "New recovery codes", "/staff/team/second-factor": "two-step sign-in",
	"/staff/team/invitations": "on its way", "/staff/team/invitations/{id}/withdrawal": "Invitation withdrawn",
}

var silent = []string{"/staff/account/proof", "/staff/account/authenticator", "/staff/leads/{reference}/draft"}

// after follows an answer that leads on, with all redirects behind it.
func (s *site) after(a answer) answer {
	s.t.Helper()
	for range 3 {
		if a.status != http.StatusSeeOther {
			break
		}
		to, _, _ := strings.Cut(a.header.Get("Location"), "#")
		a = s.get(to)
	}
	return a.wantStatus(http.StatusOK)
}

func TestEachActOnAStaffPageSaysThatItWorked(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.eachChange(func(pattern, _ string, post func() answer) {
		a := post()
		if slices.Contains(silent, pattern) {
			return
		}
		said := s.after(a).text("main [role=status]")
		if says[pattern] == "" || !strings.Contains(said, says[pattern]) {
			t.Errorf("%s says %q, want %q in it", pattern, said, says[pattern])
		}
	})
}

func TestActsOnTheTeamAndOnSessionsSayThatTheyWorked(t *testing.T) {
	t.Parallel()
	address := pgtest.NewURL(t)
	s := siteOn(t, pgtest.Open(t, address))
	s.signIn(staff.Admin)
	s.prove(url.Values{"password": {"a sample password"}}).wantStatus(http.StatusSeeOther)
	s.addMember("second@example.org", staff.Reader)
	for range 2 { // in other browsers
		s.by(staff.Admin, s.request(http.MethodGet, "/", ""))
	}
	for _, act := range []struct {
		path string
		form url.Values
		want string
	}{
		{"/staff/team/2/role", url.Values{"role": {"editor"}}, "Role changed"},
		{"/staff/team/2/state", url.Values{"state": {"disabled"}}, "Disabled"},
		{"/staff/team/2/state", url.Values{"state": {"active"}}, "Enabled"},
		{"/staff/team/2/second-factor/removal", nil, "reset"},
		{"/staff/account/sessions/2/removal", nil, "Signed out"},
		{"/staff/account/sessions/removal", nil, "Signed out"},
	} {
		s.after(s.post(act.path, act.form)).wantText("main [role=status]", act.want)
	}
}

// TestOnlyWordsOfTheProgramAreSaidOfAnAct has the address ask for words that no act says.
func TestOnlyWordsOfTheProgramAreSaidOfAnAct(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.signIn(staff.Admin)
	s.get("/staff/account?done=Call+this+number").wantStatus(http.StatusOK).wantCount("main [role=status]", 0)
}

func TestTemplateIsDeletedOnlyAfterAsking(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.signIn(staff.Editor)
	s.post("/staff/templates", url.Values{"name": {"Hello"}, "text": {"Hello {name}"}}).wantStatus(http.StatusSeeOther)
	page := s.get("/staff/templates")
	page.wantCount("details:not([open]) form[action='/staff/templates/1/removal'] button", 1)
	page.wantText("details:has(form[action='/staff/templates/1/removal'])", "cannot undo this")
}

func TestAChangeOfNoLeadsSaysThatNothingIsTicked(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.signIn(staff.Editor)
	form := url.Values{"do": {"assign"}, "assignee": {"0"}, "back": {"/staff/leads?tab=all"}}
	page := s.after(s.post("/staff/leads/changes", form))
	page.wantText("[role=status]", "Nothing was changed. Tick the leads first")
	page.wantText(".tabs [aria-current=page]", "All")
}
