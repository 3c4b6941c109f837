package mail_test

import (
	"context"
	"slices"
	"sync/atomic"
	"testing"

	"tiebreak/internal/lead"
	"tiebreak/internal/mail"
	"tiebreak/internal/mailtest"
	"tiebreak/internal/pgtest"
	"tiebreak/internal/postgres"
	"tiebreak/internal/staff"
)

// hire makes members of the staff, the first an admin and the others editors.
func hire(t *testing.T, db *postgres.DB, addresses ...string) {
	t.Helper()
	role := staff.Admin
	for _, address := range addresses {
		n := staff.NewMember{Email: address, Name: "Sample " + address, Role: role}
		if err := db.AddMember(context.Background(), n, "hash"); err != nil {
			t.Fatal(err)
		}
		role = staff.Editor
	}
}

// toMembers has the service tell each editor and admin.
func toMembers(box *mailtest.Mailbox) func(c *mail.Config) {
	return func(c *mail.Config) { to(box)(c); c.Staff = nil }
}

// subjectsTo returns the subjects of what the recipient got, in order.
func subjectsTo(t *testing.T, box *mailtest.Mailbox, recipient string) (subjects []string) {
	t.Helper()
	for _, letter := range box.Got() {
		if len(letter.To) != 1 {
			t.Errorf("one envelope is addressed to %v", letter.To)
		}
		if letter.To[0] == recipient {
			subjects = append(subjects, letter.Subject(t))
		}
	}
	return subjects
}

func mails(t *testing.T, db *postgres.DB, reference string) []lead.Delivery {
	t.Helper()
	return pgtest.Mails(t, db, reference)
}

func TestRefusedMemberDoesNotStopTheNoticeToOthers(t *testing.T) {
	t.Parallel()
	db, box := pgtest.New(t), mailtest.New(t)
	hire(t, db, "one@example.org", "left@example.org", "slow@example.org", "four@example.org")
	box.SetTo("left@example.org", mailtest.Says550)
	box.SetTo("slow@example.org", mailtest.Says451)
	run(t, db, toMembers(box))
	send(t, db, "prospect@example.org", "words")
	eventually(t, "the mail to slow@example.org is tried again", func() bool {
		return slices.ContainsFunc(mails(t, db, "TB-0001"), func(d lead.Delivery) bool { return d.Code == 451 && d.Attempts > 1 })
	})
	for _, member := range []string{"one@example.org", "four@example.org"} {
		eventually(t, member+" is told", func() bool { return len(subjectsTo(t, box, member)) == 1 })
	}
	box.SetTo("slow@example.org", mailtest.Takes)
	eventually(t, "nothing waits", func() bool { return waiting(t, db) == 0 })

	outcomes := map[string]string{}
	for _, d := range mails(t, db, "TB-0001") {
		outcomes[d.MemberName] = string(d.State) + " " + string(d.Problem)
	}
	for member, want := range map[string]string{
		"": "sent ", "Sample one@example.org": "sent ", "Sample slow@example.org": "sent ", "Sample four@example.org": "sent ",
		"Sample left@example.org": "failed unknown-address",
	} {
		if outcomes[member] != want {
			t.Errorf("the mail to %q is %q, want %q", member, outcomes[member], want)
		}
	}
	for _, recipient := range []string{"prospect@example.org", "one@example.org", "slow@example.org", "four@example.org"} {
		if got := subjectsTo(t, box, recipient); len(got) != 1 {
			t.Errorf("%s got %q", recipient, got)
		}
	}
	wantEachOnce(t, box.Got(), 4)
}

func TestRefusedAddressOfTheSettingsDoesNotStopTheOther(t *testing.T) {
	t.Parallel()
	db, box := pgtest.New(t), mailtest.New(t)
	box.SetTo("bad@example.org", mailtest.Says550)
	run(t, db, func(c *mail.Config) { to(box)(c); c.Staff = []string{"bad@example.org", "desk@example.org"} })
	send(t, db, "prospect@example.org", "words")
	eventually(t, "nothing waits", func() bool { return waiting(t, db) == 0 })
	if got := subjectsTo(t, box, "desk@example.org"); len(got) != 1 {
		t.Errorf("the desk got %q", got)
	}
	failed := slices.DeleteFunc(mails(t, db, "TB-0001"), func(d lead.Delivery) bool { return d.State != lead.Failed })
	if len(failed) != 1 || failed[0].StaffAddress != 1 || failed[0].Problem != lead.UnknownAddress {
		t.Errorf("failed have %+v", failed)
	}
}

