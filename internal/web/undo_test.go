package web_test

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"testing"

	"tiebreak/internal/lead"
	"tiebreak/internal/postgres"
	"tiebreak/internal/staff"
)

// leadStates are the state of each lead, and the kinds of the mails about leads so far.
type leadStates struct {
	leads map[string]string // by reference, such as "new held 2026-11-01"
	mails []string
}

func (s *site) leadStates() leadStates {
	s.t.Helper()
	states := leadStates{leads: map[string]string{}}
	for _, l := range s.leads() {
		states.leads[l.Reference] = fmt.Sprint(l.Status, l.Place, l.Month, l.AnsweredAt, l.Suspect)
		for _, m := range s.mails(l.Reference) {
			states.mails = append(states.mails, l.Reference+" "+string(m.Kind))
		}
	}
	slices.Sort(states.mails)
	return states
}

// wantLeadStates checks that the leads are as they were.
func (s *site) wantLeadStates(want leadStates) {
	s.t.Helper()
	if got := s.leadStates(); !maps.Equal(got.leads, want.leads) {
		s.t.Errorf("the leads are %v, want %v", got.leads, want.leads)
	}
}

// wantMails checks that no mail was made since then.
func (s *site) wantMails(want leadStates) {
	s.t.Helper()
	if got := s.leadStates(); !slices.Equal(got.mails, want.mails) {
		s.t.Errorf("the mails are %v, want %v", got.mails, want.mails)
	}
}

func (s *site) wantPlace(reference string, want lead.Place) {
	s.t.Helper()
	l, err := s.db.LeadByReference(s.t.Context(), reference)
	noError(s.t, err)
	if l.Place != want {
		s.t.Errorf("%s has the place %s, want %s", reference, l.Place, want)
	}
}

// bulk does the same to several leads as they stand, and shows the page that follows.
func (s *site) bulk(form url.Values, references ...string) answer {
	s.t.Helper()
	form.Set("back", "/staff/leads?tab=all")
	boxes := s.get("/staff/leads?tab=all").Find("[name=lead]")
	for _, reference := range references {
		form.Add("lead", boxes.Filter(fmt.Sprintf("[value^='%s@']", reference)).AttrOr("value", ""))
	}
	a := s.post("/staff/leads/changes", form)
	if a.status == http.StatusSeeOther {
		return s.follow(a)
	}
	return a
}

// close moves several leads to lost, without an answer.
func (s *site) close(references ...string) answer {
	s.t.Helper()
	return s.bulk(fields("do", "move", "status", "lost", "answered", "no"), references...)
}

// undo presses the page's Undo button, and shows the page that follows.
func (s *site) undo(page answer) answer {
	s.t.Helper()
	return s.get(s.mustPost(page.attr(".notice", "action"), "back", page.value(".notice [name=back]")))
}

// fullMonth starts a site whose eight places are held and at which two more leads wait.
func fullMonth(t *testing.T) *site {
	t.Helper()
	s := signedIn(t, staff.Editor)
	for i := range 10 {
		s.ask(fmt.Sprintf("project %d", i+1), "email", fmt.Sprintf("person%d@example.org", i+1))
	}
	return s
}

func TestUndoneBulkMoveGivesTheSamePlacesBackWithoutAnyMail(t *testing.T) {
	t.Parallel()
	s := fullMonth(t)
	before := s.leadStates()

	page := s.close("TB-0002", "TB-0003", "TB-0004").wantText(".notice strong", "3 leads moved to Lost.")
	s.sweep()
	s.wantPlace("TB-0009", lead.Waitlist) // while the move can be undone, its places go to nobody
	s.undo(page).wantText(".notice", "Undone: 3 leads are New again.")
	later := s.later("11 minutes")
	later.sweep()
	later.wantLeadStates(before)
	later.wantMails(before)
}

func TestPlacesOfAMoveGoToTheOldestWaitingWhenItCanNoLongerBeUndone(t *testing.T) {
	t.Parallel()
	s := fullMonth(t)
	page := s.close("TB-0002")
	later := s.later("11 minutes")
	stores := []*postgres.DB{later.db, s.instance().db}
	atOnce(2, func(i int) {
		if err := stores[i].Sweep(t.Context()); err != nil {
			t.Error(err)
		}
	})
	later.wantPlace("TB-0009", lead.Held)
	before := later.leadStates()
	if !slices.Contains(before.mails, "TB-0009 placed") {
		t.Errorf("no mail tells TB-0009 of the place: %v", before.mails)
	}
	later.undo(page).wantText(".notice", "You can no longer undo this, because 10 minutes have passed.").
		wantCount(".notice button", 0)
	later.wantLeadStates(before)
}

