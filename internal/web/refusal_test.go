package web_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"tiebreak/internal/lead"
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
	page.wantText(".alert", "Our emails do not reach them")
	page.wantText(".alert", "The mail server says that this address does not exist (code 550): sample@example.org. Contact them "+
		"another way, or correct the address.")
	page.wantCount(".banner", 0) // the page says so itself
	leads := s.get("/staff/leads").wantAttr(".banner a", "href", "/staff/leads/TB-0001")
	leads.wantText(".banner", "One email could not be delivered. The one to the prospect about TB-0001: the mail server "+
		"says that this address does not exist.").wantNoText(".banner", "are not being sent", "sample@example.org")
	list := s.get("/staff/deliveries")
	list.wantText("tbody", "Confirmation, to the prospect")
	list.wantAttr("tbody a[href$='#unreached']", "href", "/staff/leads/TB-0001#unreached")

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

func TestAddressThatTheProspectWroteFromReplacesOneThatIsRefused(t *testing.T) {
	t.Parallel()
	for _, problem := range []lead.Problem{lead.UnknownAddress, lead.Returned} {
		t.Run(string(problem), func(t *testing.T) {
			t.Parallel()
			s := signedIn(t, staff.Editor)
			s.ask("A sample project", "email", "adda@example.org")
			mails := s.mails("TB-0001")
			at := slices.IndexFunc(mails, func(d lead.Delivery) bool { return d.Kind == lead.ConfirmationMail })
			_, err := s.db.RecordOutcome(t.Context(), mails[at].ID, lead.Failed, problem, 0)
			noError(t, err)
			s.arrives(lead.Message{SenderName: "Ada Sample", SenderAddress: "ada@example.org", Text: "Did you write?"})
			s.mustPost("/staff/inbox/1/lead", "reference", "TB-0001")

			page := s.get("/staff/leads/TB-0001").wantCount("#email", 1)
			page.wantText(".alert form button", "Use ada@example.org and send again")
			s.follow(s.post("/staff/leads/TB-0001/email", page.form(".alert form:has([type=hidden][name=email])"))).
				wantText("[role=status]", "Email address saved.").wantText("main", "ada@example.org").
				wantCount(".alert", 0)
			mails = s.mails("TB-0001")
			if mails[at].State != lead.Waiting {
				t.Errorf("the confirmation is %s", mails[at].State)
			}
		})
	}
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
	rest.wantCount(".banner", 0) // the page says so itself
	s.get("/staff/leads").wantText(".banner", "1 email failed:")
	rest.wantCount("tbody tr", 1)
	box.Set(mailtest.Takes)
	s.post("/staff/deliveries/attempts", nil).wantStatus(http.StatusSeeOther)
	pgtest.Await(t, database, mailed, `(SELECT count(*) = 1 FROM deliveries WHERE state = 'sent')`)
	s.get("/staff/leads").wantCount(".banner", 0)
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
