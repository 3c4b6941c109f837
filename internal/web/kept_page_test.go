package web_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"tiebreak/internal/guide"
)

// TestEveryPublicPageAnswersItsOwnTag walks the router. Livez and readyz are the exception: they say how things are now.
func TestEveryPublicPageAnswersItsOwnTag(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	queries := map[string]string{"/search": "?q=admin", "/compare/{slug}/decision.md": "?tick=openapi"}
	walked := 0
	for _, one := range s.everyRoute(s.places()) {
		if one.method != http.MethodGet || one.audience != "visitor" && one.audience != "machine" &&
			!strings.HasPrefix(one.path, "/static/") {
			continue
		}
		walked++
		for _, path := range []string{one.path, one.path + queries[one.pattern]} {
			for _, coding := range []string{"", "gzip", "br"} {
				first := s.encoded(path, coding, "").wantStatus(http.StatusOK)
				etag := first.header.Get("ETag")
				if etag == "" || strings.HasPrefix(etag, "W/") {
					t.Errorf("%s: the tag %q is not strong", path, etag)
				}
				if caching := first.header.Get("Cache-Control"); caching == "" {
					t.Errorf("%s does not say how long it may be kept", path)
				}
				again := s.encoded(path, coding, etag).wantStatus(http.StatusNotModified)
				if again.header.Get("Cache-Control") != first.header.Get("Cache-Control") || again.header.Get("ETag") != etag {
					t.Errorf("%s: unchanged, it comes with %v", path, again.header)
				}
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
		"/", "/?field=Web+frameworks", "/about", "/privacy", "/options/django", "/robots.txt", "/sitemap.xml", "/llms.txt",
		"/feed.atom",
		"/compare/django-vs-fastapi", "/compare/django-vs-fastapi.json", "/compare/django-vs-fastapi.md",
		"/compare/django-vs-fastapi/changes",
		"/compare/django-vs-fastapi/changes.atom", "/compare/django-vs-fastapi/card.png",
		"/compare/django-vs-fastapi/decision.md",
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
			again := s.get(path + query).wantStatus(http.StatusOK)
			if again.header.Get("ETag") != first.header.Get("ETag") {
				t.Errorf("%s%s is another page", path, query)
			}
		}
	}
	s.wantDrawn(2)

	known := s.get("/compare/django-vs-fastapi?tick=ready-admin")
	unknown := s.get("/compare/django-vs-fastapi?tick=ready-admin&tick=gone")
	unknown.wantText("#tally .lead", "1 tick in this link is not in this guide, so we left it out.")
	if s.get("/compare/django-vs-fastapi?tick=lost&tick=ready-admin").header.Get("ETag") != unknown.header.Get("ETag") {
		t.Error("two unknown ticks make two pages")
	}
	for _, page := range []answer{
		known, unknown, s.get("/compare/django-vs-fastapi?tick=gone"),
		s.get("/compare/django-vs-fastapi?tick="),
	} {
		if robots := page.attr("meta[name=robots]", "content"); robots != "noindex" {
			t.Errorf("a ticked page tells robots %q", robots)
		}
	}
	s.wantDrawn(2 + 3)
	s.get("/compare/django-vs-fastapi").wantCount("meta[name=robots]", 0)
}

func TestKeptPagesFollowWhatTheyAreMadeFrom(t *testing.T) {
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
	s.settle()
	for _, path := range paths {
		if s.get(path).wantStatus(http.StatusOK).header.Get("ETag") == before[path] {
			t.Errorf("%s is as it was before the fact changed", path)
		}
	}
}

func (s *site) wantDrawn(want int) {
	s.t.Helper()
	if counts := s.counts(); !strings.Contains(counts, fmt.Sprintf("tiebreak_cache_drawn %d\n", want)) {
		_, after, _ := strings.Cut(counts, "\ntiebreak_cache_drawn ")
		s.t.Errorf("%.5s pages were drawn, want %d", after, want)
	}
}
