package web_test

import (
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
	"tiebreak/static"
)

func TestGuideShowsEverySectionInOrder(t *testing.T) {
	t.Parallel()
	page := newSite(t).get("/compare/django-vs-fastapi").wantStatus(http.StatusOK)

	want := []string{
		"Our verdict", "When to choose each", "Head-to-head summary", "Detailed comparison",
		"Frequently asked questions", "Ready to start your Django or FastAPI project?", "Sources", "Related guides",
	}
	if got := page.texts("main h2"); !slices.Equal(got, want) {
		t.Errorf("headings %q, want %q", got, want)
	}
	page.wantText("legend", "Choose Django when", "Choose FastAPI when").wantText("#disclosure", "Clients pay us")
	page.wantCount("#ask form[action='/intake'] [name=project]", 1)
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
			page.wantText(at+" th", "Not counted").wantText(at, "unknown")
		case row.Fact == "":
			page.wantText(at+" td", "our judgement")
		}
	}
}

func TestOverdueFactSaysSinceWhen(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.change("admin", func(f *guide.Fact) { f.Checked, f.Review = day("2020-01-02"), day("2021-01-02") })

	s.get("/compare/django-vs-fastapi").wantText("#summary", "not re-checked since 2 Jan 2020").wantText(".meta", "2 Jan 2020")
	s.get("/options/django").wantText("#fact-admin", "not re-checked since 2 Jan 2020")
}

func TestJudgementOnAChangedFactSaysThatItIsUnderReview(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.get("/compare/django-vs-fastapi").wantCount(".under-review", 0)

	s.change("admin", func(f *guide.Fact) { f.Value = "Something else" })
	page := s.get("/compare/django-vs-fastapi")
	page.wantText("#summary tr:has(.under-review) th", "Admin interface")
	page.wantText("#choose label:has(.under-review)", s.reason("ready-admin"))
	page.wantText("#verdict .side", "under review")
	if document := s.body("/compare/django-vs-fastapi.md"); !strings.Contains(document, " [our judgement] [under review]") {
		t.Error("the document does not say that the verdict is our judgement and under review")
	}
	if record := s.body("/compare/django-vs-fastapi.json"); !strings.Contains(record, `"under_review": [`) {
		t.Error("the record does not name the fact that is under review")
	}
}

func TestOptionShowsItsFactsAndItsGuides(t *testing.T) {
	t.Parallel()
	s := newSite(t)

	page := s.get("/options/django").wantStatus(http.StatusOK)
	page.wantText("#fact-admin dt", "Admin interface").wantText("#fact-admin dd", "Checked")
	page.wantCount("#fact-admin a[href^='https://']", 1).wantText("main .list", "Django vs FastAPI")
	page.wantCount("#fact-admin a[href='/compare/django-vs-fastapi#summary']", 1)
	s.get("/options/cobol").wantStatus(http.StatusNotFound)
}

func TestBlankPartsOfTheSiteAreLeftOutForVisitorsAndListedForStaff(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Reader)

	s.get("/about").wantNoText("main", "Contact us")
	s.get("/staff/leads").wantNoText("main", "some details are missing")
	s.as(staff.Admin).get("/staff/leads").wantText("main", "some details are missing")
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

	refs := page.attrs("a.ref", "href")
	if len(refs) == 0 {
		t.Fatal("no footnotes")
	}
	for _, ref := range refs {
		if source := page.attr(ref+" a", "href"); !strings.HasPrefix(source, "https://") {
			t.Errorf("%s leads to %q", ref, source)
		}
	}
}

func TestTicksAreShownCountedAndCarriedToTheForm(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	page := s.get("/compare/django-vs-fastapi?tick=ready-admin&tick=openapi&tick=no-such").wantStatus(http.StatusOK)

	page.wantCount("#choose input:checked", 2).wantCount("#ask input[name=tick]:checked", 2)
	page.wantAttr("#tally", "data-scores",
		fmt.Sprintf("django=%d fastapi=%d", s.condition("ready-admin").Weight, s.condition("openapi").Weight))
	page.wantAttr("#tally", "data-leader", "django").wantAttr("meta[name=robots]", "content", "noindex")
}

func TestPageWithoutTicksHoldsNothingPersonal(t *testing.T) {
	t.Parallel()
	page := newSite(t).get("/compare/django-vs-fastapi")

	page.wantCount("[name=key], [name=stamp], #ask [name=tick], meta[name=robots]", 0).wantAttr("#tally", "data-leader", "none")
}

