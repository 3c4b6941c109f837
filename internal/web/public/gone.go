package public

import (
	"net/http"
	"strings"

	"tiebreak/internal/web/page"
	"tiebreak/templates/public"
	"tiebreak/templates/ui"
)

// showGone answers a request for a guide that was unpublished with the nearest guides. It reports whether it did.
func (h *Handlers) showGone(w http.ResponseWriter, r *http.Request) (shown bool, err error) {
	rest, isGuide := strings.CutPrefix(r.URL.Path, "/compare/")
	if !isGuide {
		return false, nil
	}
	slug := rest
	if end := strings.IndexAny(rest, "/."); end >= 0 {
		slug = rest[:end]
	}
	end, err := h.drawing.begin(r.Context(), string(h.Client(r)))
	if err != nil {
		return false, err
	}
	defer end()
	gone, err := h.Readers.GoneGuide(r.Context(), slug)
	if page.IsNotFound(err) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	frame, err := h.Frame(r.Context(), "We no longer publish this guide")
	if err != nil {
		return false, err
	}
	frame.NoIndex = true
	p := public.GonePage{Page: frame, Guide: gone.Title}
	for _, g := range gone.Nearest {
		p.Nearest = append(p.Nearest, ui.Link{Words: g.Title, Address: "/compare/" + g.Slug})
	}
	w.Header().Set("Cache-Control", "no-store")
	return true, page.Render(w, r, http.StatusGone, p.View())
}
