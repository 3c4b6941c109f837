package web

import (
	"net/http"
	"time"
)

// ServeHTTP answers a page from memory before any of the machinery that such an answer does not need, and leaves all else to
// the router. Both ways set the same headers, write the same log and count the same.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	// An address in another encoding than the usual one is redirected, whether its page is in memory or not.
	if isRead(r) && r.URL.RawPath == "" {
		if page := s.fromMemory(address{r.URL.Path, r.URL.RawQuery}); page != nil {
			began := time.Now()
			s.protect(w.Header())
			status, written := page.write(w, r)
			s.account(r.Context(), line{
				kind: kind{r.Method, page.route, status}, id: s.nextID(), bytes: written, began: began,
			})
			return
		}
	}
	s.Router.ServeHTTP(w, r)
}

// fromMemory returns the page at the address if it is kept and known to be good, otherwise nil.
func (s *Server) fromMemory(at address) *page {
	known := s.pages.get(at)
	if known == nil || !known.from.goodFor(s.version.Load(), s.settings.Load()) {
		return nil
	}
	return known
}
