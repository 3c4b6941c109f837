package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"tiebreak/internal/lead"
	"tiebreak/internal/mailtest"
	"tiebreak/internal/staff"
)

// correctEmail corrects the address on the receipt as a person does, and returns the receipt from then on.
func (s *site) correctEmail(receipt, address string) (now string) {
	s.t.Helper()
	form := s.get(receipt).form("form[action$='/email']")
	form.Set("email", address)
	to := s.post(receipt+"/email", form).wantStatus(http.StatusSeeOther).location()
	now, _, _ = strings.Cut(to, "?")
	if to != now+"?done=email#done" || now == receipt {
		s.t.Errorf("a correction leads to %s", to)
	}
	s.get(to).wantText("#email-sent #done[role=status]", "This page has a new link, and the old one no longer works.")
	return now
}

// outcome says how the last mail of the kind about the first lead went.
func (s *site) outcome(kind lead.DeliveryKind, state lead.DeliveryState, problem lead.Problem) {
	s.t.Helper()
	var last int64
	for _, d := range s.mails("TB-0001") {
		if d.Kind == kind {
			last = d.ID
		}
	}
	_, err := s.db.RecordOutcome(s.t.Context(), last, state, problem, 0)
	noError(s.t, err)
}

func TestReceiptSaysWhichAddressIsMailed(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Editor)
	receipt := s.ask("A sample project")
	wantSaid := func(words string) {
		t.Helper()
		s.get(receipt).wantText("#email-sent", words)
	}
	wantSaid("We are emailing the link to this page to sample@example.org.")
	s.outcome(lead.ConfirmationMail, lead.Waiting, lead.Refused)
	wantSaid("We could not email the link to this page to sample@example.org yet. We are trying again.")
	s.outcome(lead.ConfirmationMail, lead.Failed, lead.UnknownAddress)
	wantSaid("Our email did not reach sample@example.org: the mail server says that this address does not exist.")

	receipt = s.correctEmail(receipt, "right@example.org")
	wantSaid("We are emailing the link to this page to right@example.org.")
	s.outcome(lead.ConfirmationMail, lead.Sent, "")
	wantSaid("We emailed the link to this page to right@example.org.")
	receipt = s.correctEmail(receipt, "sample@example.org")
	wantSaid("We have not emailed the link to this page to sample@example.org. Each address gets at most one confirmation a day.")

	s.mustAct("TB-0001", "/reply", "reply", "Words of a reply")
	s.get(receipt).wantText(".say", "We are emailing our reply to sample@example.org.")
	s.outcome(lead.ReplyMail, lead.Sent, "")
	s.get(receipt).wantText(".say", "We emailed our reply to sample@example.org. Check your inbox and your spam folder.")
	receipt = s.correctEmail(receipt, "another@example.org")
	s.get(receipt).wantText(".say", "We sent our reply before you corrected your email address to another@example.org.")

	suspect := s.ask("Another sample project", "email", "other@example.org", "website", "filled in")
	s.get(suspect).wantText("#email-sent", "We have not emailed other@example.org yet. A person checks your request first.")
}

func TestProspectCorrectsTheirAddressThreeTimes(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	receipt := s.ask("A sample project")
	s.get(receipt).wantCount("#email-sent details:not([open]) form[action$='/email']", 1)
	wrong := s.post(receipt+"/email", fields("email", "sample @example.org")).wantStatus(http.StatusUnprocessableEntity)
	wrong.wantText("#email-wrong", "a space").wantAttr("#email", "value", "sample @example.org").
		wantCount("#email-sent details[open] #email[aria-invalid]", 1)
	s.postBody(receipt+"/email", "email=%zz").wantStatus(http.StatusBadRequest)
	same := s.get(receipt).form("form[action$='/email']")
	same.Set("email", "sample@example.org")
	s.get(s.post(receipt+"/email", same).wantStatus(http.StatusSeeOther).location()).wantText("#done", "Nothing was changed.")

	for _, address := range []string{"one@example.org", "two@example.org", "three@example.org"} {
		receipt = s.correctEmail(receipt, address)
	}
	s.get(receipt).wantCount("form[action$='/email']", 0).wantText(".steps", "You corrected your email address").
		wantText("#email-sent", "You have corrected the email address 3 times.")
	s.post(receipt+"/email", fields("email", "four@example.org")).wantStatus(http.StatusConflict).
		wantText("[role=alert]", "at most 3 times", "four@example.org")
	s.mustPost(receipt + "/withdrawal")
	s.post(receipt+"/email", fields("email", "five@example.org")).wantStatus(http.StatusConflict).
		wantText("[role=alert]", "This request is closed", "five@example.org")

	s.signIn(staff.Reader)
	s.get("/staff/leads/TB-0001").wantText("main", "three@example.org").
		wantText(".thread", "The prospect corrected the email address").wantNoText("main", "sample@example.org")
}

