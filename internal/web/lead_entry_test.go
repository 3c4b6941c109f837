package web_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"tiebreak/internal/lead"
	"tiebreak/internal/staff"
)

// entered returns the form of a lead that arrived so long ago, with the fields changed.
func (s *site) entered(ago time.Duration, pairs ...string) url.Values {
	s.t.Helper()
	form := s.get("/staff/leads/new").form("form[action='/staff/leads/new']")
	form.Set("received", time.Now().UTC().Add(-ago).Format("2006-01-02T15:04"))
	for pair := range slices.Chunk(append([]string{
		"channel", "phone", "project", "They need a shop", "name", "Sample Caller",
	}, pairs...), 2) {
		form.Set(pair[0], pair[1])
	}
	return form
}

func TestLeadEnteredByHandCountsFromItsArrival(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Editor)
	form := s.entered(5*time.Hour, "email", "caller@example.org", "option", "django")
	for range 2 { // two presses are one lead
		s.post("/staff/leads/new", form).wantStatus(http.StatusSeeOther)
	}
	l, err := s.db.LeadByReference(t.Context(), "TB-0001")
	noError(t, err)
	if ago := time.Since(l.ReceivedAt); ago < 5*time.Hour-time.Minute || ago > 5*time.Hour+time.Minute {
		t.Errorf("it arrived %v ago", ago)
	}
	if promised := l.DueAt.Sub(l.ReceivedAt); promised != 24*time.Hour || l.Place != lead.Held || l.Option != "django" ||
		l.Assignee != "Sample Member" || l.Channel != lead.ByPhone {
		t.Errorf("%v to reply: %+v", promised, l)
	}
	s.get("/staff/leads/TB-0001").wantText("main", "They need a shop", "By phone", "Sample Member entered it")
	s.get("/staff/leads/TB-0002").wantStatus(http.StatusNotFound)
	mails := s.mails("TB-0001")
	if len(mails) != 0 {
		t.Errorf("mails go out: %+v", mails)
	}
	form.Set("project", "Other words")
	s.post("/staff/leads/new", form).wantStatus(http.StatusConflict).wantText("[role=alert]", "other words").
		wantText("#project", "Other words")
}

func TestLeadEnteredByHandIsConfirmedOnlyIfTheMemberAsks(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Editor)
	form := s.entered(time.Hour, "email", "caller@example.org", "confirm", "yes")
	form.Del("assign")
	s.post("/staff/leads/new", form).wantStatus(http.StatusSeeOther)
	mails := s.mails("TB-0001")
	var kinds []string
	for _, m := range mails {
		kinds = append(kinds, string(m.Kind))
	}
	if got := strings.Join(kinds, " "); got != "new confirmation" {
		t.Errorf("mails: %s", got)
	}
}

func TestLeadThatWasAnsweredBeforeItIsEnteredIsInTime(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Editor)
	s.post("/staff/leads/new", s.entered(72*time.Hour, "answered", "yes")).wantStatus(http.StatusSeeOther)
	s.get("/staff/leads/TB-0001").wantText(".strip", "answered in time", "Contacted")
	s.get("/staff/leads").wantText("main", "Everyone has been answered.")
}

func TestLeadWithoutAnAddressIsAnsweredByPhoneUntilItHasOne(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Editor)
	s.post("/staff/leads/new", s.entered(time.Hour)).wantStatus(http.StatusSeeOther)
	page := s.get("/staff/leads/TB-0001").wantCount("#reply-box", 0).wantText("main", "No email address")
	form := page.form("form[action$='/email']")
	form.Set("email", "caller@example.org")
	s.post("/staff/leads/TB-0001/email", form).wantStatus(http.StatusSeeOther)
	s.get("/staff/leads/TB-0001").wantCount("#reply-box", 1)
}

func TestWrongEntriesKeepWhatWasTyped(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Editor)
	for field, pairs := range map[string][]string{
		"channel":  {"channel", "pigeon"},
		"received": {"received", time.Now().UTC().Add(2 * time.Hour).Format("2006-01-02T15:04")},
		"project":  {"project", " "},
		"name":     {"name", ""},
		"email":    {"email", "", "confirm", "yes"},
		"company":  {"company", strings.Repeat("x", 301)},
	} {
		page := s.post("/staff/leads/new", s.entered(time.Hour, append([]string{"budget", "A bag of gold"}, pairs...)...)).
			wantStatus(http.StatusUnprocessableEntity).wantCount("[role=alert] a[href='#"+field+"']", 1)
		if page.value("#budget") != "A bag of gold" {
			t.Errorf("%s: the budget is lost", field)
		}
	}
	if n := len(s.get("/staff/leads?tab=all").texts("tbody tr")); n != 0 {
		t.Errorf("%d leads were entered", n)
	}
}

