package web_test

import (
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"tiebreak/internal/guide"
	"tiebreak/static"
)

func TestHomeLeadsToEachGuide(t *testing.T) {
	t.Parallel()
	s := newSite(t)

	links := s.get("/").wantStatus(http.StatusOK).wantCount(".shelf h4 a", len(s.guides())).attrs(".shelf h4 a", "href")
	for _, link := range links {
		s.get(link).wantStatus(http.StatusOK).wantText("h1", "vs")
	}
}

func TestHomeShowsTheAnswerOfOneGuideInShort(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	home := s.get("/").wantStatus(http.StatusOK)

	home.wantText(".featured h2", "Django vs FastAPI").wantText(".featured .say", "Choose Django", "Choose FastAPI")
	home.wantText(".featured .tie h3", "choose Django").wantCount(".featured .ruler[aria-label]", 2)
	page := s.get("/compare/django-vs-fastapi")
	for _, option := range []string{"opt-a", "opt-b"} {
		home.wantExactText(".featured .score."+option+" b", page.text(".hero .score."+option+" b"))
	}
	reasons := home.attrs(".try a", "href")
	if len(reasons) != 3 {
		t.Errorf("%d reasons would change it, want 3", len(reasons))
	}
	for _, address := range reasons {
		if !strings.HasSuffix(address, "#choose") {
			t.Errorf("a reason leads to %s", address)
		}
		s.get(strings.TrimSuffix(address, "#choose")).wantStatus(http.StatusOK).
			wantCount("#choose .opt-b input[name=tick][checked]", 1).wantAttr("#tally", "data-leader", "fastapi")
	}
}

// TestHomeFeaturesTheGuideWithMostSourcesOnTheLargestShelf also holds that two options go before three.
func TestHomeFeaturesTheGuideWithMostSourcesOnTheLargestShelf(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.sql(`UPDATE guides SET sources = CASE slug WHEN 'go-vs-rust' THEN 900 WHEN 'django-vs-fastapi-vs-flask' THEN 800
		WHEN 'django-vs-flask' THEN 700 ELSE 1 END`)
	s.get("/").wantExactText(".featured h2", "One guide, in short: Django vs Flask")
}

func TestHomeListsTheLargestShelfFirstWithWhatEachGuideIsWorth(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	home := s.get("/").wantExactText("#guides h2", "9 guides")

	if shelves := home.texts(".shelf h3"); len(shelves) != 5 || shelves[0] != "Web frameworks" || shelves[1] != "Databases" {
		t.Errorf("the shelves are %q", shelves)
	}
	e := s.edition()
	const line = ".shelf li:has([href='/compare/django-vs-fastapi'])"
	home.wantExactText(line+" p.opt-a", "Django: "+e.Guide.Short["django"])
	home.wantText(line+" .sourced", fmt.Sprintf("%d sources, checked since %s", len(e.Footnotes().List), e.CheckedOn().Words()))
	home.wantAttr("nav[aria-label=Topics] a", "href", "#"+home.attr(".shelf", "id"))
}

func TestHomeShortensTheAnswerOfAGuideWithoutShortOnes(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.sql(`UPDATE guides SET short = '{}', answer = '{"go": "for **services**: ` + strings.Repeat("word ", 40) + `"}'
		WHERE slug = 'go-vs-rust'`)
	const line = ".shelf li:has([href='/compare/go-vs-rust'])"
	s.get("/").wantText(line+" p.opt-a", "Go: For services: word word").wantText(line+" p.opt-a", "word…").
		wantExactText(line+" p.opt-b", "Rust:")
}

func TestHomeWithoutGuidesSaysSoAndLeadsToTheForm(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.sql(`UPDATE guides SET edition = NULL, published = NULL`)
	home := s.get("/").wantStatus(http.StatusOK).wantText("h2", "No guides yet").wantCount("#main .emblem", 1)
	home.wantCount(".featured, .shelf, .news, nav[aria-label=Topics]", 0).wantCount("#main a[href='/intake']", 1)
}

func TestHomeTellsWhatChangedAndPublicationsOfADayInOneLine(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	home := s.get("/").wantCount(".news > li", 1).wantText(".news", "9 guides published", "On 5 topics.")
	home.wantNoText("main", "First published.").wantCount("form[role=search] input[name=q]", 1)

	s.change("html", func(f *guide.Fact) { f.Value = "Another language" })
	home = s.get("/").wantStatus(http.StatusOK).wantText(".news li:first-child", "is now “Another language”.")
	if lines, named := len(home.texts(".news > li")), len(home.texts(".news > li:first-child a")); lines > 3 || named < 1 {
		t.Errorf("a changed fact takes %d lines, the first of which names %d guides", lines, named)
	}
	home.wantText(".news li:last-child", "9 guides published")
}

func TestPageOfAShelfListsItAlone(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.get("/?field=Databases").wantStatus(http.StatusOK).wantExactText("h1", "Databases").wantCount(".shelf li", 2).
		wantCount(".featured, .news", 0).wantCount(`#main a[href="/"]`, 1)
}

// firstView is how many bytes a browser may have to load before it shows a page whole.
const firstView = 40_000

func TestFirstViewIsSmallAndAGuideBeginsWithItsAnswer(t *testing.T) {
	t.Parallel()
	s := newSite(t)

	if whole := s.firstView("/"); whole > firstView {
		t.Errorf("the first view of the home page takes %d bytes, more than %d", whole, firstView)
	}
	style := len(s.encoded(static.Path("site.css"), "br", "").body)
	for _, path := range s.guides() {
		if whole := s.firstView(path); whole > firstView {
			t.Errorf("the first view of %s takes %d bytes, more than %d", path, whole, firstView)
		}
		const atOnce = 14_600 // bytes that a server may send before it hears from the browser
		page := s.encoded(path, "gzip", "").body
		if !strings.Contains(inflated(t, page[:min(len(page), atOnce-style)]), `class="bar"`) {
			t.Errorf("%s: the answer and the score line are not in the first %d bytes", path, atOnce)
		}
	}
}

// firstView returns how many bytes the page takes with its style, typeface, scripts and icon.
func (s *site) firstView(path string) int {
	s.t.Helper()
	page := s.get(path)
	parts := slices.Concat([]string{path}, page.attrs("link[rel=stylesheet], link[rel=preload], link[rel=icon]", "href"),
		page.attrs("script[src]", "src"))
	if len(parts) < 4 {
		s.t.Fatalf("%s loads %q", path, parts)
	}
	whole := 0
	for _, part := range parts {
		whole += len(s.encoded(part, "br", "").wantStatus(http.StatusOK).body)
	}
	return whole
}

// inflated returns as much of a page as the beginning of its compressed form holds.
func inflated(t *testing.T, beginning string) string {
	t.Helper()
	reader, err := gzip.NewReader(strings.NewReader(beginning))
	if err != nil {
		t.Fatal(err)
	}
	page, err := io.ReadAll(reader)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Fatal(err)
	}
	return string(page)
}
