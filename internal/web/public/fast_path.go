package public

import (
	"net/http"

	"tiebreak/internal/web/page"
)

// FromMemory returns the page that the request asks for if it is cached and known to be up to date, otherwise nil. An address in
// another encoding than the usual one is redirected, so its page does not count as cached.
func (h *Handlers) FromMemory(r *http.Request) *cachedPage {
	if !page.IsRead(r) || r.URL.RawPath != "" {
		return nil
	}
	known := h.pages.get(pageKey{r.URL.Path, r.URL.RawQuery})
	if known == nil || !known.from.GoodFor(h.Version.Load(), h.Settings.Load()) {
		return nil
	}
	h.countView(r, known.guide)
	return known
}
