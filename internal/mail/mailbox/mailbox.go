// Package mailbox reads the mailbox that answers arrive in, over IMAP. One instance at a time watches it. It changes nothing
// there, and takes each email exactly once. Start with Watcher.Run.
package mailbox

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"tiebreak/internal/digest"
	"tiebreak/internal/fault"
	"tiebreak/internal/lead"
	"tiebreak/internal/mail/inbound"
	"tiebreak/internal/postgres"
)

// Config is what a Watcher needs.
type Config struct {
	DB   *postgres.DB
	URL  string // imap:// or imaps:// with user, password and folder
	Log  *slog.Logger
	Took func(Outcome) // if set, is told what became of each email
}

// Outcome is what became of an email.
type Outcome string

// The outcomes.
const (
	OnLead     Outcome = "lead"
	InInbox    Outcome = "inbox"
	Repeated   Outcome = "repeated"   // it was taken before
	Automatic  Outcome = "automatic"  // a program wrote it
	Own        Outcome = "own"        // this site wrote it
	Bounced    Outcome = "bounce"     // it says that a delivery failed
	Unreadable Outcome = "unreadable" // only that it came is known, and it is in the inbox or on its lead
)

// Outcomes are all of them.
var Outcomes = []Outcome{OnLead, InInbox, Repeated, Automatic, Own, Bounced, Unreadable}

// Watcher reads a mailbox until it is stopped.
type Watcher struct {
	Config
	server server
	id     []byte // of the mailbox
	secret []byte
	site   string // marks this site's own emails

	firstWait time.Duration // before the second attempt to connect
	failed    int           // how often the email numbered failedUID could not be fetched, without a fault of the connection
	failedUID uint32
}

const (
	firstWait = time.Second
	maxWait   = time.Minute

	// After a sign-in that was refused: many servers block an address after five of them within 10 minutes.
	firstRefusedWait = 3 * time.Minute
	maxRefusedWait   = 15 * time.Minute
)

// New prepares a Watcher. It connects to nothing yet.
func New(ctx context.Context, c Config) (*Watcher, error) {
	s, err := newServer(c.URL)
	if err != nil {
		return nil, err
	}
	secret, err := c.DB.Secret(ctx)
	if err != nil {
		return nil, err
	}
	return &Watcher{
		Config: c, server: s, secret: secret, site: inbound.SiteMark(secret), firstWait: firstWait,
		id: digest.Keyed(secret, "mailbox:"+s.name()),
	}, nil
}

// Run watches the mailbox until ctx ends, whenever no other instance does.
func (w *Watcher) Run(ctx context.Context) {
	for ctx.Err() == nil {
		if err := w.watch(ctx); err != nil && ctx.Err() == nil && !w.DB.Away() {
			w.Log.Warn("the mailbox is not watched", "error", err)
		}
		pause(ctx, w.firstWait)
	}
}

// watch waits for its turn, and then watches the mailbox until ctx ends or the lock is lost.
func (w *Watcher) watch(ctx context.Context) error {
	lock, err := w.DB.LockMailbox(ctx)
	if err != nil {
		return err
	}
	defer lock.Close()
	ctx, lost := context.WithCancelCause(ctx)
	held := make(chan struct{})
	go func() {
		defer close(held)
		if err := lock.Hold(ctx); err != nil {
			lost(err)
		}
	}()
	defer func() { lost(nil); <-held }()
	w.Log.Info("watching the mailbox")
	for wait := time.Duration(0); ctx.Err() == nil; {
		opened, err := w.session(ctx)
		if opened {
			wait = 0
		}
		if err != nil && ctx.Err() == nil {
			w.report(ctx, err)
		}
		wait = w.nextWait(wait, err)
		pause(ctx, wait)
	}
	return context.Cause(ctx)
}

// nextWait returns how long to wait before the next attempt to connect, after the one before, which is 0 at first.
func (w *Watcher) nextWait(before time.Duration, err error) time.Duration {
	if problemOf(err) == lead.MailboxRefused {
		return min(max(2*before, firstRefusedWait), maxRefusedWait)
	}
	return min(max(2*before, w.firstWait), maxWait)
}

// report stores why the mailbox cannot be read. A fault of the database is not one of the
// mailbox.
func (w *Watcher) report(ctx context.Context, err error) {
	if errors.Is(err, fault.Unavailable) {
		w.Log.Warn("incoming email cannot be stored", "error", err)
		return
	}
	problem := problemOf(err)
	w.Log.Warn("the mailbox cannot be read", "problem", problem, "error", withoutWords(err))
	if err := w.DB.MailboxFailed(ctx, w.id, problem); err != nil && ctx.Err() == nil {
		w.Log.Warn("the state of the mailbox is not stored", "error", err)
	}
}

// took says what became of an email. The log names nobody.
func (w *Watcher) took(uid uint32, what Outcome) {
	w.Log.Info("incoming email", "number", uid, "outcome", string(what))
	if w.Took != nil {
		w.Took(what)
	}
}

// messageOf returns what is stored of an email.
func messageOf(m inbound.Mail, arrived time.Time) lead.Message {
	return lead.Message{
		Kind: lead.MailMessage, At: arrived, Text: m.Text, Quoted: m.Quoted, SenderName: m.Name, SenderAddress: m.Address,
		Subject: m.Subject, Parts: m.Parts, MessageID: m.MessageID,
	}
}

func pause(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}
