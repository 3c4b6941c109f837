package web_test

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"testing"

	"tiebreak/internal/lead"
	"tiebreak/internal/pgtest"
	"tiebreak/internal/postgres"
	"tiebreak/internal/staff"
)

// standings are what each lead is and has: "new held 2026-11-01".
func (s *site) standings() map[string]string {
	s.t.Helper()
	all := map[string]string{}
	for _, l := range s.leads() {
		all[l.Reference] = fmt.Sprint(l.Status, l.Place, l.Month, l.AnsweredAt, l.Suspect)
	}
	return all
}

// mailsMade are the kinds of all mails about leads so far, by reference.
func (s *site) mailsMade() (made []string) {
	s.t.Helper()
	for _, l := range s.leads() {
		mails, err := s.db.LeadDeliveries(context.Background(), l.Reference)
		if err != nil {
			s.t.Fatal(err)
		}
		for _, m := range mails {
			made = append(made, l.Reference+" "+string(m.Kind))
		}
	}
	slices.Sort(made)
	return made
}

// bulk does the same to several leads as they stand, and shows the page that follows.
func (s *site) bulk(form url.Values, references ...string) answer {
	s.t.Helper()
	form.Set("back", "/staff/leads?tab=all")
	form.Del("lead")
	boxes := s.get("/staff/leads?tab=all").Find("[name=lead]")
	for _, reference := range references {
		form.Add("lead", boxes.Filter(fmt.Sprintf("[value^='%s@']", reference)).AttrOr("value", ""))
	}
	a := s.post("/staff/leads/changes", form)
	if a.status == http.StatusSeeOther {
		return s.get(a.header.Get("Location"))
	}
	return a
}

// undo presses the page's Undo button, and shows the page that follows.
func (s *site) undo(page answer) answer {
	s.t.Helper()
	to := s.post(page.attr(".notice", "action"),
		url.Values{"back": {page.attr(".notice [name=back]", "value")}}).wantStatus(http.StatusSeeOther)
	return s.get(to.header.Get("Location"))
}

// at is the site at another time of the database, with the same browser.
func (s *site) at(address, shift string) *site {
	s.t.Helper()
	later := siteOn(s.t, pgtest.After(s.t, address, shift))
	later.client = s.client
	return later
}

func (s *site) sweep() {
	s.t.Helper()
	if err := s.db.Sweep(context.Background()); err != nil {
		s.t.Fatal(err)
	}
}

// fullMonth is a site whose eight places are held and at which two more leads wait.
func fullMonth(t *testing.T) (s *site, address string) {
	address = pgtest.NewURL(t)
	s = siteOn(t, pgtest.Open(t, address))
	s.signIn(staff.Editor)
	for i := range 10 {
		s.ask(fmt.Sprintf("project %d", i+1), url.Values{"email": {fmt.Sprintf("person%d@example.org", i+1)}})
	}
	return s, address
}

func TestUndoneBulkMoveGivesTheSamePlacesBackWithoutAnyMail(t *testing.T) {
	t.Parallel()
	s, address := fullMonth(t)
	before, made := s.standings(), s.mailsMade()

	page := s.bulk(url.Values{"do": {"move"}, "status": {"lost"}, "answered": {"no"}}, "TB-0002", "TB-0003", "TB-0004")
	page.wantText(".notice strong", "3 leads moved to Lost.")
	s.sweep()
	if by := s.standings(); by["TB-0009"] != before["TB-0009"] {
		t.Errorf("while the move can be undone, its place goes to TB-0009: %s", by["TB-0009"])
	}
	s.undo(page).wantText(".notice", "Undone: 3 leads are New again.")
	later := s.at(address, "11 minutes")
	later.sweep()
	if after := later.standings(); !maps.Equal(before, after) {
		t.Errorf("after the undo %v, before %v", after, before)
	}
	if now := later.mailsMade(); !slices.Equal(now, made) {
		t.Errorf("mails %v, before %v", now, made)
	}
}

func TestPlacesOfAMoveGoToTheOldestWaitingWhenItCanNoLongerBeUndone(t *testing.T) {
	t.Parallel()
	s, address := fullMonth(t)
	page := s.bulk(url.Values{"do": {"move"}, "status": {"lost"}, "answered": {"no"}}, "TB-0002")
	later := s.at(address, "11 minutes")
	var sweeps sync.WaitGroup
	for _, db := range []*postgres.DB{later.db, pgtest.Open(t, address)} {
		sweeps.Go(func() {
			if err := db.Sweep(context.Background()); err != nil {
				t.Error(err)
			}
		})
	}
	sweeps.Wait()
	if l := later.leads()[1]; l.Reference != "TB-0009" || l.Place != lead.Held {
		t.Errorf("%s has %s", l.Reference, l.Place)
	}
	if n := slices.Index(later.mailsMade(), "TB-0009 placed"); n < 0 {
		t.Errorf("nobody told TB-0009: %v", later.mailsMade())
	}
	before := later.standings()
	late := later.undo(page)
	late.wantText(".notice", "You can no longer undo this, because 10 minutes have passed.")
	late.wantCount(".notice button", 0)
	if after := later.standings(); !maps.Equal(before, after) {
		t.Errorf("too late an undo made %v of %v", after, before)
	}
}

