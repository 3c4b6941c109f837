package web_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"tiebreak/internal/lead"
	"tiebreak/internal/pgtest"
	"tiebreak/internal/staff"
)

// promise is the form of /staff/promise as it was drawn for a new site, with changes typed into it.
func promise(changes url.Values) url.Values {
	form := url.Values{
		"saw_reply_hours": {"24"}, "saw_places": {"8"}, "saw_time_zone": {"UTC"},
		"reply_hours": {"24"}, "places": {"8"}, "time_zone": {"UTC"},
		"saw_keep_won": {"0"}, "saw_keep_lost": {"180"}, "saw_keep_withdrawn": {"30"}, "saw_keep_suspect": {"30"},
		"keep_won": {"0"}, "keep_lost": {"180"}, "keep_withdrawn": {"30"}, "keep_suspect": {"30"},
	}
	for name, values := range changes {
		form[name] = values
	}
	return form
}

func TestPagesSayWhatIsPromisedNow(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	guide := "/compare/django-vs-fastapi"
	s.get(guide).wantText("#places", "8 of 8 places left in ")
	s.get(guide).wantCount(".pips rect", 8)
	s.signIn(staff.Admin)

	s.post("/staff/promise", promise(url.Values{"reply_hours": {"48"}, "places": {"0"}})).wantStatus(http.StatusSeeOther)
	for _, path := range []string{guide, "/", "/intake"} {
		page := s.get(path)
		page.wantText("main", "We reply within 48 hours")
		page.wantText("#places", "We are not taking on new projects at the moment")
	}
	s.get("/about").wantText("main", "We reply within 48 hours")
	s.get("/staff/promise").wantText(".strip", "We are not taking on new projects at the moment")

	s.ask("nobody starts", nil)
	receipt := s.get(s.ask("nobody starts either", nil))
	receipt.wantText("#place", "You are number 2 on the waitlist.")
	for _, page := range []answer{receipt, s.get(guide), s.get("/"), s.get("/intake"), s.get("/about")} {
		if words := page.text("main"); strings.Contains(words, "places open on") || strings.Contains(words, "waitlist for ") {
			t.Errorf("a page promises places: %s", words)
		}
	}

	typed := promise(url.Values{"saw_reply_hours": {"48"}, "saw_places": {"0"}, "unlimited": {"yes"}})
	s.post("/staff/promise", typed).wantStatus(http.StatusSeeOther)
	s.get(guide).wantText("#places", "No limit on new projects at the moment")
}

func TestReceiptTellsThePlaceAndTheTruthAboutTheWaitlist(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.signIn(staff.Admin)
	s.post("/staff/promise", promise(url.Values{
		"places":    {"1"},
		"time_zone": {"Pacific/Kiritimati"},
	})).wantStatus(http.StatusSeeOther)
	receipts := make([]string, 3)
	for i := range receipts {
		receipts[i] = s.post("/intake", request(url.Values{"project": {strings.Repeat("x", i+1)}})).header.Get("Location")
	}
	first, third := s.get(receipts[0]), s.get(receipts[2])
	first.wantText("#place", "We have reserved a place for you in ")
	third.wantText("#place", "You are number 2 on the waitlist")
	third.wantText("main .say time", "+14")
	if place := third.attr("main", "data-place"); place != string(lead.Waitlist) {
		t.Errorf("place %q", place)
	}

	s.post(receipts[0]+"/withdrawal", nil).wantStatus(http.StatusSeeOther)
	gone := s.get(receipts[0])
	gone.wantText("h1", "You withdrew your request.")
	gone.wantCount("form[action$='/notes'], form[action$='/withdrawal']", 0)
	if place := gone.attr("main", "data-place"); place != string(lead.NoPlace) ||
		strings.Contains(gone.text("main"), "waitlist") {
		t.Errorf("withdrawn, place %q: %s", place, gone.text("main"))
	}
	second := s.get(receipts[1])
	second.wantText("#place", "We have reserved a place for you in ")
	second.wantText(".steps", "A place became free for you")
	s.get(receipts[2]).wantText("#place", "You are number 1 on the waitlist")
	s.get("/staff/leads/TB-0001").wantText(".steps", "The prospect withdrew the request")
}

func TestProspectAddsANoteOnce(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	receipt := s.post("/intake", request(nil)).header.Get("Location")

	empty := s.post(receipt+"/notes", url.Values{"note": {" \n "}}).wantStatus(http.StatusUnprocessableEntity)
	empty.wantText("#note-wrong", "Type what you want to add.")
	long := strings.Repeat("ü", lead.MaxProject+1)
	s.post(receipt+"/notes", url.Values{"note": {long}}).wantStatus(http.StatusUnprocessableEntity).wantText("#note", long)

	key := s.get(receipt).attr("[name=key]", "value")
	for range 2 {
		s.post(receipt+"/notes", url.Values{"note": {"A link: <b>example.org</b>"}, "key": {key}}).wantStatus(http.StatusSeeOther)
	}
	page := s.get(receipt)
	page.wantText(".list .quote", "A link: <b>example.org</b>")
	page.wantCount(".list .quote", 1)
	page.wantText("main .say", "We will reply by")

	s.post(receipt+"/withdrawal", nil).wantStatus(http.StatusSeeOther)
	closed := s.post(receipt+"/notes", url.Values{"note": {"Too late"}}).wantStatus(http.StatusConflict)
	closed.wantText("[role=alert]", "Too late")
	s.signIn(staff.Reader)
	s.get("/staff/leads/TB-0001").wantText("main", "A link: <b>example.org</b>")
}

