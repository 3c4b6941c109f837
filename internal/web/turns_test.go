package web_test

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"tiebreak/internal/guide"
	"tiebreak/internal/pgtest"
	"tiebreak/internal/postgres"
	"tiebreak/internal/staff"
)

func TestBusySiteTellsReadersSoAndServesEverybodyElse(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.get("/compare/django-vs-fastapi").wantStatus(http.StatusOK)
	receipt := s.ask("A sample project", nil)
	s.server().HoldDrawing(t)
	s.change("admin", func(f *guide.Fact) { f.Value = "Something new" })
	s.settle()

	for _, path := range []string{
		"/search?q=admin", "/compare/django-vs-fastapi?tick=openapi", "/options/django",
		"/compare/a-vs-b.json",
	} {
		began := time.Now()
		page := s.get(path).wantStatus(http.StatusServiceUnavailable)
		page.wantText("h1", "The site is busy")
		if page.header.Get("Retry-After") == "" || page.header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: headers %v", path, page.header)
		}
		if waited := time.Since(began); waited > honest {
			t.Errorf("%s: the answer took %v", path, waited)
		}
	}
	if log := s.log.String(); strings.Contains(log, "level=ERROR") {
		t.Error("a busy site is logged as an error of ours")
	}
	s.get("/compare/django-vs-fastapi").wantStatus(http.StatusOK) // as it was shown last
	s.everybodyElse(receipt)
}

func TestReadersTakeNoConnectionFromRequestsAndProbes(t *testing.T) {
	t.Parallel()
	url := pgtest.NewURL(t)
	s := siteOn(t, pgtest.Open(t, url))
	receipt := s.ask("A sample project", nil)
	pgtest.Lock(t, url, "search_entries")
	s.occupy(s.db.Readers())
	s.server().HoldDrawing(t)
	s.everybodyElse(receipt)
}

func TestProbeHasAConnectionWhileAllOthersWork(t *testing.T) {
	t.Parallel()
	url := pgtest.NewURL(t)
	s := siteOn(t, pgtest.Open(t, url))
	pgtest.Lock(t, url, "search_entries")
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
	s.within(honest, "all connections are in use", func() bool { return db.Pool().InUse == db.Pool().Most })
}

// everybodyElse are people who send a request, look at its receipt or sign in, and a balancer.
func (s *site) everybodyElse(receipt string) {
	s.t.Helper()
	form := request(nil)
	form.Set("email", "another@example.org")
	s.get("/readyz").wantStatus(http.StatusOK)
	s.get("/intake?guide=django-vs-fastapi").wantStatus(http.StatusOK)
	s.post("/intake", form).wantStatus(http.StatusSeeOther)
	s.get(receipt).wantStatus(http.StatusOK)
	s.signIn(staff.Editor)
	s.get("/staff/leads").wantStatus(http.StatusOK)
}

func TestOneClientWithManyRequestsLeavesTurnsToOthers(t *testing.T) {
	t.Parallel()
	s := siteOn(t, pgtest.New(t), "127.0.0.0/8")
	release := s.server().HoldDrawing(t)
	ask := func(client string) int {
		r, err := http.NewRequestWithContext(context.Background(), http.MethodGet, s.base+"/search?q=admin", nil)
		if err != nil {
			t.Error(err)
			return 0
		}
		r.Header.Set("X-Forwarded-For", client)
		answer, err := s.client.Do(r)
		if err != nil {
			t.Error(err)
			return 0
		}
		_ = answer.Body.Close()
		return answer.StatusCode
	}
	var wait sync.WaitGroup
	var mu sync.Mutex
	answers := map[int]int{}
	for range 40 {
		wait.Go(func() {
			status := ask("192.0.2.1")
			mu.Lock()
			defer mu.Unlock()
			answers[status]++
		})
	}
	wait.Wait()
	if answers[http.StatusServiceUnavailable]+answers[http.StatusTooManyRequests] != 40 ||
		answers[http.StatusTooManyRequests] == 0 {
		t.Errorf("one client is answered %v", answers)
	}
	if status := ask("198.51.100.1"); status != http.StatusServiceUnavailable {
		t.Errorf("another client is answered %d while nothing is drawn", status)
	}
	release()
	if status := ask("198.51.100.1"); status != http.StatusOK {
		t.Errorf("another client is answered %d", status)
	}
}
