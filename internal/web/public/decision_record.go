package public

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"

	"tiebreak/internal/guide"
	"tiebreak/internal/web/page"
)

const markdownType = "text/markdown; charset=utf-8"

var (
	jsonMedium     = page.NewMedium("application/json; charset=utf-8", page.PageCaching, page.GoodCompression)
	markdownMedium = page.NewMedium(markdownType, page.PageCaching, page.GoodCompression)
)

// ShowRecord shows the guide for machines.
func (h *Handlers) ShowRecord(r *http.Request, c *CachedGuide) (*page.Encoded, error) {
	return h.keepPage(r, "", c.text, func(context.Context) (*page.Encoded, error) {
		record, err := json.MarshalIndent(c.edition.Record(h.Link("/compare/"+c.slug)), "", "  ")
		if err != nil {
			return nil, err
		}
		return page.Encode(append(record, '\n'), jsonMedium), nil
	})
}

// ShowDocument shows the guide as Markdown.
func (h *Handlers) ShowDocument(r *http.Request, c *CachedGuide) (*page.Encoded, error) {
	return h.keepPage(r, "", c.text, func(context.Context) (*page.Encoded, error) {
		return page.Encode([]byte(c.edition.Markdown(h.Link("/compare/"+c.slug))), markdownMedium), nil
	})
}

// ShowDecision sends a decision record of the ticks, to be stored where the decision is argued about.
func (h *Handlers) ShowDecision(r *http.Request, c *CachedGuide) (*page.Encoded, error) {
	ticks, query := knownTicks(c.edition, guide.TicksIn(r.URL.Query()))
	return h.keepPage(r, query, c.text, func(context.Context) (*page.Encoded, error) {
		address := h.Link("/compare/" + c.slug)
		if !ticks.Empty() {
			address += "?" + ticks.Values().Encode()
		}
		name := fmt.Sprintf(`inline; filename="%s-decision.md"`, c.slug)
		medium := page.NewMedium(markdownType, page.PageCaching, page.FastCompression,
			page.Header{Name: "Content-Disposition", Value: []string{name}},
			page.Header{Name: "X-Robots-Tag", Value: []string{"noindex"}})
		return page.Encode([]byte(c.edition.Decision(c.edition.Tally(ticks), address)), medium), nil
	})
}