func TestGuessedReceiptTellsNothing(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for _, r := range []answer{
		s.get("/requests/GUESS"), s.post("/requests/GUESS/notes", url.Values{"note": {"words"}}),
		s.post("/requests/GUESS/withdrawal", nil),
	} {
		r.wantStatus(http.StatusNotFound).wantText("h1", "This page does not exist")
	}
}

func TestPromiseIsForAdminsAndNeverOverwritesAnother(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.signIn(staff.Admin)

	wrong := s.post("/staff/promise", promise(url.Values{
		"reply_hours": {"soon"}, "places": {"-1"},
		"time_zone": {"Mars/Olympus"},
	})).
		wantStatus(http.StatusUnprocessableEntity)
	wrong.wantText("#reply_hours-wrong", "whole number of hours")
	wrong.wantText("#places-wrong", "whole number")
	wrong.wantText("#time_zone-wrong", "Choose a time zone")
	if typed := wrong.attr("#reply_hours", "value"); typed != "soon" {
		t.Errorf("what was typed is now %q", typed)
	}

	s.post("/staff/promise", promise(url.Values{"places": {"3"}})).wantStatus(http.StatusSeeOther)
	stale := s.post("/staff/promise", promise(url.Values{"places": {"5"}})).wantStatus(http.StatusConflict)
	stale.wantText("[role=alert]", "3 places a month")
	if typed := stale.attr("#places", "value"); typed != "5" {
		t.Errorf("what was typed is now %q", typed)
	}
	s.post("/staff/sign-out", nil)
	s.addMember("editor@example.org", staff.Editor)
	s.post("/staff/sign-in", url.Values{
		"email":    {"editor@example.org"},
		"password": {"a sample password"},
	}).wantStatus(http.StatusSeeOther)
	s.get("/staff/promise").wantStatus(http.StatusForbidden)
	s.post("/staff/promise", promise(nil)).wantStatus(http.StatusForbidden)
}

func TestRecordIsToldOnceThereIsEnoughOfIt(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.signIn(staff.Editor)
	for i := range 10 {
		s.get("/about").wantCount("main p:contains('answered in time')", 0)
		s.post("/intake", request(url.Values{"project": {strings.Repeat("x", i+1)}})).wantStatus(http.StatusSeeOther)
		reference := s.leads()[0].Reference
		s.act(reference, "/status", url.Values{"to": {"contacted"}}).wantStatus(http.StatusSeeOther)
	}
	read, err := s.db.Settings(context.Background())
	if err != nil || read.Record.Due != 10 || read.Record.InTime != 10 {
		t.Fatalf("%+v (%v)", read.Record, err)
	}
	another := siteOn(t, s.db) // reads the record at its start
	another.get("/about").wantText("main", "Last 90 days: 10 of 10 answered in time, median under a minute")
	another.get("/compare/django-vs-fastapi").wantText("#record", "10 of 10 answered in time")
}

func TestRefusedConnectionIsToldToStaffWithTheSetting(t *testing.T) {
	t.Parallel()
	address := pgtest.NewURL(t)
	s := siteOn(t, pgtest.Open(t, address))
	s.post("/intake", request(nil)).wantStatus(http.StatusSeeOther)
	for id := range int64(2) {
		if _, err := s.db.RecordOutcome(t.Context(), id+1, lead.Waiting, lead.RefusedConnection, 554); err != nil {
			t.Fatal(err)
		}
	}
	later := siteOn(t, pgtest.After(t, address, "3 minutes"))
	later.signIn(staff.Editor)
	later.get("/staff/leads").wantText(".banner", "The mail server refuses our connection or sign-in. Check TIEBREAK_SMTP_URL.")
	later.get("/staff/deliveries").wantText("tbody", "Check the server, the user and the password in TIEBREAK_SMTP_URL.")
	if counts := later.counts(); !strings.Contains(counts, "tiebreak_deliveries_refused 2") {
		t.Error("the counts lack the refused")
	}
}

func TestMailThatDoesNotGoOutIsToldToStaff(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	ctx := context.Background()
	s.signIn(staff.Editor)
	empty := s.get("/staff/deliveries")
	empty.wantText("main", "All emails about leads have been sent.")
	empty.wantText("main", "Emails to members about their own accounts are not listed here. Admins see problems with those on "+
		"the Team page.")
	empty.wantCount("main a[href='/staff/team']", 0) // which is closed to an editor
	s.post("/intake", request(nil)).wantStatus(http.StatusSeeOther)
	s.get("/staff/leads").wantCount(".banner", 0)

	open, err := s.db.OpenDeliveries(ctx, 10)
	if err != nil || len(open) != 2 {
		t.Fatalf("%d deliveries (%v)", len(open), err)
	}
	if _, err := s.db.RecordOutcome(ctx, open[0].ID, lead.Waiting, lead.Refused, 451); err != nil {
		t.Fatal(err)
	}
	s.get("/staff/leads").wantCount(".banner", 0) // many servers ask us to try later at first
	list := s.get("/staff/deliveries")
	list.wantText("tbody", "the mail server refused it for now (code 451)")
	s.get("/readyz").wantStatus(http.StatusOK).wantText("body", "2 waiting, 1 of them failing")
	s.post(list.attr("tbody form", "action"), nil).wantStatus(http.StatusSeeOther)
	s.post("/staff/deliveries/99999/attempt", nil).wantStatus(http.StatusSeeOther)
	s.post("/staff/deliveries/x/attempt", nil).wantStatus(http.StatusBadRequest)
	if counts := s.counts(); !strings.Contains(counts, "tiebreak_deliveries_waiting 0") ||
		!strings.Contains(counts, "tiebreak_places_left 8") {
		t.Error("the counts lack the queue or the places as last read")
	}
}
