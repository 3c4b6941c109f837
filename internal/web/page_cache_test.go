package web_test

import (
	"cmp"
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/andybalholm/brotli"

	"tiebreak/internal/doctor"
	"tiebreak/internal/guide"
	"tiebreak/internal/staff"
	"tiebreak/internal/web/page"
	"tiebreak/static"
)

// An instance shows what another changed within the first time while it listens, and within the second in any case.
const (
	noticed  = 2 * time.Second
	compared = 35 * time.Second
)

// settle waits until the server knows the database's version of the site.
func (s *site) settle() {
	s.t.Helper()
	version, err := s.db.SiteVersion(s.t.Context())
	noError(s.t, err)
	s.within(compared, fmt.Sprintf("site version %d", version), func() bool {
		return strings.Contains(s.body("/readyz"), fmt.Sprintf("site version %d\n", version))
	})
}

// wantShown waits until the row of the changed fact shows the words.
func (s *site) wantShown(limit time.Duration, words string) {
	s.t.Helper()
	s.within(limit, "the new edition shows", func() bool {
		return strings.Contains(s.get("/compare/django-vs-fastapi").text("#r2"), words)
	})
}

// wantDrawn checks how many pages were drawn so far.
func (s *site) wantDrawn(want int) {
	s.t.Helper()
	s.wantCounted(fmt.Sprintf("\ntiebreak_cache_drawn %d\n", want))
}

// encoded asks for the page in the coding, given the tag of what the browser has.
func (s *site) encoded(path, coding, etag string) answer {
	s.t.Helper()
	headers := []string{"Accept-Encoding", cmp.Or(coding, "identity")}
	if etag != "" {
		headers = append(headers, "If-None-Match", etag)
	}
	return s.get(path, headers...)
}

// strongTag returns the answer's tag.
func (a answer) strongTag() string {
	a.t.Helper()
	etag := a.header.Get("ETag")
	if etag == "" || strings.HasPrefix(etag, "W/") {
		a.t.Errorf("%s: the tag %q is not strong", a.what, etag)
	}
	return etag
}

func TestEditionMadeOnOneInstanceShowsOnAnotherWithinTwoSeconds(t *testing.T) {
	t.Parallel()
	here := newSite(t)
	there := here.instance()
	there.get("/compare/django-vs-fastapi").wantStatus(http.StatusOK)

	here.change("admin", func(f *guide.Fact) { f.Value = "Something new" })
	there.wantShown(noticed, "Something new")
}

