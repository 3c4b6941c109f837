package web_test

import (
	"net/http"
	"strings"
	"testing"

	"tiebreak/internal/lead"
	"tiebreak/internal/staff"
	"tiebreak/templates/mail"
)

func TestMoveToLostAsksWhetherTheProspectWasAnswered(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Editor)
	receipt := s.ask("one")
	s.ask("two")

	s.get("/staff/leads/TB-0001").wantCount("button[name=to][value=lost]", 0).wantCount("button[name=answered]", 2)
	s.act("TB-0001", "/status", fields("to", "lost")).wantStatus(http.StatusUnprocessableEntity).
		wantText(".err", "Choose whether you answered them another way.")
	all := s.bulk(fields("do", "move", "status", "lost"), "TB-0001", "TB-0002")
	all.wantStatus(http.StatusUnprocessableEntity).wantText("[role=alert]", "Not moved yet: were these people answered?")
	form := all.form("[role=alert] form")
	form.Set("answered", "no")
	s.wantListed("", "TB-0001", "TB-0002")
	s.post(all.attr("[role=alert] form", "action"), form).wantStatus(http.StatusSeeOther)
	for _, l := range s.leads() {
		if l.Status != lead.Lost || l.AnsweredAt != nil {
			t.Errorf("%s is %s, answered at %v", l.Reference, l.Status, l.AnsweredAt)
		}
	}
	s.get("/staff/leads/TB-0001").wantText(".strip", "closed without an answer")
	s.get(receipt).wantText("h1", "Your request is closed.").wantText("main", "We have closed your request.").
		wantNoText("main", "answered", "We will reply", "Reply due")
}

func TestLostLeadThatWasAnsweredSomeOtherWayStopsTheClock(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Editor)
	receipt := s.ask("one")
	s.mustAct("TB-0001", "/status", "to", "lost", "answered", "yes")
	s.get("/staff/leads/TB-0001").wantText(".strip", "answered in time")
	s.get(receipt).wantText("main", "We have answered you.We did this directly, for example by phone.") // no mail went out
}

// wantRecord checks how many replies were due so far and how many of them came in time.
func (s *site) wantRecord(due, inTime int) {
	s.t.Helper()
	read, err := s.db.Settings(s.t.Context())
	noError(s.t, err)
	if r := read.Record; r.Due != due || r.InTime != inTime {
		s.t.Errorf("the record is %+v, want %d of %d in time", r, inTime, due)
	}
}

func TestLeadClosedWithoutAnAnswerCountsAsNotAnsweredInTime(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Editor)
	s.ask("answered")
	s.ask("closed")
	s.mustAct("TB-0001", "/status", "to", "contacted")
	s.mustAct("TB-0002", "/status", "to", "lost", "answered", "no")
	s.wantRecord(1, 1)
	later := s.later("25 hours")
	later.wantRecord(2, 1)
	later.mustSignIn(memberEmail)
	later.get("/staff/insights").wantText(".insight tfoot", "Whole range2101")
	later.sweep()
	for _, mail := range later.leadStates().mails {
		if strings.Contains(mail, "reminder") || strings.Contains(mail, "overdue") {
			t.Errorf("staff are reminded: %s", mail)
		}
	}
}

func TestConfirmationOfALeadClosedMeanwhilePromisesNoReply(t *testing.T) {
	t.Parallel()
	confirmation := mail.LeadEmail(lead.ConfirmationMail, mail.LeadData{Lead: lead.Lead{Status: lead.Lost}})
	if text := confirmation.Text(); strings.Contains(text, "We will reply") {
		t.Errorf("it says: %s", text)
	}
}
