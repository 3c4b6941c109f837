package web_test

import (
	"maps"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"tiebreak/internal/lead"
	"tiebreak/internal/staff"
)

// promise returns the form of /staff/promise as it was drawn for a new site, with changes typed into it.
func promise(changes ...string) url.Values {
	form := fields("saw_reply_hours", "24", "saw_answer_hours", "24", "saw_places", "8", "saw_time_zone", "UTC",
		"reply_hours", "24", "answer_hours", "24", "places", "8", "time_zone", "UTC",
		"saw_keep_won", "0", "saw_keep_lost", "180", "saw_keep_withdrawn", "30", "saw_keep_suspect", "30",
		"keep_won", "0", "keep_lost", "180", "keep_withdrawn", "30", "keep_suspect", "30")
	maps.Copy(form, fields(changes...))
	return form
}

// setPromise saves the form for a new site with the changes.
func (s *site) setPromise(changes ...string) {
	s.t.Helper()
	s.post("/staff/promise", promise(changes...)).wantStatus(http.StatusSeeOther)
}

func TestPagesSayWhatIsPromisedNow(t *testing.T) {
	t.Parallel()
	s := newSiteAt(t, time.Date(2027, 2, 15, 12, 0, 0, 0, time.UTC))
	guide := "/compare/django-vs-fastapi"
	s.get(guide).wantText("#places", "8 of 8 places left in ").wantCount(".place-dots rect", 8)
	s.signIn(staff.Admin)

	s.setPromise("reply_hours", "48", "places", "0")
	for _, path := range []string{guide, "/", "/intake"} {
		s.get(path).wantText("main", "We reply within 48 hours").
			wantText("#places", "We are not taking on new projects at the moment")
	}
	s.get("/about").wantText("main", "We reply to every genuine request within 48 hours")
	s.get("/staff/promise").wantText(".strip", "We are not taking on new projects at the moment")

	s.ask("nobody starts")
	receipt := s.ask("nobody starts either")
	s.get(receipt).wantText("#place", "You are number 2 on the waitlist.")
	for _, path := range []string{receipt, guide, "/", "/intake", "/about"} {
		s.get(path).wantNoText("main", "places open on", "waitlist for ")
	}
	s.setPromise("saw_reply_hours", "48", "saw_places", "0", "unlimited", "yes")
	s.get(guide).wantText("#places", "No limit on new projects at the moment")
}

// TestPlacesAreWordedForTheDayInSiteTime looks at the first, a middle and the last days of February 2027 where the day begins 14
// hours before that of UTC.
func TestPlacesAreWordedForTheDayInSiteTime(t *testing.T) {
	t.Parallel()
	kiritimati, err := time.LoadLocation("Pacific/Kiritimati")
	noError(t, err)
	for _, c := range []struct{ day, summary, receipt string }{
		{"2027-02-01", "8 of 8 places left in February", "Your project can start in that month"},
		{"2027-02-15", "8 of 8 places left in February", "Your project can start in that month"},
		{"2027-02-21", "8 of 8 places left in February", "Your project can start in that month"},
		{"2027-02-22", "8 places free now, 8 more from 1 March", "The place stays yours after that month."},
		{"2027-02-28", "8 places free now, 8 more from 1 March", "The place stays yours after that month."},
	} {
		t.Run(c.day, func(t *testing.T) {
			t.Parallel()
			day, err := time.ParseInLocation(time.DateOnly, c.day, kiritimati)
			noError(t, err)
			s := newSiteAt(t, day.Add(time.Hour)) // the day before in UTC
			s.signIn(staff.Admin)
			s.setPromise("time_zone", "Pacific/Kiritimati")
			for _, path := range []string{"/", "/intake", "/compare/django-vs-fastapi"} {
				s.get(path).wantText("#places", c.summary)
			}
			s.get(s.ask("A sample project")).wantText("#place", "We have reserved a place for you in February 2027.", c.receipt)
		})
	}
}

func TestReceiptShowsThePlaceOrThePositionOnTheWaitlist(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Admin)
	s.setPromise("places", "1", "time_zone", "Pacific/Kiritimati")
	receipts := make([]string, 3)
	for i := range receipts {
		receipts[i] = s.ask(strings.Repeat("x", i+1))
	}
	s.get(receipts[0]).wantText("#place", "We have reserved a place for you in ")
	s.get(receipts[2]).wantText("#place", "You are number 2 on the waitlist").wantText("main .say time", "+14").
		wantAttr("main", "data-place", string(lead.Waitlist))

	s.mustPost(receipts[0] + "/withdrawal")
	s.get(receipts[0]).wantText("h1", "You withdrew your request.").wantAttr("main", "data-place", string(lead.NoPlace)).
		wantNoText("main", "waitlist").wantCount("form[action$='/notes'], form[action$='/withdrawal']", 0)
	s.get(receipts[1]).wantText("#place", "We have reserved a place for you in ").
		wantText(".steps", "A place became free for you")
	s.get(receipts[2]).wantText("#place", "You are number 1 on the waitlist")
	s.get("/staff/leads/TB-0001").wantText(".thread", "The prospect withdrew the request")
}

