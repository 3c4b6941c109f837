package public

import (
	"context"
	"maps"
	"net/http"
	"slices"

	"github.com/go-chi/chi/v5"

	"tiebreak/internal/fault"
	"tiebreak/internal/postgres"
	"tiebreak/internal/web/page"
	"tiebreak/templates/public"
)

// ShowOption shows what is known of an option, and the guides that compare it.
func (h *Handlers) ShowOption(r *http.Request) (*page.Encoded, error) {
	slug := chi.URLParam(r, "slug")
	return h.keepSitePage(r, "", func(ctx context.Context, now *page.SiteState) (*page.Encoded, error) {
		o, err := h.Readers.Option(ctx, slug)
		if err == nil && o.Retired {
			err = fault.NotFound
		}
		if err != nil {
			return nil, err
		}
		guides, err := h.Readers.Guides(ctx, postgres.GuideList{Option: o.Slug, Most: maxInField})
		if err != nil {
			return nil, err
		}
		frame := h.FrameOf(now.Settings, o.Name+": facts, sources and dates")
		frame.Description = o.Kind + ". What we know about it, with sources and dates."
		frame.Canonical = h.Link("/options/" + o.Slug)

		props := public.OptionPage{Page: frame, Option: o, Guides: guides, Labels: map[string]string{}}
		for _, g := range slices.Backward(guides) { // where guides differ in what they call a fact, the first counts
			maps.Copy(props.Labels, g.Labels)
		}
		return page.EncodeHTML(ctx, props.View(), pageMedium)
	})
}
