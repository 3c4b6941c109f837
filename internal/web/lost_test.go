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
	"tiebreak/templates/mail"
)

func TestMoveToLostAsksWhetherTheProspectWasAnswered(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.signIn(staff.Editor)
	receipt := s.ask("one", nil)
	s.ask("two", nil)

	page := s.get("/staff/leads/TB-0001")
	page.wantCount("button[name=to][value=lost]", 0)
	page.wantCount("button[name=answered]", 2)
	asked := s.act("TB-0001", "/status", url.Values{"to": {"lost"}}).wantStatus(http.StatusUnprocessableEntity)
	asked.wantText(".err", "Say whether you answered them some other way.")
	all := s.bulk(url.Values{"do": {"move"}, "status": {"lost"}}, "TB-0001", "TB-0002")
	all.wantStatus(http.StatusUnprocessableEntity).wantText("[role=alert]", "Not moved yet: were these people answered?")
	form := url.Values{"answered": {"no"}}
	for _, field := range all.Find("[role=alert] input").EachIter() {
		form.Add(field.AttrOr("name", ""), field.AttrOr("value", ""))
	}
	s.wantListed("", "TB-0001", "TB-0002")
	s.post(all.attr("[role=alert] form", "action"), form).wantStatus(http.StatusSeeOther)
	for _, l := range s.leads() {
		if l.Status != lead.Lost || l.AnsweredAt != nil {
			t.Errorf("%s is %s, answered at %v", l.Reference, l.Status, l.AnsweredAt)
		}
	}
	s.get("/staff/leads/TB-0001").wantText(".strip", "closed without an answer")
	closed := s.get(receipt)
	closed.wantText("h1", "Your request is closed.")
	closed.wantText("main", "We have closed your request.")
	for _, untrue := range []string{"answered", "We will reply", "Reply due"} {
		if strings.Contains(closed.text("main"), untrue) {
			t.Errorf("the receipt says %q: %s", untrue, closed.text("main"))
		}
	}
}

func TestLostLeadThatWasAnsweredSomeOtherWayStopsTheClock(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.signIn(staff.Editor)
	receipt := s.ask("one", nil)
	s.act("TB-0001", "/status", url.Values{"to": {"lost"}, "answered": {"yes"}}).wantStatus(http.StatusSeeOther)
	s.get("/staff/leads/TB-0001").wantText(".strip", "answered in time")
	s.get(receipt).wantText("main", "We have answered you.We did this directly, for example by phone.") // no mail went out
}

func TestLeadClosedWithoutAnAnswerCountsAsNotAnsweredInTime(t *testing.T) {
	t.Parallel()
	address := pgtest.NewURL(t)
	s := siteOn(t, pgtest.Open(t, address))
	s.signIn(staff.Editor)
	s.ask("answered", nil)
	s.ask("closed", nil)
	s.act("TB-0001", "/status", url.Values{"to": {"contacted"}}).wantStatus(http.StatusSeeOther)
	s.act("TB-0002", "/status", url.Values{"to": {"lost"}, "answered": {"no"}}).wantStatus(http.StatusSeeOther)
	record := func(s *site) lead.Record {
		t.Helper()
		read, err := s.db.Settings(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		return read.Record
	}
	if r := record(s); r.Due != 1 || r.InTime != 1 {
		t.Errorf("before the promised time the record is %+v", r)
	}
	later := s.at(address, "25 hours")
	if r := record(later); r.Due != 2 || r.InTime != 1 {
		t.Errorf("after it the record is %+v", r)
	}
	later.post("/staff/sign-in", url.Values{
		"email":    {"member@example.org"},
		"password": {"a sample password"},
	}).wantStatus(http.StatusSeeOther)
	later.get("/staff/insights").wantText(".insight tfoot", "Whole range2101")
	later.sweep()
	for _, mail := range later.mailsMade() {
		if strings.Contains(mail, "reminder") || strings.Contains(mail, "overdue") {
			t.Errorf("staff are reminded: %s", mail)
		}
	}
}

func TestConfirmationOfALeadClosedMeanwhilePromisesNoReply(t *testing.T) {
	t.Parallel()
	letter := mail.LeadEmail(lead.ConfirmationMail, mail.LeadData{Lead: lead.Lead{Status: lead.Lost}})
	if text := letter.Text(); strings.Contains(text, "We will reply") {
		t.Errorf("it says: %s", text)
	}
}
