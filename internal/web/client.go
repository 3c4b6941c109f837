package web

import (
	"net/http"
	"net/netip"

	"github.com/go-chi/chi/v5/middleware"

	"tiebreak/internal/lead"
)

// addressed finds the true network address of the client: that of the connection or, through trusted proxies only, what
// they say in X-Forwarded-For.
func (s *Server) addressed(next http.Handler) http.Handler {
	if len(s.proxies) > 0 {
		return middleware.ClientIPFromXFF(s.proxies...)(next)
	}
	return middleware.ClientIPFromRemoteAddr(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("X-Forwarded-For") != "" {
			s.proxied.Store(true)
		}
		next.ServeHTTP(w, r)
	}))
}

// network is how much of an IPv6 address counts: a household has as many below it as it likes.
const network = 64

// client is a digest of the client's address with a key of the day, so that nobody can be found by it later.
func (s *Server) client(r *http.Request) []byte {
	address := middleware.GetClientIPAddr(r.Context())
	if !address.IsValid() {
		return nil
	}
	if address.Is6() {
		address = netip.PrefixFrom(address.WithZone(""), network).Masked().Addr()
	}
	return lead.Digest(s.secret, "client:"+s.settings.Load().Today.String(), address.String())
}
