package web_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"tiebreak/internal/lead"
	"tiebreak/internal/pgtest"
	"tiebreak/internal/postgres"
	"tiebreak/internal/staff"
)

// arrives has an email come into the inbox.
func (s *site) arrives(m lead.Message) {
	s.t.Helper()
	ctx, mailbox := s.t.Context(), []byte("a sample mailbox")
	progress, err := s.db.OpenMailbox(ctx, mailbox, 1)
	noError(s.t, err)
	m.Kind = lead.MailMessage
	at := postgres.MailPlace{Mailbox: mailbox, Validity: 1, UID: progress.LastUID + 1}
	keys := []postgres.MailKey{{Digest: fmt.Append(nil, at.UID)}}
	took, err := s.db.TakeMail(ctx, at, postgres.IncomingMail{Message: m, Keys: keys})
	noError(s.t, err)
	if took.Inbox != 1 {
		s.t.Fatalf("the email was taken as %+v", took)
	}
}

func TestMemberAddsAnEmailOfTheInboxToItsLead(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Editor)
	s.ask("A sample project", "email", "Ada@example.org")
	s.get("/staff/leads").wantText("nav.area", "Inbox").wantNoText("nav.area", "Inbox (")
	s.get("/staff/inbox").wantText("main", "The inbox is empty.")
	s.arrives(lead.Message{
		SenderName: "Ada Sample", SenderAddress: "ada@example.org", Subject: "About my <b>request</b>",
		Text: "We use PostgreSQL.", Quoted: "> Which database?",
		Parts: []lead.Part{{Name: "brief.pdf", Type: "application/pdf", Size: 240_000}},
	})
	s.get("/staff/leads").wantText("nav.area", "Inbox (1)")
	s.get("/staff/inbox").wantText("tbody", "Ada Sample").wantText("tbody", "About my <b>request</b>", "PostgreSQL")

	page := s.get("/staff/inbox/1")
	page.wantText("main", "To get them, open it in the mailbox reply@example.org on imap.example.org: "+
		"from ada@example.org, “About my <b>request</b>”")
	for _, words := range []string{"ada@example.org", "We use PostgreSQL.", "Which database?", "brief.pdf", "Add to TB-0001"} {
		page.wantText("main", words)
	}
	s.post("/staff/inbox/1/lead", url.Values{"reference": {"TB-9999"}}).wantStatus(http.StatusUnprocessableEntity).
		wantText("main", "There is no lead TB-9999.").wantAttr("#reference", "value", "TB-9999")

	for range 2 { // the second press changes nothing
		a := s.post("/staff/inbox/1/lead", url.Values{"reference": {"tb 1"}})
		s.follow(a).wantText("[role=status]", "Email added to this lead.")
		s.get("/staff/leads/TB-0001").wantText("#latest", "We use PostgreSQL.")
	}
	s.get("/staff/leads").wantNoText("nav.area", "Inbox (")
	s.wantAudited(staff.EmailAttached, "email 1")
	for _, stale := range []string{"/staff/inbox/1", "/staff/leads/new?mail=1"} {
		s.get(stale).wantStatus(http.StatusGone).wantText("h1", "This email is on the lead TB-0001").
			wantText("main", "Sample Member added it on", "Open the lead TB-0001")
	}
	l, err := s.db.LeadByReference(t.Context(), "TB-0001")
	noError(t, err)
	if !l.NeedsAnswer {
		t.Error("the lead needs no answer")
	}
}

func TestEveryoneWhoAnswersIsToldOfTheFirstEmailInTheInbox(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Editor)
	s.addMember("admin@example.org", staff.Admin)
	s.addMember("reader@example.org", staff.Reader)
	told := func(want int) {
		t.Helper()
		s.await(answerLimit, fmt.Sprintf(`count(*) = %d FROM deliveries WHERE kind = 'inbox'`, want))
	}
	s.arrives(lead.Message{SenderAddress: "ada@example.org", Text: "first"})
	told(2)
	s.arrives(lead.Message{SenderAddress: "ada@example.org", Text: "second"})
	told(2)
	s.mustPost("/staff/inbox/1/removal")
	s.mustPost("/staff/inbox/2/removal")
	s.arrives(lead.Message{SenderAddress: "ada@example.org", Text: "third"})
	told(4)
}