func TestPermanentRefusalIsGivenUpAtOnceAndSaysWhy(t *testing.T) {
	t.Parallel()
	for behave, want := range map[mailtest.Behaviour]struct {
		problem lead.Problem
		code    int
	}{
		mailtest.Says550:        {lead.UnknownAddress, 550},
		mailtest.SaysFull:       {lead.FullMailbox, 552},
		mailtest.RefusesMessage: {lead.RefusedMail, 554},
		mailtest.RefusesSender:  {lead.RefusedSender, 553},
	} {
		t.Run(string(behave), func(t *testing.T) {
			t.Parallel()
			db, box := pgtest.New(t), mailtest.New(t)
			box.Set(behave)
			var counted atomic.Int64
			run(t, db, func(c *mail.Config) {
				to(box)(c)
				c.Refused = func(p lead.Problem) {
					if p == want.problem {
						counted.Add(1)
					}
				}
			})
			send(t, db, "prospect@example.org", "words")
			eventually(t, "both mails are given up", func() bool { return queue(t, db).Failed == 2 })
			for _, d := range mails(t, db, "TB-0001") {
				if d.Problem != want.problem || d.Code != want.code || d.Attempts != 1 {
					t.Errorf("%s: %s, code %d, after %d attempts", d.Kind, d.Problem, d.Code, d.Attempts)
				}
			}
			if counted.Load() != 2 {
				t.Errorf("%d refusals were counted", counted.Load())
			}

			box.Set(mailtest.Takes)
			sendNow(t, db)
			eventually(t, "both went out when a member had them tried again", func() bool { return len(box.Got()) == 2 })
		})
	}
}

func queue(t *testing.T, db *postgres.DB) lead.Queue {
	t.Helper()
	q, err := db.Queue(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return q
}

func TestRecipientsWhoLeftAreLeftOut(t *testing.T) {
	t.Parallel()
	db, box := pgtest.New(t), mailtest.New(t)
	hire(t, db, "one@example.org", "two@example.org", "three@example.org")
	box.SetTo("two@example.org", mailtest.Says451)
	box.SetTo("three@example.org", mailtest.Says451)
	run(t, db, toMembers(box))
	send(t, db, "prospect@example.org", "words")
	eventually(t, "two recipients are tried again", func() bool { return queue(t, db).Failing == 2 })
	if err := db.Disable(context.Background(), postgres.CommandLine, 2, true); err != nil {
		t.Fatal(err)
	}
	if err := db.ChangeRole(context.Background(), postgres.CommandLine, 3, staff.Reader); err != nil {
		t.Fatal(err)
	}
	eventually(t, "nothing waits", func() bool { return waiting(t, db) == 0 })
	for _, d := range mails(t, db, "TB-0001") {
		if want := map[bool]lead.DeliveryState{true: lead.Dropped, false: lead.Sent}[d.Member > 1]; d.State != want {
			t.Errorf("the mail to %q is %s", d.MemberName, d.State)
		}
	}
	send(t, db, "another@example.org", "words")
	eventually(t, "nothing waits", func() bool { return waiting(t, db) == 0 })
	for _, d := range mails(t, db, "TB-0002") {
		if d.Member > 1 {
			t.Errorf("a mail about a later lead is for %q", d.MemberName)
		}
	}
}

func TestMailComesFromTheNameThatIsSetAndInternationalDomainsAreSentInASCII(t *testing.T) {
	t.Parallel()
	db, box := pgtest.New(t), mailtest.New(t)
	run(t, db, func(c *mail.Config) {
		to(box)(c)
		c.Staff, c.From, c.FromName = []string{"desk@bücher.example"}, "tiebreak@bücher.example", "Studio Ahoi"
	})
	send(t, db, "\u202aann@bücher.example\u202c", "words")
	if l := pgtest.Leads(t, db)[0]; l.Email != "ann@bücher.example" {
		t.Errorf("kept was %q", l.Email)
	}
	eventually(t, "both are out", func() bool { return len(box.Got()) == 2 })
	for _, recipient := range []string{"ann@xn--bcher-kva.example", "desk@xn--bcher-kva.example"} {
		if len(subjectsTo(t, box, recipient)) != 1 {
			t.Errorf("%s got nothing", recipient)
		}
	}
	for _, letter := range box.Got() {
		if from := letter.Header(t).Get("From"); from != `"Studio Ahoi" <tiebreak@xn--bcher-kva.example>` {
			t.Errorf("a mail comes from %s", from)
		}
	}
}

func TestRepeatAfterACrashKeepsTheMessageID(t *testing.T) {
	t.Parallel()
	url, box := pgtest.NewURL(t), mailtest.New(t)
	db := pgtest.Open(t, url)
	hire(t, db, "one@example.org", "two@example.org")
	box.Set(mailtest.DropsAfter)
	run(t, db, toMembers(box))
	send(t, db, "prospect@example.org", "words")
	pgtest.Await(t, url, timeout, `count(*) = 3 FROM river_job WHERE kind = 'delivery' AND state = 'scheduled'`)
	box.Set(mailtest.Takes)
	sendNow(t, db)
	eventually(t, "nothing waits", func() bool { return waiting(t, db) == 0 })
	wantEachOnce(t, box.Got(), 3)
	ids := map[string]string{}
	for _, letter := range box.Got() {
		ids[letter.To[0]] = letter.Header(t).Get("Message-Id")
	}
	for _, letter := range box.Dropped() {
		if id := letter.Header(t).Get("Message-Id"); id != ids[letter.To[0]] {
			t.Errorf("%s got %s first and then %s", letter.To[0], id, ids[letter.To[0]])
		}
	}
}
