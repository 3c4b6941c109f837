package web_test

import (
	"net/http"
	"testing"

	"tiebreak/internal/doctor"
	"tiebreak/internal/postgres"
	"tiebreak/internal/staff"
)

func TestAdminChecksTheSiteAndSeesWhatToDo(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Admin)
	s.get("/staff/promise").wantCount("nav.area a[href='/staff/doctor']", 1)
	s.sql(`UPDATE heartbeat SET at = now()`) // the test's database is a copy that may be minutes old
	page := s.get("/staff/doctor").wantText("main", "Nothing has been checked since this program started.")
	s.post(page.attr("main form", "action"), nil).wantStatus(http.StatusSeeOther)
	s.within(answerLimit, "the checks are done", func() bool { return s.server().Doctor.Last() != nil })
	page = s.get("/staff/doctor").wantText("main", "0 problems, 1 warning.", "Checked on")
	page.wantText("main", "No mail server is set: emails are written to files. Set TIEBREAK_SMTP_URL to send them.")
	page.wantText("main", "This site answers at "+s.base+".", "PostgreSQL 1")
	page.wantNoText("main", doctor.Path+"x", "under way")
}

func TestBannerSaysTheWorstAndLeadsAdminsToTheChecks(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.sql(`UPDATE heartbeat SET at = now() - interval '40 days', steady_since = now()`)
	noError(t, s.db.RecordBackup(t.Context(), postgres.NightlyBackup, postgres.NoSpace))
	both := s.instance()
	both.signIn(staff.Reader)
	page := both.get("/staff/leads").wantCount(".banner", 1).wantCount(".banner a", 0)
	page.wantText(".banner", "The last backup failed.", "1 more thing needs attention.")
	admin := both.as(staff.Admin)
	admin.get("/staff/leads").wantAttr(".banner a", "href", "/staff/doctor")
	admin.get("/staff/doctor").wantCount(".banner", 1).wantCount(".banner a", 0)
}

func TestChecksThatAreUnderWayAreNotBegunAgain(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	ours := s.server().Doctor
	asked := doctor.SiteAnswer{}
	if first, second := ours.Start(t.Context(), asked), ours.Start(t.Context(), asked); first != second {
		t.Error("the checks were begun twice")
	}
	<-ours.Start(t.Context(), asked)
}
