package public

import (
	"context"
	"net/http"
	"net/url"

	"tiebreak/internal/fault"
	"tiebreak/internal/postgres"
	"tiebreak/internal/web/page"
	"tiebreak/templates/public"
)

// How many guides of a shelf the home page shows, and how many the page of one shelf.
const (
	maxPerField = 12
	maxInField  = 500
)

const homeDescription = "Side-by-side guides to technology choices: sources and dates, a verdict, and what would change it."

// ShowHome shows the front of each shelf or, with ?field=, one shelf.
func (h *Handlers) ShowHome(r *http.Request) (*page.Encoded, error) {
	field, query := r.URL.Query().Get("field"), ""
	if field != "" {
		query = url.Values{"field": {field}}.Encode()
	}
	return h.keepSitePage(r, query, func(ctx context.Context, now *page.SiteState) (*page.Encoded, error) {
		home := public.HomePage{Page: h.FrameOf(now.Settings, "Decision guides with sources")}
		home.Description, home.Canonical = homeDescription, h.Link("/")
		if field != "" {
			home.OneShelf, home.Title, home.Canonical = true, field+": decision guides", h.Link("/")+"?"+query
		}
		if err := h.readHome(ctx, field, &home); err != nil {
			return nil, err
		}
		return page.EncodeHTML(ctx, home.View(), pageMedium)
	})
}

// readHome reads the shelves and, on the page of all, what changed last. A shelf without guides is fault.NotFound.
func (h *Handlers) readHome(ctx context.Context, field string, home *public.HomePage) error {
	most := maxPerField
	if field != "" {
		most = maxInField
	}
	guides, err := h.Readers.Guides(ctx, postgres.GuideList{Field: field, Most: most})
	if err != nil {
		return err
	}
	if field != "" && len(guides) == 0 {
		return fault.NotFound
	}
	for _, g := range guides {
		if n := len(home.Shelves); n == 0 || home.Shelves[n-1].Field != g.Field {
			home.Shelves = append(home.Shelves, public.Shelf{Field: g.Field, Guides: g.OnShelf})
		}
		shelf := &home.Shelves[len(home.Shelves)-1]
		shelf.Shown = append(shelf.Shown, g)
	}
	if field != "" {
		return nil
	}
	home.Changes, err = h.Readers.Changes(ctx, "", maxHomeChanges)
	return err
}
