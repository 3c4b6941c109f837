package page

import (
	"net/http"
	"net/netip"
	"slices"
	"sync"
	"time"
)

// proxyDetector counts the requests that carry X-Forwarded-For though they come from an address that is not trusted. Behind a
// proxy most do. Strangers can forge the header, but they do not come from this machine or its network.
type proxyDetector struct {
	mu             sync.Mutex
	since          time.Time // when the hour began
	all, forwarded int       // requests since
	near           bool      // whether one of those forwarded came from this machine or its network
	before         bool      // what likely said of the hour before
}

const (
	proxyWindow = time.Hour
	// proxyMinRequests is how many forwarded requests from elsewhere it takes to tell anything.
	proxyMinRequests = 20
)

// count counts a request.
func (p *proxyDetector) count(forwarded, near bool, now time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.turn(now)
	p.all++
	if forwarded {
		p.forwarded++
		p.near = p.near || near
	}
}

// Likely reports whether a proxy that is not trusted seems to stand in front, by the requests of this hour or the one before.
func (p *proxyDetector) Likely(now time.Time) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.turn(now)
	return p.before || p.likely()
}

func (p *proxyDetector) likely() bool {
	return p.near || p.forwarded >= proxyMinRequests && 2*p.forwarded >= p.all
}

// turn begins another hour when this one is over.
func (p *proxyDetector) turn(now time.Time) {
	passed := now.Sub(p.since)
	if passed < proxyWindow {
		return
	}
	p.before = p.likely() && passed < 2*proxyWindow
	p.since, p.all, p.forwarded, p.near = now, 0, 0, false
}

// probes are the paths that balancers ask for directly: they tell nothing of a proxy.
var probes = map[string]bool{"/livez": true, "/readyz": true}

// NoteProxy counts how the request arrived, and logs once that a proxy seems to be in front that is not trusted.
func (c *Core) NoteProxy(r *http.Request) {
	if probes[r.URL.Path] {
		return
	}
	forwarded, near := false, false
	if r.Header.Get(forwardedFor) != "" {
		from, _ := netip.ParseAddrPort(r.RemoteAddr)
		peer := from.Addr().Unmap().WithZone("")
		near = peer.IsLoopback() || peer.IsPrivate() || peer.IsLinkLocalUnicast()
		forwarded = !slices.ContainsFunc(c.trusted, func(network netip.Prefix) bool { return network.Contains(peer) })
	}
	now := time.Now()
	c.Proxied.count(forwarded, near, now)
	if forwarded && c.Proxied.Likely(now) && !c.warnedOfProxy.Swap(true) {
		c.Log.Warn("Requests with X-Forwarded-For come from an address that TIEBREAK_TRUSTED_PROXIES does not list. If that is " +
			"a proxy, its visitors share one rate limit: set TIEBREAK_TRUSTED_PROXIES to its network.")
	}
}
