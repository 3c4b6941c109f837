package web_test

import (
	"net/http"
	"strings"
	"testing"

	"tiebreak/internal/lead"
	"tiebreak/internal/pgtest"
	"tiebreak/internal/staff"
)

func TestReplyStopsTheClockOnceAndIsSentOnce(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Editor)
	receipt := s.ask("A sample project")
	s.ask("Another project", "name", "Another Person")
	page := s.get("/staff/leads/TB-0001")
	form := fields("do", "send", "reply", "Hello,\n\n*yes*.", "seen", page.value("[name=seen]"), "key", page.value("[name=key]"))
	for range 2 {
		page = s.follow(s.post("/staff/leads/TB-0001/reply", form))
	}
	page.wantText(".notice", "Your reply is on its way. Next: Another Person, 23 h 59 min left")
	page.wantText(".strip", "answered in time", "Contacted").wantText(".thread", "Sample Member replied")
	page.wantCount(".thread .prose em", 1)
	s.get(receipt).wantText(".steps", "We replied by email")
	s.wantReplies(1)
	first := *s.leads()[1].AnsweredAt
	s.mustAct("TB-0001", "/reply", "reply", "And another thing.")
	s.wantReplies(2)
	if l := s.leads()[1]; !l.AnsweredAt.Equal(first) {
		t.Errorf("answered at %v, then at %v", first, l.AnsweredAt)
	}
}

func TestReplyToALeadThatChangedIsSavedAsADraftAndTellsWhatHappened(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Editor)
	receipt := s.ask("A sample project")
	seen := s.seen("TB-0001")
	s.mustPost(receipt+"/notes", "note", "Wait, one thing more.")
	page := s.post("/staff/leads/TB-0001/reply", fields("reply", "What I had written", "seen", seen)).
		wantStatus(http.StatusConflict).wantText("[role=alert]", "A message arrived")
	page.wantText("textarea[name=reply]", "What I had written").wantText("main", "Wait, one thing more.")
	s.get("/staff/leads/TB-0001").wantText("textarea[name=reply]", "What I had written")
	s.mustPost("/staff/leads/TB-0001/reply", "reply", "What I had written", "seen", page.value("[name=seen]"))
	s.get("/staff/leads/TB-0001").wantCount("textarea[name=reply]:contains('What')", 0)
}

func TestReplyIsPreviewedSavedAsADraftAndBegunFromATemplate(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Editor)
	s.ask("A sample project")
	s.mustPost("/staff/account/signature", "signature", "Sample Member, **Sample Studio**")
	s.post("/staff/templates", fields("name", "First answer", "text", "Hello {nam}")).
		wantStatus(http.StatusUnprocessableEntity).wantText(".err", "{nam} is not a known field")
	s.mustPost("/staff/templates", "name", "First answer", "text", "Hello {name}, about {guide} ({reference}): {me}")
	s.get("/staff/templates").wantCount("details:not([open]) form[action='/staff/templates/1/removal'] button", 1).
		wantText("details:has(form[action='/staff/templates/1/removal'])", "cannot undo this")
	s.get("/staff/leads/TB-0001?template=1").
		wantText("textarea[name=reply]", "Hello Sample Person, about Django vs FastAPI (TB-0001): Sample Member")

	page := s.act("TB-0001", "/reply", fields("do", "preview", "reply", "So **bold** <script>no</script>")).
		wantStatus(http.StatusOK).wantText("#preview .prose strong", "bold")
	page.wantText("#preview", "Sample Studio").wantCount("#preview script", 0)
	s.get("/staff/leads/TB-0001").wantText("textarea[name=reply]", "**bold**")
	s.mustAct("TB-0001", "/reply", "do", "draft", "reply", "")
	s.act("TB-0001", "/reply", fields("do", "send", "reply", "  ")).wantStatus(http.StatusUnprocessableEntity).
		wantText(".err", "This is empty")
	s.post("/staff/leads/TB-0001/draft", fields("reply", "typed")).wantStatus(http.StatusNoContent)
	s.get("/staff/leads/TB-0001").wantText("textarea[name=reply]", "typed")

	to := s.act("TB-0001", "/reply", fields("do", "template", "template", "1", "reply", "More typed")).
		wantStatus(http.StatusSeeOther).location()
	for range 2 { // a reload adds it once
		got := s.get(to).text("textarea[name=reply]")
		if !strings.Contains(got, "More typed") || strings.Count(got, "Hello Sample Person") != 1 {
			t.Errorf("the reply begins with %q", got)
		}
	}
}

func TestNotesOfTheTeamStopNoClockAndAreNotForTheProspect(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Editor)
	receipt := s.ask("A sample project")
	s.mustAct("TB-0001", "/team-notes", "note", "Careful with this one.")
	s.mustAct("TB-0001", "/assignee", "assignee", "1")
	s.get("/staff/leads/TB-0001").wantText("main", "Careful with this one.").wantText(".strip", "min left")
	s.get(receipt).wantNoText("main", "Careful", "Sample Member")
}

func TestEarlierLeadsOfTheSameAddressAreShown(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Reader)
	s.ask("the first", "email", "Sample@Example.org")
	s.ask("another one's", "email", otherEmail)
	s.ask("the second")
	s.get("/staff/leads/TB-0003").wantText("#others", "TB-0001").
		wantNoText("main", "TB-0002")
}

