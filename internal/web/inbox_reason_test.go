package web_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"tiebreak/internal/lead"
	"tiebreak/internal/postgres"
	"tiebreak/internal/staff"
)

// onLead has an email come in with the code of the lead.
func (s *site) onLead(id int64, m lead.Message) {
	s.t.Helper()
	mailbox := []byte("a sample mailbox")
	progress, err := s.db.OpenMailbox(s.t.Context(), mailbox, 1)
	noError(s.t, err)
	m.Kind = lead.MailMessage
	at := postgres.MailPlace{Mailbox: mailbox, Validity: 1, UID: progress.LastUID + 1}
	keys := []postgres.MailKey{{Lead: id, Digest: fmt.Append(nil, "on lead", at.UID)}}
	_, err = s.db.TakeMail(s.t.Context(), at, postgres.IncomingMail{Message: m, Keys: keys})
	noError(s.t, err)
}

func TestEachEmailOfTheInboxSaysWhyItIsThere(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Admin)
	s.ask("A sample project", "email", "ada@example.org")
	receipt := s.ask("Another project", "email", "ben@example.org")
	s.arrives(lead.Message{SenderAddress: "else@example.org", Subject: "No code", Text: "One"})
	s.onLead(1, lead.Message{SenderAddress: "ada@example.org", Subject: "Moved", Text: "Two"})
	s.mustPost("/staff/leads/TB-0001/messages/2/removal")
	s.onLead(2, lead.Message{SenderAddress: "ben@example.org", Subject: "On the lead", Text: "Three"})
	noError(s.t, s.db.EraseLead(t.Context(), "TB-0002", postgres.CommandLine))
	s.onLead(2, lead.Message{SenderAddress: "ben@example.org", Subject: "Too late", Text: "Four"})

	s.get(receipt).wantText("main", "A message to us arrived").wantNoText("main", "You wrote to us")
	s.get("/staff/inbox").wantText("tbody tr:nth-child(1)", "Too late", "Its lead was erased before it arrived.").
		wantText("tbody tr:nth-child(2)", "Moved", "A member moved it here from a lead.").
		wantText("tbody tr:nth-child(3)", "No code", "It arrived without the code of a lead.")
	for id, want := range map[int]string{1: "without the code of a lead", 2: "moved it here", 4: "lead was erased"} {
		s.get(fmt.Sprint("/staff/inbox/", id)).wantText("main", want)
	}
	s.get("/staff/audit").wantText("tbody", "Tiebreak", "Kept an email to an erased lead in the inbox")
}

func TestInboxSaysWhoWillReadAnEmailBeforeItIsAdded(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Editor)
	receipt := s.ask("A sample project", "name", "Ada Sample", "email", "ada@example.org")
	s.arrives(lead.Message{SenderName: "Carl Chief", SenderAddress: "chief@example.org", Text: "At most 45,000."})
	s.get("/staff/inbox/1").wantText("main", "The prospect sees the email on their private page only if it came from the "+
		"email address of the lead.")
	for _, typed := range []string{"tb 1", "Ada"} {
		s.post("/staff/inbox/1/lead", url.Values{"ask": {"yes"}, "reference": {typed}}).
			wantAttr("#found [name=reference]", "value", "TB-0001")
	}
	s.get(receipt).wantNoText("main", "45,000")
	s.post("/staff/inbox/1/lead", url.Values{"ask": {"yes"}, "reference": {"TB-9999"}}).
		wantText("main", "There is no lead TB-9999.")
	s.mustPost("/staff/inbox/1/lead", "reference", "TB-0001")
	s.get(receipt).wantNoText("main", "Carl Chief", "45,000")
}

func TestEmailThatIsTooLargeIsSeenToHaveArrived(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Editor)
	receipt := s.ask("A sample project", "email", "ada@example.org")
	id := strings.Repeat("a-long-id-", 12) + "@example.org"
	large := lead.Message{
		SenderAddress: "ada@example.org", Subject: "The video", Parts: lead.LargeMail(11_534_336), MessageID: id,
	}
	s.onLead(1, large)
	s.arrives(large)
	for _, page := range []string{"/staff/leads/TB-0001", "/staff/inbox/2"} {
		s.get(page).wantText("main", "ada@example.org", "The video", id).
			wantText("main", "larger than 10 MB (11.5 MB), so Tiebreak did not read it").
			wantNoText("main", "the parts below", "no text", "message/rfc822")
	}
	s.get(receipt).wantText("#messages", "The video", "This email is larger than 10 MB, so we could not read it.").
		wantNoText("main", "attachment")
}
