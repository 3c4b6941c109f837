package main

import (
	"fmt"
	"net/url"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"tiebreak/internal/mailtest"
	"tiebreak/internal/pgtest"
)

// TestKillLosesNoLeadAndNoMail kills the program, its PostgreSQL or both, at random or just as a mail has gone out, while
// leads come in, and starts it again: 5 rounds, or TIEBREAK_KILL_ROUNDS. Half of the rounds kill it at a mail.
func TestKillLosesNoLeadAndNoMail(t *testing.T) {
	t.Parallel()
	rounds, random := pgtest.Rounds(t, "TIEBREAK_KILL_ROUNDS", 5), pgtest.Random(t)
	folder, box := siteFolder(t), mailtest.New(t)
	gone := make(chan struct{}, 1) // a mail was taken
	box.Taken = func(mailtest.Letter) {
		select {
		case gone <- struct{}{}:
		default:
		}
	}
	settings := []string{
		"TIEBREAK_SMTP_URL=smtp://" + box.Address, "TIEBREAK_STAFF_MAIL=staff@example.org",
		"TIEBREAK_TRUSTED_PROXIES=127.0.0.0/8",
	}
	site := serveOn(t, folder, settings...)
	var oracle oracle
	var slowest time.Duration
	for round := range rounds {
		victims := []string{"program", "postgres", "both"}[random.IntN(3)]
		stop := oracle.load(site.base, round)
		enough := int64(random.IntN(20))
		eventually(t, "leads come in", func() bool { return oracle.inRound.Load() > enough })
		if round%2 == 0 {
			victims = "program"
			select {
			case <-gone: // one of before
			default:
			}
			select {
			case <-gone:
			case <-time.After(rescue):
				t.Fatal("no mail goes out")
			}
			// The server is saying so now: the kill is to meet the program before or after it has noted that.
			time.Sleep(time.Duration(random.IntN(3000)) * time.Microsecond)
		}

		began := time.Now()
		if victims != "program" {
			killPostgres(t, folder)
		}
		if victims != "postgres" {
			site.kill()
			site = serveWithin(t, startLimit, folder, settings...)
		}
		eventually(t, "the site takes leads again after "+victims+" died", func() bool {
			email := fmt.Sprintf("after-%d@example.org", round)
			receipt, err := tryPost(site.base, url.Values{"email": {email}})
			return err == nil && receipt != ""
		})
		slowest = max(slowest, time.Since(began))
		stop()
	}
	acknowledged := oracle.check(t, folder)
	repeats := oracle.checkMails(t, box, site.base)
	t.Logf("%d kills, %d acknowledged leads, none missing; all their mails out, %d repeated; slowest return %v",
		rounds, acknowledged, repeats, slowest.Round(time.Millisecond))
}

// rescue is the promise for the mails of a killed program, and some time for sending the others.
const rescue = 3 * time.Minute

// checkMails waits until nothing waits any more and checks that each acknowledged lead was confirmed, under one Message-ID
// however often. It returns how many mails came again.
func (o *oracle) checkMails(t *testing.T, box *mailtest.Mailbox, base string) (repeats int) {
	t.Helper()
	backlog := time.Duration(len(o.emails)) * 40 * time.Millisecond // for two emails, on a slow machine
	pgtest.Eventually(t, rescue+backlog, "nothing waits", func() bool {
		return strings.Contains(read(t, base+"/readyz"), "deliveries: 0 waiting")
	})
	ids := map[string]map[string]int{} // times by Message-ID by recipient
	for _, l := range box.Got() {
		if ids[l.To[0]] == nil {
			ids[l.To[0]] = map[string]int{}
		}
		id := l.Header(t).Get("Message-Id")
		ids[l.To[0]][id]++
		if ids[l.To[0]][id] > 1 {
			repeats++
		}
	}
	for _, email := range o.emails {
		if len(ids[email]) != 1 {
			t.Errorf("%s was confirmed under %d Message-IDs, want 1", email, len(ids[email]))
		}
	}
	if notices := len(ids["staff@example.org"]); notices < len(o.emails) {
		t.Errorf("staff were told of %d leads, %d were acknowledged", notices, len(o.emails))
	}
	return repeats
}

// oracle is what the prospects remember that the site acknowledged.
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
	times := map[string]int{}
	for _, l := range leadsIn(t, tiebreak(t, folder, "", "lead", "list", "--json")) {
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
	first, _, _ := strings.Cut(readFile(t, filepath.Join(folder, "pg", "data", "postmaster.pid")), "\n")
	pid, err := strconv.Atoi(first)
	must(t, err)
	must(t, syscall.Kill(pid, syscall.SIGKILL))
}
