package web_test

import (
	"net/http"
	"testing"
	"time"

	"tiebreak/internal/staff"
)

func TestConversationIsOneTimelineForStaffAndItsOwnSideOnTheReceipt(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Editor)
	receipt := s.ask("A sample project")
	s.mustPost(receipt+"/notes", "note", "first")
	s.mustAct("TB-0001", "/team-notes", "note", "second")
	s.mustAct("TB-0001", "/reply", "reply", "third, *ours*")
	s.mustAct("TB-0001", "/calls", "text", "fourth")
	s.sql(`INSERT INTO messages (lead_id, kind, text, sender_address, subject, quoted, parts) VALUES (1, 'mail', 'fifth',
		'private@example.org', 'Re: our plan', '> third, ours', '[{"name": "plan.pdf", "type": "application/pdf", "size": 245000}]')`)

	page := s.get("/staff/leads/TB-0001")
	texts := page.Find(".message > .typed, .message > .prose").Text()
	if texts != "fifthfourththird, ourssecondfirst" {
		t.Errorf("the conversation is %q", texts)
	}
	page.wantText("#latest h2", "Latest message, just now").wantText("#latest", "Re: our plan", "fifth", "plan.pdf").
		wantText("#timeline .step:has(a[href='#latest'])", "Sample Person wrote the latest message")
	page.wantText(".message:contains('first')", "Sample Person wrote on their private page").
		wantText(".message:contains('second')", "Sample Member wrote to the team", "only your team sees this").
		wantText(".message:contains('third')", "Sample Member replied to Sample Person", "Email to the prospect: on its way").
		wantText(".message:contains('fourth')", "wrote down a call or a meeting", "only your team sees this").
		wantText(".message:contains('fifth')", "wrote by email, from private@example.org", "Re: our plan",
			"plan.pdf application/pdf, 245 KB", "open it in the mailbox reply@example.org on imap.example.org").
		wantText(".message details:not([open])", "> third, ours").
		wantText(".thread .step", "Arrived", "Sample Member took it")

	s.get(receipt).wantText("#messages", "first", "third, ours", "Sample Member").
		wantNoText("main", "second", "fourth", "fifth", "Re: our plan", "attachment", "private@example.org")
	s.sql(`UPDATE messages SET sender_address = upper(email) FROM lead_contents WHERE kind = 'mail'`)
	s.get(receipt).wantText("#messages", "fifth", "Re: our plan", "1 attachment")

	s.mustAct("TB-0001", "/reply", "reply", "sixth")
	s.get("/staff/leads/TB-0001").wantCount("#latest", 0).wantText("#timeline", "fifth", "plan.pdf", "sixth")
}

func TestMessageAfterTheReplyNeedsAnAnswerAgain(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Admin)
	s.setPromise("answer_hours", "5")
	receipt := s.ask("A sample project")
	s.mustAct("TB-0001", "/reply", "reply", "Words of a reply")
	s.get(receipt).wantText("#note-hint", "We aim to answer within 5 hours.")
	answerOf := func(words string) { // to what the prospect writes
		t.Helper()
		s.mustPost(receipt+"/notes", "note", words)
		s.get(receipt).wantText(".say", "We have your message. We aim to answer it by").wantText(".steps", "Reply due")
		s.get("/staff/leads").wantText(".leads", "4 h 59 min left", "new message")
		s.get("/staff/leads/TB-0001").wantText(".strip", "Answer due", "4 h 59 min left")
	}
	answerOf("one thing more")
	stale := s.seen("TB-0001")
	s.mustPost(receipt+"/notes", "note", "and another")
	s.post("/staff/leads/TB-0001/answer", fields("seen", stale)).wantStatus(http.StatusConflict).
		wantText("[role=alert]", "A message arrived")
	s.post("/staff/leads/TB-0001/calls", fields("seen", stale, "text", "We spoke")).wantStatus(http.StatusConflict).
		wantText("textarea[name=text]", "We spoke")
	s.act("TB-0001", "/calls", fields("text", " ")).wantStatus(http.StatusUnprocessableEntity).
		wantText("#text-wrong", "This is empty")

	s.mustAct("TB-0001", "/answer")
	s.get("/staff/leads").wantText("main", "Everyone has been answered.")
	s.get("/staff/leads/TB-0001").wantText(".strip", "answered in time").wantText(".thread", "said that no answer is needed").
		wantCount("form[action$='/answer']", 0)
	s.get(receipt).wantText(".say", "We have answered you.").wantNoText("main", "no answer is needed")

	s.mustAct("TB-0001", "/status", "to", "lost", "answered", "yes")
	answerOf("Not so fast")
	s.mustAct("TB-0001", "/calls", "text", "They insist.")
	s.get("/staff/leads").wantText("main", "Everyone has been answered.")
}

