package web_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"

	"tiebreak/internal/lead"
	"tiebreak/internal/pgtest"
	"tiebreak/internal/staff"
)

func TestReplyStopsTheClockOnceAndIsSentOnce(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.signIn(staff.Editor)
	receipt := s.ask("A sample project", nil)
	s.ask("Another project", url.Values{"name": {"Another Person"}})
	page := s.get("/staff/leads/TB-0001")
	form := url.Values{
		"do": {"send"}, "reply": {"Hello,\n\n*yes*."}, "seen": {page.attr("[name=seen]", "value")},
		"key": {page.attr("[name=key]", "value")},
	}
	for range 2 {
		to := s.post("/staff/leads/TB-0001/reply", form).wantStatus(http.StatusSeeOther).header.Get("Location")
		page = s.get(to)
	}
	page.wantText(".notice", "Your reply is on its way. Next: Another Person, 23 h 59 min left")
	page.wantText(".strip", "answered in time")
	page.wantText(".strip", "Contacted")
	page.wantCount(".quote.prose em", 1)
	page.wantText(".steps", "Sample Member replied")
	s.get(receipt).wantText(".steps", "We replied by email")
	if n := s.replies(); n != 1 {
		t.Errorf("%d replies go out", n)
	}
	first := *s.leads()[1].AnsweredAt
	s.act("TB-0001", "/reply", url.Values{"reply": {"And another thing."}}).wantStatus(http.StatusSeeOther)
	if l := s.leads()[1]; !l.AnsweredAt.Equal(first) || s.replies() != 2 {
		t.Errorf("answered at %v, then at %v; %d replies", first, l.AnsweredAt, s.replies())
	}
}

// replies counts the mails that carry one.
func (s *site) replies() (n int) {
	s.t.Helper()
	mails, err := s.db.LeadDeliveries(context.Background(), "TB-0001")
	if err != nil {
		s.t.Fatal(err)
	}
	for _, m := range mails {
		if m.Kind == lead.ReplyMail {
			n++
		}
	}
	return n
}

func TestReplyToALeadThatWentOnIsKeptAndTellsWhatHappened(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.signIn(staff.Editor)
	receipt := s.ask("A sample project", nil)
	seen := s.get("/staff/leads/TB-0001").attr("[name=seen]", "value")
	s.post(receipt+"/notes", url.Values{"note": {"Wait, one thing more."}}).wantStatus(http.StatusSeeOther)
	page := s.post("/staff/leads/TB-0001/reply",
		url.Values{"reply": {"What I had written"}, "seen": {seen}}).wantStatus(http.StatusConflict)
	page.wantText("[role=alert]", "The prospect added a note")
	page.wantText("textarea[name=reply]", "What I had written")
	page.wantText("main", "Wait, one thing more.")
	s.get("/staff/leads/TB-0001").wantText("textarea[name=reply]", "What I had written") // kept as a draft
	s.post("/staff/leads/TB-0001/reply", url.Values{
		"reply": {"What I had written"},
		"seen":  {page.attr("[name=seen]", "value")},
	}).wantStatus(http.StatusSeeOther)
	s.get("/staff/leads/TB-0001").wantCount("textarea[name=reply]:contains('What')", 0)
}

func TestReplyIsPreviewedKeptAsADraftAndBegunFromATemplate(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.signIn(staff.Editor)
	s.ask("A sample project", nil)
	s.post("/staff/account/signature", url.Values{"signature": {"Sample Member, **Sample Studio**"}}).wantStatus(
		http.StatusSeeOther)
	s.post("/staff/templates", url.Values{
		"name": {"First answer"},
		"text": {"Hello {nam}"},
	}).wantStatus(http.StatusUnprocessableEntity).
		wantText(".err", "{nam} is not a known field")
	s.post("/staff/templates", url.Values{
		"name": {"First answer"},
		"text": {"Hello {name}, about {guide} ({reference}): {me}"},
	}).wantStatus(http.StatusSeeOther)
	s.get("/staff/leads/TB-0001?template=1").
		wantText("textarea[name=reply]", "Hello Sample Person, about Django vs FastAPI (TB-0001): Sample Member")

	page := s.act("TB-0001", "/reply", url.Values{
		"do":    {"preview"},
		"reply": {"So **bold** <script>no</script>"},
	}).wantStatus(http.StatusOK)
	page.wantText("#preview .prose strong", "bold")
	page.wantText("#preview", "Sample Studio")
	page.wantCount("#preview script", 0)
	s.get("/staff/leads/TB-0001").wantText("textarea[name=reply]", "**bold**")
	s.act("TB-0001", "/reply", url.Values{"do": {"draft"}, "reply": {""}}).wantStatus(http.StatusSeeOther)
	s.act("TB-0001", "/reply", url.Values{
		"do":    {"send"},
		"reply": {"  "},
	}).wantStatus(http.StatusUnprocessableEntity).wantText(".err", "This is empty")
	s.post("/staff/leads/TB-0001/draft", url.Values{"reply": {"typed"}}).wantStatus(http.StatusNoContent)
	s.get("/staff/leads/TB-0001").wantText("textarea[name=reply]", "typed")
}

