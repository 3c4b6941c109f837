package web_test

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"tiebreak/internal/pgtest"
	"tiebreak/internal/staff"
)

// invited has an admin invite the address, and returns the path of its link.
func (s *site) invited(email string, role staff.Role) (link string) {
	s.t.Helper()
	s.post("/staff/team/invitations", url.Values{"email": {email}, "role": {string(role)}}).wantStatus(http.StatusSeeOther)
	team, err := s.db.TeamPage(s.t.Context())
	if err != nil || len(team.Invitations) == 0 {
		s.t.Fatalf("%d invitations (%v)", len(team.Invitations), err)
	}
	return "/staff/invitations/" + staff.InvitationToken(s.server().Secret, team.Invitations[0].Salt)
}

var joining = url.Values{"name": {"New Member"}, "password": {"a sample password"}}

func TestInvitationMakesAMemberOnce(t *testing.T) {
	t.Parallel()
	admin := newSite(t)
	admin.signIn(staff.Admin)
	link := admin.invited("new@example.org", staff.Editor)
	admin.get("/staff/team").wantText("main", "new@example.org")
	guest := admin.another()

	page := guest.get(link).wantStatus(http.StatusOK)
	page.wantText("main", "Sample Member invites you to join as an editor: you can reply to leads, assign them, and "+
		"edit templates, guides and facts")
	short := guest.post(link, url.Values{
		"name":     {"New Member"},
		"password": {"short"},
	}).wantStatus(http.StatusUnprocessableEntity)
	short.wantText("#password-wrong", "at least 10 characters")
	if name := short.attr("#name", "value"); name != "New Member" {
		t.Errorf("the name is %q", name)
	}
	forged := url.Values{
		"name": {"New Member"}, "password": {"a sample password"}, "email": {"else@example.org"},
		"role": {"admin"},
	}
	guest.post(link, forged).wantStatus(http.StatusSeeOther)
	if got := admin.audited()[:2]; !slices.Equal(got, []string{"sign-in", "member-joined member 2"}) {
		t.Errorf("joining left %v", got)
	}
	account := guest.get("/staff/account").wantStatus(http.StatusOK)
	account.wantText(".facts", "new@example.org")
	account.wantText(".facts", "Editor")

	for _, again := range []answer{guest.get(link), admin.another().post(link, joining)} {
		again.wantStatus(http.StatusGone).wantText("h1", "This link has been used")
	}
	if text := admin.get("/staff/team").text("main"); !strings.Contains(text, "There are no open invitations") {
		t.Errorf("the team's page reads %q", text)
	}
}

func TestWithdrawnAndReplacedInvitationsSaySo(t *testing.T) {
	t.Parallel()
	admin := newSite(t)
	admin.signIn(staff.Admin)
	first := admin.invited("new@example.org", staff.Editor)
	second := admin.invited("NEW@example.org", staff.Reader)
	guest := admin.another()

	guest.get(first).wantStatus(http.StatusGone).wantText("h1", "This invitation was withdrawn")
	page := admin.get("/staff/team")
	page.wantCount(".list li", 1)
	action, _ := page.Find(".list form").Attr("action")
	admin.post(action, nil).wantStatus(http.StatusSeeOther)
	guest.post(second, joining).wantStatus(http.StatusGone).wantText("h1", "This invitation was withdrawn")
	guest.get("/staff/invitations/GUESS").wantStatus(http.StatusNotFound)
}

func TestInvitationExpiresAfterAWeek(t *testing.T) {
	t.Parallel()
	address := pgtest.NewURL(t)
	admin := siteOn(t, pgtest.Open(t, address))
	admin.signIn(staff.Admin)
	link := admin.invited("new@example.org", staff.Editor)

	siteOn(t, pgtest.After(t, address, "167 hours")).get(link).wantStatus(http.StatusOK)
	later := siteOn(t, pgtest.After(t, address, "168 hours"))
	later.get(link).wantStatus(http.StatusGone).wantText("h1", "This link has expired")
	later.post(link, joining).wantStatus(http.StatusGone)
	if later.isIn() {
		t.Error("an expired link signed somebody in")
	}
	later.enter("member@example.org", "a sample password")
	later.get("/staff/team").wantText(".list", "Expired")

	muchLater := pgtest.After(t, address, "889 hours")
	if err := muchLater.Sweep(context.Background()); err != nil {
		t.Fatal(err)
	}
	if team, err := muchLater.TeamPage(context.Background()); err != nil || len(team.Invitations) != 0 {
		t.Errorf("%v is kept (%v)", team.Invitations, err)
	}
}