// TestTwoMembersAtOneLeadNeverOverwriteOrSendTwice has two members do something to the same lead at the same moment.
func TestTwoMembersAtOneLeadNeverOverwriteOrSendTwice(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Editor)
	other := s.withMember("second@example.org", staff.Editor)
	s.ask("A sample project")
	acts := [][]string{
		{"/reply", "reply", "Mine"}, {"/status", "to", "qualified"}, {"/assignee", "assignee", "1"}, {"/reply", "reply", "Mine"},
	}
	const path = "/staff/leads/TB-0001"
	s.mustAct("TB-0001", "/assignee", "assignee", "1") // otherwise the first reply does it
	for round := range pgtest.Rounds(t, "TIEBREAK_DESK_ROUNDS", 8) {
		mine, theirs := acts[round%len(acts)], acts[(round/2)%len(acts)]
		if mine[0] == "/status" || theirs[0] == "/status" {
			s.act("TB-0001", "/status", fields("to", "contacted")) // from where it can be qualified
		}
		page := s.get(path)
		before, seen := s.replies(), page.value("[name=seen]")
		steps := page.Find(".thread > li").Length()
		answers := make([]answer, 2)
		atOnce(2, func(i int) {
			member, act := []*site{s, other}[i], [][]string{mine, theirs}[i]
			form := fields("seen", seen, "key", lead.NewKey(), act[1], act[2])
			answers[i] = member.post(path+act[0], form)
		})
		done, refused := 0, 0
		for _, a := range answers {
			switch a.status {
			case http.StatusSeeOther:
				done++
			case http.StatusConflict:
				refused++
				a.wantText("[role=alert]", "Sample Member")
			}
		}
		page = s.get(path)
		// An assignment does not stop a reply or a move that comes after it.
		both := (mine[0] == "/assignee") != (theirs[0] == "/assignee")
		after := page.Find(".thread > li").Length()
		if done+refused != 2 || done == 0 || done == 2 && !both || after != steps+done || s.replies() > before+1 {
			t.Fatalf("round %d, %s and %s: %d done, %d refused, %d steps after %d, %d replies after %d",
				round, mine[0], theirs[0], done, refused, after, steps, s.replies(), before)
		}
	}
}

func TestReplyIsNotStoppedByTheMembersOwnOtherTab(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Editor)
	s.ask("A sample project")
	seen := s.seen("TB-0001")
	s.mustAct("TB-0001", "/assignee", "assignee", "1")
	s.mustAct("TB-0001", "/team-notes", "note", "Looks promising")
	form := fields("reply", "Hello", "seen", seen, "key", "first")
	s.post("/staff/leads/TB-0001/reply", form).wantStatus(http.StatusSeeOther)
	form.Set("key", "second")
	s.post("/staff/leads/TB-0001/reply", form).wantStatus(http.StatusConflict).wantText("[role=alert]", "Sample Member replied")
	for wrong, want := range map[string]int{ // none of the lead's events, or no number at all
		"0": http.StatusConflict, "999999": http.StatusConflict, "": http.StatusBadRequest, "x": http.StatusBadRequest,
	} {
		s.post("/staff/leads/TB-0001/reply", fields("reply", "Hello "+wrong, "seen", wrong)).wantStatus(want)
	}
	s.post("/staff/leads/TB-0001/status", fields("to", "won", "seen", seen)).wantStatus(http.StatusConflict)
}

func TestReplyGoesOutWithNoFieldLeftUnfilled(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Editor)
	s.ask("A general question", "guide", "", "option", "undecided", "tick", "")
	s.ask("Undecided", "option", "undecided")
	text := "Hello {name}, you read \"{guide}\" and lean to {option}."
	s.mustPost("/staff/templates", "name", "First", "text", text)

	page := s.get("/staff/leads/TB-0001?template=1")
	page.wantText("textarea[name=reply]", "Hello Sample Person, you read \"{guide}\" and lean to {option}.")
	page.wantText("#reply-wrong", "This lead has no value for {guide}, {option}.")
	page = s.get("/staff/leads/TB-0002?template=1")
	page.wantText("textarea[name=reply]", "you read \"Django vs FastAPI\" and lean to {option}.")
	s.act("TB-0002", "/reply", fields("reply", page.text("textarea[name=reply]"))).
		wantStatus(http.StatusUnprocessableEntity).wantText("#reply-wrong", "{option}")
	s.wantReplies(0)
	s.mustAct("TB-0002", "/reply", "reply", "In Python, f\"{name}\" is a format, {unknown} too.")
}

// TestReplyToASuspectWaitsUntilItIsCleared also checks that the refusal is not blamed on the role, and that no word is lost.
func TestReplyToASuspectWaitsUntilItIsCleared(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Editor)
	s.ask("spam", "stamp", "forged")
	s.act("TB-0001", "/reply", fields("reply", "Hello", "key", "a")).wantStatus(http.StatusForbidden).
		wantText("h1", "You cannot do this now").wantExactText("textarea[name=reply]", "Hello")
	s.mustPost("/staff/leads/TB-0001/suspicion", "verdict", "no-spam")
	s.mustAct("TB-0001", "/reply", "reply", "Hello")
}

func TestSuspectsAndErasedLeadsHaveNoReplyNoMoveAndNoDeadline(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Admin)
	s.ask("spam", "stamp", "forged")
	page := s.get("/staff/leads/TB-0001").wantCount("textarea[name=reply], form[action$='/status']", 0)
	page.wantText(".strip", "Reply dueNo reply due", "New, suspected spam", "PlaceNone")
	s.act("TB-0001", "/status", fields("to", "contacted")).wantStatus(http.StatusForbidden)
	s.get("/staff/leads?tab=suspects").wantText("td.due", "No reply due").wantCount("td.due time", 0)

	s.mustAct("TB-0001", "/erasure")
	page = s.get("/staff/leads/TB-0001").wantText(".strip", "Reply dueNo reply due")
	page.wantCount("h2:contains('The project'), form[action$='/status'], form[action$='/assignee']", 0)
}