func TestNotesOfTheTeamStopNoClockAndAreNotForTheProspect(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.signIn(staff.Editor)
	receipt := s.ask("A sample project", nil)
	s.act("TB-0001", "/team-notes", url.Values{"note": {"Careful with this one."}}).wantStatus(http.StatusSeeOther)
	s.act("TB-0001", "/assignee", url.Values{"assignee": {"1"}}).wantStatus(http.StatusSeeOther)
	page := s.get("/staff/leads/TB-0001")
	page.wantText("main", "Careful with this one.")
	page.wantText(".strip", "min left")
	if text := s.get(receipt).text("main"); strings.Contains(text, "Careful") || strings.Contains(text, "Sample Member") {
		t.Errorf("the prospect reads %q", text)
	}
}

func TestReplyToASuspectWaitsUntilItIsTakenIn(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.signIn(staff.Editor)
	s.ask("A sample project", url.Values{"stamp": {"forged"}})
	s.get("/staff/leads/TB-0001").wantCount("textarea[name=reply]", 0)
	s.act("TB-0001", "/reply", url.Values{"reply": {"Hello"}}).wantStatus(http.StatusForbidden)
	s.post("/staff/leads/TB-0001/suspicion", url.Values{"verdict": {"no-spam"}}).wantStatus(http.StatusSeeOther)
	s.act("TB-0001", "/reply", url.Values{"reply": {"Hello"}}).wantStatus(http.StatusSeeOther)
}

func TestEarlierLeadsOfTheSameAddressAreShown(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.signIn(staff.Reader)
	s.ask("the first", url.Values{"email": {"Sample@Example.org"}})
	s.ask("another one's", url.Values{"email": {"other@example.org"}})
	s.ask("the second", nil)
	page := s.get("/staff/leads/TB-0003")
	page.wantText("main section:contains('Same sender or same text')", "TB-0001")
	if strings.Contains(page.text("main"), "TB-0002") {
		t.Error("another address's lead is shown")
	}
}

// TestTwoMembersAtOneLeadNeverOverwriteOrSendTwice has two members do something to the same lead at the same moment.
func TestTwoMembersAtOneLeadNeverOverwriteOrSendTwice(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.signIn(staff.Editor)
	other := &site{t: t, db: s.db, base: s.base, client: browser(t)}
	other.addMember("second@example.org", staff.Editor)
	other.post("/staff/sign-in", url.Values{
		"email":    {"second@example.org"},
		"password": {"a sample password"},
	}).wantStatus(http.StatusSeeOther)
	s.ask("A sample project", nil)
	acts := []struct {
		noun string
		form url.Values
	}{
		{"/reply", url.Values{"reply": {"Mine"}}},
		{"/status", url.Values{"to": {"qualified"}}},
		{"/assignee", url.Values{"assignee": {"1"}}},
		{"/reply", url.Values{"reply": {"Mine"}}},
	}
	const path = "/staff/leads/TB-0001"
	for round := range pgtest.Rounds(t, "TIEBREAK_DESK_ROUNDS", 8) {
		mine, theirs := acts[round%len(acts)], acts[(round/2)%len(acts)]
		if mine.noun == "/status" || theirs.noun == "/status" {
			s.act("TB-0001", "/status", url.Values{"to": {"contacted"}}) // from where it can be qualified
		}
		page := s.get(path)
		before, seen := s.replies(), page.attr("[name=seen]", "value")
		steps := page.Find(".steps").First().Find("li").Length()
		var wait sync.WaitGroup
		answers := make([]answer, 2)
		for i, who := range []*site{s, other} {
			what := []struct {
				noun string
				form url.Values
			}{mine, theirs}[i]
			form := url.Values{"seen": {seen}, "key": {lead.NewKey()}}
			for name, values := range what.form {
				form[name] = values
			}
			wait.Go(func() { answers[i] = who.post(path+what.noun, form) })
		}
		wait.Wait()
		done, told := 0, 0
		for _, a := range answers {
			switch a.status {
			case http.StatusSeeOther:
				done++
			case http.StatusConflict:
				told++
				a.wantText("[role=alert]", "Sample Member")
			}
		}
		page = s.get(path)
		// An assignment does not stop a reply or a move that comes after it.
		both := (mine.noun == "/assignee") != (theirs.noun == "/assignee")
		after := page.Find(".steps").First().Find("li").Length()
		if done+told != 2 || done == 0 || done == 2 && !both || after != steps+done || s.replies() > before+1 {
			t.Fatalf("round %d, %s and %s: %d done, %d told, %d steps after %d, %d replies after %d",
				round, mine.noun, theirs.noun, done, told, after, steps, s.replies(), before)
		}
	}
}