func TestProspectAddsANoteOnce(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	receipt := s.ask("A sample project")

	s.post(receipt+"/notes", fields("note", " \n ")).wantStatus(http.StatusUnprocessableEntity).
		wantText("#note-wrong", "Type what you want to add.")
	long := strings.Repeat("ü", lead.MaxProject+1)
	s.post(receipt+"/notes", fields("note", long)).wantStatus(http.StatusUnprocessableEntity).wantText("#note", long)

	key := s.get(receipt).value("[name=key]")
	for range 2 {
		s.mustPost(receipt+"/notes", "note", "A link: <b>example.org</b>", "key", key)
	}
	s.get(receipt).wantText(".thread .typed", "A link: <b>example.org</b>").wantCount(".thread .typed", 1).
		wantText("main .say", "We will reply by")

	s.mustPost(receipt + "/withdrawal")
	s.post(receipt+"/notes", fields("note", "Too late")).wantStatus(http.StatusConflict).wantText("[role=alert]", "Too late")
	s.signIn(staff.Reader)
	s.get("/staff/leads/TB-0001").wantText("main", "A link: <b>example.org</b>")
}

func TestGuessedReceiptTellsNothing(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for _, r := range []answer{
		s.get("/requests/GUESS"), s.post("/requests/GUESS/notes", fields("note", "words")),
		s.post("/requests/GUESS/withdrawal", nil), s.post("/requests/GUESS/withdrawal/removal", nil),
		s.post("/requests/GUESS/email", fields("email", "sample@example.org", "key", "KEY")),
	} {
		r.wantStatus(http.StatusNotFound).wantText("h1", "This page does not exist")
	}
}

func TestPromiseNeverOverwritesAnother(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Admin)

	wrong := s.post("/staff/promise", promise("reply_hours", "soon", "places", "-1", "time_zone", "Mars/Olympus"))
	wrong.wantStatus(http.StatusUnprocessableEntity).wantAttr("#reply_hours", "value", "soon").
		wantText("#reply_hours-wrong", "whole number of hours").wantText("#places-wrong", "whole number").
		wantText("#time_zone-wrong", "Enter a time zone")

	s.setPromise("places", "3")
	s.post("/staff/promise", promise("places", "5")).wantStatus(http.StatusConflict).
		wantText("[role=alert]", "3 places a month").wantAttr("#places", "value", "5")
}

func TestRecordIsShownOnceThereIsEnoughOfIt(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Editor)
	for i := range 10 {
		s.get("/about").wantCount("main p:contains('answered in time')", 0)
		s.ask(strings.Repeat("x", i+1))
		s.mustAct(s.leads()[0].Reference, "/status", "to", "contacted")
	}
	s.wantRecord(10, 10)
	another := s.instance() // reads the record at its start
	another.get("/about").wantText("main", "Last 90 days: 10 of 10 answered in time, median under a minute")
	another.get("/compare/django-vs-fastapi").wantText("#record", "10 of 10 answered in time")
}

func TestStaffSeeWhyTheMailServerCannotBeUsed(t *testing.T) {
	t.Parallel()
	const signIn, server = "Check the server, the user and the password", "Check the server and the port"
	for problem, words := range map[lead.Problem][2]string{
		lead.RefusedConnection: {"The mail server refuses our connection or sign-in.", signIn},
		lead.WrongSignIn:       {"The mail server does not accept the user or the password.", signIn},
		lead.UnknownServer:     {"The mail server’s name is not found in DNS.", server},
		lead.ClosedPort:        {"Nothing listens at the mail server’s port (connection refused).", server},
	} {
		t.Run(string(problem), func(t *testing.T) {
			t.Parallel()
			s := newSite(t)
			s.ask("A sample project")
			for id := range int64(2) {
				_, err := s.db.RecordOutcome(t.Context(), id+1, lead.Waiting, problem, 0)
				noError(t, err)
			}
			later := s.later("3 minutes")
			later.signIn(staff.Editor)
			later.get("/staff/leads").wantText(".banner", words[0]+" Check TIEBREAK_SMTP_URL.")
			later.get("/staff/deliveries").wantText("tbody", words[1]+" in TIEBREAK_SMTP_URL.")
			later.wantCounted("tiebreak_deliveries_unserved 2")
		})
	}
}

func TestStaffSeeMailThatIsNotSent(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Editor)
	empty := s.get("/staff/deliveries").wantCount("main a[href='/staff/team']", 0) // which is closed to an editor
	empty.wantText("main", "All emails about leads have been sent.", "Emails to members about their own accounts are not "+
		"listed here. Admins see problems with those on the Team page.")
	s.ask("A sample project")
	s.get("/staff/leads").wantCount(".banner", 0)

	open, err := s.db.OpenDeliveries(t.Context(), 10)
	if err != nil || len(open) != 2 {
		t.Fatalf("%d deliveries (%v)", len(open), err)
	}
	_, err = s.db.RecordOutcome(t.Context(), open[0].ID, lead.Waiting, lead.Refused, 451)
	noError(t, err)
	s.get("/staff/leads").wantCount(".banner", 0) // many servers ask us to try later at first
	list := s.get("/staff/deliveries").wantText("tbody", "the mail server refused it for now (code 451)")
	s.get("/readyz").wantStatus(http.StatusOK).wantText("body", "2 waiting, 1 of them failing")
	s.mustPost(list.attr("tbody form", "action"))
	s.mustPost("/staff/deliveries/99999/attempt")
	s.post("/staff/deliveries/x/attempt", nil).wantStatus(http.StatusNotFound)
	s.wantCounted("tiebreak_deliveries_waiting 0", "tiebreak_places_left 8") // as last read
}
