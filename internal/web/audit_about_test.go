package web_test

import (
	"net/http"
	"testing"

	"tiebreak/internal/pgtest"
	"tiebreak/internal/staff"
)

// wantLine is what the first row of the audit reads after its time.
func (a answer) wantLine(who, what, whom string) {
	a.t.Helper()
	row := a.Find("tbody tr").First().Children()
	if row.Eq(1).Text() != who || row.Eq(2).Text() != what || row.Eq(3).Text() != whom {
		a.t.Errorf("the line reads %q", row.Text())
	}
}

func TestChangesOfARoleFromBeforeAreStillShownAndFound(t *testing.T) {
	t.Parallel()
	address := pgtest.NewURL(t)
	s := siteOn(t, pgtest.Open(t, address))
	s.signIn(staff.Admin)
	s.exec(address, `INSERT INTO audit (member_id, kind, object, object_id) VALUES (1, 'member-role-changed', 'member', 1)`)
	page := s.get("/staff/audit?kind=member-role-changed").wantStatus(http.StatusOK)
	page.wantLine("Sample Member", "Changed the role (which one is not recorded) of", "Sample Member")
	page.wantCount("#kind option[value^=member-made-]", 3)
}

func TestAuditSaysAllThatAResetFromTheCommandLineDoes(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.signIn(staff.Admin)
	s.addMember("other@example.org", staff.Reader)
	if err := s.db.ResetPassword(t.Context(), 2, "another hash"); err != nil {
		t.Fatal(err)
	}
	s.get("/staff/audit?kind=member-reset").wantLine("The command line", "Let in with a new password and no second factor", "Sample Member")
}
