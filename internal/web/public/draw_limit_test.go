package public

import (
	"context"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// TestClientThatAsksForMoreThanItsShareIsPaced has one client ask for its whole share, and for ten times as much while it waits.
// Drawing takes no time.
func TestClientThatAsksForMoreThanItsShareIsPaced(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		limit, began := newDrawLimit(), time.Now()
		share := int(clientShare * limit.most)
		var wait sync.WaitGroup
		ask := func(drawing time.Duration) {
			wait.Go(func() {
				end, err := limit.begin(context.Background(), "client")
				if err != nil {
					t.Error(err)
					return
				}
				time.Sleep(drawing)
				end()
			})
		}
		for range share {
			ask(time.Millisecond)
		}
		synctest.Wait()
		for range 10 * share {
			ask(0)
		}
		wait.Wait()
		if took := time.Since(began); took < 9*clientPace {
			t.Errorf("ten shares are served in %v, want at least %v", took, 9*clientPace)
		}
		time.Sleep(2 * clientPace)
		if n := len(limit.clients); n != 0 {
			t.Errorf("%d clients are still counted", n)
		}
	})
}
