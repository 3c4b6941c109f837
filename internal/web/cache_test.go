package web_test

import (
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/andybalholm/brotli"

	"tiebreak/internal/guide"
	"tiebreak/internal/pgtest"
)

// An instance shows what another changed within the first time while it listens, and within the second in any case.
const (
	noticed  = 2 * time.Second
	compared = 35 * time.Second
)

// settle waits until the server knows the database's version of the site.
func (s *site) settle() {
	s.t.Helper()
	version, err := s.db.SiteVersion(context.Background())
	if err != nil {
		s.t.Fatal(err)
	}
	s.within(compared, fmt.Sprintf("site version %d", version), func() bool {
		return strings.Contains(s.body("/readyz"), fmt.Sprintf("site version %d\n", version))
	})
}

// within asks again until the condition holds.
func (s *site) within(limit time.Duration, what string, holds func() bool) {
	s.t.Helper()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(limit); !holds(); <-tick.C {
		if time.Now().After(deadline) {
			s.t.Fatalf("not within %v: %s", limit, what)
		}
	}
}

func TestEditionMadeOnOneInstanceShowsOnAnotherWithinTwoSeconds(t *testing.T) {
	t.Parallel()
	url := pgtest.NewURL(t)
	here, there := siteOn(t, pgtest.Open(t, url)), siteOn(t, pgtest.Open(t, url))
	there.get("/compare/django-vs-fastapi").wantStatus(http.StatusOK)

	here.change("admin", func(f *guide.Fact) { f.Value = "Something new" })
	there.within(noticed, "the new edition shows", func() bool {
		return strings.Contains(there.get("/compare/django-vs-fastapi").text("#r2"), "Something new")
	})
}

func TestManyWhoAskAtOnceHaveThePageDrawnOnce(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	var wait sync.WaitGroup
	for range 50 {
		wait.Go(func() {
			answer, err := http.Get(s.base + "/compare/django-vs-fastapi")
			if err != nil {
				t.Error(err)
				return
			}
			_ = answer.Body.Close()
		})
	}
	wait.Wait()
	s.post("/intake", request(nil)).wantStatus(http.StatusSeeOther) // which needs the guide, not its page
	if counts := s.counts(); !strings.Contains(counts, "tiebreak_cache_drawn 1\n") {
		t.Error("the page was drawn more than once")
	}
}

func TestUnchangedPageIsNotSentAgain(t *testing.T) {
	t.Parallel()
	s := newSite(t)

	for _, coding := range []string{"", "gzip", "br", "gzip, deflate, br, zstd", "br;q=0, gzip"} {
		first := s.encoded("/compare/django-vs-fastapi", coding, "").wantStatus(http.StatusOK)
		etag := first.header.Get("ETag")
		if strings.HasPrefix(etag, "W/") || etag == "" {
			t.Errorf("%q: the tag %q is not strong", coding, etag)
		}
		s.encoded("/compare/django-vs-fastapi", coding, etag).wantStatus(http.StatusNotModified)
		s.encoded("/compare/django-vs-fastapi", coding, `"other", W/`+etag).wantStatus(http.StatusNotModified)
		s.encoded("/compare/django-vs-fastapi", coding, `"other"`).wantStatus(http.StatusOK)
		if cache := first.header.Get("Cache-Control"); cache != "public, max-age=30" {
			t.Errorf("kept %q", cache)
		}
		if vary := first.header.Get("Vary"); vary != "Accept-Encoding" {
			t.Errorf("varies by %q", vary)
		}
	}
}

