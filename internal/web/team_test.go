package web_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"

	"tiebreak/internal/pgtest"
	"tiebreak/internal/postgres"
	"tiebreak/internal/staff"
)

// another is the site as seen in another browser.
func (s *site) another() *site {
	other := *s
	other.client = browser(s.t)
	return &other
}

// enter signs the browser in as the member, and reports whether it was let in.
func (s *site) enter(email, password string) bool {
	s.t.Helper()
	return s.post("/staff/sign-in", url.Values{"email": {email}, "password": {password}}).status == http.StatusSeeOther
}

// isIn reports whether the browser is signed in.
func (s *site) isIn() bool {
	s.t.Helper()
	return s.get("/staff/account").status == http.StatusOK
}

// memberID is the member's, by their address.
func (s *site) memberID(email string) int64 {
	s.t.Helper()
	team, err := s.db.Team(context.Background())
	if err != nil {
		s.t.Fatal(err)
	}
	for _, m := range team {
		if m.Email == email {
			return m.ID
		}
	}
	s.t.Fatalf("there is no %s", email)
	return 0
}

func (s *site) setRole(email string, role staff.Role) answer {
	s.t.Helper()
	return s.post(fmt.Sprintf("/staff/team/%d/role", s.memberID(email)), url.Values{"role": {string(role)}})
}

func (s *site) setState(email, state string) answer {
	s.t.Helper()
	return s.post(fmt.Sprintf("/staff/team/%d/state", s.memberID(email)), url.Values{"state": {state}})
}

// withAdmin is a site whose browser is an admin's, with a second member in a browser of their own.
func withAdmin(t *testing.T, second staff.Role) (admin, other *site) {
	t.Helper()
	admin = newSite(t)
	admin.signIn(staff.Admin)
	admin.addMember("other@example.org", second)
	other = admin.another()
	if !other.enter("other@example.org", "a sample password") {
		t.Fatal("the second member cannot sign in")
	}
	return admin, other
}

func TestTeamIsForAdmins(t *testing.T) {
	t.Parallel()
	admin, editor := withAdmin(t, staff.Editor)

	page := admin.get("/staff/team").wantStatus(http.StatusOK)
	page.wantText("nav", "Team")
	page.wantText(".team", "other@example.org")
	page.wantText(".team", "In 1 browser now")
	editor.get("/staff/team").wantStatus(http.StatusForbidden)
	editor.setRole("other@example.org", staff.Admin).wantStatus(http.StatusForbidden)
	if text := editor.get("/staff/account").text("nav"); strings.Contains(text, "Team") {
		t.Errorf("an editor's navigation reads %q", text)
	}
}

func TestDisabledMemberIsOutAtOnceAndCannotSignIn(t *testing.T) {
	t.Parallel()
	admin, other := withAdmin(t, staff.Editor)
	admin.post("/intake", request(nil)).wantStatus(http.StatusSeeOther)
	unknown := other.another().post("/staff/sign-in",
		url.Values{"email": {"nobody@example.org"}, "password": {"a sample password"}})

	admin.setState("other@example.org", "disabled").wantStatus(http.StatusSeeOther)
	if other.isIn() {
		t.Error("the disabled member is still signed in")
	}
	refused := other.post("/staff/sign-in", url.Values{"email": {"other@example.org"}, "password": {"a sample password"}}).
		wantStatus(http.StatusUnprocessableEntity)
	if got, want := refused.text("main"), unknown.text("main"); got != want {
		t.Errorf("a disabled member reads %q, a stranger %q", got, want)
	}
	id := fmt.Sprint(admin.memberID("other@example.org"))
	admin.get("/staff/leads/TB-0001").wantCount("#assignee option[value='"+id+"']", 0)
	admin.act("TB-0001", "/assignee", url.Values{"assignee": {id}}).wantStatus(http.StatusConflict)

	admin.setState("other@example.org", "active").wantStatus(http.StatusSeeOther)
	if other.isIn() {
		t.Error("enabling brought the session back")
	}
	if !other.enter("other@example.org", "a sample password") {
		t.Error("the enabled member cannot sign in")
	}
}

func TestTeamSaysHowManyMembersLackASecondFactorBeforeItIsRequired(t *testing.T) {
	t.Parallel()
	admin, other := withAdmin(t, staff.Reader)
	admin.addMember("gone@example.org", staff.Reader)
	admin.addMember("third@example.org", staff.Reader)
	admin.setState("gone@example.org", "disabled").wantStatus(http.StatusSeeOther)
	says := func(want string) {
		t.Helper()
		admin.get("/staff/team").wantText("#second-factor", want)
	}
	says("Nobody has two-step sign-in yet.")
	admin.setUp()
	says("1 of 3 active members has two-step sign-in.")
	other.setUp()
	says("2 of 3 active members have two-step sign-in.")
	admin.post("/staff/team/second-factor", url.Values{"required": {"yes"}}).wantStatus(http.StatusSeeOther)
	says("2 of 3 active members have two-step sign-in.")
	admin.setState("third@example.org", "disabled").wantStatus(http.StatusSeeOther)
	says("All active members have two-step sign-in.")
}

