package edit

import (
	"cmp"
	"fmt"
	"net/http"
	"net/url"

	"github.com/go-chi/chi/v5"

	"tiebreak/internal/fault"
	"tiebreak/internal/guide/yamlform"
)

// ExportGuide sends the file of a guide's draft, which says what is published if nobody changed it since, or with ?published what
// is published: the same bytes as "guide export" writes with and without --drafts.
func (h *Handlers) ExportGuide(w http.ResponseWriter, r *http.Request) error {
	slug, published := chi.URLParam(r, "slug"), r.URL.Query().Has("published")
	d, err := h.DB.Draft(r.Context(), slug)
	switch {
	case err != nil:
		return err
	case d.RedirectsTo != "" || d.Slug != slug:
		to := url.URL{Path: "/staff/guides/" + cmp.Or(d.RedirectsTo, d.Slug) + ".yaml", RawQuery: r.URL.RawQuery}
		http.Redirect(w, r, to.String(), http.StatusSeeOther)
		return nil
	case published && d.Live == nil:
		return fault.NotFound
	}
	folder, err := h.DB.Export(r.Context(), []string{slug}, !published)
	if err != nil {
		return err
	}
	return sendYAML(w, slug, folder.Guides[0])
}

// ExportOption sends the file of an option with its facts in force.
func (h *Handlers) ExportOption(w http.ResponseWriter, r *http.Request) error {
	o, err := h.DB.Option(r.Context(), chi.URLParam(r, "slug"))
	if err != nil {
		return err
	}
	if o.BasedOn, err = o.Digest(); err != nil {
		return err
	}
	return sendYAML(w, o.Slug, o)
}

// sendYAML sends a guide or an option as a file.
func sendYAML(w http.ResponseWriter, slug string, content any) error {
	text, err := yamlform.YAML(content)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/yaml")
	w.Header().Set("Content-Disposition", fmt.Sprintf(`attachment; filename="%s.yaml"`, slug))
	_, _ = w.Write(text) // the reader may be gone; there is nobody left to tell
	return nil
}
