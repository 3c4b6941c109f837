//go:build rigs

package ha

import (
	"slices"
	"testing"
	"time"

	"tiebreak/internal/mailtest"
	"tiebreak/internal/pgtest"
)

const (
	backLimit     = 10 * time.Second // promised: after the promotion, each instance takes requests again within this time
	readOnlyLimit = 15 * time.Second // promised: after this time, nothing meets a server that is read-only
)

// fault is a way in which a primary goes, and comes back as a standby.
type fault struct {
	name   string
	strike func(c *cluster)          // ends with all that there will be on the standbys
	mend   func(c *cluster, n *node) // has the former primary follow the new one
}

var (
	killed = fault{"killed", func(c *cluster) { c.primary.process.kill(); c.awaitNoReceiver() }, func(c *cluster, n *node) {
		c.rewind(n)
	}}
	lost    = fault{"killed, with its disk", killed.strike, func(c *cluster, n *node) { c.copyPrimary(n) }}
	stopped = fault{"stopped", func(c *cluster) { c.primary.halt(); c.awaitNoReceiver() }, func(c *cluster, n *node) {
		c.rewind(n)
	}}
	readOnly = fault{"read-only", (*cluster).makeReadOnly, func(c *cluster, n *node) { n.halt(); c.rewind(n) }}
)

// failover is a site on a cluster, under load.
type failover struct {
	*cluster
	site      *site
	instances []*instance
	prospects *prospects
	back      []time.Duration // of each instance, each time
}

func newFailover(t *testing.T, settings ...string) *failover {
	t.Helper()
	c := newCluster(t)
	s := newSite(t, c.address("site", c.nodes...), settings...)
	f := &failover{cluster: c, site: s, instances: s.both(program(t))}
	f.prospects = startProspects(t, f.instances)
	return f
}

// takeOver has the primary go in the way of the fault under load, and another server take over.
func (f *failover) takeOver(how fault) (old *node, promoted time.Time) {
	f.t.Helper()
	begun, enough := time.Now(), 20+len(f.back)%20
	pgtest.Eventually(f.t, timeout, "both instances take requests", func() bool {
		first := f.prospects.firstAfter(begun)
		return !slices.ContainsFunc(first, time.Time.IsZero) && len(f.prospects.all()) > enough
	})
	old = f.primary
	f.t.Logf("%s is %s", old.name, how.name)
	how.strike(f.cluster)
	promoted = f.promote()
	pgtest.Eventually(f.t, backLimit, "both instances take requests again", func() bool {
		return !slices.ContainsFunc(f.prospects.firstAfter(promoted), time.Time.IsZero)
	})
	for _, at := range f.prospects.firstAfter(promoted) {
		f.back = append(f.back, at.Sub(promoted))
	}
	return old, promoted
}

// mend has the old primary follow the new one, and looks whether all leads are there.
func (f *failover) mend(how fault, old *node) {
	f.t.Helper()
	how.mend(f.cluster, old)
	f.awaitStandbys()
	f.prospects.check(f.cluster)
}

// report logs what was measured.
func (f *failover) report() {
	f.t.Helper()
	slices.Sort(f.back)
	taken := f.prospects.all()
	retried := 0
	for _, a := range taken {
		if a.tries > 1 {
			retried++
		}
	}
	f.t.Logf("%d acknowledged leads, %d of them after retries with the same key; %d answers of 503; writes are back after "+
		"%v (median), %v (slowest); longest gap without a lead %v", len(taken), retried, f.prospects.refused,
		f.back[len(f.back)/2].Round(time.Millisecond), f.back[len(f.back)-1].Round(time.Millisecond),
		f.prospects.longestGap().Round(time.Millisecond))
}

// TestKilledPrimaryLosesNoLead kills the primary under load, TIEBREAK_HA_ROUNDS times or twice, and promotes a standby. The old
// primary comes back as a standby: every second time its disk is lost too.
func TestKilledPrimaryLosesNoLead(t *testing.T) {
	f := newFailover(t)
	rounds := pgtest.Rounds(t, "TIEBREAK_HA_ROUNDS", 2)
	for round := range rounds {
		how := []fault{killed, lost}[round%2]
		old, _ := f.takeOver(how)
		f.mend(how, old)
	}
	f.prospects.stop()
	f.prospects.check(f.cluster)
	f.prospects.repeat()
	f.report()
	t.Logf("%d kills of the primary", rounds)
}

// TestPrimaryThatTurnsReadOnlyIsLeft has another server take over while all connections to the old one stay open, and then has an
// administrator stop the primary.
func TestPrimaryThatTurnsReadOnlyIsLeft(t *testing.T) {
	box := mailtest.New(t)
	f := newFailover(t, "TIEBREAK_SMTP_URL=smtp://"+box.Address)
	refusals := 0
	for _, how := range []fault{readOnly, stopped, readOnly} {
		old, promoted := f.takeOver(how)
		quiet := promoted.Add(readOnlyLimit + 5*time.Second)
		time.Sleep(time.Until(quiet)) // nothing may happen in this time
		for _, i := range f.instances {
			refusals += len(i.logged("25006", promoted, promoted.Add(readOnlyLimit)))
			for _, line := range i.logged("25006", promoted.Add(readOnlyLimit), quiet) {
				t.Errorf("%s is still read-only: %s", i.base, line)
			}
			if !i.ready() {
				t.Errorf("%s is not ready", i.base)
			}
		}
		if how.name == readOnly.name {
			left := value[int](f.cluster, old, `SELECT count(*)::int FROM pg_stat_activity WHERE usename = 'site'`)
			if left > 0 {
				t.Errorf("%d connections are still with the old primary", left)
			}
		}
		f.mend(how, old)
	}
	f.prospects.stop()
	f.prospects.check(f.cluster)
	f.prospects.repeat()
	f.report()
	t.Logf("%d errors 25006 within %v of a promotion, none after", refusals, readOnlyLimit)
}
