package page

import (
	"sync"
	"time"
)

// proxyDetector counts the requests that carry X-Forwarded-For though no proxy is trusted. Behind a proxy most do; anybody can
// forge one.
type proxyDetector struct {
	mu             sync.Mutex
	since          time.Time // when the hour began
	all, forwarded int       // requests since
	before         bool      // what likely said of the hour before
}

const (
	proxyWindow = time.Hour
	// proxyMinRequests is how many requests it takes to tell anything.
	proxyMinRequests = 20
)

// count counts a request.
func (p *proxyDetector) count(forwarded bool, now time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.turn(now)
	p.all++
	if forwarded {
		p.forwarded++
	}
}

// Likely reports whether a proxy seems to stand in front: most requests of this hour or the one before carried the header.
func (p *proxyDetector) Likely(now time.Time) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.turn(now)
	return p.before || p.majority()
}

func (p *proxyDetector) majority() bool {
	return p.forwarded >= proxyMinRequests && 2*p.forwarded >= p.all
}

// turn begins another hour when this one is over.
func (p *proxyDetector) turn(now time.Time) {
	passed := now.Sub(p.since)
	if passed < proxyWindow {
		return
	}
	p.before = p.majority() && passed < 2*proxyWindow
	p.since, p.all, p.forwarded = now, 0, 0
}
