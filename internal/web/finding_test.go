package web_test

import (
	"encoding/json"
	"encoding/xml"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"tiebreak/internal/guide"
	"tiebreak/internal/pgtest"
)

func TestOldAndReversedAddressesMoveOnce(t *testing.T) {
	t.Parallel()
	s := newSite(t)

	for path, want := range map[string]string{
		"/compare/fastapi-vs-django":                       "/compare/django-vs-fastapi",
		"/compare/fastapi-vs-django?tick=openapi":          "/compare/django-vs-fastapi?tick=openapi",
		"/compare/fastapi-vs-django.json":                  "/compare/django-vs-fastapi.json",
		"/compare/fastapi-vs-django.md":                    "/compare/django-vs-fastapi.md",
		"/compare/fastapi-vs-django/changes":               "/compare/django-vs-fastapi/changes",
		"/compare/fastapi-vs-django/changes.atom":          "/compare/django-vs-fastapi/changes.atom",
		"/compare/fastapi-vs-django/card.png":              "/compare/django-vs-fastapi/card.png",
		"/compare/fastapi-vs-django/decision.md?tick=some": "/compare/django-vs-fastapi/decision.md?tick=some",
	} {
		moved := s.get(path).wantStatus(http.StatusMovedPermanently)
		if to := moved.header.Get("Location"); to != want {
			t.Errorf("%s leads to %s", path, to)
		}
		s.get(want).wantStatus(http.StatusOK)
	}
	s.get("/compare/django-vs-django").wantStatus(http.StatusNotFound)
	s.get("/compare/cobol-vs-django").wantStatus(http.StatusNotFound)
}

func TestRenamedGuideIsFoundUnderItsOldAddressAlone(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	e := s.edition()
	s.get("/compare/django-vs-fastapi").wantStatus(http.StatusOK)
	site, own := feedIDs(s.body("/feed.atom")), feedIDs(s.body("/compare/django-vs-fastapi/changes.atom"))

	g := e.Guide
	g.Slug, g.Formerly = "python-web", []string{"django-vs-fastapi"}
	s.publish(g)

	moved := s.get("/compare/django-vs-fastapi").wantStatus(http.StatusMovedPermanently)
	if to := moved.header.Get("Location"); to != "/compare/python-web" {
		t.Errorf("the old address leads to %s", to)
	}
	s.get("/compare/python-web").wantStatus(http.StatusOK)
	if text := s.body("/sitemap.xml"); strings.Contains(text, "/compare/django-vs-fastapi<") {
		t.Error("the site map names the old address")
	}
	s.get("/search?q=django+admin").wantCount(`.found a[href^="/compare/django-vs-fastapi#"]`, 0)
	if now := feedIDs(s.body("/feed.atom")); !slices.Equal(now, site) {
		t.Errorf("the feed's ids were\n%v and are\n%v", site, now)
	}
	if now := feedIDs(s.body("/compare/python-web/changes.atom")); !slices.Equal(now, own) || len(own) != 2 {
		t.Errorf("the guide's feed had the ids\n%v and has\n%v", own, now)
	}
}

// feedIDs are the ids of a feed and of its entries, in order.
func feedIDs(atom string) []string {
	return regexp.MustCompile(`<id>[^<]*</id>`).FindAllString(atom, -1)
}

func TestLinkedDataSaysWhatThePageShows(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for _, path := range s.guides() {
		page := s.get(path).wantStatus(http.StatusOK)
		var data struct {
			Graph []struct {
				Type            string `json:"@type"`
				Headline        string
				DatePublished   time.Time
				DateModified    time.Time
				ItemListElement []struct{ Name, Item string }
				MainEntity      []struct {
					Name           string
					AcceptedAnswer struct{ Text string }
				}
			} `json:"@graph"`
		}
		if err := json.Unmarshal([]byte(page.Find(`script[type="application/ld+json"]`).Text()), &data); err != nil {
			t.Fatal(err)
		}
		var types []string
		for _, node := range data.Graph {
			types = append(types, node.Type)
			switch node.Type {
			case "Article":
				made, err := time.Parse(time.RFC3339, page.attr("#disclosure time", "datetime"))
				if err != nil || !node.DateModified.Equal(made) || node.DatePublished.After(made) {
					t.Errorf("%s: modified %v, published %v, shown %v", path, node.DateModified, node.DatePublished, made)
				}
			case "ItemList":
				for i, o := range node.ItemListElement {
					if shown := strings.TrimSpace(page.Find("thead th").Eq(i + 1).Text()); o.Name != shown {
						t.Errorf("%s: option %q, shown %q", path, o.Name, shown)
					}
				}
			case "FAQPage":
				if shown := page.Find("#questions li[id]").Length(); len(node.MainEntity) != shown {
					t.Errorf("%s: %d questions, shown %d", path, len(node.MainEntity), shown)
				}
				for i, q := range node.MainEntity {
					asked, said := visible(page.Find("#questions li[id]").Eq(i))
					if q.Name != asked || q.AcceptedAnswer.Text != said {
						t.Errorf("%s: %q %q, shown %q %q", path, q.Name, q.AcceptedAnswer.Text, asked, said)
					}
				}
			}
		}
		if want := []string{"Article", "BreadcrumbList", "ItemList", "FAQPage"}; !slices.Equal(types, want) {
			t.Errorf("%s: %v", path, types)
		}
	}
}

