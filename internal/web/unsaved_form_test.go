package web_test

import (
	"net/http"
	"net/url"
	"testing"

	"tiebreak/internal/staff"
)

// wantForm checks that the page gives a form back as it was sent.
func (a answer) wantForm(action string, sent url.Values) {
	a.t.Helper()
	a.wantAttr("main form", "action", action)
	if got := a.form("main form").Encode(); got != sent.Encode() {
		a.t.Errorf("%s: the form given back holds %s, want %s", a.what, got, sent.Encode())
	}
}

// sendAgain sends the form that the page gives back, which must be accepted now.
func (s *site) sendAgain(page answer) {
	s.t.Helper()
	s.post(page.attr("main form", "action"), page.form("main form")).wantStatus(http.StatusSeeOther)
}

func TestFormIsGivenBackWhenTheSessionIsOver(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Editor)
	s.ask("A sample project")
	out := s.another()
	for path, form := range map[string]url.Values{
		"/staff/leads/TB-0001/reply": fields("reply", "Hello,\nhow <are> you?", "seen", s.seen("TB-0001"), "key", "ONE",
			"do", "send"),
		"/staff/leads/TB-0001/team-notes": fields("note", "I called", "key", "TWO"),
		"/staff/account/signature":        fields("signature", "Yours\nSample"),
		"/staff/templates":                fields("name", "Hello", "text", "Hello {name}", "id", "0"),
		"/staff/leads/views":              fields("name", "Mine", "query", "tab=mine"),
	} {
		page := out.post(path, form).wantStatus(http.StatusForbidden)
		page.wantText("h1", "Not done yet: you are signed out").wantAttr("a.key", "href", "/staff/sign-in")
		page.wantForm(path, form)
		s.sendAgain(page)
	}
	s.wantReplies(1)
	out.post("/staff/leads/TB-0001/draft", fields("reply", "Begun")).wantStatus(http.StatusForbidden)
	out.mustPost("/staff/leads/TB-0001/status", "to", "lost")
	out.mustPost("/staff/account/password", "current", "", "current", samplePassword, "name", "x")
}

func TestFormThatCannotBeSentAgainIsGivenBackWithoutAButton(t *testing.T) {
	t.Parallel()
	admin, other := withAdmin(t, staff.Reader)
	admin.ask("A sample project")
	page := other.post("/staff/leads/TB-0001/team-notes", fields("note", "I called")).wantStatus(http.StatusForbidden)
	page.wantText("#note", "I called").wantCount("main button", 0).wantCount("main a[href='/staff/leads']", 1)

	out := admin.another()
	page = out.postBody("/staff/templates", "name=Hello&text=Hello&id=%zz").wantStatus(http.StatusBadRequest)
	page.wantText("#text", "Hello").wantCount("main form", 0)
	out.postBody("/staff/account/password", "current=a+sample+password&name=x&new=%zz").wantStatus(http.StatusBadRequest).
		wantCount("main input", 0)
	out.do(out.request(http.MethodPost, "//evil.example/x", "note=Hello")).wantCount("main form", 0)
}

func TestFormIsGivenBackWhereSomethingElseIsRequiredFirst(t *testing.T) {
	t.Parallel()
	admin := signedIn(t, staff.Admin)
	invitation := fields("email", "new@example.org", "role", "reader")
	admin.sql(`UPDATE sessions SET reauthenticated_at = NULL`)
	page := admin.post("/staff/team/invitations", invitation).wantStatus(http.StatusForbidden)
	page.wantText("h1", "confirm that it’s you").wantForm("/staff/team/invitations", invitation)
	admin.reauthenticate(fields("password", samplePassword)).wantStatus(http.StatusSeeOther)
	admin.sendAgain(page)

	admin.mustPost("/staff/team/second-factor", "required", "yes")
	page = admin.post("/staff/account/signature", fields("signature", "Yours")).wantStatus(http.StatusForbidden)
	page.wantText("h1", "your team requires two-step sign-in")
	admin.setUp()
	admin.sendAgain(page)
}

func TestFormOfAnotherSiteIsNotGivenBack(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Editor)
	s.post("/staff/leads/TB-0001/reply", fields("reply", "Send me money"), "Sec-Fetch-Site", "cross-site").
		wantStatus(http.StatusForbidden).wantCount("main form", 0)
}

func TestTeamPageRequiresReauthentication(t *testing.T) {
	t.Parallel()
	admin := signedIn(t, staff.Admin)
	admin.addMember(otherEmail, staff.Reader)
	admin.sql(`UPDATE sessions SET reauthenticated_at = NULL`)
	for _, a := range []answer{
		admin.get("/staff/team"), admin.setRole(otherEmail, staff.Admin), admin.setState(otherEmail, "disabled"),
	} {
		a.wantLocation("/staff/account/reauthentication?to=team")
	}
	admin.post("/staff/account/reauthentication?to=team", fields("password", samplePassword)).wantLocation("/staff/team")
}
