package mailbox

import (
	"context"
	"errors"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"

	"tiebreak/internal/lead"
	"tiebreak/internal/postgres"
)

const (
	commandTime = time.Minute      // for one command, but for fetching an email
	fetchTime   = 10 * time.Minute // for one email
	lookEvery   = 8 * time.Second  // even if the server tells of changes: some miss one that comes while we ask
	pollEvery   = 5 * time.Second  // where the server does not tell of changes (RFC 2177)
)

// session is one conversation with the server.
type session struct {
	*Watcher
	client   *imapclient.Client
	conn     *connection
	validity uint32
	progress postgres.MailboxProgress
	changed  chan struct{}
}

// session reads what is new in the mailbox and then whatever arrives, until ctx ends or the conversation fails. It reports
// whether the mailbox was opened.
func (w *Watcher) session(ctx context.Context) (opened bool, err error) {
	s := session{Watcher: w, changed: make(chan struct{}, 1)}
	s.client, s.conn, err = w.server.dial(ctx, func() {
		select {
		case s.changed <- struct{}{}:
		default: // it is known already
		}
	})
	if err != nil {
		return false, err
	}
	defer s.client.Close()
	defer context.AfterFunc(ctx, func() { _ = s.client.Close() })()
	if err := s.open(ctx); err != nil {
		return false, err
	}
	for {
		if err := s.readNew(ctx); err != nil {
			return true, err
		}
		if err := s.wait(ctx); err != nil {
			return true, err
		}
	}
}

// open chooses the folder, to be read only.
func (s *session) open(ctx context.Context) error {
	var data *imap.SelectData
	err := s.within(commandTime, func() (err error) {
		data, err = s.client.Select(s.server.folder, &imap.SelectOptions{ReadOnly: true}).Wait()
		return err
	})
	if err != nil {
		return refusal(err, lead.MailboxMissing)
	}
	s.validity = data.UIDValidity
	s.progress, err = s.DB.OpenMailbox(ctx, s.id, s.validity)
	return err
}

// wait returns when something may have changed in the folder.
func (s *session) wait(ctx context.Context) error {
	if !tells(s.client) {
		s.pause(ctx, pollEvery)
		return s.look()
	}
	var idle *imapclient.IdleCommand
	err := s.within(commandTime, func() (err error) {
		idle, err = s.client.Idle()
		return err
	})
	if err != nil {
		return failure{lead.MailboxUnreachable, err}
	}
	s.pause(ctx, lookEvery)
	err = s.within(commandTime, func() error { return errors.Join(idle.Close(), idle.Wait()) })
	if err != nil {
		return failure{lead.MailboxUnreachable, err}
	}
	return s.look()
}

// pause waits until the server says that something changed, but no longer than the limit.
func (s *session) pause(ctx context.Context, limit time.Duration) {
	select {
	case <-ctx.Done():
	case <-s.changed:
	case <-s.client.Closed():
	case <-time.After(limit):
	}
}

// look asks the server whether it is still there, which may then also say what changed.
func (s *session) look() error {
	if err := s.within(commandTime, func() error { return s.client.Noop().Wait() }); err != nil {
		return failure{lead.MailboxUnreachable, err}
	}
	return nil
}

// within does something with the server that may take as long as the limit; then the conversation ends.
func (s *session) within(limit time.Duration, do func() error) error {
	defer time.AfterFunc(limit, func() { _ = s.client.Close() }).Stop()
	return do()
}
