package web_test

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"testing"

	"tiebreak/internal/guide"
	"tiebreak/internal/pgtest"
	"tiebreak/internal/postgres"
	"tiebreak/internal/staff"
)

func TestBusySiteTellsReadersSoAndServesEverybodyElse(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.get("/compare/django-vs-fastapi").wantStatus(http.StatusOK)
	receipt := s.ask("A sample project")
	s.server().HoldDrawing(t)
	s.change("admin", func(f *guide.Fact) { f.Value = "Something new" })

	for _, path := range []string{
		"/search?q=admin", "/compare/django-vs-fastapi?tick=openapi", "/options/django", "/compare/a-vs-b.json",
	} {
		page := s.inTime(func() answer { return s.get(path) }).wantRetryAfter()
		page.wantText("h1", "The site is busy").wantHeader("Cache-Control", "no-store")
	}
	s.wantLogged("level=ERROR", 0)
	s.get("/compare/django-vs-fastapi").wantStatus(http.StatusOK) // as it was shown last
	s.everybodyElse(receipt)
}

func TestReadersTakeNoConnectionFromRequestsAndProbes(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	receipt := s.ask("A sample project")
	pgtest.Lock(t, s.address, "search_entries")
	s.occupy(s.db.Readers())
	s.server().HoldDrawing(t)
	s.everybodyElse(receipt)
}

func TestProbeHasAConnectionWhileAllOthersWork(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	pgtest.Lock(t, s.address, "search_entries")
	s.occupy(s.db)
	s.occupy(s.db.Readers())
	if ready := s.body("/readyz"); !strings.Contains(ready, "deliveries: 0 waiting") {
		t.Errorf("the probe reads %q", ready)
	}
}

// occupy keeps all connections of the store at searches that wait for a lock, with so many more in the queue that what waits
// behind them is not answered in time.
func (s *site) occupy(db *postgres.DB) {
	ctx, stop := context.WithCancel(context.Background())
	var wait sync.WaitGroup
	s.t.Cleanup(func() { stop(); wait.Wait() })
	for range 4 * db.Pool().Most {
		wait.Go(func() {
			for ctx.Err() == nil {
				_, _ = db.Search(ctx, "admin")
			}
		})
	}
	s.within(answerLimit, "all connections are in use", func() bool { return db.Pool().InUse == db.Pool().Most })
}

// everybodyElse does what people do who send a request, look at its receipt or sign in, and what a balancer does.
func (s *site) everybodyElse(receipt string) {
	s.t.Helper()
	s.ask("A sample project", "email", "another@example.org")
	s.signIn(staff.Editor)
	for _, path := range []string{
		"/readyz", "/intake?guide=django-vs-fastapi", "/intake?guide=moved-vs-unknown", receipt, "/staff/leads",
	} {
		s.get(path).wantStatus(http.StatusOK)
	}
}

func TestClientWithManyRequestsLeavesTurnsToOthers(t *testing.T) {
	t.Parallel()
	s := newSite(t, loopback)
	release := s.server().HoldDrawing(t)
	search := func(client string) answer { return s.get("/search?q=admin", "X-Forwarded-For", client) }
	statuses := make(chan int, 40)
	atOnce(40, func(int) { statuses <- search("192.0.2.1").status })
	close(statuses)
	answers := map[int]int{}
	for status := range statuses {
		answers[status]++
	}
	if answers[http.StatusServiceUnavailable]+answers[http.StatusTooManyRequests] != 40 ||
		answers[http.StatusTooManyRequests] == 0 {
		t.Errorf("one client is answered %v", answers)
	}
	search("198.51.100.1").wantStatus(http.StatusServiceUnavailable) // nothing is drawn
	release()
	search("198.51.100.1").wantStatus(http.StatusOK)
}
