package web_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"tiebreak/internal/lead"
	"tiebreak/internal/staff"
)

const (
	followUpNoun = "/follow-up"
	followUpForm = "form[action='/staff/leads/TB-0001/follow-up']:first-of-type"
)

// wantFollowUp checks what the row and the page of the lead say; "" is nothing.
func (s *site) wantFollowUp(day, note string) {
	s.t.Helper()
	l, err := s.db.LeadByReference(s.t.Context(), "TB-0001")
	noError(s.t, err)
	got := ""
	if !l.FollowUpOn.IsZero() {
		got = l.FollowUpOn.Format(time.DateOnly)
	}
	p := s.get("/staff/leads/TB-0001")
	if shown := p.attr(".strip dd time[class]", "datetime"); got != day || shown != day {
		s.t.Errorf("the follow-up is on %q and shown on %q, want %q", got, shown, day)
	}
	if shown := strings.TrimSpace(p.text("#follow-up-note")); shown != note {
		s.t.Errorf("the note is %q, want %q", shown, note)
	}
}

func TestFollowUpIsPlannedMovedAndRemovedWithoutScript(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Editor)
	receipt := s.ask("A sample project")
	s.wantFollowUp("", "")

	s.follow(s.act("TB-0001", followUpNoun, fields("on", dayFromNow(9), "note", "Ask about <b>the budget</b>"))).
		wantText("main [role=status]", "Follow-up saved.").wantText("#follow-up", "planned by Sample Member")
	s.wantFollowUp(dayFromNow(9), "Ask about <b>the budget</b>")

	choose := s.get("/staff/leads/TB-0001").form(followUpForm)
	choose.Set("choice", s.get("/staff/leads/TB-0001").value("button[name=choice]:contains('In a week')"))
	s.post("/staff/leads/TB-0001"+followUpNoun, choose).wantStatus(http.StatusSeeOther)
	s.wantFollowUp(dayFromNow(7), "Ask about <b>the budget</b>")

	s.mustAct("TB-0001", "/reply", "reply", "Hello") // an answer does not lose the day
	s.mustAct("TB-0001", "/status", "to", "won")
	s.wantFollowUp(dayFromNow(7), "Ask about <b>the budget</b>")

	s.get(receipt).wantNoText("main", "ollow-up", "budget")
	s.mustAct("TB-0001", followUpNoun, "on", "")
	s.wantFollowUp("", "")
	s.get("/staff/leads/TB-0001").wantText("main", "planned a follow-up", "removed the follow-up")
}

func TestWrongFollowUpsAreGivenBack(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Editor)
	s.ask("A sample project")
	for _, c := range []struct{ on, note, field, says string }{
		{"soon", "A note", "on", "Enter a date"},
		{dayFromNow(-1), "A note", "on", "Enter today or a later day."},
		{"", "A note", "on", "Choose a day for this note."},
		{dayFromNow(1), strings.Repeat("ü", lead.MaxFollowUpNote+1), "follow-up-note", "Use at most 2000 characters."},
	} {
		a := s.act("TB-0001", followUpNoun, fields("on", c.on, "note", c.note)).wantStatus(http.StatusUnprocessableEntity)
		a.wantText("#"+c.field+"-wrong", c.says).wantText("#follow-up-note", c.note).wantNoText("#note", c.note)
		if got := a.value("#on"); got != c.on {
			t.Errorf("%q became %q", c.on, got)
		}
	}
	s.wantFollowUp("", "")
	s.act("TB-0001", followUpNoun, fields("note", "A note")).wantStatus(http.StatusBadRequest)
}

func TestStaleFollowUpOverwritesNothing(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Editor)
	s.ask("A sample project")
	mine := s.get("/staff/leads/TB-0001").form(followUpForm)
	s.mustAct("TB-0001", followUpNoun, "on", dayFromNow(3), "note", "Theirs")
	mine.Set("on", dayFromNow(5))
	mine.Set("note", "Mine")
	stale := s.post("/staff/leads/TB-0001"+followUpNoun, mine).wantStatus(http.StatusConflict)
	stale.wantText("#stale", "this lead has changed").wantText("#follow-up .quote", "Theirs").wantText("#follow-up-note", "Mine")
	s.wantFollowUp(dayFromNow(3), "Theirs")
	s.post("/staff/leads/TB-0001"+followUpNoun, stale.form(followUpForm)).wantStatus(http.StatusSeeOther)
	s.wantFollowUp(dayFromNow(5), "Mine")
}

func TestTabOfFollowUpsShowsWhatIsDueFirst(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Admin)
	s.askMany(5)
	for reference, days := range map[string]int{"TB-0001": 9, "TB-0002": 0, "TB-0003": 1, "TB-0004": 2} {
		s.mustAct(reference, followUpNoun, "on", dayFromNow(days), "note", "About "+reference)
	}
	s.sql(`UPDATE leads SET follow_up_on = follow_up_on - 4 WHERE reference = 'TB-0004'`)
	tab := s.get("/staff/leads?tab=follow-up")
	if got := strings.Join(tab.texts(".leads tbody tr"), " | "); !inOrder(got, "Overdue", "TB-0004", "Today", "TB-0002",
		"Tomorrow", "TB-0003", "Later", "TB-0001") || strings.Contains(got, "TB-0005") {
		t.Errorf("the tab lists %s", got)
	}
	tab.wantText(".tabs [aria-current=page]", "Follow-up 2 due").wantText("tr:contains('TB-0003') .due", "About TB-0003")
	s.get("/staff/leads?tab=all").wantCount(".leads .due small time", 4)
	s.get("/staff/leads?tab=follow-up&after=TB-0002").wantCount(".leads tbody th[scope=row]", 2)

	var lines []lead.Line
	s.json("/staff/leads.json?tab=follow-up", &lines)
	if len(lines) != 4 || lines[0].Reference != "TB-0004" || lines[3].FollowUpOn != dayFromNow(9) {
		t.Errorf("exported %+v", lines)
	}
	if csv := s.body("/staff/leads.csv?tab=follow-up"); !strings.Contains(csv, ","+dayFromNow(9)) {
		t.Errorf("the table lacks the day: %s", csv)
	}
}

// inOrder reports whether the text holds the words one after the other.
func inOrder(text string, words ...string) bool {
	for _, word := range words {
		_, after, found := strings.Cut(text, word)
		if !found {
			return false
		}
		text = after
	}
	return true
}