func TestHistoryNamesADisabledMember(t *testing.T) {
	t.Parallel()
	admin, other := withAdmin(t, staff.Editor)
	admin.post("/intake", request(nil)).wantStatus(http.StatusSeeOther)
	id := fmt.Sprint(admin.memberID("other@example.org"))
	other.act("TB-0001", "/assignee", url.Values{"assignee": {id}}).wantStatus(http.StatusSeeOther)

	admin.setState("other@example.org", "disabled").wantStatus(http.StatusSeeOther)
	page := admin.get("/staff/leads/TB-0001")
	page.wantText(".steps", "Sample Member took it")
	page.wantText("#assignee [selected]", "Sample Member (disabled)")
}

func TestNewRoleCountsAtOnceAndEndsSessions(t *testing.T) {
	t.Parallel()
	admin, other := withAdmin(t, staff.Editor)

	admin.setRole("other@example.org", staff.Editor).wantStatus(http.StatusSeeOther)
	if !other.isIn() {
		t.Error("a role that stays as it is ended a session")
	}
	admin.setRole("other@example.org", staff.Admin).wantStatus(http.StatusSeeOther)
	if other.isIn() {
		t.Error("a promoted member kept the session of before")
	}
	other.enter("other@example.org", "a sample password")
	other.get("/staff/team").wantStatus(http.StatusOK)
	admin.setRole("other@example.org", staff.Reader).wantStatus(http.StatusSeeOther)
	if other.isIn() {
		t.Error("a demoted member kept the session of before")
	}
	admin.setRole("other@example.org", "owner").wantStatus(http.StatusBadRequest)
	admin.post("/staff/team/999/role", url.Values{"role": {"reader"}}).wantStatus(http.StatusNotFound)
}

func TestLastActiveAdminStaysOne(t *testing.T) {
	t.Parallel()
	admin, _ := withAdmin(t, staff.Editor)
	for _, refused := range []answer{
		admin.setRole("member@example.org", staff.Editor),
		admin.setState("member@example.org", "disabled"),
	} {
		refused.wantStatus(http.StatusConflict).wantText("[role=alert]", "This is the last active admin")
	}
	if !admin.isIn() {
		t.Error("a refused change ended the session")
	}
}

// TestTwoAdminsWhoDemoteEachOtherLeaveOne has two admins take the role from each other, or each from themselves, at once on
// two instances.
func TestTwoAdminsWhoDemoteEachOtherLeaveOne(t *testing.T) {
	t.Parallel()
	ctx, address := context.Background(), pgtest.NewURL(t)
	instances := []*postgres.DB{pgtest.Open(t, address), pgtest.Open(t, address)}
	admins := make([]int64, 2)
	for i, email := range []string{"one@example.org", "two@example.org"} {
		if err := instances[0].AddMember(ctx, staff.NewMember{Email: email, Name: "Sample", Role: staff.Admin},
			"hash"); err != nil {
			t.Fatal(err)
		}
		m, _, err := instances[0].MemberByEmail(ctx, email)
		if err != nil {
			t.Fatal(err)
		}
		admins[i] = m.ID
	}
	for round := range pgtest.Rounds(t, "TIEBREAK_SESSION_ROUNDS", 20) {
		errs := make([]error, 2)
		var wait sync.WaitGroup
		for i, db := range instances {
			target := admins[(i+round)%2] // in even rounds themselves, in odd ones each other
			wait.Go(func() {
				if round%4 < 2 {
					errs[i] = db.ChangeRole(ctx, admins[i], target, staff.Reader)
				} else {
					errs[i] = db.Disable(ctx, admins[i], target, true)
				}
			})
		}
		wait.Wait()
		team, err := instances[0].Team(ctx)
		if err != nil {
			t.Fatal(err)
		}
		governing := 0
		for _, m := range team {
			if m.IsActiveAdmin() {
				governing++
			}
		}
		if governing != 1 || (errs[0] == nil) == (errs[1] == nil) {
			t.Fatalf("round %d: %d admins are left (%v, %v)", round, governing, errs[0], errs[1])
		}
		for _, m := range team {
			if err := instances[0].Disable(ctx, postgres.CommandLine, m.ID, false); err != nil {
				t.Fatal(err)
			}
			if err := instances[0].ChangeRole(ctx, postgres.CommandLine, m.ID, staff.Admin); err != nil {
				t.Fatal(err)
			}
		}
	}
}
