package mailbox

import (
	"cmp"
	"context"
	"errors"
	"io"
	"slices"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"

	"tiebreak/internal/lead"
	"tiebreak/internal/mail/inbound"
	"tiebreak/internal/postgres"
)

// listed is an email as the folder lists it.
type listed struct {
	uid     uint32
	size    int64
	arrived time.Time
}

// readNew takes the emails that are new, in their order.
func (s *session) readNew(ctx context.Context) error {
	found, err := s.list()
	if err != nil {
		return err
	}
	for i, mail := range found {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if mail.arrived.Before(s.progress.Since) {
			if i+1 < len(found) && found[i+1].arrived.Before(s.progress.Since) {
				continue // the last of them notes it for all
			}
			err = s.DB.PassMail(ctx, s.at(mail))
		} else {
			err = s.readOne(ctx, mail)
		}
		if err != nil {
			return err
		}
		s.progress.LastUID = mail.uid
	}
	return nil
}

func (s *session) at(mail listed) postgres.MailPlace {
	return postgres.MailPlace{Mailbox: s.id, Validity: s.validity, UID: mail.uid}
}

// list returns the emails behind the last one that was taken, in their order.
func (s *session) list() (found []listed, err error) {
	since := imap.UIDSet{imap.UIDRange{Start: imap.UID(s.progress.LastUID) + 1}}
	options := &imap.FetchOptions{UID: true, RFC822Size: true, InternalDate: true}
	var messages []*imapclient.FetchMessageBuffer
	err = s.within(fetchTime, func() (err error) {
		messages, err = s.client.Fetch(since, options).Collect()
		return err
	})
	if err != nil {
		return nil, failure{lead.MailboxUnreachable, err}
	}
	for _, m := range messages {
		if uid := uint32(m.UID); uid > s.progress.LastUID { // the range always holds the last email of the folder
			found = append(found, listed{uid, m.RFC822Size, m.InternalDate})
		}
	}
	slices.SortFunc(found, func(a, b listed) int { return cmp.Compare(a.uid, b.uid) })
	return found, nil
}

// readOne takes an email. One that cannot be fetched though the connection stands is tried three times, and then only noted.
func (s *session) readOne(ctx context.Context, mail listed) error {
	raw, there, err := s.fetch(mail)
	if err != nil {
		if s.conn.broke.Load() || ctx.Err() != nil {
			return failure{lead.MailboxUnreachable, err}
		}
		if s.failedUID != mail.uid {
			s.failedUID, s.failed = mail.uid, 0
		}
		if s.failed++; s.failed < maxFailures {
			return failure{lead.MailboxOther, err}
		}
		s.Log.Warn("an email cannot be fetched", "number", mail.uid, "error", withoutWords(err))
		return s.note(ctx, mail, inbound.Mail{}, nil)
	}
	if !there {
		return s.DB.PassMail(ctx, s.at(mail))
	}
	return s.take(ctx, mail, raw)
}

const maxFailures = 3

// fetch returns the email, or its header if it is too large to be read whole, and whether it is still there.
func (s *session) fetch(mail listed) (raw []byte, there bool, err error) {
	section := &imap.FetchItemBodySection{Peek: true}
	if mail.size > inbound.MaxSize {
		section.Specifier = imap.PartSpecifierHeader
	}
	err = s.within(fetchTime, func() error {
		command := s.client.Fetch(imap.UIDSetNum(imap.UID(mail.uid)), &imap.FetchOptions{
			UID: true, BodySection: []*imap.FetchItemBodySection{section},
		})
		for message := command.Next(); message != nil; message = command.Next() {
			for item := message.Next(); item != nil; item = message.Next() {
				body, is := item.(imapclient.FetchItemDataBodySection)
				if !is || body.Literal == nil {
					continue
				}
				if raw, err = io.ReadAll(io.LimitReader(body.Literal, inbound.MaxSize)); err != nil {
					break
				}
				there = true
			}
		}
		return errors.Join(err, command.Close())
	})
	return raw, there, err
}
