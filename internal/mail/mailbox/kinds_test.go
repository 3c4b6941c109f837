package mailbox_test

import (
	"bytes"
	"context"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"tiebreak/internal/lead"
	"tiebreak/internal/mail/inbound"
	"tiebreak/internal/mail/mailbox"
	"tiebreak/internal/pgtest"
)

// names returns the emails of testdata.
func names(t *testing.T) (names []string) {
	t.Helper()
	files, err := filepath.Glob("../inbound/testdata/mails/*.eml")
	if err != nil || len(files) < 60 {
		t.Fatalf("%d files: %v", len(files), err)
	}
	for _, file := range files {
		names = append(names, strings.TrimSuffix(filepath.Base(file), ".eml"))
	}
	// The server in memory sends nothing of an email whose header it cannot read. Others send it as it is.
	return slices.DeleteFunc(names, func(name string) bool { return name == "absurd-header" })
}

// destination returns the leads that the email is for, 0 for the inbox; nil for none of both.
func destination(name string, first, second int64) []int64 {
	switch {
	case name == "no-token", name == "wrong-token":
		return []int64{0}
	case name == "two-leads-in-one-mail":
		return []int64{first, second}
	case name == "own-mail", name == "newsletter", name == "read-receipt", strings.HasPrefix(name, "auto-"),
		strings.HasPrefix(name, "bounce-"):
		return nil
	}
	return []int64{first}
}

func TestEveryKindOfMailEndsOnItsLeadOrInTheInboxOnce(t *testing.T) {
	t.Parallel()
	s := open(t, 3)
	random := pgtest.Random(t)
	all := names(t)
	random.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	type place struct {
		lead    int64
		message string
	}
	want := map[place]int{}
	for _, name := range all {
		raw := s.file(name, 1, 2)
		s.imap.Add(t, raw)
		m := inbound.Read(raw, inbound.SiteMark(s.secret))
		for _, id := range destination(name, 1, 2) {
			want[place{id, m.MessageID + m.Subject + m.Text}]++
		}
	}
	s.watch()
	s.settled(len(all))
	check := func(when string) {
		t.Helper()
		got := map[place]int{}
		for _, m := range s.kept() {
			got[place{m.Lead, m.MessageID + m.Subject + m.Text}]++
		}
		for p, n := range want {
			if got[p] != n {
				t.Errorf("%s: lead %d has %d times %q", when, p.lead, got[p], p.message)
			}
		}
		if len(got) != len(want) {
			t.Errorf("%s: %d messages, want %d", when, len(got), len(want))
		}
	}
	check("at first")
	if n := s.outcomes(mailbox.Own); n != 1 {
		t.Errorf("%d emails of our own are known", n)
	}
	s.imap.Renumber(t)
	s.settled(2 * len(all))
	check("with new numbers")
	if !s.imap.Untouched(t) {
		t.Error("something in the mailbox changed")
	}
	for _, secret := range []string{"ada@example.org", "studio.example", "Sample"} {
		if strings.Contains(s.log.String(), secret) {
			t.Errorf("the log holds %q:\n%s", secret, s.log)
		}
	}
}

func TestBounceMarksTheDeliveryThatCameBack(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]lead.Problem{
		"bounce-postfix": lead.UnknownAddress, "bounce-gmail-full-mailbox": lead.FullMailbox,
		"bounce-exchange-without-headers": lead.UnknownAddress, "bounce-qmail": lead.UnknownAddress,
		"bounce-exim": lead.Returned, "bounce-delay-warning": "", "bounce-of-a-stranger": "", "auto-vacation": "",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := open(t, 2)
			confirmation := s.sent("TB-0002")
			id := lead.DeliveryMessageID(s.secret, confirmation)
			raw := bytes.ReplaceAll(s.file(name, 2), []byte("DELIVERY@"), []byte(id+"@"))
			s.imap.Add(t, raw)
			s.watch()
			s.settled(1)
			for _, reference := range []string{"TB-0001", "TB-0002"} {
				for _, d := range pgtest.Mails(s.t, s.db, reference) {
					failed := d.State == lead.Failed
					if failed != (d.ID == confirmation && want != "") || failed && d.Problem != want {
						t.Errorf("the %s mail of %s is %s: %s", d.Kind, reference, d.State, d.Problem)
					}
				}
			}
			if kept := s.kept(); len(kept) > 0 {
				t.Errorf("it became a message: %v", kept)
			}
		})
	}
}

// A bounce without the Message-ID is about the last email to the prospect of its token.
func TestBounceWithoutMessageIDIsMatchedByItsToken(t *testing.T) {
	t.Parallel()
	s := open(t, 2)
	confirmation := s.sent("TB-0002")
	s.sent("TB-0001")
	s.imap.Add(t, s.file("bounce-postfix", 2))
	s.watch()
	s.settled(1)
	mails := pgtest.Mails(s.t, s.db, "TB-0002")
	at := slices.IndexFunc(mails, func(d lead.Delivery) bool { return d.ID == confirmation })
	if mails[at].State != lead.Failed {
		t.Errorf("the confirmation is %s", mails[at].State)
	}
}

// A bounce goes to the envelope sender, which has the token of the lead. A warning that an email is late is not an answer
// of the prospect.
func TestBounceToTheEnvelopeSenderIsMatchedByItsToken(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]lead.DeliveryState{"bounce-qmail": lead.Failed, "bounce-delay-warning": lead.Sent} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := open(t, 2)
			confirmation := s.sent("TB-0002")
			s.imap.Add(t, []byte(strings.NewReplacer("To: studio@studio.example", "To: reply+"+s.token(2)+"@studio.example",
				s.token(1), "gone", "DELIVERY@", "gone@").Replace(string(s.file(name, 1)))))
			s.watch()
			s.settled(1)
			mails := pgtest.Mails(s.t, s.db, "TB-0002")
			at := slices.IndexFunc(mails, func(d lead.Delivery) bool { return d.ID == confirmation })
			if mails[at].State != want {
				t.Errorf("the confirmation is %s, want %s", mails[at].State, want)
			}
			answered := 0
			err := s.db.Conns().QueryRow(context.Background(), `SELECT count(*) FROM lead_history WHERE kind = $1`, lead.AutoAnswered).
				Scan(&answered)
			if err != nil || answered > 0 {
				t.Errorf("it counts as an automatic answer of the prospect: %v", err)
			}
		})
	}
}

// sent says that the confirmation of the lead was sent, and returns its id.
func (s *studio) sent(reference string) (confirmation int64) {
	s.t.Helper()
	for _, d := range pgtest.Mails(s.t, s.db, reference) {
		if d.Kind == lead.ConfirmationMail {
			confirmation = d.ID
		}
	}
	if _, err := s.db.RecordOutcome(context.Background(), confirmation, lead.Sent, "", 0); err != nil {
		s.t.Fatal(err)
	}
	return confirmation
}