func TestEmailOnAWrongLeadIsMovedToTheInbox(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Editor)
	receipt := s.ask("A sample project", "email", "ada@example.org")
	s.arrives(lead.Message{SenderName: "Someone Else", SenderAddress: "else@example.org", Text: "Words of trumpets."})
	s.mustPost("/staff/inbox/1/lead", "reference", "TB-0001")
	s.get(receipt).wantNoText("main", "Someone Else", "trumpets")
	s.get("/staff/leads?q=trumpets").wantCount(".leads tbody th", 1)

	s.follow(s.post("/staff/leads/TB-0001/messages/1/removal", nil)).wantText("[role=status]", "Moved to the inbox.").
		wantNoText("#timeline", "trumpets")
	s.get(receipt).wantNoText("main", "trumpets", "Someone Else")
	s.get("/staff/leads?q=trumpets").wantCount(".leads tbody th", 0)
	s.get("/staff/inbox/1").wantText("main", "Words of trumpets.")
	s.wantAudited(staff.EmailDetached, "email 1")
	s.post("/staff/leads/TB-0001/messages/1/removal", nil).wantStatus(http.StatusNotFound)
	s.mustPost("/staff/leads/TB-0001/team-notes", "note", "A note", "key", "once")
	s.post("/staff/leads/TB-0001/messages/2/removal", nil).wantStatus(http.StatusNotFound)
}

func TestMemberMakesALeadOfAnEmailOfTheInbox(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Editor)
	s.arrives(lead.Message{
		SenderName: "Ada Sample", SenderAddress: "ada@example.org", Subject: "A new shop", Text: "We need a shop.",
		At: time.Now().Add(-3 * time.Hour),
	})
	to := s.get("/staff/inbox/1").attr("main a[href^='/staff/leads/new']", "href")
	form := s.get(to).form("form[action='/staff/leads/new']")
	form.Set("channel", "email")
	for range 2 { // two presses are one lead
		s.follow(s.post("/staff/leads/new", form)).wantText("[role=status]", "Lead entered")
	}
	s.get("/staff/leads/TB-0001").wantText("h1", "Ada Sample").wantText("#latest", "We need a shop.", "A new shop")
	l, err := s.db.LeadByReference(t.Context(), "TB-0001")
	noError(t, err)
	if l.Email != "ada@example.org" || l.Project != "We need a shop." || time.Since(l.ReceivedAt) < 2*time.Hour {
		t.Errorf("the lead is %+v", l)
	}
	s.get("/staff/inbox").wantText("main", "The inbox is empty.")
	s.get("/staff/leads/TB-0002").wantStatus(http.StatusNotFound)
}

func TestDismissedEmailIsGoneAndAnErasedLeadTakesNone(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Admin)
	s.ask("A sample project")
	noError(t, s.db.EraseLead(t.Context(), "TB-0001", postgres.CommandLine))
	s.arrives(lead.Message{Text: "Sample words"})
	s.post("/staff/inbox/1/lead", url.Values{"reference": {"TB-0001"}}).wantStatus(http.StatusUnprocessableEntity).
		wantText("main", "The lead TB-0001 is erased and cannot take emails.")
	for range 2 {
		page := s.follow(s.post("/staff/inbox/1/removal", nil))
		page.wantText("[role=status]", "Dismissed.").wantText("main", "The inbox is empty.")
	}
	for _, stale := range []string{"/staff/inbox/1", "/staff/leads/new?mail=1"} {
		s.get(stale).wantStatus(http.StatusGone).wantText("main", "Sample Member dismissed it on", "Back to the inbox")
		s.get(strings.Replace(stale, "1", "9", 1)).wantStatus(http.StatusNotFound)
	}
	s.ask("Another project")
	s.post("/staff/inbox/1/lead", url.Values{"reference": {"TB-0002"}}).wantStatus(http.StatusGone)
	s.wantAudited(staff.EmailDismissed)
	s.as(staff.Reader).get("/staff/inbox").wantStatus(http.StatusOK)
}

