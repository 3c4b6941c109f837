package web_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"tiebreak/internal/lead"
	"tiebreak/internal/staff"
	"tiebreak/templates/mail"
	"tiebreak/templates/ui"
)

const (
	closuresPath = "/staff/closures"
	closuresForm = "form[action='/staff/closures']"
)

// dayFromNow returns the day so many days from today in UTC, as a form has it.
func dayFromNow(days int) string { return time.Now().UTC().AddDate(0, 0, days).Format(time.DateOnly) }

// closeDays enters closed days: the days count from today.
func (s *site) closeDays(from, until int, sentence string) {
	s.t.Helper()
	s.mustPost(closuresPath, "from", dayFromNow(from), "until", dayFromNow(until), "sentence", sentence)
}

// TestPageRowAndMailAgreeOnTheReopening has a request arrive on a closed day where days begin early, late or twice.
func TestPageRowAndMailAgreeOnTheReopening(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ zone, closed, now, reopens string }{
		{"UTC", "2026-12-24 2027-01-03", "2026-12-31T23:59:00Z", "2027-01-04T00:00:00Z"},
		{"UTC", "2027-01-30 2027-01-31, 2027-02-01 2027-02-01", "2027-01-30T12:00:00Z", "2027-02-02T00:00:00Z"},
		{"Pacific/Kiritimati", "2027-02-27 2027-02-28", "2027-02-26T10:01:00Z", "2027-02-28T10:00:00Z"}, // UTC+14
		{"Etc/GMT+12", "2027-02-28 2027-02-28", "2027-02-28T12:01:00Z", "2027-03-01T12:00:00Z"},         // UTC-12
		// The clocks go forward, and back.
		{"Europe/Berlin", "2027-03-27 2027-03-28", "2027-03-27T12:00:00Z", "2027-03-28T22:00:00Z"},
		{"Europe/Berlin", "2027-10-30 2027-10-31", "2027-10-31T22:30:00Z", "2027-10-31T23:00:00Z"},
		// The day begins at 01:00, since there is no 00:00, and at the first 00:00 of two.
		{"Asia/Beirut", "2027-03-27 2027-03-27", "2027-03-27T12:00:00Z", "2027-03-27T22:00:00Z"},
		{"America/Havana", "2027-11-06 2027-11-06", "2027-11-06T12:00:00Z", "2027-11-07T04:00:00Z"},
	} {
		t.Run(c.zone+" "+c.closed, func(t *testing.T) {
			t.Parallel()
			now, err := time.Parse(time.RFC3339, c.now)
			noError(t, err)
			reopens, err := time.Parse(time.RFC3339, c.reopens)
			noError(t, err)
			s := newSiteAt(t, now)
			s.signIn(staff.Admin)
			for days := range strings.SplitSeq(c.closed, ", ") {
				from, until, _ := strings.Cut(days, " ")
				s.sql(fmt.Sprintf(`INSERT INTO closures (first_day, last_day, member_id) VALUES ('%s', '%s', 1)`, from, until))
			}
			s.setPromise("reply_hours", "36", "time_zone", c.zone)
			s.wantReopening(reopens, reopens.Add(36*time.Hour), lead.Promise{TimeZone: c.zone})
		})
	}
}

// wantReopening checks what visitors read, and what a request that arrives now is promised on its row, its page and by mail.
func (s *site) wantReopening(reopens, due time.Time, p lead.Promise) {
	s.t.Helper()
	day, deadline := ui.ReopeningDay(reopens, p), ui.Deadline(due, p)
	for _, path := range []string{"/", "/intake", "/compare/django-vs-fastapi"} {
		s.get(path).wantText("#closed", "We are closed and reopen on "+day).wantText("main", "by "+deadline).
			wantNoText("main", "We reply within 36 hours Nights")
	}
	s.get("/about").wantText("main", "reopen on "+day, "by "+deadline)

	receipt := s.ask("A sample project")
	s.get(receipt).wantText("main .say", "We will reply by "+deadline, "36 hours after our reopening on "+day)
	l, err := s.db.LeadByReference(s.t.Context(), "TB-0001")
	noError(s.t, err)
	if !l.DueAt.Equal(due) || !l.CountedFrom.Equal(reopens) {
		s.t.Errorf("the row is due at %v, counted from %v; want %v from %v", l.DueAt.UTC(), l.CountedFrom.UTC(), due, reopens)
	}
	mails := s.mails(l.Reference)
	for _, d := range mails {
		m, err := s.db.ClaimDelivery(s.t.Context(), d.ID, 1)
		noError(s.t, err)
		letter := mail.LeadEmail(d.Kind, mail.LeadData{Lead: m.Lead, Promise: m.Promise, Places: m.Places, Now: m.Now}).Text()
		if !strings.Contains(letter, deadline) || !strings.Contains(letter, day) {
			s.t.Errorf("the mail %s lacks %q or %q:\n%s", d.Kind, deadline, day, letter)
		}
	}
	if len(mails) != 2 {
		s.t.Errorf("%d mails, want 2", len(mails))
	}
}

