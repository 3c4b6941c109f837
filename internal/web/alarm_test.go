package web_test

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"tiebreak/internal/pgtest"
	"tiebreak/internal/staff"
)

// TestReaderWhoLeavesIsNoErrorOfOurs has readers leave while the database works for them.
func TestReaderWhoLeavesIsNoErrorOfOurs(t *testing.T) {
	t.Parallel()
	address := pgtest.NewURL(t)
	s := siteOn(t, pgtest.Open(t, address))
	holder, err := pgx.Connect(context.Background(), address)
	if err != nil {
		t.Fatal(err)
	}
	defer holder.Close(context.Background())
	if _, err := holder.Exec(context.Background(), `BEGIN; LOCK TABLE options, guides IN ACCESS EXCLUSIVE MODE`); err != nil {
		t.Fatal(err)
	}
	for path, route := range map[string]string{"/options/django": "/options/{slug}", "/sitemap.xml": "/sitemap.xml"} {
		ctx, leave := context.WithCancel(context.Background())
		left := make(chan error)
		go func() {
			_, err := s.client.Do(s.request(http.MethodGet, path, "").WithContext(ctx))
			left <- err
		}()
		pgtest.Await(t, address, honest, `EXISTS (SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database())`)
		leave()
		if err := <-left; !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
		s.within(honest, path+" is counted as left", func() bool {
			return strings.Contains(s.counts(), `tiebreak_requests_total{route="`+route+`",status="499"} 1`)
		})
	}
	if log := s.log.String(); strings.Contains(log, "level=ERROR") {
		t.Errorf("the log cries wolf: %s", log)
	}
}

func TestMetricsTellWhatAnOperatorNeeds(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.post("/intake", request(nil)).wantStatus(http.StatusSeeOther)
	s.post("/intake", request(url.Values{"email": {""}})).wantStatus(http.StatusUnprocessableEntity)
	counts := s.counts()
	for _, want := range []string{
		`tiebreak_leads_total{outcome="taken"} 1`, `tiebreak_leads_total{outcome="to correct"} 1`,
		"tiebreak_database_answers 1", "tiebreak_last_write_seconds ", `tiebreak_build_info{version="`, "go_goroutines ",
		"process_resident_memory_bytes ",
	} {
		if !strings.Contains(counts, want) {
			t.Errorf("%s is missing", want)
		}
	}
}

func TestStaffAreToldThatTheClockMayBeWrong(t *testing.T) {
	t.Parallel()
	address := pgtest.NewURL(t)
	if err := pgtest.Exec(t, address, `UPDATE heartbeat SET at = now() - interval '40 days'`); err != nil {
		t.Fatal(err)
	}
	s := siteOn(t, pgtest.Open(t, address))
	s.signIn(staff.Editor)
	s.get("/staff/leads").wantText(".banner", "clock may be wrong")
}