// visible is a question and its answer as a reader reads them, without the footnotes' numbers.
func visible(item *goquery.Selection) (question, answer string) {
	item = item.Clone()
	item.Find(".num, .ref, .small").Remove()
	item.Find(".tag").Each(func(_ int, label *goquery.Selection) { label.SetText("(" + label.Text() + ")") })
	folded := func(s *goquery.Selection) string {
		var parts []string
		s.Each(func(_ int, part *goquery.Selection) { parts = append(parts, part.Text()) })
		text := strings.ReplaceAll(strings.Join(parts, " "), "\u2060", "")
		return strings.Join(strings.Fields(text), " ")
	}
	return folded(item.Find("h3")), folded(item.Find("p, li"))
}

func TestFeedsTellOfEditionsAtTheirTimes(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.change("admin", func(f *guide.Fact) { f.Checked = day("2026-12-01") })
	checkedAgain := s.edition().Digest
	s.change("licence", func(f *guide.Fact) { f.Value = "Another licence" })

	for path, guides := range map[string]int{"/compare/django-vs-fastapi/changes.atom": 1, "/feed.atom": len(s.guides())} {
		feed := s.feed(path)
		if len(feed.Entries) <= guides {
			t.Fatalf("%s has %d entries", path, len(feed.Entries))
		}
		newest := feed.Entries[0]
		if feed.Updated != newest.Updated || feed.ID != s.base+path || feed.Author == "" {
			t.Errorf("%s: updated %s, id %s by %q", path, feed.Updated, feed.ID, feed.Author)
		}
		if !strings.Contains(newest.Content, "is now “Another licence”.") ||
			!strings.HasSuffix(newest.Content, "Verdict unchanged.") {
			t.Errorf("%s tells first: %q", path, newest.Content)
		}
		seen := map[string]bool{}
		for _, entry := range feed.Entries {
			if at, err := time.Parse(time.RFC3339, entry.Updated); err != nil || at.After(s.edition().MadeAt.Add(time.Second)) ||
				seen[entry.ID] {
				t.Errorf("%s: entry %s of %s (%v)", path, entry.ID, entry.Updated, err)
			}
			if strings.Contains(entry.ID, checkedAgain) {
				t.Error("a mere re-check is told of")
			}
			seen[entry.ID] = true
		}
	}
	log := s.get("/compare/django-vs-fastapi/changes").wantStatus(http.StatusOK)
	log.wantText("section:first-of-type", "is now “Another licence”.")
	log.wantText("section:last-of-type", "First published.")
}

type feed struct {
	XMLName xml.Name `xml:"http://www.w3.org/2005/Atom feed"`
	ID      string   `xml:"id"`
	Updated string   `xml:"updated"`
	Author  string   `xml:"author>name"`
	Entries []struct {
		ID      string `xml:"id"`
		Updated string `xml:"updated"`
		Content string `xml:"content"`
	} `xml:"entry"`
}

func (s *site) feed(path string) (f feed) {
	s.t.Helper()
	if err := xml.Unmarshal([]byte(s.body(path)), &f); err != nil {
		s.t.Fatalf("%s: %v", path, err)
	}
	return f
}

func TestFeedOfASiteWithoutGuidesIsEmptyAndStable(t *testing.T) {
	t.Parallel()
	address := pgtest.NewURL(t)
	s := siteOn(t, pgtest.Open(t, address))
	if err := pgtest.Exec(t, address, "UPDATE guides SET edition = NULL"); err != nil {
		t.Fatal(err)
	}
	first := s.feed("/feed.atom")
	updated, err := time.Parse(time.RFC3339, first.Updated)
	if err != nil || time.Since(updated).Abs() > time.Hour {
		t.Errorf("updated %q (%v)", first.Updated, err)
	}
	if len(first.Entries) != 0 || first.ID != s.base+"/feed.atom" || first.Author == "" {
		t.Errorf("the feed is %+v", first)
	}
	if later := siteOn(t, pgtest.Open(t, address)).feed("/feed.atom"); later.Updated != first.Updated {
		t.Errorf("updated %s, then %s", first.Updated, later.Updated)
	}
}