func TestReceiptTakesMessagesUntilItIsWithdrawnOrErased(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Editor)
	receipt := s.ask("A sample project")
	s.mustAct("TB-0001", "/status", "to", "lost", "answered", "no")
	s.get(receipt).wantCount("#note", 1)
	s.mustPost(receipt+"/notes", "note", "Are you sure?")
	s.mustAct("TB-0001", "/status", "to", "contacted")
	s.mustAct("TB-0001", "/status", "to", "won")
	s.mustPost(receipt+"/notes", "note", "We have signed.")
	for _, noun := range []string{"/withdrawal", "/erasure"} {
		other := s.ask("Another project " + noun)
		s.mustPost(other + noun)
		s.get(other).wantCount("#note", 0)
		s.post(other+"/notes", fields("note", "Too late")).wantStatus(http.StatusConflict).wantText("[role=alert]", "Too late")
	}
}

func TestCallStandsInTheTimelineWhenItTookPlace(t *testing.T) {
	t.Parallel()
	s := newSiteAt(t, time.Date(2027, 11, 30, 12, 0, 30, 0, time.UTC))
	s.signIn(staff.Editor)
	receipt := s.ask("A sample project")
	s.hoursOld("TB-0001", 30)
	s.mustPost(receipt+"/notes", "note", "first")
	s.get("/staff/leads/TB-0001").wantText("#at-hint", "UTC").wantAttr("#at", "type", "datetime-local")

	for typed, want := range map[string]string{
		"2027-11-30T12:05": "still to come. It is now 2027-11-30 12:0", "soon": "Enter a date and a time",
		"2026-01-01T09:00": "a year ago",
	} {
		page := s.act("TB-0001", "/calls", fields("at", typed, "text", "We spoke"))
		page.wantStatus(http.StatusUnprocessableEntity).wantText("#at-wrong", want)
		page.wantText("textarea[name=text]", "We spoke").wantAttr("#at", "value", typed).wantCount("details[open] #at", 1)
	}
	// Of before the prospect wrote at all: it answers nothing.
	s.mustAct("TB-0001", "/calls", "at", "2027-11-29T05:59", "text", "zeroth", "key", "a")
	s.get("/staff/leads/TB-0001").wantText(".strip", "late", "New")
	s.mustAct("TB-0001", "/calls", "at", "2027-11-30T10:15", "text", "before the first", "key", "b")
	page := s.get("/staff/leads/TB-0001").wantText(".strip", "Contacted")
	page.wantText("#timeline .message:contains('before')", "Tue 30 Nov 2027, 10:15")
	page.wantText("#latest", "first")
	if texts := page.Find("#timeline .message > .typed").Text(); texts != "before the firstzeroth" {
		t.Errorf("the timeline is %q", texts)
	}
	s.mustPost(receipt+"/notes", "note", "A question")
	s.sql(`UPDATE leads SET awaiting_since = '2027-11-30T11:50:40Z'`)
	s.mustAct("TB-0001", "/calls", "at", "2027-11-30T11:49", "text", "Before the question", "key", "c")
	s.get("/staff/leads/TB-0001").wantText(".strip", "Answer due")
	s.mustAct("TB-0001", "/calls", "at", "2027-11-30T11:50", "text", "After the question", "key", "d")
	s.get("/staff/leads/TB-0001").wantText(".strip", "Reply due")
}
