package web

import (
	"context"
	"maps"
	"net/http"
	"slices"

	"github.com/go-chi/chi/v5"

	"tiebreak/internal/postgres"
	"tiebreak/templates/admin"
	"tiebreak/templates/public"
)

// showOption is what is known of an option, and the guides that compare it.
func (s *Server) showOption(r *http.Request) (*encoded, error) {
	slug := chi.URLParam(r, "slug")
	return s.keepOfSite(r, "", func(ctx context.Context, now *settled) (*encoded, error) {
		o, err := s.readers.Option(ctx, slug)
		if err != nil {
			return nil, err
		}
		guides, err := s.readers.Guides(ctx, postgres.GuideList{Option: o.Slug, Most: wholeShelf})
		if err != nil {
			return nil, err
		}
		page := s.frameOf(now.Settings, o.Name+": facts, sources and dates")
		page.Description = o.Kind + ". What is known of it, from where, and when that was checked."
		page.Canonical = s.link("/options/" + o.Slug)

		props := public.OptionPage{Page: page, Option: o, Labels: map[string]string{}}
		for _, g := range slices.Backward(guides) { // where guides differ in what they call a fact, the first counts
			maps.Copy(props.Labels, g.Labels)
		}
		for _, g := range guides {
			props.Guides = append(props.Guides, lineProps(g))
		}
		return encodeHTML(ctx, props.View(), pageMedium)
	})
}

// showSite tells staff what visitors read of the studio.
func (s *Server) showSite(w http.ResponseWriter, r *http.Request) error {
	page, err := s.deskFrame(r, "Site")
	if err != nil {
		return err
	}
	return render(w, r, http.StatusOK, admin.SitePage{Page: page}.View())
}