func TestReplyIsNotStoppedByTheMembersOwnOtherTab(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.signIn(staff.Editor)
	s.ask("A sample project", nil)
	seen := s.get("/staff/leads/TB-0001").attr("[name=seen]", "value")
	s.act("TB-0001", "/assignee", url.Values{"assignee": {"1"}}).wantStatus(http.StatusSeeOther)
	s.act("TB-0001", "/team-notes", url.Values{"note": {"Looks promising"}}).wantStatus(http.StatusSeeOther)
	form := url.Values{"reply": {"Hello"}, "seen": {seen}, "key": {"first"}}
	s.post("/staff/leads/TB-0001/reply", form).wantStatus(http.StatusSeeOther)
	form.Set("key", "second")
	s.post("/staff/leads/TB-0001/reply", form).wantStatus(http.StatusConflict).wantText("[role=alert]", "Sample Member replied")
	for wrong, want := range map[string]int{ // none of the lead's events, or no number at all
		"0": http.StatusConflict, "999999": http.StatusConflict, "": http.StatusBadRequest, "x": http.StatusBadRequest,
	} {
		s.post("/staff/leads/TB-0001/reply", url.Values{"reply": {"Hello " + wrong}, "seen": {wrong}}).wantStatus(want)
	}
	s.post("/staff/leads/TB-0001/status", url.Values{"to": {"won"}, "seen": {seen}}).wantStatus(http.StatusConflict)
}

func TestReplyGoesOutWithNoFieldLeftUnfilled(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.signIn(staff.Editor)
	s.ask("A general question", url.Values{"guide": {""}, "option": {"undecided"}, "tick": nil})
	s.ask("Undecided", url.Values{"option": {"undecided"}})
	text := "Hello {name}, you read \"{guide}\" and lean to {option}."
	s.post("/staff/templates", url.Values{"name": {"First"}, "text": {text}}).wantStatus(http.StatusSeeOther)

	page := s.get("/staff/leads/TB-0001?template=1")
	page.wantText("textarea[name=reply]", "Hello Sample Person, you read \"{guide}\" and lean to {option}.")
	page.wantText("#reply-wrong", "This lead has no value for {guide}, {option}.")
	page = s.get("/staff/leads/TB-0002?template=1")
	page.wantText("textarea[name=reply]", "you read \"Django vs FastAPI\" and lean to {option}.")
	sent := s.act("TB-0002", "/reply", url.Values{"reply": {page.text("textarea[name=reply]")}}).wantStatus(
		http.StatusUnprocessableEntity)
	sent.wantText("#reply-wrong", "{option}")
	if n := s.replies(); n != 0 {
		t.Errorf("%d replies go out", n)
	}
	s.act("TB-0002", "/reply", url.Values{"reply": {"In Python, f\"{name}\" is a format, " +
		"{unknown} too."}}).wantStatus(http.StatusSeeOther)
}

func TestSuspectsAndErasedLeadsAreOfferedNoMoveAndNoDeadline(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.signIn(staff.Admin)
	s.ask("spam", url.Values{"stamp": {"forged"}})
	page := s.get("/staff/leads/TB-0001")
	page.wantText(".strip", "Reply dueNo reply due")
	page.wantText(".strip", "New, suspected spam")
	page.wantText(".strip", "PlaceNone")
	page.wantCount("form[action$='/status']", 0)
	s.act("TB-0001", "/status", url.Values{"to": {"contacted"}}).wantStatus(http.StatusForbidden)
	s.get("/staff/leads?tab=suspects").wantText("td.due", "No reply due")
	s.get("/staff/leads?tab=suspects").wantCount("td.due time", 0)

	s.act("TB-0001", "/erasure", url.Values{}).wantStatus(http.StatusSeeOther)
	page = s.get("/staff/leads/TB-0001")
	page.wantText(".strip", "Reply dueNo reply due")
	page.wantCount("h2:contains('The project'), form[action$='/status'], form[action$='/assignee']", 0)
}
