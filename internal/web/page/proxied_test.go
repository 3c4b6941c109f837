package page

import (
	"testing"
	"time"
)

func TestProxyIsLikelyNearbyOrWhereMostRequestsOfTheLastHourAreForwarded(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		forwarded, direct int
		near              bool
		after             time.Duration
		want              bool
	}{
		"nothing":                    {0, 0, false, 0, false},
		"one forged header":          {1, 0, false, 0, false},
		"a proxy":                    {20, 20, false, 0, true},
		"a few forged among us":      {30, 31, false, 0, false},
		"an hour later":              {20, 0, false, time.Hour, true},
		"two hours later":            {20, 0, false, 2 * time.Hour, false},
		"direct requests from near":  {0, 20, true, 0, false},
		"one through a proxy nearby": {1, 20, true, 0, true},
		"that one an hour later":     {1, 20, true, time.Hour, true},
		"that one two hours later":   {1, 20, true, 2 * time.Hour, false},
	} {
		var p proxyDetector
		for range c.forwarded {
			p.count(true, c.near, start)
		}
		for range c.direct {
			p.count(false, true, start)
		}
		if got := p.Likely(start.Add(c.after)); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}
