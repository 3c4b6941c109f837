package web_test

import (
	"fmt"
	"net/http"
	"net/url"
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
	for i := range 3 {
		s.ask(fmt.Sprintf("A sample project number %d", i+1), nil)
	}
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
	s.act("TB-0001", "/reply", url.Values{"reply": {"Words of a reply"}}).wantStatus(http.StatusSeeOther)
	s.wantTrips(trips, "/staff/leads/TB-0001?sent=yes", 4)
	moved := s.act("TB-0001", "/status", url.Values{"to": {"qualified"}}).wantStatus(http.StatusSeeOther).header.Get("Location")
	s.wantTrips(trips, moved, 4)
}

func TestStaffListsMakeFewRoundTrips(t *testing.T) {
	t.Parallel()
	s, trips := countedSite(t)
	for _, path := range []string{
		"/staff/leads", "/staff/leads?tab=all&after=TB-0002", "/staff/leads?q=sample+project", "/staff/leads?q=TB-0999",
		"/staff/leads?tab=all&q=sample&before=TB-0001",
		"/staff/deliveries", "/staff/templates", "/staff/team",
		"/staff/audit", "/staff/audit?member=1&kind=leads-listed", "/staff/audit?before=3", "/staff/audit?after=3",
	} {
		s.wantTrips(trips, path, 4)
	}
	changed := s.post("/staff/leads/changes", url.Values{
		"do": {"move"}, "status": {"contacted"}, "lead": {"TB-0001@1", "TB-0002@2", "TB-0003@1"},
	}).wantStatus(http.StatusSeeOther).header.Get("Location")
	s.wantTrips(trips, changed, 4)
}
