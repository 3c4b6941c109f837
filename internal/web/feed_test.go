package web_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"

	"tiebreak/internal/guide"
)

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
		noError(t, json.Unmarshal([]byte(page.Find(`script[type="application/ld+json"]`).Text()), &data))
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
				shown := page.texts("thead th")[1:]
				for i, o := range node.ItemListElement {
					if o.Name != shown[i] {
						t.Errorf("%s: option %q, shown %q", path, o.Name, shown[i])
					}
				}
			case "FAQPage":
				page.wantCount("#questions li[id]", len(node.MainEntity))
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
		parts := s.Map(func(_ int, part *goquery.Selection) string { return part.Text() })
		return strings.Join(strings.Fields(strings.ReplaceAll(strings.Join(parts, " "), "\u2060", "")), " ")
	}
	return folded(item.Find("h3")), folded(item.Find("p, li"))
}

func TestFeedsListEditionsAtTheirTimes(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.change("admin", func(f *guide.Fact) { f.Checked = day("2026-12-01") })
	checkedAgain := s.edition().Digest
	s.change("html", func(f *guide.Fact) { f.Value = "Another language" })

	for path, guides := range map[string]int{"/compare/django-vs-fastapi/changes.atom": 1, "/feed.atom": len(s.guides())} {
		feed := s.feed(path)
		if len(feed.Entries) <= guides {
			t.Fatalf("%s has %d entries", path, len(feed.Entries))
		}
		newest := feed.Entries[0]
		if feed.Updated != newest.Updated || feed.ID != s.base+path || feed.Author == "" {
			t.Errorf("%s: updated %s, id %s by %q", path, feed.Updated, feed.ID, feed.Author)
		}
		if !strings.Contains(newest.Content, "is now “Another language”.") ||
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
				t.Error("a mere re-check is in the feed")
			}
			seen[entry.ID] = true
		}
	}
	s.get("/compare/django-vs-fastapi/changes").wantStatus(http.StatusOK).
		wantText("section:first-of-type", "is now “Another language”.").wantText("section:last-of-type", "First published.")
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
	noError(s.t, xml.Unmarshal([]byte(s.body(path)), &f))
	return f
}

func TestFeedOfASiteWithoutGuidesIsEmptyAndStable(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.sql(`UPDATE guides SET edition = NULL`)
	first := s.feed("/feed.atom")
	updated, err := time.Parse(time.RFC3339, first.Updated)
	if err != nil || time.Since(updated).Abs() > time.Hour {
		t.Errorf("updated %q (%v)", first.Updated, err)
	}
	if len(first.Entries) != 0 || first.ID != s.base+"/feed.atom" || first.Author == "" {
		t.Errorf("the feed is %+v", first)
	}
	if later := s.instance().feed("/feed.atom"); later.Updated != first.Updated {
		t.Errorf("updated %s, then %s", first.Updated, later.Updated)
	}
}

func TestSitemapListsEveryGuideWithItsEditionsTime(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	var list struct {
		XMLName xml.Name `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 urlset"`
		URLs    []struct {
			Address  string `xml:"loc"`
			Modified string `xml:"lastmod"`
		} `xml:"url"`
	}
	noError(t, xml.Unmarshal([]byte(s.body("/sitemap.xml")), &list))
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
		t.Errorf("llms.txt lists %d guides", len(named))
	}
	for _, match := range named {
		if text := s.body(strings.TrimPrefix(match[1], s.base)); !strings.HasPrefix(text, "# ") {
			t.Errorf("%s begins %.20q", match[1], text)
		}
	}
}

func TestEachPageHasALinkPreview(t *testing.T) {
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
		page.wantAttr("link[rel=canonical]", "href", s.base+path)
		page.wantAttr(`link[type="application/atom+xml"]`, "href", s.base+"/feed.atom")
	}
}

// feedIDs returns the ids of a feed and of its entries, in order.
func feedIDs(atom string) []string {
	return regexp.MustCompile(`<id>[^<]*</id>`).FindAllString(atom, -1)
}

func TestRenamedGuideIsFoundUnderItsNewAddressAlone(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.get("/compare/django-vs-fastapi").wantStatus(http.StatusOK)
	site, own := feedIDs(s.body("/feed.atom")), feedIDs(s.body("/compare/django-vs-fastapi/changes.atom"))

	s.rename("python-web")
	s.get("/compare/django-vs-fastapi").wantStatus(http.StatusMovedPermanently).wantLocation("/compare/python-web")
	s.get("/compare/python-web").wantStatus(http.StatusOK)
	if text := s.body("/sitemap.xml"); strings.Contains(text, "/compare/django-vs-fastapi<") {
		t.Error("the sitemap lists the old address")
	}
	s.get("/search?q=django+admin").wantCount(`.found a[href^="/compare/django-vs-fastapi#"]`, 0)
	if now := feedIDs(s.body("/feed.atom")); !slices.Equal(now, site) {
		t.Errorf("the feed's ids were\n%v and are\n%v", site, now)
	}
	if now := feedIDs(s.body("/compare/python-web/changes.atom")); !slices.Equal(now, own) || len(own) != 2 {
		t.Errorf("the guide's feed had the ids\n%v and has\n%v", own, now)
	}
}

func TestTitlesReadTheSameInTheListForLanguageModels(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	g := s.edition().Guide
	g.Title, g.Subtitle, g.Field = "__main__ [draft", `Every \*nix, F\* and more`, "*nix"
	s.publish(g)

	var html bytes.Buffer
	noError(t, goldmark.New(goldmark.WithExtensions(extension.GFM)).Convert([]byte(s.body("/llms.txt")), &html))
	document, err := goquery.NewDocumentFromReader(&html)
	noError(t, err)
	page := answer{t: t, what: "llms.txt", Document: document}
	item := "li:has(a[href$='/compare/" + g.Slug + ".md'])"
	if got := page.text(item); got != "__main__ [draft: Every *nix, F* and more" {
		t.Errorf("it reads %q", got)
	}
	if got := page.text(item + " a"); got != g.Title {
		t.Errorf("the link reads %q, want %q", got, g.Title)
	}
	if got := page.texts("h2"); !slices.Contains(got, g.Field) {
		t.Errorf("the headings are %q, without the field %q", got, g.Field)
	}
}
