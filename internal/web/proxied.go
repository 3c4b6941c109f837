package web

import (
	"sync"
	"time"
)

// proxied counts the requests that carry X-Forwarded-For though no proxy is trusted. Behind a proxy most do; anybody can forge
// one.
type proxied struct {
	mu             sync.Mutex
	since          time.Time // when the hour began
	all, forwarded int       // requests since
	before         bool      // what likely said of the hour before
}

const (
	proxiedHour = time.Hour
	// proxiedLeast is how many requests it takes to tell anything.
	proxiedLeast = 20
)

// count counts a request.
func (p *proxied) count(forwarded bool, now time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.turn(now)
	p.all++
	if forwarded {
		p.forwarded++
	}
}

// likely reports whether a proxy seems to stand in front: most requests of this hour or the one before carried the header.
func (p *proxied) likely(now time.Time) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.turn(now)
	return p.before || p.most()
}

func (p *proxied) most() bool { return p.forwarded >= proxiedLeast && 2*p.forwarded >= p.all }

// turn begins another hour when this one is over.
func (p *proxied) turn(now time.Time) {
	passed := now.Sub(p.since)
	if passed < proxiedHour {
		return
	}
	p.before = p.most() && passed < 2*proxiedHour
	p.since, p.all, p.forwarded = now, 0, 0
}