// TestReceiptAndMailSayThatWeAreClosedInOurOwnWords has a request arrive on a closed day, and a further message.
func TestReceiptAndMailSayThatWeAreClosedInOurOwnWords(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Admin)
	s.closeDays(0, 2, "We are at the sea & read no email.")
	receipt := s.ask("A sample project")
	l, err := s.db.LeadByReference(t.Context(), "TB-0001")
	noError(t, err)
	day := ui.ReopeningDay(l.CountedFrom, lead.Promise{})
	s.get(receipt).wantText("main .say", "That is 24 hours after our reopening on "+day+": we were closed when your request "+
		"arrived.").wantText("#closed", "We are closed and reopen on "+day, "We are at the sea & read no email.")
	for _, d := range s.mails("TB-0001") {
		m, err := s.db.ClaimDelivery(t.Context(), d.ID, 1)
		noError(t, err)
		letter := mail.LeadEmail(d.Kind, mail.LeadData{Lead: m.Lead, Promise: m.Promise, Closed: m.Closed, Now: m.Now}).Text()
		if told := strings.Contains(letter, "at the sea"); told != (d.Kind == lead.ConfirmationMail) {
			t.Errorf("the mail %s says so: %v\n%s", d.Kind, told, letter)
		}
	}

	s.mustAct("TB-0001", "/reply", "reply", "Hello")
	page := s.get(receipt).wantText("#note-hint", "We aim to answer within 24 hours of our reopening on "+day)
	form := page.form("form[action$='/notes']")
	form.Set("note", "One more thing")
	s.post(receipt+"/notes", form).wantStatus(http.StatusSeeOther)
	l, err = s.db.LeadByReference(t.Context(), "TB-0001")
	noError(t, err)
	if !l.Due().Equal(l.CountedFrom.Add(24 * time.Hour)) {
		t.Errorf("the answer is due at %v", l.Due())
	}
	s.get(receipt).wantText("main .say", "We aim to answer it by "+ui.Deadline(l.Due(), lead.Promise{TimeZone: "UTC"})).
		wantText("#closed", "reopen on "+day, "at the sea").wantNoText("main", "within 24 hours.")
}

func TestEarlierPromisesStayWhenDaysAreClosed(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Admin)
	s.ask("Before")
	s.closeDays(0, 2, "")
	s.ask("During")
	s.mustPost(closuresPath + "/1/removal")
	s.ask("After")
	for reference, late := range map[string]bool{"TB-0001": false, "TB-0002": true, "TB-0003": false} {
		l, err := s.db.LeadByReference(t.Context(), reference)
		noError(t, err)
		if span := l.DueAt.Sub(l.ReceivedAt); (span > 24*time.Hour) != late {
			t.Errorf("%s is due %v after it arrived", reference, span)
		}
	}
}

func TestClosedDaysShowOnEveryInstanceWithinTwoSeconds(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Admin)
	other := s.instance()
	for _, path := range []string{"/", "/compare/django-vs-fastapi"} {
		other.get(path).wantText("main", "We reply within 24 hours").wantCount("#closed", 0)
	}
	s.closeDays(0, 1, "Happy holidays & thanks <b>to all</b>!")
	other.within(noticed, "the other instance is closed", func() bool {
		return other.get("/").Find("#closed").Length() == 1
	})
	for _, path := range []string{"/", "/compare/django-vs-fastapi", "/intake", "/about"} {
		other.get(path).wantText("main", "Happy holidays & thanks <b>to all</b>!")
	}
}

// TestPagesCloseAndReopenByThemselves has days begin and end without a change by anybody, as at midnight.
func TestPagesCloseAndReopenByThemselves(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Admin)
	paths := []string{"/", "/compare/django-vs-fastapi", "/intake", "/about"}
	shown := func(closed int) {
		t.Helper()
		s.server().Refresh(t.Context()) // as each instance does every few seconds
		for _, path := range paths {
			s.get(path)
			if got := strings.Count(s.get(path).text("main"), "We are closed and reopen on"); got != closed {
				t.Errorf("%s says %d times that we are closed, want %d", path, got, closed)
			}
		}
	}
	s.closeDays(1, 1, "")
	shown(0)
	s.sql(`UPDATE closures SET first_day = first_day - 1, last_day = last_day - 1`)
	shown(1)
	s.sql(`UPDATE closures SET first_day = first_day - 1, last_day = last_day - 1`)
	shown(0)
}

