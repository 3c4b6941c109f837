package web

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/go-chi/chi/v5"

	"tiebreak/internal/fault"
	"tiebreak/internal/guide"
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

var sitemapMedium = mediumOf("application/xml; charset=utf-8", feedCaching, thoroughly)

// showSitemap names the home page, every guide and every option.
func (s *Server) showSitemap(r *http.Request) (*encoded, error) {
	return s.keepOfSite(r, "", func(ctx context.Context, _ *settled) (*encoded, error) {
		guides, err := s.readers.PublishedGuides(ctx, mostNamed)
		if err != nil {
			return nil, err
		}
		options, err := s.readers.ComparedOptions(ctx, mostNamed-len(guides))
		if err != nil {
			return nil, err
		}
		list := sitemap{URLs: []sitemapURL{{Address: s.link("/")}}}
		for _, g := range guides {
			list.URLs = append(list.URLs, sitemapURL{s.link("/compare/" + g.Slug), g.MadeAt.UTC().Format(time.RFC3339)})
		}
		for _, slug := range options {
			list.URLs = append(list.URLs, sitemapURL{Address: s.link("/options/" + slug)})
		}
		return encodeXML(list, sitemapMedium)
	})
}

var textMedium = mediumOf("text/plain; charset=utf-8", feedCaching, thoroughly)

// showRobots says what a crawler has no use for.
func (s *Server) showRobots(r *http.Request) (*encoded, error) {
	return s.keepOfSite(r, "", func(context.Context, *settled) (*encoded, error) {
		return encode(fmt.Appendf(nil, "User-agent: *\nDisallow: /staff\nDisallow: /requests/\nDisallow: /intake\nDisallow: /search?\n\nSitemap: %s\n",
			s.link("/sitemap.xml")), textMedium), nil
	})
}

// showLLMs names what a language model should read (llmstxt.org).
func (s *Server) showLLMs(r *http.Request) (*encoded, error) {
	return s.keepOfSite(r, "", func(ctx context.Context, now *settled) (*encoded, error) {
		guides, err := s.readers.PublishedGuides(ctx, mostNamed)
		if err != nil {
			return nil, err
		}
		var text bytes.Buffer
		fmt.Fprintf(&text, "# %s\n\n> %s\n\n", guide.EscapeText(s.frameOf(now.Settings, "").Brand()), homeDescription)
		fmt.Fprintf(&text, "Each guide stands below as Markdown; with .json in place of .md every fact comes with its sources, dates and confidence. "+
			"Quote a value with the day on which it was checked, and the edition that you read.\n")
		field := ""
		for _, g := range guides {
			if g.Field != field {
				field = g.Field
				fmt.Fprintf(&text, "\n## %s\n\n", guide.EscapeText(field))
			}
			fmt.Fprintf(&text, "- [%s](%s): %s\n",
				guide.EscapeText(g.Title), s.link("/compare/"+g.Slug+".md"), guide.EscapeText(g.Subtitle))
		}
		return encode(text.Bytes(), textMedium), nil
	})
}

// slugOf is the guide that the address names.
func slugOf(r *http.Request) string { return chi.URLParam(r, "slug") }

func isNotFound(err error) bool { return errors.Is(err, fault.NotFound) }
