// Package doctor checks whether a site works as its operator set it up: its public address, its proxy, its mail servers, its
// database, its disks and its backups. It changes nothing. Start with Doctor.Check.
package doctor

import (
	"context"
	"crypto/x509"
	"fmt"
	"net/url"
	"sync"
	"sync/atomic"
	"time"

	"tiebreak/internal/health"
	"tiebreak/internal/lead"
	"tiebreak/internal/mailcheck"
	"tiebreak/internal/postgres"
)

// Config is what a Doctor checks.
type Config struct {
	BaseURL *url.URL     // the public address of the site
	DB      *postgres.DB // nil if it cannot be opened
	DBError error        // why; nil with a DB

	Authority      string // ACME directory of the authority for the certificate; "" where a proxy does TLS
	Stopped        bool   // the site is known not to run, whatever it wrote a moment ago
	Private        bool   // the database is our own
	DataFolder     string // "" without one
	DatabaseFolder string // of the private PostgreSQL; "" with a DATABASE_URL
	BackupFolder   string // "" without one

	// signs in to the mail server; nil if none is set
	MailServer func(ctx context.Context) mailcheck.Server
	// signs in to the mailbox that answers arrive in; nil if none is set
	Mailbox func(ctx context.Context) lead.MailboxProblem
}

// Doctor makes the checks and keeps what they found.
type Doctor struct {
	Config
	roots *x509.CertPool // whose certificates are trusted; nil for what the system trusts

	last     atomic.Pointer[Report]
	standing atomic.Pointer[[]health.Finding] // of Watch

	mu   sync.Mutex
	done chan struct{} // closed when the checks that Start began are done; nil while none are under way
}

// Report is what all checks found.
type Report struct {
	Findings []health.Finding
	At       time.Time // by the program's clock
}

// New returns a Doctor. It checks nothing yet.
func New(c Config) *Doctor { return &Doctor{Config: c} }

// checkTime is how long each check may take. They run side by side, so all of them take no longer.
const (
	checkTime     = 10 * time.Second
	answerTimeout = time.Second // for a check to say by itself that its time was over
)

// check is one question about the site. Its finding gets its name.
type check struct {
	name string
	run  func(ctx context.Context) health.Finding
}

// Check makes all checks and returns what they found, in an order that never changes.
func (d *Doctor) Check(ctx context.Context) []health.Finding { return d.check(ctx, nil) }

// check makes all checks. asked is how the request of the admin who wants them arrived, nil without one.
func (d *Doctor) check(ctx context.Context, asked *SiteAnswer) []health.Finding {
	visit := d.visitOnce(ctx)
	state := d.stateOnce(ctx)
	findings := run(ctx, []check{
		{"serve", d.checkServe},
		{"base-url", func(ctx context.Context) health.Finding { return d.checkBaseURL(ctx, visit) }},
		{"certificate", func(ctx context.Context) health.Finding { return d.checkCertificate(visit()) }},
		{"proxy", func(context.Context) health.Finding { return d.checkProxy(visit(), asked) }},
		{"memory", func(context.Context) health.Finding { return checkMemory(visit()) }},
		{"database", func(context.Context) health.Finding { return d.checkDatabase(state()) }},
		{"database-rights", withState(state, checkRights)},
		{"database-encoding", withState(state, checkEncoding)},
		{"database-writes", withState(state, checkWrites)},
		{"database-connections", d.checkConnections},
		{"schema", d.checkSchema},
		{"clock", withState(state, checkClock)},
		{"clock-jump", d.checkClockJump},
		{"mail-server", d.checkMailServer},
		{"mailbox", d.checkMailbox},
		{"email-waiting", d.fromQueue(EmailWaiting)},
		{"email-failed", d.fromQueue(EmailFailed)},
		{"email-on-hold", d.fromQueue(EmailOnHold)},
		{"backup", d.fromBackups(d.backup)},
		{"backup-drill", d.fromBackups(d.backupDrill)},
		{"disk-data", func(context.Context) health.Finding { return checkDisk("data folder", d.DataFolder) }},
		{"disk-database", withState(state, d.checkDatabaseDisk)},
		{"disk-backup", func(context.Context) health.Finding { return checkDisk("backup folder", d.BackupFolder) }},
	})
	d.last.Store(&Report{Findings: findings, At: time.Now()})
	return findings
}

// Start begins all checks in the background, unless they are under way. It returns a channel that is closed when they are done.
// asked is how the request of the admin who wants them arrived.
func (d *Doctor) Start(ctx context.Context, asked SiteAnswer) <-chan struct{} {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.done != nil {
		return d.done
	}
	done := make(chan struct{})
	d.done = done
	go func() {
		d.check(context.WithoutCancel(ctx), &asked)
		d.mu.Lock()
		defer d.mu.Unlock()
		d.done = nil
		close(done)
	}()
	return done
}

// UnderWay reports whether checks that Start began are not done yet.
func (d *Doctor) UnderWay() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.done != nil
}

// Last returns what the last Check found, nil if there was none.
func (d *Doctor) Last() *Report { return d.last.Load() }

// run makes the checks side by side, each within its time.
func run(ctx context.Context, checks []check) []health.Finding {
	findings := make([]health.Finding, len(checks))
	var wait sync.WaitGroup
	for i, c := range checks {
		wait.Go(func() { findings[i] = c.within(ctx) })
	}
	wait.Wait()
	return findings
}

// within makes the check, and gives up soon after its time is over. A check that cannot be stopped goes on in the background.
func (c check) within(ctx context.Context) (f health.Finding) {
	limited, cancel := context.WithTimeout(ctx, checkTime)
	defer cancel()
	done := make(chan health.Finding, 1)
	go func() { done <- c.run(limited) }()
	select {
	case f = <-done:
	case <-time.After(checkTime + answerTimeout):
		f = health.Skipped(fmt.Sprintf("This check was not done within %v.", checkTime),
			"Run it again. If it is slow again, look at what it has to reach: a server, or a disk.")
	}
	f.Check = c.name
	return f
}