func TestEachCodingHoldsTheSamePage(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	plain := s.body("/compare/django-vs-fastapi")

	for coding, open := range map[string]func(io.Reader) (io.Reader, error){
		"gzip": func(r io.Reader) (io.Reader, error) { return gzip.NewReader(r) },
		"br":   func(r io.Reader) (io.Reader, error) { return brotli.NewReader(r), nil },
	} {
		r := s.request(http.MethodGet, "/compare/django-vs-fastapi", "")
		r.Header.Set("Accept-Encoding", coding)
		response, err := s.client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		if got := response.Header.Get("Content-Encoding"); got != coding {
			t.Fatalf("asked for %s, got %q", coding, got)
		}
		body, err := open(response.Body)
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(body)
		if err != nil || string(text) != plain {
			t.Errorf("%s holds another page (%v)", coding, err)
		}
	}
}

func TestReaderGetsTheCodingThatTheyPrefer(t *testing.T) {
	t.Parallel()
	s := newSite(t)

	for accepts, want := range map[string]string{
		"gzip, deflate, br": "br", "br;q=0.5, gzip;q=0.5": "br", "br;q=0.1,gzip;q=1.0": "gzip", "gzip;q=0.9, BR": "br",
		"GZip":     "gzip",
		"gzip;Q=0": "", "gzip ; q = 0.000": "", "br;level=11;q=0": "", "br;q=0, gzip;level=9": "gzip", "gzip;q=many": "",
		"gzip;q=NaN": "",
		"identity":   "", "": "",
	} {
		got := s.encoded("/compare/django-vs-fastapi", accepts, "").wantStatus(http.StatusOK).header.Get("Content-Encoding")
		if got != want {
			t.Errorf("%q is answered in %q, want %q", accepts, got, want)
		}
	}
}

func TestAnswersFromMemoryAreLoggedProtectedAndCountedLikeOthers(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	cold := s.get("/compare/django-vs-fastapi")
	warm := s.get("/compare/django-vs-fastapi").wantStatus(http.StatusOK)

	for _, name := range []string{
		"Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy", "Etag",
		"Content-Type",
	} {
		if cold.header.Get(name) == "" || cold.header.Get(name) != warm.header.Get(name) {
			t.Errorf("%s is %q cold and %q warm", name, cold.header.Get(name), warm.header.Get(name))
		}
	}
	if lines := strings.Count(s.log.String(), "route=/compare/{slug}"); lines != 2 {
		t.Errorf("%d log lines, want 2", lines)
	}
	if counts := s.counts(); !strings.Contains(counts, `tiebreak_requests_total{route="/compare/{slug}",status="200"} 2`) {
		t.Errorf("counted\n%s", counts)
	}
}

func (s *site) encoded(path, coding, etag string) answer {
	s.t.Helper()
	r := s.request(http.MethodGet, path, "")
	r.Header.Set("Accept-Encoding", coding)
	if coding == "" {
		r.Header.Set("Accept-Encoding", "identity")
	}
	if etag != "" {
		r.Header.Set("If-None-Match", etag)
	}
	response, err := s.client.Do(r)
	if err != nil {
		s.t.Fatal(err)
	}
	defer response.Body.Close()
	return answer{t: s.t, status: response.StatusCode, header: response.Header, Document: nothing(s.t)}
}

func TestEditionShowsThoughTheListeningConnectionIsCut(t *testing.T) {
	t.Parallel()
	url := pgtest.NewURL(t)
	here, there := siteOn(t, pgtest.Open(t, url)), siteOn(t, pgtest.Open(t, url))
	there.get("/compare/django-vs-fastapi").wantStatus(http.StatusOK)

	// Once for what is told while nobody listens, and again for a listener that came back.
	for _, words := range []string{"Something new", "Something newer"} {
		err := pgtest.Exec(t, url, `
			SELECT pg_terminate_backend(pid) FROM pg_stat_activity
			WHERE datname = current_database() AND query LIKE 'LISTEN%'`)
		if err != nil {
			t.Fatal(err)
		}
		here.change("admin", func(f *guide.Fact) { f.Value = words })
		there.within(compared, "the new edition shows", func() bool {
			return strings.Contains(there.get("/compare/django-vs-fastapi").text("#r2"), words)
		})
	}
}
