package web_test

import (
	"fmt"
	"net/url"
	"testing"
	"time"

	"tiebreak/internal/lead"
	"tiebreak/internal/staff"
)

// memberMail has a member's email come to the lead TB-0001, and returns the number of the message.
func (s *site) memberMail(from, text string) (id int64) {
	s.t.Helper()
	s.arrives(lead.Message{SenderName: "Sample Member", SenderAddress: from, Subject: "Re: a request", Text: text})
	noError(s.t, s.db.Conns().QueryRow(s.t.Context(), `SELECT max(id) FROM messages`).Scan(&id))
	s.get(fmt.Sprintf("/staff/inbox/%d", id)).wantText("main", "from a member: Sample Member")
	s.get("/staff/inbox").wantText("tbody", "from a member: Sample Member")
	s.mustPost(fmt.Sprintf("/staff/inbox/%d/lead", id), "reference", "TB-0001")
	return id
}

func TestEmailOfAMemberGoesOutOnlyInAReplyThatAMemberSends(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Editor)
	receipt := s.ask("A sample project", "email", "ada@example.org")
	id := s.memberMail("member@example.org", "We start on **Monday**.\n\nBest,\nSample\n+49 30 1234")
	page := s.get("/staff/leads/TB-0001")
	page.wantText("#timeline", "from a member: Sample Member", "only your team sees this", "The prospect has not received this.",
		"Their private page does not show it.")
	page.wantText(".notice", "Sample Member wrote by email. The prospect has not received it.")
	s.get(receipt).wantNoText("main", "Monday", "Sample Member", "You wrote")
	page.wantCount("form#reply-form[method=post][action='/staff/leads/TB-0001/reply'] textarea[name=reply]", 1).
		wantCount(fmt.Sprintf("button[form=reply-form][name=mail][value='%d']", id), 1)

	page = s.follow(s.post("/staff/leads/TB-0001/reply", url.Values{"mail": {fmt.Sprint(id)}, "reply": {"What I had begun"}}))
	if typed := page.text("textarea[name=reply]"); typed != "What I had begun We start on **Monday**. Best," {
		t.Errorf("the reply begins with %q", typed)
	}
	before, err := s.db.LeadByReference(t.Context(), "TB-0001")
	noError(t, err)
	if before.AnsweredAt != nil || before.Status != lead.New || s.replies() != 0 {
		t.Errorf("the email moved the lead: %+v", before)
	}
	s.get(receipt).wantNoText("main", "Monday")
}

func TestEmailOfAMemberIsKeptAsANoteOrDismissed(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Editor)
	receipt := s.ask("A sample project", "email", "ada@example.org")
	note, other := s.memberMail("member@example.org", "Words of trumpets."), s.memberMail("member@example.org", "Words of drums.")
	for range 2 {
		s.follow(s.post(fmt.Sprintf("/staff/leads/TB-0001/messages/%d/team-note", note), nil)).
			wantText("[role=status]", "Kept as a note to the team.").wantText("#timeline", "wrote to the team", "trumpets")
		s.follow(s.post(fmt.Sprintf("/staff/leads/TB-0001/messages/%d/dismissal", other), nil)).
			wantText("[role=status]", "Dismissed.").wantNoText("main", "drums", "has not received")
	}
	s.wantAudited("lead-team-note", "TB-0001")
	s.wantAudited(staff.EmailDismissed, fmt.Sprintf("email %d", other))
	s.get(receipt).wantNoText("main", "trumpets", "drums")
	s.get("/staff/leads?q=drums").wantCount(".leads tbody th", 0)
	noError(t, s.db.EraseLead(t.Context(), "TB-0001", 0))
	var left int
	noError(t, s.db.Conns().QueryRow(t.Context(), `SELECT count(*) FROM messages`).Scan(&left))
	if left != 0 {
		t.Errorf("%d messages are left after the erasure", left)
	}
}

func TestSuspectLeadOffersNoReplyWithAnEmailOfAMember(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Editor)
	s.ask("A sample project", "email", "ada@example.org")
	s.memberMail("member@example.org", "We start on Monday.")
	s.act("TB-0001", "/suspicion", url.Values{"verdict": {"spam"}})
	s.get("/staff/leads/TB-0001").wantCount("button[name=mail]", 0)
}

func TestForwardedEmailBecomesTheProspectsMessage(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Editor)
	receipt := s.ask("A sample project", "name", "Ada Sample", "email", "ada@example.org")
	s.act("TB-0001", "/calls", url.Values{"text": {"We spoke."}, "key": {"once"}})
	id := s.memberMail("member@example.org", "Can you start in May?")
	_, err := s.db.Conns().Exec(t.Context(), `UPDATE messages SET at = at - interval '3 hours' WHERE id = $1`, id)
	noError(t, err)
	to := fmt.Sprintf("/staff/leads/TB-0001/messages/%d/prospect", id)
	s.get("/staff/leads/TB-0001").wantText("form[action='"+to+"']", "The prospect wrote this")
	for range 2 {
		s.follow(s.post(to, nil)).wantText("[role=status]", "This is the prospect’s message now.")
	}
	s.get("/staff/leads/TB-0001").wantText("#latest", "Ada Sample wrote by email", "Can you start in May?").
		wantText("#timeline", "Sample Member said that the prospect wrote an email").wantNoText("main", "has not received")
	s.get(receipt).wantNoText("main", "Can you start in May?", "Sample Member")
	s.wantAudited(staff.LeadMailRecognised, "TB-0001")
	l, err := s.db.LeadByReference(t.Context(), "TB-0001")
	noError(t, err)
	if !l.NeedsAnswer || l.AwaitingSince == nil || time.Since(*l.AwaitingSince) < 3*time.Hour ||
		l.AnswerDueAt.Sub(*l.AwaitingSince) != 24*time.Hour {
		t.Errorf("the second clock does not count from the arrival: %v, %v", l.AwaitingSince, l.AnswerDueAt)
	}
}
