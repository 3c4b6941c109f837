package web_test

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"tiebreak/internal/guide"
	"tiebreak/internal/guide/starter"

	"tiebreak/internal/postgres"
	"tiebreak/internal/staff"
)

func TestHomeLeadsToEachGuide(t *testing.T) {
	t.Parallel()
	s := newSite(t)

	home := s.get("/").wantStatus(http.StatusOK)
	home.wantCount("article h3 a", len(s.guides()))
	home.Find("article h3 a").Each(func(_ int, link *goquery.Selection) {
		s.get(link.AttrOr("href", "")).wantStatus(http.StatusOK).wantText("h1", "vs")
	})
}

func TestGuideShowsEverySectionInOrder(t *testing.T) {
	t.Parallel()
	page := newSite(t).get("/compare/django-vs-fastapi").wantStatus(http.StatusOK)

	var headings []string
	page.Find("main h2").Each(func(_ int, h *goquery.Selection) {
		h.Find(".num").Remove()
		headings = append(headings, strings.TrimSpace(h.Text()))
	})
	want := []string{
		"Head-to-head summary", "Detailed comparison", "Our verdict", "When to choose each",
		"Frequently asked questions", "Ready to start a Django or FastAPI project?", "Sources", "Related guides",
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
	s := newSite(t)
	page := s.get("/compare/django-vs-fastapi")

	page.wantCount("#summary tbody tr", len(s.edition().Guide.Summary))
	for class, slug := range map[string]string{"opt-a": "django", "opt-b": "fastapi"} {
		ahead := page.Find("#summary td.ahead." + class).Length()
		if ahead == 0 || ahead != guide.CountRows(s.edition().Rows()).Ahead[slug] {
			t.Errorf("%d rows are marked for %s", ahead, slug)
		}
		page.wantText(".score."+class+" b", strconv.Itoa(ahead))
	}
	for _, row := range s.edition().Rows() {
		switch at := "#r" + strconv.Itoa(row.Number); {
		case row.Edge == string(guide.Unknown):
			page.wantText(at+" th", "Not counted")
			page.wantText(at, "unknown")
		case row.Fact == "":
			page.wantText(at+" td", "our judgement")
		}
	}
}

func TestOverdueFactSaysSinceWhen(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.change("admin", func(f *guide.Fact) { f.Checked, f.Review = day("2020-01-02"), day("2021-01-02") })

	page := s.get("/compare/django-vs-fastapi")
	page.wantText("#summary", "not re-checked since 2 Jan 2020")
	page.wantText(".meta", "2 Jan 2020")
	s.get("/options/django").wantText("#fact-admin", "not re-checked since 2 Jan 2020")
}

func TestWhatRestsOnAChangedFactSaysThatItIsBeingReRead(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.get("/compare/django-vs-fastapi").wantCount(".re-read", 0)

	s.change("admin", func(f *guide.Fact) { f.Value = "Something else" })
	page := s.get("/compare/django-vs-fastapi")
	page.wantText("#summary tr:has(.re-read) th", "Admin interface")
	page.wantText("#choose label:has(.re-read)", s.reason("ready-admin"))
	page.wantText("#verdict .side", "being re-read")
}

func TestOptionShowsItsFactsAndItsGuides(t *testing.T) {
	t.Parallel()
	s := newSite(t)

	page := s.get("/options/django").wantStatus(http.StatusOK)
	page.wantText("#fact-admin dt", "Admin interface")
	page.wantText("#fact-admin dd", "Checked")
	page.wantCount("#fact-admin a[href^='https://']", 1)
	page.wantText("main .list", "Django vs FastAPI")
	s.get("/options/cobol").wantStatus(http.StatusNotFound)
}

func TestBlankPartsOfTheSiteAreLeftOutForVisitorsAndListedForStaff(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.signIn(staff.Reader)

	if about := s.get("/about"); strings.Contains(about.text("main"), "Contact us") {
		t.Error("a blank contact has a heading")
	}
	s.get("/staff/leads").wantText("main", "not set up yet")
	s.get("/staff/site").wantCount("dd .unknown", 5)

	s.put(guide.Folder{Site: guide.Site{
		Name: "Sample Studio", RunBy: "a sample person", Contact: "hello@example.org", Sells: "sample work",
		Address: "1 Sample Street",
	}.All()})
	s.get("/about").wantText("main", "hello@example.org")
	s.get("/").wantText(".brand", "Sample Studio")
	s.get("/compare/django-vs-fastapi").wantText("#disclosure", "We sell sample work")
	s.get("/staff/site").wantCount("dd .unknown", 0)
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
	s := newSite(t)
	page := s.get("/compare/django-vs-fastapi?tick=ready-admin&tick=openapi&tick=no-such").wantStatus(http.StatusOK)

	page.wantCount("#choose input:checked", 2)
	if scores, want := page.attr("#tally", "data-scores"),
		fmt.Sprintf("django=%d fastapi=%d", s.condition("ready-admin").Weight, s.condition("openapi").Weight); scores != want {
		t.Errorf("scores %q, want %q", scores, want)
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

	for _, path := range []string{
		"/", "/compare/django-vs-fastapi", "/intake", "/about", "/privacy", "/nowhere",
		"/staff/sign-in",
	} {
		page := s.get(path)
		page.Find("link[rel=stylesheet], link[rel=icon], script[src], img, iframe").Each(func(_ int, e *goquery.Selection) {
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
	for _, name := range []string{"a%00a", "a%ffa", "a%E2%80%AEa", "..%2fa", strings.Repeat("a", 5000)} {
		for _, path := range []string{"/compare/", "/options/", "/requests/", "/?field="} {
			page := s.get(path + name)
			if page.status == http.StatusMovedPermanently { // to the same in capitals, or without its encoding
				page = s.get(page.header.Get("Location"))
			}
			page.wantStatus(http.StatusNotFound)
		}
	}
	s.get("/nowhere").wantText("main", "All guides")
}

func TestHealth(t *testing.T) {
	t.Parallel()
	s := newSite(t)

	s.get("/livez").wantStatus(http.StatusOK)
	s.get("/readyz").wantStatus(http.StatusOK)
}

// edition is what the sample guide shows now.
func (s *site) edition() *guide.Edition {
	s.t.Helper()
	e, err := s.db.CurrentEdition(context.Background(), "django-vs-fastapi")
	if err != nil {
		s.t.Fatal(err)
	}
	return e
}

func (s *site) condition(id string) guide.Condition {
	s.t.Helper()
	c, _, known := s.edition().Condition(id)
	if !known {
		s.t.Fatalf("no condition %s", id)
	}
	return c
}

// reason is how the sample guide words a condition.
func (s *site) reason(id string) string { return s.condition(id).Text }

func (s *site) put(folder guide.Folder) { s.t.Helper(); s.take(postgres.Import{Folder: folder}) }

func (s *site) publish(g guide.Guide) {
	s.t.Helper()
	s.take(postgres.Import{Folder: guide.Folder{Guides: []guide.Guide{g}}, Publish: true})
}

func (s *site) take(in postgres.Import) {
	s.t.Helper()
	if _, err := s.db.Import(context.Background(), in); err != nil {
		s.t.Fatal(err)
	}
	s.settle()
}

// change edits a fact of Django.
func (s *site) change(key string, edit func(*guide.Fact)) {
	s.t.Helper()
	folder, err := starter.Folder()
	if err != nil {
		s.t.Fatal(err)
	}
	django := folder.Options[0]
	fact := django.Facts[key]
	edit(&fact)
	django.Facts[key] = fact
	s.put(guide.Folder{Options: []guide.Option{django}})
}

func day(iso string) guide.Date {
	var d guide.Date
	if err := d.UnmarshalText([]byte(iso)); err != nil {
		panic(err)
	}
	return d
}
