package page

import (
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"

	"github.com/go-chi/chi/v5/middleware"

	"tiebreak/internal/digest"
	"tiebreak/internal/doctor"
)

// WithClientAddress finds the true network address of the client: that of the connection or, through trusted proxies only, what
// they say in X-Forwarded-For.
func (c *Core) WithClientAddress(next http.Handler) http.Handler {
	if len(c.Proxies) == 0 {
		return middleware.ClientIPFromRemoteAddr(next)
	}
	read := middleware.ClientIPFromXFF(c.Proxies...)(c.warnOfUnreadable(next))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for i, list := range r.Header[forwardedFor] {
			r.Header[forwardedFor][i] = withoutPorts(list)
		}
		read.ServeHTTP(w, r)
	})
}

const forwardedFor = "X-Forwarded-For"

// warnOfUnreadable logs once that a trusted proxy names its clients in a form that cannot be read: they share one rate limit. A
// request of a proxy's own machine holds readable addresses, and no client's.
func (c *Core) warnOfUnreadable(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		unknown := !middleware.GetClientIPAddr(r.Context()).IsValid()
		if unknown && slices.ContainsFunc(r.Header[forwardedFor], unreadable) && !c.warnedOfUnreadable.Swap(true) {
			c.Log.Warn("X-Forwarded-For holds no address that can be read: its visitors share one rate limit", "id", RequestID(r))
		}
		next.ServeHTTP(w, r)
	})
}

// unreadable reports whether something in the list is not an address.
func unreadable(list string) bool {
	for entry := range strings.SplitSeq(list, ",") {
		entry = strings.TrimSpace(entry)
		if _, err := netip.ParseAddr(entry); err != nil && entry != "" {
			return true
		}
	}
	return false
}

// withoutPorts returns the list of addresses without the ports, brackets and quotes that some gateways add.
func withoutPorts(list string) string {
	addresses := strings.Split(list, ",")
	for i, address := range addresses {
		address = strings.Trim(address, ` "`)
		if withPort, err := netip.ParseAddrPort(address); err == nil {
			address = withPort.Addr().String()
		}
		addresses[i] = strings.Trim(address, "[]")
	}
	return strings.Join(addresses, ",")
}

// Arrival returns how the request arrived, for the site's own doctor.
func (c *Core) Arrival(r *http.Request) doctor.SiteAnswer {
	a := doctor.SiteAnswer{
		Host: r.Host, TLS: r.TLS != nil, ForwardedFor: r.Header.Values(forwardedFor),
		ForwardedProto: r.Header.Get("X-Forwarded-Proto"), Proxies: c.Proxies,
	}
	a.Peer, _, _ = net.SplitHostPort(r.RemoteAddr)
	if client := middleware.GetClientIPAddr(r.Context()); client.IsValid() {
		a.Client = client.String()
	}
	return a
}

// network is how much of an IPv6 address counts: a household has as many below it as it likes.
const network = 64

// Client returns a digest of the client's address with a key of the day: it tells requests of one day apart. With the site's
// secret all addresses can still be tried, so a stored digest is deleted after two days.
func (c *Core) Client(r *http.Request) []byte {
	address := middleware.GetClientIPAddr(r.Context())
	if !address.IsValid() {
		return nil
	}
	if address.Is6() {
		address = netip.PrefixFrom(address.WithZone(""), network).Masked().Addr()
	}
	return digest.Keyed(c.Secret, "client:"+c.Settings.Load().Today.String()+":"+address.String())
}
