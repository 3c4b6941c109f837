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
		if known := s.pages.get(slug); known != nil && known.goodFor(s.version.Load(), s.settings.Load()) {
			began := time.Now()
			s.protect(w.Header())
			status, written := known.page.write(w, r)
			s.account(r.Context(), line{
				kind: kind{r.Method, guideRoute, status}, id: s.nextID(), bytes: written, began: began,
			})
			return
		}
	}
	s.Router.ServeHTTP(w, r)
}

// plainGuide is the slug of a request for a guide without ticks.
func plainGuide(r *http.Request) (slug string, plain bool) {
	if r.URL.RawQuery != "" || r.Method != http.MethodGet && r.Method != http.MethodHead {
		return "", false
	}
	slug, plain = strings.CutPrefix(r.URL.Path, "/compare/")
	return slug, plain && !strings.ContainsAny(slug, "/.")
}