// The staff's rules are in a sheet of their own, so none of them can apply to a public page.
func TestPublicPagesLoadNoStyleOfTheStaff(t *testing.T) {
	t.Parallel()
	s := newSite(t)

	site, desk := static.Path("site.css"), static.Path("staff.css")
	for _, path := range []string{
		"/", "/compare/django-vs-fastapi", ticked, "/compare/django-vs-fastapi/decision?tick=ready-admin", "/options/django",
		"/search?q=admin", "/intake", "/about", "/how-we-know", "/privacy", "/nowhere",
	} {
		if sheets := s.get(path).attrs("link[rel=stylesheet]", "href"); !slices.Equal(sheets, []string{site}) {
			t.Errorf("%s loads %q", path, sheets)
		}
	}
	if sheets := s.get("/staff/sign-in").attrs("link[rel=stylesheet]", "href"); !slices.Equal(sheets, []string{site, desk}) {
		t.Errorf("a staff page loads %q", sheets)
	}
}

func TestPagesLoadNothingFromElsewhere(t *testing.T) {
	t.Parallel()
	s := newSite(t)

	for _, path := range []string{
		"/", "/compare/django-vs-fastapi", "/intake", "/about", "/how-we-know", "/privacy", "/nowhere", "/staff/sign-in",
	} {
		page := s.get(path).wantCount("[style], style", 0)
		page.Find("link[rel=stylesheet], link[rel=preload], link[rel=icon], script[src], img, iframe").Each(func(_ int,
			e *goquery.Selection,
		) {
			if address := e.AttrOr("href", e.AttrOr("src", "")); !strings.HasPrefix(address, "/static/") {
				t.Errorf("%s loads %q", path, address)
			}
		})
	}
	sheet := s.get(s.get("/").attr("link[rel=stylesheet]", "href")).wantStatus(http.StatusOK)
	if cache := sheet.header.Get("Cache-Control"); !strings.Contains(cache, "immutable") {
		t.Errorf("the stylesheet is cached %q", cache)
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
				page = s.get(page.location())
			}
			page.wantStatus(http.StatusNotFound)
		}
	}
	s.get("/nowhere").wantText("main", "All guides")
}

// TestLinksAreApartWithoutStyle reads the navigation and the first links of a guide as a browser without style shows them.
func TestLinksAreApartWithoutStyle(t *testing.T) {
	t.Parallel()
	page := newSite(t).get("/compare/django-vs-fastapi")
	page.wantText("header nav", "Guides Search About Ask us").wantText("footer nav", "About How we know Privacy")
	page.wantText("main", "Tick what applies to you See all")
}

// guides returns the paths of all guides on the home page.
func (s *site) guides() []string {
	s.t.Helper()
	return s.get("/").attrs(".shelf h4 a", "href")
}

// edition returns what the sample guide shows now.
func (s *site) edition() *guide.Edition {
	s.t.Helper()
	e, err := s.db.CurrentEdition(s.t.Context(), "django-vs-fastapi")
	noError(s.t, err)
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

// reason returns how the sample guide words a condition.
func (s *site) reason(id string) string { return s.condition(id).Text }

// put imports the folder and waits until the site shows it.
func (s *site) put(folder guide.Folder) {
	s.t.Helper()
	_, err := s.db.Import(s.t.Context(), postgres.Import{Folder: folder, Publish: true})
	noError(s.t, err)
	s.settle()
}

func (s *site) publish(g guide.Guide) {
	s.t.Helper()
	s.put(guide.Folder{Guides: []guide.Guide{g}})
}

// rename publishes the sample guide at another address.
func (s *site) rename(slug string) guide.Guide {
	s.t.Helper()
	g := s.edition().Guide
	g.Slug, g.Formerly = slug, []string{"django-vs-fastapi"}
	s.publish(g)
	return g
}

// change edits a fact of Django.
func (s *site) change(key string, edit func(*guide.Fact)) {
	s.t.Helper()
	folder, err := starter.Folder()
	noError(s.t, err)
	django := folder.Options[0]
	fact := django.Facts[key]
	edit(&fact)
	django.Facts[key] = fact
	s.put(guide.Folder{Options: []guide.Option{django}})
}

func day(iso string) (d guide.Date) {
	if err := d.UnmarshalText([]byte(iso)); err != nil {
		panic(err)
	}
	return d
}
