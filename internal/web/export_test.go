package web

import (
	"context"
	"net/url"
	"testing"
	"time"

	"tiebreak/internal/web/auth"
	"tiebreak/internal/web/page"
	"tiebreak/internal/web/public"
)

// HoldDrawing has nothing drawn until release is called.
func (s *Server) HoldDrawing(t *testing.T) (release func()) {
	t.Helper()
	release, err := s.public.HoldDrawing(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return release
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
func (s *Server) SetPace(whole, pause time.Duration) {
	s.Pace = page.FormPace{Whole: whole, Pause: pause}
}

func TestRouteThatDoesNotSayWhoMayIsNotBuilt(t *testing.T) {
	t.Parallel()
	core := &page.Core{Config: page.Config{BaseURL: &url.URL{}}}
	s := &Server{Core: core, public: public.New(core), auth: &auth.Handlers{Core: core}}
	for _, who := range []audience{"", "members"} {
		if _, err := s.build([]route{{who, get, "/new", notFound}}); err == nil {
			t.Errorf("a route for %q is built", who)
		}
	}
}
