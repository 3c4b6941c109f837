package web

import (
	"net/http"

	"github.com/go-chi/chi/v5"

	"tiebreak/internal/postgres"
	"tiebreak/templates"
)

func (s *Server) showOption(w http.ResponseWriter, r *http.Request) error {
	o, err := s.db.Option(r.Context(), chi.URLParam(r, "slug"))
	if err != nil {
		return err
	}
	guides, err := s.db.Guides(r.Context(), postgres.GuideList{Option: o.Slug, Most: wholeShelf})
	if err != nil {
		return err
	}
	page, err := s.frame(r.Context(), o.Name+": facts, sources and dates")
	if err != nil {
		return err
	}
	page.Description = o.Kind + ". What is known of it, from where, and when that was checked."
	page.Canonical = s.link("/options/" + o.Slug)

	props := templates.OptionPage{Page: page, Option: o}
	for _, g := range guides {
		props.Guides = append(props.Guides, g.Edition)
	}
	return render(w, r, http.StatusOK, props.View())
}

// showSite tells staff what visitors read of the studio.
func (s *Server) showSite(w http.ResponseWriter, r *http.Request) error {
	page, err := s.deskFrame(r, "Site")
	if err != nil {
		return err
	}
	return render(w, r, http.StatusOK, templates.SitePage{Page: page}.View())
}
