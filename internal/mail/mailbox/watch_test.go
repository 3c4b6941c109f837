package mailbox_test

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"tiebreak/internal/lead"
	"tiebreak/internal/mail/mailbox"
	"tiebreak/internal/mailtest"
	"tiebreak/internal/pgtest"
	"tiebreak/internal/postgres"
)

// promised is how soon an email is on its lead once it reached the mailbox.
const promised = 10 * time.Second

func TestMailIsOnItsLeadWithinSeconds(t *testing.T) {
	t.Parallel()
	for _, idle := range []bool{true, false} {
		t.Run(fmt.Sprintf("idle %v", idle), func(t *testing.T) {
			t.Parallel()
			s := open(t, 1)
			s.imap = mailtest.NewIMAP(t, idle)
			s.watch()
			for i := range 3 {
				s.imap.Add(t, s.mail(fmt.Sprint(i), 1, ""))
				pgtest.Eventually(t, promised, "the email is on its lead", func() bool { return len(s.kept()) == i+1 })
			}
			l, err := s.db.LeadByReference(context.Background(), "TB-0001")
			if err != nil || s.kept()[0].Lead != 1 || !strings.Contains(s.kept()[0].Text, "The words of 0.") {
				t.Errorf("%+v, %v", s.kept()[0], l)
			}
		})
	}
}

// The log of a failing test says at which seed.
func TestNothingIsLostOrDoubledWhenConnectionsBreak(t *testing.T) {
	t.Parallel()
	const mails, cuts = 60, 15
	s := open(t, 5)
	random := pgtest.Random(t)
	s.watch()
	s.watch() // the second waits for its turn
	for i := range mails {
		raw := s.mail(fmt.Sprint(i), 1+random.Int64N(5), "")
		raw = append(raw, bytes.Repeat([]byte("more words\n"), random.IntN(3000))...)
		s.imap.Add(t, raw)
		if i%(mails/cuts) == 0 {
			s.imap.CutAfter(random.Int64N(60_000))
		}
	}
	s.eventually("all emails are there", func() bool { return len(s.kept()) >= mails })
	s.imap.Renumber(t)
	before := s.outcomes(mailbox.Repeated)
	s.eventually("all were seen again", func() bool { return s.outcomes(mailbox.Repeated) >= before+mails })
	seen := map[string]bool{}
	for _, m := range s.kept() {
		number := strings.TrimSuffix(m.MessageID, "@example.org")
		if seen[m.MessageID] || m.Lead == 0 || !strings.HasPrefix(m.Text, "The words of "+number+".") {
			t.Errorf("%s is twice, or in a wrong place: lead %d, %.40q", m.MessageID, m.Lead, m.Text)
		}
		seen[m.MessageID] = true
	}
	if len(seen) != mails {
		t.Errorf("%d emails of %d are there", len(seen), mails)
	}
}

func TestAnotherInstanceTakesOver(t *testing.T) {
	t.Parallel()
	s := open(t, 1)
	stop := s.watch()
	s.eventually("one watches", func() bool { return strings.Count(s.log.String(), "watching the mailbox") == 1 })
	s.watch()
	s.imap.Add(t, s.mail("first", 1, ""))
	s.settled(1)
	stop()
	s.imap.Add(t, s.mail("second", 1, ""))
	pgtest.Eventually(t, promised, "the other takes it", func() bool { return len(s.kept()) == 2 })

	// The lock is lost without the holder knowing: for a while two watch.
	s.watch()
	for i := range 10 {
		if i == 3 {
			if err := pgtest.Exec(t, s.url, `
				SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND objid = 74650008 AND granted
				AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`); err != nil {
				t.Fatal(err)
			}
		}
		s.imap.Add(t, s.mail(fmt.Sprint(i), 1, ""))
	}
	s.eventually("the third watches", func() bool { return strings.Count(s.log.String(), "watching the mailbox") >= 3 })
	s.eventually("all are there", func() bool { return len(s.kept()) >= 12 })
	if n := len(s.kept()); n != 12 {
		t.Errorf("%d messages, want 12", n)
	}
}

func TestErasedLeadTakesNoMailAndWhatItTookDoesNotComeBack(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	s := open(t, 1)
	s.watch()
	s.imap.Add(t, s.mail("before", 1, ""))
	s.settled(1)
	if err := s.db.EraseLead(ctx, "TB-0001", postgres.CommandLine); err != nil {
		t.Fatal(err)
	}
	if n := len(s.kept()); n != 0 {
		t.Fatalf("%d messages survive the erasure", n)
	}
	s.imap.Renumber(t)
	s.settled(2)
	s.imap.Add(t, s.mail("before", 1, "X-Copy: 2\n")) // a second copy
	s.imap.Add(t, s.mail("after", 1, ""))
	s.settled(4)
	if kept := s.kept(); len(kept) != 1 || kept[0].Lead != 0 || kept[0].MessageID != "after@example.org" {
		t.Errorf("kept are %+v", kept)
	}
}

