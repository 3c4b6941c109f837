package web_test

import (
	"net/http"
	"strings"
	"testing"

	"tiebreak/internal/pgtest"
	"tiebreak/internal/staff"
)

// countedSite returns a site whose round trips to the database are counted, with a signed-in admin and some leads.
func countedSite(t *testing.T) (*site, *pgtest.Trips) {
	t.Helper()
	db, trips := pgtest.OpenCounted(t, pgtest.NewURL(t))
	s := siteOn(t, db)
	s.signIn(staff.Admin)
	s.askMany(3)
	return s, trips
}

// wantTrips checks how many round trips a page needs when connections have its statements prepared.
func (s *site) wantTrips(trips *pgtest.Trips, path string, most int) {
	s.t.Helper()
	s.get(path).wantStatus(http.StatusOK)
	trips.Take()
	s.get(path).wantStatus(http.StatusOK)
	if sent := trips.Take(); len(sent) > most {
		s.t.Errorf("%s makes %d round trips, not at most %d:\n%s", path, len(sent), most, strings.Join(sent, "\n"))
	}
}

func TestLeadPageMakesFewRoundTrips(t *testing.T) {
	t.Parallel()
	s, trips := countedSite(t)
	s.wantTrips(trips, "/staff/leads/TB-0001", 4)
	s.mustAct("TB-0001", "/reply", "reply", "Words of a reply")
	s.wantTrips(trips, "/staff/leads/TB-0001?sent=yes", 4)
	moved := s.mustAct("TB-0001", "/status", "to", "qualified")
	s.wantTrips(trips, moved, 4)
}

func TestReceiptMakesFewRoundTrips(t *testing.T) {
	t.Parallel()
	s, trips := countedSite(t)
	s.wantTrips(trips, s.ask("A sample project"), 2)
}

func TestStaffListsMakeFewRoundTrips(t *testing.T) {
	t.Parallel()
	s, trips := countedSite(t)
	for _, path := range []string{
		"/staff/leads", "/staff/leads?tab=all&after=TB-0002", "/staff/leads?q=project", "/staff/leads?q=TB-0999",
		"/staff/leads?tab=all&q=project&before=TB-0001", "/staff/deliveries", "/staff/templates", "/staff/team",
		"/staff/leads/new",
		"/staff/audit", "/staff/audit?member=1&kind=leads-listed", "/staff/audit?before=3", "/staff/audit?after=3",
	} {
		s.wantTrips(trips, path, 4)
	}
	changed := s.mustPost("/staff/leads/changes", "do", "move", "status", "contacted",
		"lead", "TB-0001@1", "lead", "TB-0002@2", "lead", "TB-0003@1")
	s.wantTrips(trips, changed, 4)
}
