package web_test

import (
	"fmt"
	"net/http"
	"testing"

	"tiebreak/internal/pgtest"
	"tiebreak/internal/postgres"
	"tiebreak/internal/staff"
)

func TestTeamIsForAdmins(t *testing.T) {
	t.Parallel()
	admin, editor := withAdmin(t, staff.Editor)

	page := admin.get("/staff/team").wantStatus(http.StatusOK).wantText("nav", "Team")
	page.wantText(".team", otherEmail, "In 1 browser now")
	editor.setRole(otherEmail, staff.Admin).wantStatus(http.StatusForbidden)
	editor.get("/staff/account").wantStatus(http.StatusOK).wantNoText("nav", "Team")
}

func TestDisabledMemberIsOutAtOnceAndCannotSignIn(t *testing.T) {
	t.Parallel()
	admin, other := withAdmin(t, staff.Editor)
	admin.ask("A sample project")
	unknown := other.another().post("/staff/sign-in", fields("email", "nobody@example.org", "password", samplePassword))

	admin.setState(otherEmail, "disabled").wantStatus(http.StatusSeeOther)
	other.wantSignedOut("the disabled member is still signed in")
	other.post("/staff/sign-in", fields("email", otherEmail, "password", samplePassword)).
		wantStatus(http.StatusUnprocessableEntity).wantExactText("main", unknown.text("main"))
	id := fmt.Sprint(admin.memberID(otherEmail))
	admin.get("/staff/leads/TB-0001").wantCount("#assignee option[value='"+id+"']", 0)
	admin.act("TB-0001", "/assignee", fields("assignee", id)).wantStatus(http.StatusConflict)

	admin.setState(otherEmail, "active").wantStatus(http.StatusSeeOther)
	other.wantSignedOut("enabling brought the session back")
	other.mustSignIn(otherEmail)
}

func TestTeamShowsHowManyMembersHaveASecondFactor(t *testing.T) {
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
	admin.mustPost("/staff/team/second-factor", "required", "yes")
	says("2 of 3 active members have two-step sign-in.")
	admin.setState("third@example.org", "disabled").wantStatus(http.StatusSeeOther)
	says("All active members have two-step sign-in.")
}

func TestHistoryNamesADisabledMember(t *testing.T) {
	t.Parallel()
	admin, other := withAdmin(t, staff.Editor)
	admin.ask("A sample project")
	id := fmt.Sprint(admin.memberID(otherEmail))
	other.mustAct("TB-0001", "/assignee", "assignee", id)

	admin.setState(otherEmail, "disabled").wantStatus(http.StatusSeeOther)
	admin.get("/staff/leads/TB-0001").wantText(".thread", "Sample Member took it").
		wantText("#assignee [selected]", "Sample Member (disabled)")
}

func TestNewRoleCountsAtOnceAndEndsSessions(t *testing.T) {
	t.Parallel()
	admin, other := withAdmin(t, staff.Editor)

	admin.setRole(otherEmail, staff.Editor).wantStatus(http.StatusSeeOther)
	other.wantSignedIn("a role that stays as it is ended a session")
	admin.setRole(otherEmail, staff.Admin).wantStatus(http.StatusSeeOther)
	other.wantSignedOut("a promoted member kept the previous session")
	other.mustSignIn(otherEmail)
	other.get("/staff/team").wantStatus(http.StatusOK)
	admin.setRole(otherEmail, staff.Reader).wantStatus(http.StatusSeeOther)
	other.wantSignedOut("a demoted member kept the previous session")
	admin.setRole(otherEmail, "owner").wantStatus(http.StatusBadRequest)
	admin.post("/staff/team/999/role", fields("role", "reader")).wantStatus(http.StatusNotFound)
}

func TestLastActiveAdminStaysOne(t *testing.T) {
	t.Parallel()
	admin, _ := withAdmin(t, staff.Editor)
	for _, refused := range []answer{admin.setRole(memberEmail, staff.Editor), admin.setState(memberEmail, "disabled")} {
		refused.wantStatus(http.StatusConflict).wantText("[role=alert]", "This is the last active admin")
	}
	admin.wantSignedIn("a refused change ended the session")
}

// TestTwoAdminsWhoDemoteEachOtherLeaveOne has two admins take the role from each other, or each from themselves, at once on
// two instances.
func TestTwoAdminsWhoDemoteEachOtherLeaveOne(t *testing.T) {
	t.Parallel()
	s, ctx := newSite(t), t.Context()
	instances := []*postgres.DB{s.db, pgtest.Open(t, s.address)}
	admins := make([]int64, 2)
	for i, email := range []string{"one@example.org", "two@example.org"} {
		s.addMember(email, staff.Admin)
		admins[i] = s.memberID(email)
	}
	for round := range pgtest.Rounds(t, "TIEBREAK_SESSION_ROUNDS", 20) {
		errs := make([]error, 2)
		atOnce(2, func(i int) {
			target := admins[(i+round)%2] // in even rounds themselves, in odd ones each other
			if round%4 < 2 {
				errs[i] = instances[i].ChangeRole(ctx, admins[i], target, staff.Reader)
			} else {
				errs[i] = instances[i].Disable(ctx, admins[i], target, true)
			}
		})
		team, err := s.db.Team(ctx)
		noError(t, err)
		left := 0
		for _, m := range team {
			if m.IsActiveAdmin() {
				left++
			}
		}
		if left != 1 || (errs[0] == nil) == (errs[1] == nil) {
			t.Fatalf("round %d: %d admins are left (%v, %v)", round, left, errs[0], errs[1])
		}
		for _, m := range team {
			noError(t, s.db.Disable(ctx, postgres.CommandLine, m.ID, false))
			noError(t, s.db.ChangeRole(ctx, postgres.CommandLine, m.ID, staff.Admin))
		}
	}
}