func TestMailThatIsTooLargeGetsOnePlainAnswer(t *testing.T) {
	t.Parallel()
	s := open(t, 2)
	large := bytes.Repeat([]byte("eleven megabytes of words\n"), 11<<20/26)
	s.watch()
	for i, more := range []string{"", "", "Auto-Submitted: auto-replied\n", "List-Id: <a.example.org>\n"} {
		s.imap.Add(t, append(s.mail(fmt.Sprintf("large%d", i), 1+int64(i)%2, more), large...))
	}
	s.settled(4)
	for _, m := range s.kept() {
		if m.Text != "" || len(m.Parts) != 1 || m.Parts[0].Size < 11<<20 || m.Subject != "Sample" {
			t.Errorf("%.40q, %v", m.Text, m.Parts)
		}
	}
	answers := 0
	for _, reference := range []string{"TB-0001", "TB-0002"} {
		for _, d := range pgtest.Mails(s.t, s.db, reference) {
			if d.Kind == lead.TooLargeMail {
				answers++
			}
		}
	}
	if n := len(s.kept()); n != 3 || answers != 1 {
		t.Errorf("%d messages and %d answers, want 3 and 1", n, answers)
	}
}

// The confirmation of their request, which went out on the same day, does not count.
func TestProspectIsToldOnceADayThatTheirEmailWasTooLarge(t *testing.T) {
	t.Parallel()
	s := open(t, 0)
	s.addLead("ada@example.org")
	large := bytes.Repeat([]byte("eleven megabytes of words\n"), 11<<20/26)
	s.imap.Add(t, append(s.mail("first", 1, ""), large...))
	s.imap.Add(t, append(s.mail("second", 1, ""), large...))
	s.watch()
	s.settled(2)
	mails := pgtest.Mails(s.t, s.db, "TB-0001")
	answers := 0
	for _, d := range mails {
		if d.Kind == lead.TooLargeMail {
			answers++
		}
	}
	if answers != 1 {
		t.Errorf("%d answers, want 1", answers)
	}
	if kept := s.kept(); len(kept) != 2 || kept[0].Address != "ada@example.org" || kept[0].Parts[0].Size < 11<<20 {
		t.Errorf("kept are %+v", kept)
	}
}

func TestMailThatWasThereLongBeforeIsNotTaken(t *testing.T) {
	t.Parallel()
	s := open(t, 1)
	for i := range 20 {
		s.imap.AddAt(t, s.mail(fmt.Sprint("old", i), 1, ""), time.Now().AddDate(0, 0, -8-i))
	}
	s.imap.AddAt(t, s.mail("recent", 1, ""), time.Now().AddDate(0, 0, -6))
	s.imap.AddAt(t, s.mail("moved here", 1, ""), time.Now().AddDate(0, 0, -60))
	s.watch()
	s.settled(1)
	s.imap.Renumber(t)
	s.imap.Add(t, s.mail("new", 1, ""))
	s.settled(3)
	if kept := s.kept(); len(kept) != 2 || kept[0].MessageID != "recent@example.org" || kept[1].MessageID != "new@example.org" {
		t.Errorf("kept are %+v", kept)
	}
}

// The database refuses the text of one email: the others come through, and of that one it is known that it came.
func TestMailThatCannotBeStoredStopsNoOther(t *testing.T) {
	t.Parallel()
	s := open(t, 1)
	if err := pgtest.Exec(t, s.url, `ALTER TABLE messages ADD CONSTRAINT sample CHECK (text NOT LIKE '%words of bad%')`); err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{"first", "bad", "last"} {
		s.imap.Add(t, s.mail(id, 1, ""))
	}
	s.watch()
	s.settled(3)
	kept := s.kept()
	if len(kept) != 3 || kept[1].Text != "" || kept[1].Lead != 1 || s.outcomes(mailbox.Unreadable) != 1 {
		t.Errorf("kept are %+v", kept)
	}
}

func TestStaffAreToldWhyTheMailboxCannotBeRead(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	s := open(t, 1)
	problem := func(want lead.MailboxProblem) func() bool {
		return func() bool {
			q, err := s.db.Queue(ctx)
			return err == nil && q.MailboxProblem == want && (q.MailboxFailing > 0) == (want != "")
		}
	}
	s.imap.Refuse(true)
	s.watch()
	s.eventually("it cannot be reached", problem(lead.MailboxUnreachable))
	s.imap.Refuse(false)
	s.eventually("it can be read again", problem(""))

	for address, want := range map[string]lead.MailboxProblem{
		strings.Replace(s.imap.URL(), mailtest.IMAPPassword, "wrong", 1): lead.MailboxRefused,
		strings.Replace(s.imap.URL(), "INBOX", "Elsewhere", 1):           lead.MailboxMissing,
		strings.Replace(s.imap.URL(), "imap:", "imaps:", 1):              lead.MailboxInsecure,
		"imap://u:p@" + mailtest.Nobody(t):                               lead.MailboxClosedPort,
	} {
		other := open(t, 0)
		other.imap = s.imap
		other.watchAt(address)
		other.eventually(string(want), func() bool {
			q, err := other.db.Queue(ctx)
			return err == nil && q.MailboxProblem == want
		})
		if log := other.log.String(); strings.Contains(log, "wrong") || strings.Contains(log, mailtest.IMAPPassword) {
			t.Errorf("the log holds a password:\n%s", log)
		}
	}
}
