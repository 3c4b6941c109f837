package web_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"

	"tiebreak/internal/pgtest"
	"tiebreak/internal/staff"
)

// TestRequestThatTheReaderCancelsIsNoError has readers leave while the database works for them.
func TestRequestThatTheReaderCancelsIsNoError(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	pgtest.Lock(t, s.address, "options")
	pgtest.Lock(t, s.address, "guides")
	for path, route := range map[string]string{"/options/django": "/options/{slug}", "/sitemap.xml": "/sitemap.xml"} {
		ctx, leave := context.WithCancel(context.Background())
		left := make(chan error)
		go func() {
			_, err := s.client.Do(s.request(http.MethodGet, path, "").WithContext(ctx))
			left <- err
		}()
		s.awaitBlocked(1)
		leave()
		if err := <-left; !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
		s.within(answerLimit, path+" is counted as left", func() bool {
			return strings.Contains(s.counts(), `tiebreak_requests_total{route="`+route+`",status="499"} 1`)
		})
	}
	s.wantLogged("level=ERROR", 0)
}

func TestMetricsTellWhatAnOperatorNeeds(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.ask("A sample project")
	s.post("/intake", request(fields("email", ""))).wantStatus(http.StatusUnprocessableEntity)
	s.wantCounted(`tiebreak_leads_total{outcome="taken"} 1`, `tiebreak_leads_total{outcome="to correct"} 1`,
		"tiebreak_database_answers 1", "tiebreak_last_write_seconds ", `tiebreak_build_info{version="`, "go_goroutines ",
		"process_resident_memory_bytes ")
}

func TestStaffAreToldThatTheClockMayBeWrong(t *testing.T) {
	t.Parallel()
	address := pgtest.NewURL(t)
	noError(t, pgtest.Exec(t, address, `UPDATE heartbeat SET at = now() - interval '40 days'`))
	s := siteOn(t, pgtest.Open(t, address))
	s.signIn(staff.Editor)
	s.get("/staff/leads").wantText(".banner", "clock may be wrong")
}
