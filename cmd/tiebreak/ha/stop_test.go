//go:build rigs

package ha

import (
	"sync"
	"syscall"
	"testing"
	"time"

	"tiebreak/internal/pgtest"
)

// stopLimit is promised: a stop finishes the requests for up to 15 seconds, then the emails for up to 15. The rest is for
// connections on which the database does not answer.
const stopLimit = 40 * time.Second

// TestStopEndsWhileNoCommitIsConfirmed freezes both standbys while emails are sent: the instances end in time, and those that
// start later send the emails that are left.
func TestStopEndsWhileNoCommitIsConfirmed(t *testing.T) {
	o := newOutage(t)
	prospects := startProspects(t, o.instances)
	pgtest.Eventually(t, timeout, "emails are sent", func() bool {
		return ask[int](o.cluster, `SELECT count(*) FROM deliveries WHERE state = 'sent'`) > 20
	})
	for _, n := range o.others() {
		n.process.freeze()
	}
	prospects.stop()
	var wait sync.WaitGroup
	for _, i := range o.instances {
		began := time.Now()
		wait.Go(func() {
			i.stop(syscall.SIGTERM)
			took := time.Since(began)
			if took > stopLimit {
				t.Errorf("%s ends after %v", i.base, took)
			}
			t.Logf("stopped in %v", took.Round(time.Millisecond))
		})
	}
	wait.Wait()
	for _, n := range o.others() {
		n.process.thaw()
	}
	o.awaitStandbys()
	o.site.both(program(t))
	pgtest.Eventually(t, workLimit, "every email is sent", func() bool {
		return ask[int](o.cluster, `SELECT count(*) FROM deliveries WHERE state = 'waiting'`) == 0
	})
	prospects.check(o.cluster)
}
