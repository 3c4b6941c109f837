package public

import (
	"bytes"
	"context"
	"fmt"
	"net/http"

	"tiebreak/internal/guide"
	"tiebreak/internal/web/page"
)

var textMedium = page.NewMedium("text/plain; charset=utf-8", page.FeedCaching, page.GoodCompression)

// ShowRobots says what a crawler has no use for.
func (h *Handlers) ShowRobots(r *http.Request) (*page.Encoded, error) {
	return h.keepSitePage(r, "", func(context.Context, *page.SiteState) (*page.Encoded, error) {
		return page.Encode(fmt.Appendf(nil, "User-agent: *\nDisallow: /staff\nDisallow: /requests/\nDisallow: /intake\n"+
			"Disallow: /search?\n\nSitemap: %s\n", h.Link("/sitemap.xml")), textMedium), nil
	})
}

// ShowLLMs lists what a language model should read (llmstxt.org).
func (h *Handlers) ShowLLMs(r *http.Request) (*page.Encoded, error) {
	return h.keepSitePage(r, "", func(ctx context.Context, now *page.SiteState) (*page.Encoded, error) {
		guides, err := h.Readers.PublishedGuides(ctx, maxListed)
		if err != nil {
			return nil, err
		}
		var text bytes.Buffer
		fmt.Fprintf(&text, "# %s\n\n> %s\n\n", guide.EscapeText(h.FrameOf(now.Settings, "").Brand()), homeDescription)
		fmt.Fprintln(&text, "Each guide is listed below as Markdown. Replace .md with .json to get every fact with its sources, "+
			"dates and confidence. If you quote a value, give the day on which it was checked and the edition that you read.")
		field := ""
		for _, g := range guides {
			if g.Field != field {
				field = g.Field
				fmt.Fprintf(&text, "\n## %s\n\n", guide.EscapeText(field))
			}
			fmt.Fprintf(&text, "- [%s](%s): %s\n",
				guide.EscapeText(g.Title), h.Link("/compare/"+g.Slug+".md"), guide.EscapeText(g.Subtitle))
		}
		return page.Encode(text.Bytes(), textMedium), nil
	})
}
