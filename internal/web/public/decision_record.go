package public

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"

	"tiebreak/internal/guide"
	"tiebreak/internal/web/page"
	"tiebreak/templates/public"
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

// ShowDecision shows the decision record of the ticks as a page. Without ticks there is no decision: it leads to the guide.
func (h *Handlers) ShowDecision(r *http.Request, c *CachedGuide) (*page.Encoded, error) {
	ticks, query := knownTicks(c.edition, guide.TicksIn(r.URL.Query()))
	return h.keepPage(r, query, c.page, func(ctx context.Context) (*page.Encoded, error) {
		record := public.NewDecisionPage(h.guidePage(c, ticks))
		record.Title = record.Edition.DecisionTitle(record.Tally) + ": decision record"
		record.NoIndex, record.Canonical = true, record.Canonical+"/decision"
		return page.EncodeHTML(ctx, record.View(), tickedMedium)
	})
}

// SendDecision sends the decision record of the ticks as Markdown, to be stored where the decision is argued about.
func (h *Handlers) SendDecision(r *http.Request, c *CachedGuide) (*page.Encoded, error) {
	ticks, query := knownTicks(c.edition, guide.TicksIn(r.URL.Query()))
	return h.keepPage(r, query, c.page, func(context.Context) (*page.Encoded, error) {
		address := h.Link("/compare/" + c.slug)
		if !ticks.Empty() {
			address += "?" + ticks.Values().Encode()
		}
		name := fmt.Sprintf(`inline; filename="%s-decision.md"`, c.slug)
		medium := page.NewMedium(markdownType, page.PageCaching, page.FastCompression,
			page.Header{Name: "Content-Disposition", Value: []string{name}},
			page.Header{Name: "X-Robots-Tag", Value: []string{"noindex"}})
		record := c.edition.Decision(c.edition.Tally(ticks), c.settings.Today, address)
		return page.Encode([]byte(record), medium), nil
	})
}
