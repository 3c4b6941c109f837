package page

import (
	"testing"
	"time"
)

func TestProxyIsLikelyWhereMostRequestsOfTheLastHourAreForwarded(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		forwarded, direct int
		after             time.Duration
		want              bool
	}{
		"nothing":               {0, 0, 0, false},
		"one forged header":     {1, 0, 0, false},
		"a proxy":               {20, 20, 0, true},
		"a few forged among us": {30, 31, 0, false},
		"an hour later":         {20, 0, time.Hour, true},
		"two hours later":       {20, 0, 2 * time.Hour, false},
	} {
		var p proxyDetector
		for range c.forwarded {
			p.count(true, start)
		}
		for range c.direct {
			p.count(false, start)
		}
		if got := p.Likely(start.Add(c.after)); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}
