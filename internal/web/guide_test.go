package web_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
)

func TestHomeLeadsToEachGuide(t *testing.T) {
	t.Parallel()
	s := newSite(t)

	home := s.get("/").wantStatus(http.StatusOK)
	link := home.attr("article h3 a", "href")
	s.get(link).wantStatus(http.StatusOK).wantText("h1", "Django")
}

func TestGuideShowsEverySectionInOrder(t *testing.T) {
	t.Parallel()
	page := newSite(t).get("/compare/django-vs-fastapi").wantStatus(http.StatusOK)

	var headings []string
	page.Find("main h2").Each(func(_ int, h *goquery.Selection) {
		h.Find(".n").Remove()
		headings = append(headings, strings.TrimSpace(h.Text()))
	})
	want := []string{
		"Head-to-head summary", "Detailed comparison", "Our verdict", "When to choose each",
		"Frequently asked questions", "Ready to start a Django or FastAPI project?", "Sources",
	}
	if !slices.Equal(headings, want) {
		t.Errorf("headings %q, want %q", headings, want)
	}
	page.wantText("legend", "Choose Django when")
	page.wantText("legend", "Choose FastAPI when")
	page.wantCount("#ask form[action='/intake'] [name=project]", 1)
	page.wantText("#disclosure", "We sell")
}

func TestSummaryCountsWhatItsRowsShow(t *testing.T) {
	t.Parallel()
	page := newSite(t).get("/compare/django-vs-fastapi")

	page.wantCount("#summary tbody tr", 10)
	page.wantCount("#summary td.a.ahead", 4)
	page.wantText(".score.a b", "4")
	page.wantCount("#summary td.b.ahead", 2)
	page.wantText(".score.b b", "2")
	page.wantText("#r8 th", "Not scored")
	page.wantText("#r8 td.b", "unknown")
	page.wantText("#r10 td.a", "our judgement")
}

func TestEveryFootnoteLeadsToItsSource(t *testing.T) {
	t.Parallel()
	page := newSite(t).get("/compare/django-vs-fastapi")

	refs := page.Find("a.ref")
	if refs.Length() == 0 {
		t.Fatal("no footnotes")
	}
	refs.Each(func(_ int, ref *goquery.Selection) {
		href, _ := ref.Attr("href")
		if source := page.Find(href+" a").AttrOr("href", ""); !strings.HasPrefix(source, "https://") {
			t.Errorf("%s leads to %q", href, source)
		}
	})
}

func TestTicksAreKeptCountedAndCarriedToTheForm(t *testing.T) {
	t.Parallel()
	page := newSite(t).get("/compare/django-vs-fastapi?tick=ready-admin&tick=openapi&tick=no-such").wantStatus(http.StatusOK)

	page.wantCount("#choose input:checked", 2)
	if scores := page.attr("#tally", "data-scores"); scores != "django=2 fastapi=1" {
		t.Errorf("scores %q", scores)
	}
	if leader := page.attr("#tally", "data-leader"); leader != "django" {
		t.Errorf("leader %q", leader)
	}
	page.wantCount("#ask input[name=tick]:checked", 2)
	if robots := page.attr("meta[name=robots]", "content"); robots != "noindex" {
		t.Errorf("a page with ticks says robots %q", robots)
	}
}

func TestPageWithoutTicksHoldsNothingPersonal(t *testing.T) {
	t.Parallel()
	page := newSite(t).get("/compare/django-vs-fastapi")

	page.wantCount("[name=key], [name=stamp], #ask [name=tick]", 0)
	if leader := page.attr("#tally", "data-leader"); leader != "none" {
		t.Errorf("leader %q", leader)
	}
	page.wantCount("meta[name=robots]", 0)
}

func TestPagesLoadNothingFromElsewhere(t *testing.T) {
	t.Parallel()
	s := newSite(t)

	for _, path := range []string{"/", "/compare/django-vs-fastapi", "/intake", "/about", "/privacy", "/nowhere", "/staff/sign-in"} {
		page := s.get(path)
		page.Find("link[rel=stylesheet], link[rel=icon], script, img, iframe").Each(func(_ int, e *goquery.Selection) {
			address := e.AttrOr("href", e.AttrOr("src", ""))
			if !strings.HasPrefix(address, "/static/") {
				t.Errorf("%s loads %q", path, address)
			}
		})
		page.wantCount("[style], style", 0)
		if policy := page.header.Get("Content-Security-Policy"); !strings.Contains(policy, "default-src 'none'") {
			t.Errorf("%s has the policy %q", path, policy)
		}
		for name, want := range map[string]string{"X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin"} {
			if got := page.header.Get(name); got != want {
				t.Errorf("%s: %s is %q", path, name, got)
			}
		}
	}
	sheet := s.get(s.get("/").attr("link[rel=stylesheet]", "href")).wantStatus(http.StatusOK)
	if cache := sheet.header.Get("Cache-Control"); !strings.Contains(cache, "immutable") {
		t.Errorf("the stylesheet is kept %q", cache)
	}
}

func TestUnknownPagesSayWhatToDo(t *testing.T) {
	t.Parallel()
	s := newSite(t)

	for _, path := range []string{"/nowhere", "/compare/cobol-vs-fortran", "/requests/GUESSED", "/static/nowhere.css"} {
		s.get(path).wantStatus(http.StatusNotFound)
	}
	s.get("/nowhere").wantText("main", "All guides")
}

func TestHealth(t *testing.T) {
	t.Parallel()
	s := newSite(t)

	s.get("/livez").wantStatus(http.StatusOK)
	s.get("/readyz").wantStatus(http.StatusOK)
}
