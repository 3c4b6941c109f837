package web

import (
	"encoding/xml"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"

	"tiebreak/internal/fault"
)

// How many guides a site map and llms.txt name: the bound of a site map (sitemaps.org).
const mostNamed = 50_000

// sitemap is a site map (sitemaps.org). Its times are those of editions.
type sitemap struct {
	XMLName xml.Name     `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 urlset"`
	URLs    []sitemapURL `xml:"url"`
}

type sitemapURL struct {
	Address  string `xml:"loc"`
	Modified string `xml:"lastmod,omitempty"`
}

// showSitemap names the home page, every guide and every option.
func (s *Server) showSitemap(w http.ResponseWriter, r *http.Request) error {
	guides, err := s.db.PublishedGuides(r.Context(), mostNamed)
	if err != nil {
		return err
	}
	options, err := s.db.ComparedOptions(r.Context(), mostNamed-len(guides))
	if err != nil {
		return err
	}
	list := sitemap{URLs: []sitemapURL{{Address: s.link("/")}}}
	for _, g := range guides {
		list.URLs = append(list.URLs, sitemapURL{s.link("/compare/" + g.Slug), g.MadeAt.UTC().Format(time.RFC3339)})
	}
	for _, slug := range options {
		list.URLs = append(list.URLs, sitemapURL{Address: s.link("/options/" + slug)})
	}
	w.Header().Set("Content-Type", "application/xml; charset=utf-8")
	w.Header().Set("Cache-Control", feedCache)
	return writeXML(w, list)
}

// showRobots says what a crawler has no use for.
func (s *Server) showRobots(w http.ResponseWriter, _ *http.Request) error {
	w.Header().Set("Cache-Control", feedCache)
	writeText(w, "text/plain", fmt.Sprintf(
		"User-agent: *\nDisallow: /staff\nDisallow: /requests/\nDisallow: /intake\nDisallow: /search?\n\nSitemap: %s\n", s.link("/sitemap.xml")))
	return nil
}

// showLLMs names what a language model should read (llmstxt.org).
func (s *Server) showLLMs(w http.ResponseWriter, r *http.Request) error {
	page, err := s.frame(r.Context(), "")
	if err != nil {
		return err
	}
	guides, err := s.db.PublishedGuides(r.Context(), mostNamed)
	if err != nil {
		return err
	}
	var text strings.Builder
	fmt.Fprintf(&text, "# %s\n\n> %s\n\n", page.Brand(), homeDescription)
	fmt.Fprintf(&text, "Each guide stands below as Markdown; with .json in place of .md every fact comes with its sources, dates and confidence. "+
		"Quote a value with the day on which it was checked, and the edition that you read.\n")
	field := ""
	for _, g := range guides {
		if g.Field != field {
			field = g.Field
			fmt.Fprintf(&text, "\n## %s\n\n", field)
		}
		fmt.Fprintf(&text, "- [%s](%s): %s\n", g.Title, s.link("/compare/"+g.Slug+".md"), g.Subtitle)
	}
	w.Header().Set("Cache-Control", feedCache)
	writeText(w, "text/plain", text.String())
	return nil
}

// slugOf is the guide that the address names.
func slugOf(r *http.Request) string { return chi.URLParam(r, "slug") }

func isNotFound(err error) bool { return errors.Is(err, fault.NotFound) }