func TestAddressOfAMemberIsNotInvited(t *testing.T) {
	t.Parallel()
	admin, _ := withAdmin(t, staff.Reader)
	for email, want := range map[string]string{
		"OTHER@example.org":           "This email address belongs to a member",
		"nonsense":                    "name@example.org",
		"Somebody <some@example.org>": "name@example.org",
	} {
		page := admin.post("/staff/team/invitations",
			url.Values{"email": {email}, "role": {"reader"}}).wantStatus(http.StatusUnprocessableEntity)
		page.wantText("#email-wrong", want)
		if typed := page.attr("#email", "value"); typed != email {
			t.Errorf("%q came back as %q", email, typed)
		}
	}
}

func TestUsedOrUnknownInvitationIsNotWithdrawn(t *testing.T) {
	t.Parallel()
	admin := newSite(t)
	admin.signIn(staff.Admin)
	link := admin.invited("new@example.org", staff.Editor)
	stale := admin.get("/staff/team").attr(".list form", "action")
	admin.another().post(link, joining).wantStatus(http.StatusSeeOther)
	before := admin.audited()

	refused := admin.post(stale, nil).wantStatus(http.StatusConflict)
	refused.wantText("[role=alert]", "Nothing was withdrawn. This person has already joined")
	refused.wantText(".team", "new@example.org")
	admin.post("/staff/team/invitations/9999/withdrawal", nil).wantStatus(http.StatusNotFound)
	if after := admin.audited(); !slices.Equal(after, before) {
		t.Errorf("the audit holds %v", after)
	}
}

func TestEachInvitationThatIsWithdrawnLeavesALine(t *testing.T) {
	t.Parallel()
	admin, other := withAdmin(t, staff.Admin)
	left := func(act func(), want ...string) {
		t.Helper()
		before := len(admin.audited())
		act()
		lines := admin.audited()
		if got := lines[:len(lines)-before]; !slices.Equal(got, want) {
			t.Errorf("the audit got %q, want %q", got, want)
		}
	}
	admin.invited("first@example.org", staff.Reader)
	left(func() { other.invited("FIRST@example.org", staff.Reader) }, "invitation-sent invitation 2",
		"invitation-withdrawn invitation 1")
	withdraw := func() {
		admin.post("/staff/team/invitations/2/withdrawal", nil).wantStatus(http.StatusSeeOther)
	}
	left(withdraw, "invitation-withdrawn invitation 2")
	left(withdraw)
	other.invited("third@example.org", staff.Reader)
	other.invited("fourth@example.org", staff.Reader)
	left(func() { admin.setState("other@example.org", "disabled").wantStatus(http.StatusSeeOther) },
		"member-disabled member 2", "invitation-withdrawn invitation 4", "invitation-withdrawn invitation 3")
}

func TestInvitationsOfOneWhoGovernsNoMoreAreWithdrawn(t *testing.T) {
	t.Parallel()
	admin, other := withAdmin(t, staff.Admin)
	link := other.invited("new@example.org", staff.Admin)

	admin.setRole("other@example.org", staff.Editor).wantStatus(http.StatusSeeOther)
	admin.another().post(link, joining).wantStatus(http.StatusGone).wantText("h1", "This invitation was withdrawn")
}

func TestRolesAreDescribedByWhatStaffPagesAllow(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.signIn(staff.Admin)
	s.reauthenticate(url.Values{"password": {"a sample password"}}).wantStatus(http.StatusSeeOther)
	page := s.get("/staff/team").wantStatus(http.StatusOK)
	page.wantText(".opt:has([value=reader])", "can see leads, email, guides and insights")
	page.wantText(".opt:has([value=editor])", "reply, assign leads, and edit templates, guides and facts")
	page.wantText(".opt:has([value=admin])", "erase and export leads, and manage the site, the promise and the team")
}