func TestLeadWithoutAnAddressHasCallsAndFollowUps(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Editor)
	s.post("/staff/leads/new", s.entered(time.Hour)).wantStatus(http.StatusSeeOther)
	s.get("/staff/leads/TB-0001").wantCount("form[action$='/calls']", 1).wantCount("form[action$='/follow-up']", 1).
		wantNoText("main", "Details")
	s.mustAct("TB-0001", "/calls", "text", "We spoke about the shop")
	s.mustAct("TB-0001", followUpNoun, "on", dayFromNow(2))
	s.get("/staff/leads/TB-0001").wantText("#timeline", "We spoke about the shop").wantText("#follow-up", "planned by").
		wantText(".strip", "answered in time")
}

// TestPlaceOfALeadWithoutAnAddressIsToldByPhone has a place come free for a prospect who cannot be mailed.
func TestPlaceOfALeadWithoutAnAddressIsToldByPhone(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Admin)
	s.setPromise("places", "1")
	receipt := s.ask("A sample project")
	s.post("/staff/leads/new", s.entered(time.Hour)).wantStatus(http.StatusSeeOther)
	s.get("/staff/leads/TB-0002").wantNoText("main", "Nobody has told them")
	s.mustPost(receipt + "/withdrawal")
	s.wantPlace("TB-0002", lead.Held)
	if mails := s.mails("TB-0002"); len(mails) > 0 {
		t.Errorf("mails without an address: %+v", mails)
	}
	page := s.get("/staff/leads/TB-0002").wantText("main", "Nobody has told them that they have a place. Call them")
	form := page.form("form[action$='/email']")

	form.Set("email", "caller@example.org")
	s.follow(s.post("/staff/leads/TB-0002/email", form)).wantNoText("main", "Nobody has told them").
		wantText("main [role=status]", "We are now sending the emails that had not reached them.")
	if mails := s.mails("TB-0002"); len(mails) != 1 || mails[0].Kind != lead.PlacedMail || mails[0].State != lead.Waiting {
		t.Errorf("mails once there is an address: %+v", mails)
	}
	s.mustAct("TB-0002", "/calls", "text", "I called them about it")
	s.follow(s.act("TB-0002", "/email", fields("email", "other@example.org"))).
		wantText("main [role=status]", "nothing is sent now")
}

func TestProspectWhoWasCalledAboutTheirPlaceGetsNoMailAboutIt(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Admin)
	s.setPromise("places", "0")
	s.post("/staff/leads/new", s.entered(time.Hour)).wantStatus(http.StatusSeeOther)
	s.setPromise("saw_places", "0", "places", "1")
	s.mustAct("TB-0001", "/calls", "text", "I told them")
	s.get("/staff/leads/TB-0001").wantNoText("main", "Nobody has told them")
	s.follow(s.act("TB-0001", "/email", fields("email", "caller@example.org"))).
		wantText("main [role=status]", "No email is waiting for them, so nothing is sent now.")
	if mails := s.mails("TB-0001"); len(mails) > 0 {
		t.Errorf("mails: %+v", mails)
	}
}

func TestLeadWithoutAnAddressIsNeverMailed(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Editor)
	s.post("/staff/leads/new", s.entered(time.Hour)).wantStatus(http.StatusSeeOther)
	s.act("TB-0001", "/reply", fields("reply", "Hello")).wantStatus(http.StatusForbidden)
	s.get("/staff/leads/TB-0001").wantText(".strip", "New")
	s.undo(s.follow(s.act("TB-0001", "/suspicion", fields("verdict", "spam"))))
	if mails := s.mails("TB-0001"); len(mails) > 0 {
		t.Errorf("mails: %+v", mails)
	}
}

// TestUndoneSpamMarkConfirmsNoLeadThatAMemberEntered has a lead with an address, for which nobody asked for a confirmation.
func TestUndoneSpamMarkConfirmsNoLeadThatAMemberEntered(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Editor)
	s.post("/staff/leads/new", s.entered(time.Hour, "email", "caller@example.org")).wantStatus(http.StatusSeeOther)
	s.undo(s.follow(s.act("TB-0001", "/suspicion", fields("verdict", "spam"))))
	s.wantPlace("TB-0001", lead.Held)
	if mails := s.mails("TB-0001"); len(mails) > 0 {
		t.Errorf("mails: %+v", mails)
	}
}