func TestOldLinkOfAReceiptSaysThatItNoLongerWorks(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	old := s.ask("A sample project")
	form := s.get(old).form("form[action$='/email']")
	form.Set("email", "stranger@example.org")
	now := s.correctEmail(old, "right@example.org")
	for what, a := range map[string]answer{
		"shown":                         s.get(old),
		"added to":                      s.post(old+"/notes", fields("note", "My own words")),
		"corrected":                     s.post(old+"/email", fields("email", "stranger@example.org", "key", "KEY")),
		"corrected by a page of before": s.post(old+"/email", form),
		"withdrawn":                     s.post(old+"/withdrawal", nil),
		"resumed":                       s.post(old+"/withdrawal/removal", nil),
		"erased":                        s.post(old+"/erasure", nil),
	} {
		a.wantStatus(http.StatusGone).wantText("h1", "This link no longer works").wantHeader("Cache-Control", "no-store").
			wantCount("meta[name=robots][content=noindex]", 1).wantNoText("main", "TB-0001", "Sample", "right@example.org")
		if what == "added to" {
			a.wantText("main .quote", "My own words")
		}
	}
	s.get(now).wantText("h1", "We have your request.")
	s.post(old+"/email", fields("email", "right@example.org")).wantStatus(http.StatusGone) // without a key
}

func TestRepeatedFormLeadsItsBrowserToThePresentReceipt(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	form := request(fields("key", "one", "project", "A project with a key"))
	first := s.send(form)
	now := s.correctEmail(first, "right@example.org")
	if again := s.send(form); again != now {
		t.Errorf("the form with a key leads to %s", again)
	}
	// Anyone who saw the receipt can type the same words, and knows no key.
	keyless := request(fields("project", "A project without a key"))
	first = s.send(keyless)
	s.correctEmail(first, "better@example.org")
	if again := s.send(keyless); again != first {
		t.Errorf("the form without a key leads to %s", again)
	}
	s.wantLeads(2)
}

func TestConfirmationGoesToTheCorrectedAddressWithTheNewLink(t *testing.T) {
	t.Parallel()
	s, box := newSite(t), mailtest.New(t)
	s.deliver(box)
	old := s.ask("A sample project")
	linkAt := func(address string) (link string) {
		t.Helper()
		s.within(mailed, "a confirmation at "+address, func() bool {
			for _, letter := range box.Got() {
				_, after, found := strings.Cut(letter.Text, "https://guides.example.org")
				if letter.To[0] == address && found {
					link, _, _ = strings.Cut(after, "\r\n")
				}
			}
			return link != ""
		})
		return link
	}
	if link := linkAt("sample@example.org"); link != old {
		t.Errorf("the first link is %s", link)
	}
	now := s.correctEmail(old, "right@example.org")
	if link := linkAt("right@example.org"); link != now {
		t.Errorf("the new link is %s, want %s", link, now)
	}
	s.get(now).wantText("h1", "We have your request.")
}

func TestWithdrawalAsksFirstAndCanBeUndone(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Admin)
	s.setPromise("places", "1")
	first, second := s.ask("first"), s.ask("second")
	s.get(first).wantCount("details:not([open]) form[action$='/withdrawal'] button", 1).
		wantText("details", "You can undo the withdrawal here, but your place may be gone by then.")
	s.get(second).wantNoText("details", "your place")

	s.mustPost(first + "/withdrawal")
	s.get(first).wantText("h1", "You withdrew your request.").wantCount("form[action$='/withdrawal/removal']", 1).
		wantText(".say", "You can do this until we erase the request, 30 days")
	for range 2 { // pressed twice
		a := s.get(s.mustPost(first + "/withdrawal/removal"))
		a.wantText("#done", "Your request is open again. No place is free at the moment, so you are on the waitlist.").
			wantText("#place", "You are number 1 on the waitlist.").wantAttr("main", "data-place", string(lead.Waitlist)).
			wantText("h1", "We have your request.").
			wantText(".say", "We do not count the time for which your request was withdrawn.")
	}
	s.mustPost(second + "/withdrawal")
	s.get(first).wantAttr("main", "data-place", string(lead.Held))
	s.mustPost(first + "/withdrawal")
	s.get(s.mustPost(first+"/withdrawal/removal")).wantText("#done", "You have a place.").
		wantText(".steps", "You undid the withdrawal")
	s.get("/staff/leads/TB-0001").wantText(".thread", "The prospect undid the withdrawal")

	s.mustPost(first + "/erasure")
	s.get(first).wantCount("main form", 0)
	s.post(first+"/withdrawal/removal", nil).wantStatus(http.StatusConflict).wantText("[role=alert]", "This request is closed")
	s.get(first).wantText("h1", "Your request is erased.")
}

func TestNoteIsConfirmedWhereItWasTyped(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	receipt := s.ask("A sample project")
	s.get(receipt+"?done=note").wantCount("#done", 0) // nothing was added yet
	to := s.mustPost(receipt+"/notes", "note", "A link")
	if to != receipt+"?done=note#done" {
		t.Errorf("a note leads to %s", to)
	}
	s.get(to).wantText("section:has(#note) #done[role=status]", "We have your message.").
		wantText("#messages", "A link")
	s.get(receipt).wantCount("#done", 0)
	s.get(receipt+"?"+url.Values{"done": {"Call this number"}}.Encode()).wantCount("#done", 0)
}

func TestLinkOfAReceiptCanBeCopiedWhereScriptsRun(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	receipt := s.ask("A sample project")
	s.get(receipt).wantCount("button[data-copy='"+receipt+"'][hidden]", 1).
		wantText(".say", "Only people with the link to this page can open it. Save the link to come back.")
}

func TestFormSaysWhatHappensNext(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for _, path := range []string{"/intake", "/compare/django-vs-fastapi"} {
		s.get(path).wantText("form[action='/intake']", "What happens next", "You get a private page at once.",
			"A person reads every request", "It costs nothing to ask.").
			wantCount("form[action='/intake'] label:has(#consent) a[href='/privacy']", 1)
	}
}
