//go:build rigs

package ha

import (
	"fmt"
	mathrand "math/rand/v2"
	"net/http"
	"net/http/httptrace"
	"sync"
	"syscall"
	"testing"
	"time"

	"tiebreak/internal/pgtest"
)

// perSecond is how many requests arrive while instances are replaced.
const perSecond = 20

// TestRollingDeploysFailNoRequest replaces both instances, one at a time, under load behind HAProxy: TIEBREAK_HA_DEPLOYS times
// or twice. The first time they come from a version with an older schema.
func TestRollingDeploysFailNoRequest(t *testing.T) {
	c := newCluster(t)
	s := newSite(t, c.address("site", c.nodes...), "TIEBREAK_DRAIN="+manualDrain(t))
	instances := s.both(previousProgram(t))
	visitors := startVisitors(t, startHAProxy(t, s))
	deploys := pgtest.Rounds(t, "TIEBREAK_HA_DEPLOYS", 2)
	var slowestStop time.Duration
	for range deploys {
		for n, old := range instances {
			began := time.Now()
			old.stop(syscall.SIGTERM)
			slowestStop = max(slowestStop, time.Since(began))
			instances[n] = s.serve(program(t), n)
			started := time.Now()
			pgtest.Eventually(t, timeout, "HAProxy sends it requests", func() bool {
				return len(instances[n].logged("route=/intake", started, time.Now())) > 0
			})
		}
	}
	visitors.stop()
	times := c.leads()
	for _, email := range visitors.emails {
		if times[email] != 1 {
			t.Errorf("%s was acknowledged and is there %d times", email, times[email])
		}
	}
	for _, failure := range visitors.failures {
		t.Error(failure)
	}
	t.Logf("%d deploys, the first over a migration: %d requests, %d failed, %d leads, slowest answer %v, slowest stop %v",
		deploys, visitors.requests, len(visitors.failures), len(visitors.emails), visitors.slowest.Round(time.Millisecond),
		slowestStop.Round(time.Millisecond))
}

// visitors read pages and send requests, whether they are answered or not.
type visitors struct {
	client *http.Client
	base   string

	mu       sync.Mutex
	requests int
	failures []string
	emails   []string // of requests that were acknowledged
	slowest  time.Duration

	over chan struct{}
	once sync.Once
	wait sync.WaitGroup
}

func startVisitors(t *testing.T, base string) *visitors {
	v := &visitors{client: noRedirects(), base: base, over: make(chan struct{})}
	v.wait.Go(func() {
		tick := time.NewTicker(time.Second / perSecond)
		defer tick.Stop()
		for {
			select {
			case <-v.over:
				return
			case <-tick.C:
				v.wait.Go(func() { v.visit(mathrand.IntN(kinds)) })
			}
		}
	})
	t.Cleanup(v.stop)
	return v
}

func (v *visitors) stop() {
	v.once.Do(func() { close(v.over) })
	v.wait.Wait()
}

// kinds is how many kinds of request there are. Each is made at random: by turns, every one of a kind would go to one instance.
const kinds = 4

// visit makes one request of the kind: the first is a project request, the others read a page.
func (v *visitors) visit(kind int) {
	began := time.Now()
	what, problem, email := "", "", ""
	if kind == 0 {
		r := newRequest()
		a, err := r.send(v.client, v.base)
		what, email = "a project request", r.email
		if err != nil || a.receipt == "" {
			problem, email = fmt.Sprintf("status %d, %v", a.status, err), ""
		}
	} else {
		what = []string{guidePath, "/", guidePath + "?tick=ready-admin"}[kind-1]
		problem = v.read(what)
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	v.requests++
	v.slowest = max(v.slowest, time.Since(began))
	if email != "" {
		v.emails = append(v.emails, email)
	}
	if problem != "" {
		v.failures = append(v.failures, fmt.Sprintf("%s at %s: %s", what, began.Format(time.TimeOnly), problem))
	}
}

// read reads a page and returns what is wrong with the answer. A connection that was lost is a failure, although the client would
// try again by itself.
func (v *visitors) read(path string) (problem string) {
	conns := 0
	request, err := http.NewRequest(http.MethodGet, v.base+path, nil)
	if err != nil {
		return err.Error()
	}
	trace := &httptrace.ClientTrace{GotConn: func(httptrace.GotConnInfo) { conns++ }}
	response, err := v.client.Do(request.WithContext(httptrace.WithClientTrace(request.Context(), trace)))
	if err != nil {
		return err.Error()
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK || conns != 1 {
		return fmt.Sprintf("status %d over %d connections", response.StatusCode, conns)
	}
	return ""
}
