//go:build rigs

package ha

import (
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"tiebreak/internal/pgtest"
)

// outage is a site whose prospects send their requests while the database cannot take them.
type outage struct {
	*cluster
	site      *site
	instances []*instance
	bases     []string // of the instances, and of HAProxy in front of them
	client    *http.Client
}

func newOutage(t *testing.T) *outage {
	t.Helper()
	c := newCluster(t)
	s := newSite(t, c.address("site", c.nodes...))
	o := &outage{cluster: c, site: s, instances: s.both(program(t)), client: noRedirects()}
	o.bases = []string{o.instances[0].base, o.instances[1].base, startHAProxy(t, s)}
	for _, base := range o.bases {
		if status, page := get(base + guidePath); status != http.StatusOK {
			t.Fatalf("a guide: status %d: %s", status, page)
		}
	}
	return o
}

const guidePath = "/compare/django-vs-fastapi"

// refused has five people send a request, and again with the same key as often as tries says: each answer keeps the text, comes
// in time and confirms nothing.
func (o *outage) refused(tries int) []request {
	o.t.Helper()
	requests := make([]request, 5)
	var wait sync.WaitGroup
	for n := range requests {
		requests[n] = newRequest()
		wait.Go(func() {
			for try := range tries {
				a, err := requests[n].send(o.client, o.bases[(n+try)%3])
				if err != nil || a.receipt != "" || a.problem(requests[n]) != "" {
					o.t.Errorf("try %d: %v, receipt %q, %s", try, err, a.receipt, a.problem(requests[n]))
				}
			}
		})
	}
	wait.Wait()
	return requests
}

// taken has the people send the same requests again: each of them becomes one lead, on both instances.
func (o *outage) taken(requests []request) {
	o.t.Helper()
	for _, r := range requests {
		var receipts []string
		for _, i := range o.instances {
			pgtest.Eventually(o.t, backLimit, r.email+" is taken", func() bool {
				a, err := r.send(o.client, i.base)
				if err == nil && a.receipt != "" {
					receipts = append(receipts, a.receipt)
				}
				return err == nil && a.receipt != ""
			})
		}
		if receipts[0] != receipts[1] {
			o.t.Errorf("%s has the receipts %v", r.email, receipts)
		}
	}
	times := o.leads()
	for _, r := range requests {
		if times[r.email] != 1 {
			o.t.Errorf("%s is there %d times", r.email, times[r.email])
		}
	}
}

// TestFrozenStandbysConfirmNothing freezes both standbys: no commit reaches a second server.
func TestFrozenStandbysConfirmNothing(t *testing.T) {
	o := newOutage(t)
	for _, n := range o.others() {
		n.process.freeze()
	}
	requests := o.refused(2)
	for _, n := range o.others() {
		n.process.thaw()
	}
	o.taken(requests)
}

// TestAbsentStandbysConfirmNothing stops both standbys, has people repeat their requests, and loses the primary before a standby
// is back: what the primary alone had is gone, and nobody was told that it was taken.
func TestAbsentStandbysConfirmNothing(t *testing.T) {
	o := newOutage(t)
	for _, n := range o.others() {
		n.halt()
	}
	requests := o.refused(6)
	pgtest.Eventually(t, timeout, "/readyz says no", func() bool {
		return !slices.ContainsFunc(o.instances, (*instance).ready)
	})
	old := o.primary
	old.process.kill()
	for _, n := range o.others() {
		o.start(n)
	}
	o.promote()
	o.taken(requests)
	o.rewind(old)
	o.awaitStandbys()
}

// TestFrozenPrimaryLeavesGuides freezes the primary for TIEBREAK_HA_FREEZE seconds, or 10: guides that were read before go on,
// and forms come back with their text.
func TestFrozenPrimaryLeavesGuides(t *testing.T) {
	o := newOutage(t)
	limit := time.Duration(pgtest.Rounds(t, "TIEBREAK_HA_FREEZE", 10)) * time.Second
	o.primary.process.freeze()
	var wait sync.WaitGroup
	thawed := time.After(limit)
	stop := make(chan struct{})
	var requests []request
	wait.Go(func() {
		for began := time.Now(); time.Since(began) < limit-2*answerLimit || requests == nil; {
			requests = append(requests, o.refused(1)...)
		}
	})
	var took []time.Duration
	wait.Go(func() {
		for tick := time.NewTicker(10 * time.Millisecond); ; {
			select {
			case <-stop:
				tick.Stop()
				return
			case <-tick.C:
			}
			began := time.Now()
			if status, _ := get(o.bases[len(took)%3] + guidePath); status != http.StatusOK {
				t.Errorf("a guide: status %d", status)
			}
			took = append(took, time.Since(began))
		}
	})
	<-thawed
	o.primary.process.thaw()
	back := time.Now()
	pgtest.Eventually(t, answerLimit, "both instances take requests again", func() bool {
		return !slices.ContainsFunc(o.instances, func(i *instance) bool {
			a, err := newRequest().send(o.client, i.base)
			return err != nil || a.receipt == ""
		})
	})
	returned := time.Since(back)
	close(stop)
	wait.Wait()
	o.taken(requests)
	slices.Sort(took)
	p99 := took[len(took)*99/100]
	if p99 > 500*time.Millisecond {
		t.Errorf("99 of 100 guides within %v", p99)
	}
	t.Logf("frozen for %v: %d guides, 99 of 100 within %v; %d forms came back with their text; requests are taken %v after "+
		"the end", limit, len(took), p99.Round(time.Millisecond), len(requests), returned.Round(time.Millisecond))
}

// TestGuideOfOneInstanceIsServedByHAProxy takes the database away when a guide was read on one instance only: HAProxy asks that
// one when the other has to refuse.
func TestGuideOfOneInstanceIsServedByHAProxy(t *testing.T) {
	o := newOutage(t)
	const path = "/compare/go-vs-rust"
	if status, page := get(o.bases[0] + path); status != http.StatusOK {
		t.Fatalf("the guide: status %d: %s", status, page)
	}
	for _, n := range o.nodes {
		n.halt()
	}
	pgtest.Eventually(t, timeout, "/readyz says no", func() bool {
		return !slices.ContainsFunc(o.instances, (*instance).ready)
	})
	if status, _ := get(o.bases[1] + path); status != http.StatusServiceUnavailable {
		t.Fatalf("the instance that has not read it: status %d", status)
	}
	pgtest.Eventually(t, timeout, "HAProxy uses the instances that are alive", func() bool {
		status, _ := get(o.bases[2] + guidePath)
		return status == http.StatusOK
	})
	for n := range 20 {
		if status, page := get(o.bases[2] + path); status != http.StatusOK {
			t.Fatalf("reading %d: status %d: %s", n, status, page)
		}
	}
	o.refused(3)
}
