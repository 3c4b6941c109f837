package mail_test

import (
	"context"
	"net/mail"
	"strings"
	"testing"

	"tiebreak/internal/guide"
	"tiebreak/internal/lead"
	mailer "tiebreak/internal/mail"
	"tiebreak/internal/mail/inbound"
	"tiebreak/internal/mailtest"
	"tiebreak/internal/pgtest"
	"tiebreak/internal/postgres"
)

// answer has the first member reply to the first lead.
func answer(t *testing.T, db *postgres.DB, words string) {
	t.Helper()
	a := pgtest.Act(t, db, "TB-0001", 1)
	if err := db.Reply(context.Background(), a, lead.PressDigest(a.Reference, a.Member, "", words), words); err != nil {
		t.Fatal(err)
	}
}

// headers returns those of the mail whose text holds the words.
func headers(t *testing.T, box *mailtest.Mailbox, words string) mail.Header {
	t.Helper()
	for _, letter := range box.Got() {
		if strings.Contains(unfolded(letter.Text), words) {
			return letter.Header(t)
		}
	}
	t.Fatalf("no mail says %q", words)
	return nil
}

func TestReplyComesFromItsMemberAndStandsBelowTheConfirmation(t *testing.T) {
	t.Parallel()
	db, box := pgtest.New(t), mailtest.New(t)
	hire(t, db, "member@example.org")
	run(t, db, to(box))
	token := send(t, db, "prospect@example.org", "Words of the prospect")
	eventually(t, "the confirmation is out", func() bool { return waiting(t, db) == 0 })
	answer(t, db, "Yes, with **pleasure**.\nOn a second line of \\*Stars*.")
	eventually(t, "the reply is out", func() bool { return len(box.Got()) == 3 && waiting(t, db) == 0 })
	answer(t, db, "One thing more.")
	eventually(t, "the second is out", func() bool { return len(box.Got()) == 4 && waiting(t, db) == 0 })

	confirmation, first, second := headers(t, box, "do not forward it"), headers(t, box, "<strong>pleasure</strong>"),
		headers(t, box, "One thing more.")
	for name, want := range map[string]string{
		"From": `"Sample member@example.org, Tiebreak" <tiebreak@guides.example.org>`, "Reply-To": "<member@example.org>",
		"To":      "<prospect@example.org>",
		"Subject": "Re: We received your request (TB-0001)", "In-Reply-To": confirmation.Get("Message-ID"), "Auto-Submitted": "",
	} {
		if got := first.Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	if got := second.Get("References"); got != confirmation.Get("Message-ID")+" "+first.Get("Message-ID") {
		t.Errorf("the second stands below %s", got)
	}
	text := unfolded(box.Got()[2].Text)
	for _, want := range []string{"Yes, with pleasure.", "On a second line of *Stars*.", "/requests/" + token} {
		if !strings.Contains(text, want) {
			t.Errorf("the reply does not say %q", want)
		}
	}
}

func TestAnswersToEveryMailAboutALeadComeBackToIt(t *testing.T) {
	t.Parallel()
	db, box := pgtest.New(t), mailtest.New(t)
	hire(t, db, "member@example.org")
	run(t, db, func(c *mailer.Config) { c.SMTP, c.Reply = "smtp://"+box.Address, "reply@bücher.example" })
	send(t, db, "prospect@example.org", "Words of the prospect")
	eventually(t, "confirmation and notice are out", func() bool { return len(box.Got()) == 2 && waiting(t, db) == 0 })
	answer(t, db, "Yes, with pleasure.")
	eventually(t, "the reply is out", func() bool { return len(box.Got()) == 3 && waiting(t, db) == 0 })

	secret, err := db.Secret(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	for _, letter := range box.Got() {
		want := "<reply+" + lead.MailToken(secret, 1) + "@xn--bcher-kva.example>"
		if letter.To[0] != "prospect@example.org" {
			want = "<reply+team+" + lead.MailToken(secret, 1) + "@xn--bcher-kva.example>"
			if !strings.Contains(unfolded(letter.Text), "your text goes to the lead, and only your team sees it.") {
				t.Error("staff do not read what their answer does")
			}
		}
		if got := letter.Header(t).Get("Reply-To"); got != want {
			t.Errorf("the mail to %s has the Reply-To %q, want %q", letter.To, got, want)
		}
		if m := inbound.Read([]byte(letter.Text), inbound.SiteMark(secret)); m.Kind != inbound.Own {
			t.Errorf("the mail to %s would be taken for %s if it came back", letter.To, m.Kind)
		}
	}
}

func TestReplyQuotesWhatItAnswers(t *testing.T) {
	t.Parallel()
	db, box := pgtest.New(t), mailtest.New(t)
	hire(t, db, "member@example.org")
	run(t, db, to(box))
	token := send(t, db, "prospect@example.org", "Words of the request\nin two lines")
	answer(t, db, "First answer")
	eventually(t, "the first is out", func() bool { return waiting(t, db) == 0 })
	if err := db.AddNote(t.Context(), token, lead.NoteForm{Text: "Words of the note", Key: "once"}); err != nil {
		t.Fatal(err)
	}
	answer(t, db, "Second answer")
	eventually(t, "the second is out", func() bool { return waiting(t, db) == 0 })

	for words, want := range map[string]string{
		"First answer":  "you wrote:\n\n> Words of the request\n> in two lines",
		"Second answer": "you wrote:\n\n> Words of the note",
	} {
		found := false
		for _, letter := range box.Got() {
			text := strings.ReplaceAll(unfolded(letter.Text), "\r\n", "\n")
			found = found || strings.Contains(text, words) && strings.Contains(text, want)
		}
		if !found {
			t.Errorf("%q does not quote %q", words, want)
		}
	}
}

func TestStaffReadWhoWroteAndAnswerThem(t *testing.T) {
	t.Parallel()
	db, box := pgtest.New(t), mailtest.New(t)
	token := send(t, db, "prospect@example.org", "Words of the request")
	if err := db.AddNote(t.Context(), token, lead.NoteForm{Text: "Words of the note", Key: "once"}); err != nil {
		t.Fatal(err)
	}
	run(t, db, to(box))
	eventually(t, "nothing waits", func() bool { return waiting(t, db) == 0 })
	told := 0
	for _, letter := range box.Got() {
		if letter.To[0] != "staff@example.org" {
			continue
		}
		told++
		subject := letter.Subject(t)
		if !strings.HasPrefix(subject, "Sample Person: ") || !strings.HasSuffix(subject, "(TB-0001)") {
			t.Errorf("the subject is %q", subject)
		}
		if got := letter.Header(t).Get("Reply-To"); got != "<prospect@example.org>" {
			t.Errorf("answers to %q go to %q", subject, got)
		}
		if !strings.Contains(unfolded(letter.Text), "your answer goes to prospect@example.org") {
			t.Errorf("%q does not say where answers go", subject)
		}
	}
	if told != 2 {
		t.Errorf("staff got %d emails", told)
	}
}

func TestAnswersToAConfirmationGoToTheSitesContact(t *testing.T) {
	t.Parallel()
	for contact, want := range map[string]string{"hello@example.org": "<hello@example.org>", "+49 30 1234": ""} {
		db, box := pgtest.New(t), mailtest.New(t)
		var site guide.Site
		settings, err := db.Settings(t.Context())
		if err == nil {
			site = settings.Site
			site.Contact = contact
			err = db.ChangeSite(t.Context(), settings.Site, site, postgres.CommandLine)
		}
		if err != nil {
			t.Fatal(err)
		}
		send(t, db, "prospect@example.org", "Words of the request")
		run(t, db, to(box))
		eventually(t, "nothing waits", func() bool { return waiting(t, db) == 0 })
		if got := headers(t, box, "do not forward it").Get("Reply-To"); got != want {
			t.Errorf("with the contact %q answers go to %q", contact, got)
		}
	}
}

func TestReplyToALeadErasedMeanwhileIsNotSent(t *testing.T) {
	t.Parallel()
	db, box := pgtest.New(t), mailtest.New(t)
	hire(t, db, "member@example.org")
	send(t, db, "prospect@example.org", "Words of the prospect")
	answer(t, db, "A reply that comes too late")
	if err := db.EraseLead(context.Background(), "TB-0001", 0); err != nil {
		t.Fatal(err)
	}
	run(t, db, to(box))
	eventually(t, "nothing waits", func() bool { return waiting(t, db) == 0 })
	if got := box.Got(); len(got) > 0 {
		t.Errorf("sent was %v", got)
	}
}
