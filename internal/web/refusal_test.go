package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"tiebreak/internal/mailtest"
	"tiebreak/internal/pgtest"
	"tiebreak/internal/staff"
)

func TestRefusedAddressIsShownOnTheLeadAndCorrectedThere(t *testing.T) {
	t.Parallel()
	database := pgtest.NewURL(t)
	s, box := siteOn(t, pgtest.Open(t, database)), mailtest.New(t)
	s.signIn(staff.Editor)
	box.SetTo("sample@example.org", mailtest.Says550)
	s.deliver(box)
	s.post("/intake", request(url.Values{"email": {"sample@example.org"}})).wantStatus(http.StatusSeeOther)
	pgtest.Await(t, database, mailed, `EXISTS (SELECT FROM deliveries WHERE state = 'failed') AND NOT EXISTS (SELECT FROM deliveries WHERE state = 'waiting')`)

	page := s.get("/staff/leads/TB-0001")
	page.wantText(".alert", "They do not get our emails")
	page.wantText(".alert", "The mail server says that this address does not exist (code 550): sample@example.org. Contact them "+
		"another way, or correct the address.")
	page.wantText(".banner", "1 email failed.")
	list := s.get("/staff/deliveries")
	list.wantText("tbody", "Confirmation, to the prospect")
	list.wantText("tbody", "correct the address on the lead’s page")

	s.act("TB-0001", "/email", url.Values{"email": {"sample @example.org"}}).wantStatus(http.StatusUnprocessableEntity).
		wantText("#email-wrong", "a space")
	s.act("TB-0001", "/email", url.Values{"email": {"right@example.org"}}).wantStatus(http.StatusSeeOther)
	s.within(mailed, "the confirmation is at the corrected address", func() bool {
		for _, letter := range box.Got() {
			if letter.To[0] == "right@example.org" && strings.Contains(letter.Text, "/requests/") {
				return true
			}
		}
		return false
	})
	pgtest.Await(t, database, mailed, `NOT EXISTS (SELECT FROM deliveries WHERE state <> 'sent')`)
	s.get("/staff/leads/TB-0001").wantCount(".alert, .banner", 0)
}

func TestFailedMailThatIsLeftIsNoLongerAnAlarm(t *testing.T) {
	t.Parallel()
	database := pgtest.NewURL(t)
	s, box := siteOn(t, pgtest.Open(t, database)), mailtest.New(t)
	s.signIn(staff.Editor)
	box.Set(mailtest.RefusesSender)
	s.deliver(box)
	s.post("/intake", request(nil)).wantStatus(http.StatusSeeOther)
	pgtest.Await(t, database, mailed, `(SELECT count(*) = 2 FROM deliveries WHERE state = 'failed')`)

	list := s.get("/staff/deliveries")
	list.wantText("main", "Try all 2 failed emails again")
	list.wantText("tbody", "the mail server does not accept mail from us (code 553)")
	list.wantText("tbody", "Check TIEBREAK_SMTP_URL and TIEBREAK_MAIL_FROM, then send it again.")
	list.wantText("tbody", "New request, to Sample Member")
	s.post(list.attr("form[action$='/acknowledgement']", "action"), nil).wantStatus(http.StatusSeeOther)
	rest := s.get("/staff/deliveries")
	rest.wantText(".banner", "1 email failed.")
	rest.wantCount("tbody tr", 1)
	box.Set(mailtest.Takes)
	s.post("/staff/deliveries/attempts", nil).wantStatus(http.StatusSeeOther)
	pgtest.Await(t, database, mailed, `(SELECT count(*) = 1 FROM deliveries WHERE state = 'sent')`)
	s.get("/staff/deliveries").wantCount(".banner", 0)
}

func TestMemberSignsInHoweverTheAddressIsWritten(t *testing.T) {
	t.Parallel()
	address := pgtest.NewURL(t)
	s := siteOn(t, pgtest.Open(t, address))
	s.addMember("Ann@bücher.example", staff.Reader)
	for _, stored := range []string{"Ann@bücher.example", "ann@xn--bcher-kva.example", "ann\u200b@bücher.example"} {
		s.exec(address, `UPDATE members SET email = '`+stored+`'`)
		for _, typed := range []string{"ann@bücher.example", "ANN@XN--BCHER-KVA.example", "\u202aann@bücher.example\u202c"} {
			if !s.another().enter(typed, "a sample password") {
				t.Errorf("stored as %q, %q is not let in", stored, typed)
			}
		}
	}
	if s.another().enter("anna@bücher.example", "a sample password") {
		t.Error("another address is let in")
	}
}
