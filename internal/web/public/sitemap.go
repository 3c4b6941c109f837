package public

import (
	"context"
	"encoding/xml"
	"net/http"
	"time"

	"tiebreak/internal/web/page"
)

// How many guides a site map and llms.txt name: the bound of a site map (sitemaps.org).
const maxListed = 50_000

// sitemap is a site map (sitemaps.org). Its times are those of editions.
type sitemap struct {
	XMLName xml.Name     `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 urlset"`
	URLs    []sitemapURL `xml:"url"`
}

type sitemapURL struct {
	Address  string `xml:"loc"`
	Modified string `xml:"lastmod,omitempty"`
}

var sitemapMedium = page.NewMedium("application/xml; charset=utf-8", page.FeedCaching, page.GoodCompression)

// ShowSitemap lists the home page, every guide and every option.
func (h *Handlers) ShowSitemap(r *http.Request) (*page.Encoded, error) {
	return h.keepSitePage(r, "", func(ctx context.Context, _ *page.SiteState) (*page.Encoded, error) {
		guides, err := h.Readers.PublishedGuides(ctx, maxListed)
		if err != nil {
			return nil, err
		}
		options, err := h.Readers.ComparedOptions(ctx, maxListed-len(guides))
		if err != nil {
			return nil, err
		}
		list := sitemap{URLs: []sitemapURL{{Address: h.Link("/")}}}
		for _, g := range guides {
			list.URLs = append(list.URLs, sitemapURL{h.Link("/compare/" + g.Slug), g.MadeAt.UTC().Format(time.RFC3339)})
		}
		for _, slug := range options {
			list.URLs = append(list.URLs, sitemapURL{Address: h.Link("/options/" + slug)})
		}
		return page.EncodeXML(list, sitemapMedium)
	})
}