func TestWrongClosedDaysAreGivenBack(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Admin)
	s.closeDays(10, 12, "")
	s.sql(`INSERT INTO closures (first_day, last_day, member_id) SELECT current_date - 3, current_date + 1, 1`)
	s.sql(`INSERT INTO closures (first_day, last_day, member_id) SELECT current_date - 9, current_date - 8, 1`)
	for _, c := range []struct {
		from, until string
		field, says string
		id          int
	}{
		{"soon", dayFromNow(20), "from", "Enter a date", 0},
		{dayFromNow(20), "", "until", "Enter a date", 0},
		{dayFromNow(-1), dayFromNow(20), "from", "Enter today or a later day.", 0},
		{dayFromNow(5), dayFromNow(4), "until", "not before the first one", 0},
		{dayFromNow(20), dayFromNow(386), "until", "within a year", 0},
		{dayFromNow(12), dayFromNow(14), "from", "You are already closed then: ", 0},
		{dayFromNow(5), dayFromNow(20), "from", "You are already closed then: ", 0},
		{dayFromNow(0), dayFromNow(1), "from", "These days have begun", 2},
		{dayFromNow(-3), dayFromNow(-1), "until", "Enter today or a later day.", 2},
		{dayFromNow(-3), dayFromNow(10), "from", "You are already closed then: ", 2},
	} {
		form := s.get(fmt.Sprintf("%s?edit=%d", closuresPath, c.id)).form(closuresForm)
		form.Set("from", c.from)
		form.Set("until", c.until)
		form.Set("sentence", "A sentence")
		a := s.post(closuresPath, form).wantStatus(http.StatusUnprocessableEntity)
		a.wantText("#"+c.field+"-wrong", c.says).wantText("#sentence", "A sentence")
		if a.value("#from") != c.from || a.value("#until") != c.until {
			t.Errorf("%q to %q became %q to %q", c.from, c.until, a.value("#from"), a.value("#until"))
		}
	}
	s.post(closuresPath, fields("from", dayFromNow(30), "until", dayFromNow(30), "sentence", strings.Repeat("ü", 301))).
		wantText("#sentence-wrong", "Use at most 300 characters.")
	s.get(closuresPath).wantCount("details summary:contains('Past')", 1).wantCount("a[href*='edit=']", 2)
}

func TestSomebodyElsesClosedDaysAreNeverOverwritten(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Admin)
	s.closeDays(10, 12, "First")
	mine, theirs := s.get(closuresPath+"?edit=1").form(closuresForm), s.get(closuresPath+"?edit=1").form(closuresForm)
	theirs.Set("until", dayFromNow(14))
	theirs.Set("sentence", "Theirs")
	s.post(closuresPath, theirs).wantStatus(http.StatusSeeOther)

	mine.Set("sentence", "Mine")
	stale := s.post(closuresPath, mine).wantStatus(http.StatusConflict)
	stale.wantText("[role=alert]", "Theirs").wantText("#sentence", "Mine")
	s.post(closuresPath, stale.form(closuresForm)).wantStatus(http.StatusSeeOther)
	s.get(closuresPath).wantText(".quote", "Mine")

	mine = s.get(closuresPath + "?edit=1").form(closuresForm)
	s.mustPost(closuresPath + "/1/removal")
	gone := s.post(closuresPath, mine).wantStatus(http.StatusConflict).wantText("[role=alert]", "were removed or are over")
	s.post(closuresPath, gone.form(closuresForm)).wantStatus(http.StatusSeeOther)
	s.get(closuresPath).wantText(".quote", "Mine")
	s.post(closuresPath, fields("id", "2", "from", dayFromNow(1), "until", dayFromNow(1))).wantStatus(http.StatusBadRequest)
}

// TestReopeningEndsWithYesterday keeps the record of days on which requests were promised something else.
func TestReopeningEndsWithYesterday(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Admin)
	s.sql(`INSERT INTO closures (first_day, last_day, member_id) SELECT current_date - 3, current_date + 3, 1`)
	s.server().Refresh(t.Context())
	s.get(closuresPath).wantText("main section", "Closed now.")
	s.mustPost(closuresPath + "/1/removal")
	s.get("/").wantCount("#closed", 0)
	read, err := s.db.Closures(t.Context())
	noError(t, err)
	if got := read.Closures[0].Until; !got.Equal(read.Today.AddDate(0, 0, -1)) {
		t.Errorf("it ends on %v, today is %v", got, read.Today)
	}
	s.mustPost(closuresPath + "/1/removal") // it is over: nothing is left to do
	s.get(closuresPath).wantText("details", read.Closures[0].Days())
}

func TestListOfLeadsSaysThatTheSiteIsOrWillBeClosed(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Admin)
	s.closeDays(4, 5, "")
	s.get("/staff/leads").wantCount("#closure", 0)
	s.closeDays(3, 3, "")
	s.get("/staff/leads").wantText("#closure", "You are closed from ", "within 24 hours of reopening").
		wantCount("#closure a[href='/staff/closures']", 1)
	s.closeDays(0, 0, "")
	s.get("/staff/leads").wantText("#closure", "You are closed and reopen on ",
		"New leads are promised a reply by ", ", end of day UTC")
}
