package web

import (
	"context"
	"testing"
	"time"
)

// HoldTurns has nothing drawn until the turns are given back.
func (s *Server) HoldTurns(t *testing.T) (giveBack func()) {
	t.Helper()
	for _, one := range []*turns{s.turns, s.renewals} {
		if err := one.all.Acquire(context.Background(), one.most); err != nil {
			t.Fatal(err)
		}
	}
	return func() {
		s.turns.all.Release(s.turns.most)
		s.renewals.all.Release(s.renewals.most)
	}
}

// Audiences are who may use each route, by method and pattern.
func (s *Server) Audiences() map[string]string {
	declared := map[string]string{}
	for _, one := range s.routes() {
		declared[one.method+" "+one.path] = string(one.who)
	}
	return declared
}

// SetPace sets how long forms may take to arrive, for tests that do not wait as long as readers may.
func (s *Server) SetPace(whole, pause time.Duration) { s.pace = pace{whole, pause} }

func TestRouteThatDoesNotSayWhoMayIsNotBuilt(t *testing.T) {
	t.Parallel()
	s := &Server{}
	for _, who := range []audience{"", "members"} {
		if _, err := s.build([]route{{who, get, "/new", nothingHere}}); err == nil {
			t.Errorf("a route for %q is built", who)
		}
	}
}