func TestEditionShowsThoughTheListeningConnectionIsCut(t *testing.T) {
	t.Parallel()
	here := newSite(t)
	there := here.instance()
	there.get("/compare/django-vs-fastapi").wantStatus(http.StatusOK)

	// Once for a change while nobody listens, and again for a listener that came back.
	for _, words := range []string{"Something new", "Something newer"} {
		here.sql(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
			WHERE datname = current_database() AND query LIKE 'LISTEN%'`)
		here.change("admin", func(f *guide.Fact) { f.Value = words })
		there.wantShown(compared, words)
	}
}

func TestManyReadersAtOnceHaveThePageDrawnOnce(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	atOnce(50, func(int) { s.get("/compare/django-vs-fastapi") })
	s.ask("A sample project") // which needs the guide, not its page
	s.wantDrawn(1)
}

func TestEachCodingHoldsTheSamePage(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	plain := s.body("/compare/django-vs-fastapi")
	for coding, open := range map[string]func(io.Reader) (io.Reader, error){
		"gzip": func(r io.Reader) (io.Reader, error) { return gzip.NewReader(r) },
		"br":   func(r io.Reader) (io.Reader, error) { return brotli.NewReader(r), nil },
	} {
		a := s.encoded("/compare/django-vs-fastapi", coding, "").wantHeader("Content-Encoding", coding)
		body, err := open(strings.NewReader(a.body))
		noError(t, err)
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
		"GZip": "gzip", "gzip;Q=0": "", "gzip ; q = 0.000": "", "br;level=11;q=0": "", "br;q=0, gzip;level=9": "gzip",
		"gzip;q=many": "", "gzip;q=NaN": "", "identity": "", "": "",
	} {
		s.encoded("/compare/django-vs-fastapi", accepts, "").wantStatus(http.StatusOK).wantHeader("Content-Encoding", want)
	}
}

func TestAnswersFromMemoryAreLoggedProtectedAndCountedLikeOthers(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	cold := s.get("/compare/django-vs-fastapi")
	warm := s.get("/compare/django-vs-fastapi").wantStatus(http.StatusOK)
	warm.wantHeader("Cache-Control", "public, max-age=30").wantHeader("Vary", "Accept-Encoding")
	for _, name := range []string{
		"Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy", "Etag", "Content-Type",
	} {
		if warm.wantHeader(name, cold.header.Get(name)).header.Get(name) == "" {
			t.Errorf("no %s", name)
		}
	}
	s.wantLogged("route=/compare/{slug}", 2)
	s.wantCounted(`tiebreak_requests_total{route="/compare/{slug}",status="200"} 2`)
}

// TestBrowserOfAMemberKeepsNoPublicPageWithoutAsking asks for pages that are in memory and for such that are not.
func TestBrowserOfAMemberKeepsNoPublicPageWithoutAsking(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Reader)
	for _, path := range []string{
		"/", "/compare/django-vs-fastapi", "/compare/fastapi-vs-django", "/options/django", "/feed.atom",
	} {
		for range 2 {
			s.get(path).wantHeader("Cache-Control", "private, no-cache")
			if caching := s.another().get(path).header.Get("Cache-Control"); !strings.HasPrefix(caching, "public, max-age=") {
				t.Errorf("a visitor's copy of %s has %q", path, caching)
			}
		}
	}
	s.get(static.Path("site.css")).wantHeader("Cache-Control", page.AssetCaching)
}

// TestUnchangedPublicPageIsNotSentAgain walks the router. Livez and readyz are the exception: they say how things are now.
func TestUnchangedPublicPageIsNotSentAgain(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	queries := map[string]string{"/search": "?q=admin", "/compare/{slug}/decision.md": "?tick=openapi"}
	walked := 0
	for _, one := range s.everyRoute(s.targets()) {
		if one.method != http.MethodGet || one.audience != "visitor" && one.audience != "machine" &&
			!strings.HasPrefix(one.path, "/static/") {
			continue
		}
		if strings.HasPrefix(one.path, doctor.Path) { // its answer is about the one who asks, and is never kept
			continue
		}
		walked++
		for _, path := range []string{one.path, one.path + queries[one.pattern]} {
			for _, coding := range []string{"", "gzip", "br", "gzip, deflate, br, zstd", "br;q=0, gzip"} {
				first := s.encoded(path, coding, "").wantStatus(http.StatusOK)
				etag, caching := first.strongTag(), first.header.Get("Cache-Control")
				if caching == "" {
					t.Errorf("%s does not say how long it may be cached", path)
				}
				s.encoded(path, coding, etag).wantStatus(http.StatusNotModified).
					wantHeader("Cache-Control", caching).wantHeader("ETag", etag)
				s.encoded(path, coding, `"other", W/`+etag).wantStatus(http.StatusNotModified)
				s.encoded(path, coding, `"other"`).wantStatus(http.StatusOK)
			}
		}
	}
	if walked < 17 {
		t.Errorf("only %d routes are public", walked)
	}
}

func TestPublicPagesAreDrawnOnce(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	paths := []string{
		"/", "/?field=Web+frameworks", "/about", "/how-we-know", "/privacy", "/options/django", "/robots.txt", "/sitemap.xml",
		"/llms.txt",
		"/feed.atom", "/compare/django-vs-fastapi", "/compare/django-vs-fastapi.json", "/compare/django-vs-fastapi.md",
		"/compare/django-vs-fastapi/changes", "/compare/django-vs-fastapi/changes.atom",
		"/compare/django-vs-fastapi/card.png", "/compare/django-vs-fastapi/decision.md",
	}
	for range 2 {
		for _, path := range paths {
			s.get(path).wantStatus(http.StatusOK)
		}
	}
	s.wantDrawn(len(paths))
}

func TestTicksInAnyOrderAreOnePage(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for _, path := range []string{"/compare/django-vs-fastapi", "/compare/django-vs-fastapi/decision.md"} {
		first := s.get(path + "?tick=ready-admin&tick=openapi").wantStatus(http.StatusOK)
		for _, query := range []string{
			"?tick=openapi&tick=ready-admin", "?tick=openapi&tick=ready-admin&tick=openapi",
			"?tick=ready-admin&tick=openapi&utm_source=x",
		} {
			s.get(path+query).wantStatus(http.StatusOK).wantHeader("ETag", first.header.Get("ETag"))
		}
	}
	s.wantDrawn(2)

	known := s.get("/compare/django-vs-fastapi?tick=ready-admin")
	unknown := s.get("/compare/django-vs-fastapi?tick=ready-admin&tick=gone")
	s.get("/compare/django-vs-fastapi?tick=lost&tick=ready-admin").wantHeader("ETag", unknown.header.Get("ETag"))
	for _, page := range []answer{
		known, unknown, s.get("/compare/django-vs-fastapi?tick=gone"), s.get("/compare/django-vs-fastapi?tick="),
	} {
		page.wantAttr("meta[name=robots]", "content", "noindex")
	}
	s.wantDrawn(2 + 4)
	s.get("/compare/django-vs-fastapi").wantCount("meta[name=robots]", 0)
}

func TestCachedPagesFollowWhatTheyAreMadeFrom(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	paths := []string{
		"/compare/django-vs-fastapi?tick=ready-admin", "/compare/django-vs-fastapi.json",
		"/compare/django-vs-fastapi.md", "/compare/django-vs-fastapi/changes", "/feed.atom", "/options/django",
	}
	before := map[string]string{}
	for _, path := range paths {
		before[path] = s.get(path).wantStatus(http.StatusOK).header.Get("ETag")
	}
	s.change("admin", func(f *guide.Fact) { f.Value = "Something new" })
	for _, path := range paths {
		if s.get(path).wantStatus(http.StatusOK).header.Get("ETag") == before[path] {
			t.Errorf("%s is as it was before the fact changed", path)
		}
	}
}