func TestTextInTheInboxIsDeletedWithThatOfSuspects(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Admin)
	s.arrives(lead.Message{Subject: "A sample email"})
	for _, step := range []struct {
		shift string
		want  int
	}{{"29 days", 1}, {"31 days", 0}} {
		later := pgtest.After(t, s.address, step.shift)
		noError(t, later.Sweep(t.Context()))
		q, err := later.Queue(t.Context())
		noError(t, err)
		if q.Inbox != step.want {
			t.Errorf("after %s: %d emails in the inbox, want %d", step.shift, q.Inbox, step.want)
		}
	}
}

func TestStaffSeeThatTheMailboxCannotBeRead(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Reader)
	noError(t, s.db.MailboxFailed(t.Context(), []byte("a sample mailbox"), lead.MailboxUnreachable))
	s.get("/staff/leads").wantNoText("body", "Incoming email cannot be read.")
	s.get("/staff/deliveries").wantCount("#mailbox, .banner", 0)
	later := s.later("3 minutes")
	later.get("/staff/deliveries").wantText("#mailbox", "The mail server cannot be reached.").wantCount(".banner", 0)
	later.get("/staff/leads").wantText(".banner", "Incoming email cannot be read.")
	_, err := later.db.OpenMailbox(t.Context(), []byte("a sample mailbox"), 1)
	noError(t, err)
	later.get("/staff/leads").wantNoText("body", "Incoming email cannot be read.")
	noError(t, s.db.MailboxFailed(t.Context(), []byte("a sample mailbox"), lead.MailboxRefused))
	later.get("/staff/leads").wantText(".banner", "refuses the user or the password")
}

func TestInboxFindsTheLeadByNameOrAddress(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Editor)
	s.ask("We need a shop", "name", "Ada Sample", "email", "ada@example.org")
	s.ask("Ada Sample knows us", "name", "Someone Else", "email", "else@example.org")
	for i := range 12 {
		s.ask(fmt.Sprintf("Project %d", i), "name", "Grace Example", "email", fmt.Sprintf("grace%d@example.org", i))
	}
	s.arrives(lead.Message{SenderName: "Ada at work", SenderAddress: "ada@work.example", Text: "We use PostgreSQL."})
	for _, typed := range []string{"ada sample", "ada@example.org"} {
		found := s.post("/staff/inbox/1/lead", url.Values{"reference": {typed}}).wantStatus(http.StatusOK).
			wantAttr("#reference", "value", typed).
			wantText("#found", "TB-0001 Ada Sample,", time.Now().UTC().Format("2 Jan 2006")+", new")
		if first := found.attr("#found input[type=radio]", "value"); first != "TB-0001" {
			t.Errorf("%s finds %s first", typed, first)
		}
		found.wantCount("#found legend[autofocus]", 1).wantCount("#found input[checked]", 0).wantText("main", "Add to this lead")
	}
	s.post("/staff/inbox/1/lead", url.Values{"reference": {"grace"}}).wantCount("#found input[type=radio]", 10)
	s.wantAudited(staff.LeadsListed, "")
	s.post("/staff/inbox/1/lead", url.Values{"reference": {"Nobody Known"}}).wantStatus(http.StatusUnprocessableEntity).
		wantText("main", "We found no lead for “Nobody Known”.").wantAttr("#reference", "value", "Nobody Known")
	s.post("/staff/inbox/1/lead", url.Values{"reference": {""}}).wantStatus(http.StatusUnprocessableEntity).
		wantText("main", "Enter a name, an email address or a reference")
	s.follow(s.post("/staff/inbox/1/lead", url.Values{"reference": {"TB-0001"}})).
		wantText("[role=status]", "Email added to this lead.")
}

func TestLeadsOfTheSameSenderShowTheirNames(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Editor)
	s.ask("A sample project", "name", "Ada Sample", "email", "ada@example.org")
	s.arrives(lead.Message{SenderAddress: "ada@example.org", Text: "We use PostgreSQL."})
	s.get("/staff/inbox/1").wantText("main ul.list", "TB-0001 Ada Sample,")
}