func TestSingleMoveIsUndoneFromTheLeadsPage(t *testing.T) {
	t.Parallel()
	s, address := fullMonth(t)
	before := s.standings()
	for _, form := range []url.Values{
		{"to": {"lost"}, "answered": {"no"}},
		{"to": {"lost"}, "answered": {"yes"}},
		{"to": {"contacted"}},
	} {
		moved := s.act("TB-0001", "/status", form).wantStatus(http.StatusSeeOther)
		page := s.get(moved.header.Get("Location"))
		page.wantText(".notice strong", "1 lead moved to ")
		s.get("/staff/leads/TB-0001").wantCount(".notice button", 1) // for whoever comes back to the page too
		s.undo(page).wantText(".notice", "Undone: 1 lead is New again.")
		if after := s.standings(); !maps.Equal(before, after) {
			t.Errorf("after %v and its undo %v, before %v", form, after, before)
		}
		s.wantListed("?overdue=yes")
	}
	s.act("TB-0001", "/suspicion", url.Values{"verdict": {"spam"}}).wantStatus(http.StatusSeeOther)
	made := s.mailsMade()
	s.undo(s.get("/staff/leads/TB-0001")).wantText(".notice", "Undone: 1 lead is no longer marked as spam.")
	if after := s.standings(); !maps.Equal(before, after) || !slices.Equal(made, s.mailsMade()) {
		t.Errorf("after the undo of a suspicion %v, before %v; mails %v, before %v", after, before, s.mailsMade(), made)
	}
	s.act("TB-0001", "/status", url.Values{"to": {"contacted"}}).wantStatus(http.StatusSeeOther)
	s.at(address, "11 minutes").get("/staff/leads/TB-0001").wantCount(".notice button", 0)
}

func TestUndoNamesTheLeadsThatWentOnAndLeavesThem(t *testing.T) {
	t.Parallel()
	s, _ := fullMonth(t)
	page := s.bulk(url.Values{"do": {"move"}, "status": {"lost"}, "answered": {"no"}}, "TB-0001", "TB-0002")
	s.act("TB-0002", "/status", url.Values{"to": {"contacted"}}).wantStatus(http.StatusSeeOther)
	if l := s.leads()[8]; l.Place != lead.Held {
		t.Errorf("%s was taken up again at once and has %s", l.Reference, l.Place)
	}
	undone := s.undo(page)
	undone.wantText(".notice strong", "Undone: 1 lead is New again.")
	undone.wantText(".notice", "1 lead was not undone, because of a later change:")
	undone.wantText(".notice li", "TB-0002 is Contacted. Last step: Sample Member moved it to Contacted")
	s.undo(page).wantText(".notice strong", "Undone: 1 lead is New again.") // pressed twice
}

func TestUndoneReturnFromLostTellsNobodyOfAPlace(t *testing.T) {
	t.Parallel()
	s, address := fullMonth(t)
	for _, reference := range []string{"TB-0001", "TB-0002", "TB-0003"} {
		s.act(reference, "/status", url.Values{"to": {"lost"}, "answered": {"yes"}}).wantStatus(http.StatusSeeOther)
	}
	later := s.at(address, "11 minutes") // two went to those who waited, one is free
	later.sweep()
	before, made := later.standings(), later.mailsMade()
	page := later.bulk(url.Values{"do": {"move"}, "status": {"contacted"}}, "TB-0002")
	if l := later.leads()[8]; l.Reference != "TB-0002" || l.Place != lead.Held {
		t.Errorf("%s has %s", l.Reference, l.Place)
	}
	later.undo(page)
	if after := later.standings(); !maps.Equal(before, after) || !slices.Equal(made, later.mailsMade()) {
		t.Errorf("after the undo %v, before %v; mails %v, before %v", after, before, later.mailsMade(), made)
	}
	later.bulk(url.Values{"do": {"move"}, "status": {"contacted"}}, "TB-0003")
	if !slices.Equal(made, later.mailsMade()) {
		t.Errorf("mails %v, before %v", later.mailsMade(), made)
	}
	much := later.at(address, "33 minutes")
	much.sweep()
	if now := much.mailsMade(); !slices.Contains(now, "TB-0003 placed") || slices.Contains(now, "TB-0002 placed") {
		t.Errorf("mails at the end: %v", now)
	}
}

func TestUndoGivesAPlaceBackThatNobodyWasToldOfYet(t *testing.T) {
	t.Parallel()
	address := pgtest.NewURL(t)
	s := siteOn(t, pgtest.Open(t, address))
	s.signIn(staff.Editor)
	s.ask("one", nil)
	lost, contacted := url.Values{"to": {"lost"}, "answered": {"yes"}}, url.Values{"to": {"contacted"}}
	s.act("TB-0001", "/status", lost).wantStatus(http.StatusSeeOther)
	later := s.at(address, "11 minutes")
	later.sweep()
	later.act("TB-0001", "/status", contacted).wantStatus(http.StatusSeeOther)
	before := later.standings()
	later.act("TB-0001", "/status", lost).wantStatus(http.StatusSeeOther)
	later.undo(later.get("/staff/leads/TB-0001")).wantText(".notice strong", "Undone: 1 lead is Contacted again.")
	if after := later.standings(); !maps.Equal(before, after) {
		t.Errorf("after the undo %v, before %v", after, before)
	}
}
