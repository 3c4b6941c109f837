package mail_test

import (
	"slices"
	"strings"
	"testing"

	"tiebreak/internal/lead"
	"tiebreak/internal/mailtest"
	"tiebreak/internal/pgtest"
	"tiebreak/internal/postgres"
)

// arrives has an email from the address added to the first lead.
func arrives(t *testing.T, db *postgres.DB, from, text string) {
	t.Helper()
	var id int64
	err := db.Conns().QueryRow(t.Context(), `
		INSERT INTO messages (kind, text, sender_name, sender_address, subject, parts)
		VALUES ('mail', $2, 'Name of ' || $1, $1, 'Subject of ' || $1, '[{"name": "brief.pdf", "type": "application/pdf", "size": 9}]')
		RETURNING id`, from, text).Scan(&id)
	if err == nil {
		_, err = db.AttachMail(t.Context(), id, "TB-0001", 1)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// text returns the mail that holds the words, with its text and its HTML on one line each.
func text(t *testing.T, box *mailtest.Mailbox, words string) string {
	t.Helper()
	for _, letter := range slices.Backward(box.Got()) {
		if all := strings.ReplaceAll(unfolded(letter.Text), "\r\n", "\n"); strings.Contains(all, words) {
			return all
		}
	}
	t.Fatalf("no mail says %q", words)
	return ""
}

func TestReplyQuotesOnlyWhatTheProspectWrote(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		from, text, quoted string
	}{
		"the prospect":                    {"Prospect@Example.org", "Words of an email", "Words of an email"},
		"somebody else":                   {"boss@example.org", "Words of an email", "Words of the note"},
		"a sender without an address":     {"", "Words of an email", "Words of the note"},
		"an address within another one":   {"xprospect@example.org", "Words of an email", "Words of the note"},
		"the prospect, without any words": {"prospect@example.org", " \n", "Words of the note"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db, box := pgtest.New(t), mailtest.New(t)
			hire(t, db, "member@example.org")
			token := send(t, db, "prospect@example.org", "Words of the request")
			if err := db.AddNote(t.Context(), token, lead.NoteForm{Text: "Words of the note", Key: "once"}); err != nil {
				t.Fatal(err)
			}
			arrives(t, db, c.from, c.text)
			answer(t, db, "Words of the answer")
			run(t, db, to(box))
			eventually(t, "nothing waits", func() bool { return waiting(t, db) == 0 })
			reply := text(t, box, "Words of the answer")
			for words, want := range map[string]bool{
				"you wrote:\n\n> " + c.quoted + "\n":         true,
				"<blockquote dir=\"auto\">" + c.quoted + "<": true,
				"Words of an email":                          c.quoted == "Words of an email",
				"boss@example.org":                           false, "Subject of": false, "Name of": false, "brief.pdf": false,
			} {
				if strings.Contains(reply, words) != want {
					t.Errorf("%q is in the reply: want %t\n%s", words, want, reply)
				}
			}
			r, err := db.Receipt(t.Context(), token)
			if err != nil {
				t.Fatal(err)
			}
			shown := slices.ContainsFunc(r.Messages, func(m lead.Message) bool { return m.Kind == lead.MailMessage })
			if want := strings.EqualFold(c.from, "prospect@example.org"); shown != want {
				t.Errorf("the email is on the receipt: %t, want %t", shown, want)
			}
		})
	}
}

func TestReplyToALeadByHandQuotesNothingThatAMemberWrote(t *testing.T) {
	t.Parallel()
	db, box := pgtest.New(t), mailtest.New(t)
	hire(t, db, "member@example.org")
	send(t, db, "prospect@example.org", "A member’s words about a call")
	if _, err := db.Conns().Exec(t.Context(), `UPDATE leads SET channel = 'phone'`); err != nil {
		t.Fatal(err)
	}
	answer(t, db, "Words of the answer")
	run(t, db, to(box))
	eventually(t, "nothing waits", func() bool { return waiting(t, db) == 0 })
	reply := text(t, box, "Words of the answer")
	for _, words := range []string{"you wrote", "A member’s words", "<blockquote"} {
		if strings.Contains(reply, words) {
			t.Errorf("the reply has %q:\n%s", words, reply)
		}
	}
}
