package web

import (
	"net/http"
	"strings"
	"time"
)

// ServeHTTP answers a guide from memory before any of the machinery that such an answer does not need, and leaves all
// else to the router. Both ways set the same headers, write the same log and count the same.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if slug, plain := plainGuide(r); plain {
		if page := s.fromMemory(slug); page != nil {
			began := time.Now()
			s.protect(w.Header())
			status, written := page.write(w, r)
			s.account(r.Context(), line{
				kind: kind{r.Method, guideRoute, status}, id: s.nextID(), bytes: written, began: began,
			})
			return
		}
	}
	s.Router.ServeHTTP(w, r)
}

// fromMemory is the page of the guide if it is drawn and known to be good, otherwise nil.
func (s *Server) fromMemory(slug string) *encoded {
	known := s.pages.get(slug)
	if known == nil || !known.goodFor(s.version.Load(), s.settings.Load()) {
		return nil
	}
	return known.page.Load()
}

// plainGuide is the slug of a request for a guide without ticks.
func plainGuide(r *http.Request) (slug string, plain bool) {
	if r.URL.RawQuery != "" || r.Method != http.MethodGet && r.Method != http.MethodHead {
		return "", false
	}
	slug, plain = strings.CutPrefix(r.URL.Path, "/compare/")
	return slug, plain && !strings.ContainsAny(slug, "/.")
}