func TestSingleMoveIsUndoneFromTheLeadsPage(t *testing.T) {
	t.Parallel()
	s := fullMonth(t)
	before := s.leadStates()
	for _, move := range [][]string{
		{"to", "lost", "answered", "no"}, {"to", "lost", "answered", "yes"}, {"to", "contacted"},
	} {
		page := s.get(s.mustAct("TB-0001", "/status", move...)).wantText(".notice strong", "1 lead moved to ")
		s.get("/staff/leads/TB-0001").wantCount(".notice button", 1) // for a member who comes back to the page too
		s.undo(page).wantText(".notice", "Undone: 1 lead is New again.")
		s.wantLeadStates(before)
		s.wantListed("?overdue=yes")
	}
	s.mustAct("TB-0001", "/suspicion", "verdict", "spam")
	suspect := s.leadStates()
	s.undo(s.get("/staff/leads/TB-0001")).wantText(".notice", "Undone: 1 lead is no longer marked as spam.")
	s.wantLeadStates(before)
	s.wantMails(suspect)
	s.mustAct("TB-0001", "/status", "to", "contacted")
	s.later("11 minutes").get("/staff/leads/TB-0001").wantCount(".notice button", 0)
}

func TestUndoNamesTheLeadsThatChangedLaterAndLeavesThem(t *testing.T) {
	t.Parallel()
	s := fullMonth(t)
	page := s.close("TB-0001", "TB-0002")
	s.mustAct("TB-0002", "/status", "to", "contacted")
	s.wantPlace("TB-0002", lead.Held)
	s.undo(page).wantText(".notice strong", "Undone: 1 lead is New again.").
		wantText(".notice", "1 lead was not undone, because of a later change:").
		wantText(".notice li", "TB-0002 is Contacted. Last step: Sample Member moved it to Contacted")
	s.undo(page).wantText(".notice strong", "Undone: 1 lead is New again.") // pressed twice
}

func TestUndoneReturnFromLostTellsNobodyOfAPlace(t *testing.T) {
	t.Parallel()
	s := fullMonth(t)
	for _, reference := range []string{"TB-0001", "TB-0002", "TB-0003"} {
		s.mustAct(reference, "/status", "to", "lost", "answered", "yes")
	}
	later := s.later("11 minutes") // two went to those who waited, one is free
	later.sweep()
	before := later.leadStates()
	page := later.bulk(fields("do", "move", "status", "contacted"), "TB-0002")
	later.wantPlace("TB-0002", lead.Held)
	later.undo(page)
	later.wantLeadStates(before)
	later.wantMails(before)
	later.bulk(fields("do", "move", "status", "contacted"), "TB-0003")
	later.wantMails(before)
	muchLater := later.later("33 minutes")
	muchLater.sweep()
	mails := muchLater.leadStates().mails
	if !slices.Contains(mails, "TB-0003 placed") || slices.Contains(mails, "TB-0002 placed") {
		t.Errorf("mails at the end: %v", mails)
	}
}

func TestUndoGivesAPlaceBackThatNobodyWasToldOfYet(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Editor)
	s.ask("one")
	s.mustAct("TB-0001", "/status", "to", "lost", "answered", "yes")
	later := s.later("11 minutes")
	later.sweep()
	later.mustAct("TB-0001", "/status", "to", "contacted")
	before := later.leadStates()
	later.mustAct("TB-0001", "/status", "to", "lost", "answered", "yes")
	later.undo(later.get("/staff/leads/TB-0001")).wantText(".notice strong", "Undone: 1 lead is Contacted again.")
	later.wantLeadStates(before)
}

func TestPagesSayWhenAFreedPlaceGoesToTheNext(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Admin)
	s.setPromise("places", "1")
	s.ask("A sample project")
	s.ask("Another sample project")
	s.get("/staff/leads").wantCount("#kept-places", 0)
	s.mustAct("TB-0001", "/status", "to", "lost", "answered", "yes")
	const words = "1 place goes to the next in line at "
	s.get("/staff/leads").wantText("#kept-places", words, "Until then the change can be undone.")
	s.get("/staff/leads/TB-0001").wantText(".strip", words)
	s.get("/staff/leads/TB-0002").wantNoText(".strip", words)
	s.mustAct("TB-0001", "/erasure")
	s.get("/staff/leads").wantCount("#kept-places", 0)
	s.get("/staff/leads/TB-0002").wantText(".strip", "Reserved")
}