func TestSiteMapNamesEveryGuideWithItsEditionsTime(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	var list struct {
		XMLName xml.Name `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 urlset"`
		URLs    []struct {
			Address  string `xml:"loc"`
			Modified string `xml:"lastmod"`
		} `xml:"url"`
	}
	if err := xml.Unmarshal([]byte(s.body("/sitemap.xml")), &list); err != nil {
		t.Fatal(err)
	}
	times := map[string]string{}
	for _, u := range list.URLs {
		times[u.Address] = u.Modified
		s.get(strings.TrimPrefix(u.Address, s.base)).wantStatus(http.StatusOK)
	}
	for _, path := range s.guides() {
		if made := s.get(path).attr("#disclosure time", "datetime"); made == "" || times[s.base+path] != made {
			t.Errorf("%s: modified %q, made %q", path, times[s.base+path], made)
		}
	}
	if robots := s.body("/robots.txt"); !strings.Contains(robots, "\nSitemap: "+s.base+"/sitemap.xml\n") {
		t.Errorf("robots.txt: %s", robots)
	}
	named := regexp.MustCompile(`\]\((.*)\):`).FindAllStringSubmatch(s.body("/llms.txt"), -1)
	if len(named) != len(s.guides()) {
		t.Errorf("llms.txt names %d guides", len(named))
	}
	for _, match := range named {
		if text := s.body(strings.TrimPrefix(match[1], s.base)); !strings.HasPrefix(text, "# ") {
			t.Errorf("%s begins %.20q", match[1], text)
		}
	}
}

func TestEachPageSaysHowALinkToItLooks(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for _, path := range append(s.guides(), "/", "/options/django", "/about", "/search") {
		page := s.get(path).wantStatus(http.StatusOK)
		for _, name := range []string{"og:title", "og:description", "og:url", "og:type", "og:site_name"} {
			if page.attr(`meta[property="`+name+`"]`, "content") == "" {
				t.Errorf("%s has no %s", path, name)
			}
		}
		if words := page.attr("meta[name=description]", "content"); len(words) < 30 || len(words) > 190 {
			t.Errorf("%s is described in %d letters: %q", path, len(words), words)
		}
		if to := page.attr("link[rel=canonical]", "href"); to != s.base+path {
			t.Errorf("%s is canonical at %s", path, to)
		}
		if page.attr(`link[type="application/atom+xml"]`, "href") != s.base+"/feed.atom" {
			t.Errorf("%s names no feed", path)
		}
	}
}

func TestSearchAnswersWithTheRowItself(t *testing.T) {
	t.Parallel()
	s := newSite(t)

	page := s.get("/search?q=django+admin").wantStatus(http.StatusOK)
	page.wantText(".found li:first-child h3", "Admin interface")
	page.wantText(".found li:first-child p", "Django: Built in, generated from your models.")
	page.wantText(".found li:first-child p mark", "Django")
	if address := page.attr(".found li:first-child a", "href"); s.get(strings.Split(address, "#")[0]).status != http.StatusOK {
		t.Errorf("the first result leads to %s", address)
	}
	if robots := page.attr("meta[name=robots]", "content"); robots != "noindex" {
		t.Errorf("a search says robots %q", robots)
	}

	misspelt := s.get("/search?q=djagno+admin").wantStatus(http.StatusOK)
	misspelt.wantText("#main", "Nothing matches all of your words. These results match some.")
	misspelt.wantText(".meant", "django admin")
	s.get(misspelt.attr(".meant", "href")).wantText(".found li:first-child h3", "Admin interface")
	if typed := misspelt.attr("input[name=q]", "value"); typed != "djagno admin" {
		t.Errorf("the field holds %q", typed)
	}

	nothing := s.get("/search?q=xyzzyq").wantStatus(http.StatusOK)
	nothing.wantText("#main", "We found nothing for “xyzzyq”.")
	nothing.wantCount(`#main a[href="/"]`, 1)
	nothing.wantCount(`#main a[href="/intake"]`, 1)
	s.get("/search?q=%F0%9F%A6%8A").wantText("#main", "We cannot search for “🦊”. Type letters or digits.")
	s.get("/search").wantStatus(http.StatusOK).wantCount(".found", 0)
	s.get("/search?q=" + strings.Repeat("%F0%9F%98%80", 300)).wantStatus(http.StatusOK)
	s.get("/search?q=%ff%00%27%29%3B--").wantStatus(http.StatusOK)
}

func TestSearchForAMissingComparisonLeadsToTheNearestGuidesAndTheForm(t *testing.T) {
	t.Parallel()
	s := newSite(t)

	page := s.get("/search?q=fastapi+vs+Litestar").wantStatus(http.StatusOK)
	page.wantText("h2", "We have no comparison of FastAPI and Litestar yet")
	page.wantText("#main", "These guides come closest.")
	page.wantText(".found li:first-child", "FastAPI")
	page.wantCount(".meant", 0)
	page.wantText("#main", "Are you choosing between FastAPI and Litestar?")
	s.get(page.attr(`#main a[href^="/intake"]`, "href")).wantStatus(http.StatusOK).wantCount("form[action='/intake']", 1)
}

func TestHomeTellsOfTheNewestChanges(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.change("licence", func(f *guide.Fact) { f.Value = "Another licence" })

	home := s.get("/").wantStatus(http.StatusOK)
	home.wantText(".news li:first-child", "is now “Another licence”.")
	home.wantCount("form[role=search] input[name=q]", 1)
	home.wantCount("h3 a[href^='/compare/']:not(.news a)", len(s.guides()))
}

// guides are the paths of all guides on the home page.
func (s *site) guides() []string {
	s.t.Helper()
	var paths []string
	s.get("/").Find(".line h3 a").Each(func(_ int, link *goquery.Selection) { paths = append(paths, link.AttrOr("href", "")) })
	return paths
}
