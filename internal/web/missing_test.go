package web_test

import (
	"fmt"
	"net/http"
	"testing"
)

// wantMissing waits until the missing comparison is counted so many times.
func (s *site) wantMissing(names string, times int) {
	s.t.Helper()
	s.await(answerLimit, fmt.Sprintf(`EXISTS (SELECT FROM missing_comparisons WHERE names = '%s' AND times = %d)`, names, times))
}

func TestEachVisitorCountsOnceADayForAMissingComparison(t *testing.T) {
	t.Parallel()
	s := newSite(t, loopback)
	for _, address := range []string{"198.51.100.1", "198.51.100.1", "198.51.100.2"} {
		s.get("/search?q=Litestar+vs+FastAPI", "X-Forwarded-For", address)
		s.get("/compare/fastapi-vs-litestar", "X-Forwarded-For", address)
	}
	s.wantMissing("fastapi vs litestar", 2)
	s.get("/search?q=fastapi+or+litestar", "X-Forwarded-For", "198.51.100.3")
	s.wantMissing("fastapi vs litestar", 3)
}

func TestOneVisitorCannotFillTheDay(t *testing.T) {
	t.Parallel()
	s := newSite(t, loopback)
	for n := range 30 {
		s.get(fmt.Sprintf("/compare/made-up-%d-vs-django", n), "X-Forwarded-For", "198.51.100.1").wantStatus(http.StatusNotFound)
	}
	s.get("/compare/litestar-vs-django", "X-Forwarded-For", "198.51.100.2").wantStatus(http.StatusNotFound)
	s.wantMissing("django vs litestar", 1)
	s.await(answerLimit, `count(*) = 21 FROM missing_comparisons`)
}
