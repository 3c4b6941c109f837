package main

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// TestKillLosesNoAcknowledgedLead kills the program, its PostgreSQL or both, at random while leads come in, and starts
// it again: 5 rounds, or TIEBREAK_KILL_ROUNDS.
func TestKillLosesNoAcknowledgedLead(t *testing.T) {
	t.Parallel()
	rounds := 5
	if set := os.Getenv("TIEBREAK_KILL_ROUNDS"); set != "" {
		var err error
		if rounds, err = strconv.Atoi(set); err != nil {
			t.Fatal(err)
		}
	}
	folder := dataFolder(t)
	site := serveOn(t, folder)
	var oracle oracle
	var slowest time.Duration
	for round := range rounds {
		victims := []string{"program", "postgres", "both"}[rand.IntN(3)]
		stop := oracle.load(site.base, round)
		eventually(t, "leads come in", func() bool { return oracle.inRound.Load() > int64(rand.IntN(20)) })

		began := time.Now()
		if victims != "program" {
			killPostgres(t, folder)
		}
		if victims != "postgres" {
			site.kill()
			site = serveOn(t, folder)
		}
		eventually(t, "the site takes leads again after "+victims+" died", func() bool {
			receipt, err := tryPost(site.base, url.Values{"email": {fmt.Sprintf("after-%d@example.org", round)}})
			return err == nil && receipt != ""
		})
		slowest = max(slowest, time.Since(began))
		stop()
	}
	acknowledged := oracle.check(t, folder)
	t.Logf("%d kills, %d acknowledged leads, none missing; slowest return %v", rounds, acknowledged, slowest.Round(time.Millisecond))
}

// oracle is the prospects' own log of what the site acknowledged.
type oracle struct {
	mu      sync.Mutex
	emails  []string
	inRound atomic.Int64
}

// load posts from four prospects until stop is called; each request is another lead.
func (o *oracle) load(base string, round int) (stop func()) {
	o.inRound.Store(0)
	var over atomic.Bool
	var wait sync.WaitGroup
	for prospect := range 4 {
		wait.Go(func() {
			for n := 0; !over.Load(); n++ {
				email := fmt.Sprintf("round-%d-%d-%d@example.org", round, prospect, n)
				if receipt, err := tryPost(base, url.Values{"email": {email}}); err == nil && receipt != "" {
					o.mu.Lock()
					o.emails = append(o.emails, email)
					o.mu.Unlock()
					o.inRound.Add(1)
				}
			}
		})
	}
	return func() { over.Store(true); wait.Wait() }
}

// check compares what was acknowledged with what the database holds.
func (o *oracle) check(t *testing.T, folder string) (acknowledged int) {
	t.Helper()
	var leads []struct {
		Email string `json:"email"`
		DueAt string `json:"due_at"`
	}
	listed := tiebreak(t, folder, "", "lead", "list", "--json")
	if err := json.Unmarshal([]byte(listed.stdout), &leads); err != nil {
		t.Fatalf("%v: %s", err, listed.stderr)
	}
	times := map[string]int{}
	for _, l := range leads {
		times[l.Email]++
		if l.Email == "" || l.DueAt == "" {
			t.Errorf("a lead is half-written: %+v", l)
		}
	}
	for _, email := range o.emails {
		if times[email] != 1 {
			t.Errorf("%s was acknowledged and is there %d times", email, times[email])
		}
	}
	return len(o.emails)
}

func killPostgres(t *testing.T, folder string) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(folder, "pg", "data", "postmaster.pid"))
	if err != nil {
		t.Fatal(err)
	}
	first, _, _ := strings.Cut(string(text), "\n")
	pid, err := strconv.Atoi(first)
	if err != nil {
		t.Fatal(err)
	}
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
}
