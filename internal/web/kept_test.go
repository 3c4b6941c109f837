package web_test

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"tiebreak/internal/pgtest"
	"tiebreak/internal/staff"
)

// given is the form that the page gives back, as the browser would send it.
func (a answer) given() (action string, form url.Values) {
	form = url.Values{}
	sent := a.Find("main form")
	sent.Find("input, textarea").Each(func(_ int, field *goquery.Selection) {
		form.Add(field.AttrOr("name", ""), field.AttrOr("value", field.Text()))
	})
	return sent.AttrOr("action", ""), form
}

func TestWhatAMemberWroteIsGivenBackWhenTheirSessionIsOver(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.signIn(staff.Editor)
	s.ask("A sample project", nil)
	seen := s.get("/staff/leads/TB-0001").attr("[name=seen]", "value")
	out := s.another()
	for _, one := range []struct {
		path  string
		wrote url.Values
	}{
		{"/staff/leads/TB-0001/reply", url.Values{
			"reply": {"Hello,\nhow <are> you?"}, "seen": {seen}, "key": {"ONE"},
			"do": {"send"},
		}},
		{"/staff/leads/TB-0001/team-notes", url.Values{"note": {"I called"}, "key": {"TWO"}}},
		{"/staff/account/signature", url.Values{"signature": {"Yours\nSample"}}},
		{"/staff/templates", url.Values{"name": {"Hello"}, "text": {"Hello {name}"}, "id": {"0"}}},
		{"/staff/leads/views", url.Values{"name": {"Mine"}, "query": {"tab=mine"}}},
	} {
		page := out.post(one.path, one.wrote).wantStatus(http.StatusForbidden)
		page.wantText("h1", "Not done yet: you are signed out")
		if to := page.attr("a.key", "href"); to != "/staff/sign-in" {
			t.Errorf("%s leads to %s", one.path, to)
		}
		action, form := page.given()
		if action != one.path || form.Encode() != one.wrote.Encode() {
			t.Errorf("%s gives %v back to %s", one.path, form, action)
		}
		s.post(action, form).wantStatus(http.StatusSeeOther)
	}
	if s.replies() != 1 {
		t.Error("the reply was not sent")
	}
	out.post("/staff/leads/TB-0001/draft", url.Values{"reply": {"Begun"}}).wantStatus(http.StatusForbidden)
	out.post("/staff/leads/TB-0001/status", url.Values{"to": {"lost"}}).wantStatus(http.StatusSeeOther)
	out.post("/staff/account/password", url.Values{
		"current": {"", "a sample password"},
		"name":    {"x"},
	}).wantStatus(http.StatusSeeOther)
}

func TestWhatCannotBeSentAgainIsGivenBackWithoutAButton(t *testing.T) {
	t.Parallel()
	admin, other := withAdmin(t, staff.Reader)
	admin.ask("A sample project", nil)
	page := other.post("/staff/leads/TB-0001/team-notes", url.Values{"note": {"I called"}}).wantStatus(http.StatusForbidden)
	page.wantText("#note", "I called")
	page.wantCount("main button", 0)
	page.wantCount("main a[href='/staff/leads']", 1)

	damaged := admin.request(http.MethodPost, "/staff/templates", "name=Hello&text=Hello&id=%zz")
	damaged.Header.Set("Content-Type", urlEncoded)
	out := admin.another()
	page = out.do(damaged).wantStatus(http.StatusBadRequest)
	page.wantText("#text", "Hello")
	page.wantCount("main form", 0)
	damaged = admin.request(http.MethodPost, "/staff/account/password", "current=a+sample+password&name=x&new=%zz")
	damaged.Header.Set("Content-Type", urlEncoded)
	out.do(damaged).wantStatus(http.StatusBadRequest).wantCount("main input", 0)
	out.do(out.request(http.MethodPost, "//evil.example/x", "note=Hello")).wantCount("main form", 0)
}

func TestWhatAMemberWroteIsGivenBackWhereSomethingComesFirst(t *testing.T) {
	t.Parallel()
	address := pgtest.NewURL(t)
	admin := siteOn(t, pgtest.Open(t, address))
	admin.signIn(staff.Admin)
	invitation := url.Values{"email": {"new@example.org"}, "role": {"reader"}}
	admin.exec(address, `UPDATE sessions SET reauthenticated_at = NULL`)
	page := admin.post("/staff/team/invitations", invitation).wantStatus(http.StatusForbidden)
	page.wantText("h1", "confirm that it’s you")
	action, form := page.given()
	if form.Encode() != invitation.Encode() {
		t.Errorf("given back is %v", form)
	}
	admin.prove(url.Values{"password": {"a sample password"}}).wantStatus(http.StatusSeeOther)
	admin.post(action, form).wantStatus(http.StatusSeeOther)

	admin.post("/staff/team/second-factor", url.Values{"required": {"yes"}}).wantStatus(http.StatusSeeOther)
	page = admin.post("/staff/account/signature", url.Values{"signature": {"Yours"}}).wantStatus(http.StatusForbidden)
	page.wantText("h1", "your team requires two-step sign-in")
	admin.setUp()
	action, form = page.given()
	admin.post(action, form).wantStatus(http.StatusSeeOther)
}

func TestWordsOfAnotherSiteAreNotRepeated(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.signIn(staff.Editor)
	r := s.request(http.MethodPost, "/staff/leads/TB-0001/reply", url.Values{"reply": {"Send me money"}}.Encode())
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	s.do(r).wantStatus(http.StatusForbidden).wantCount("main form", 0)
}

func TestTeamAsksForAProof(t *testing.T) {
	t.Parallel()
	address := pgtest.NewURL(t)
	admin := siteOn(t, pgtest.Open(t, address))
	admin.signIn(staff.Admin)
	admin.addMember("other@example.org", staff.Reader)
	admin.exec(address, `UPDATE sessions SET reauthenticated_at = NULL`)
	for _, answer := range []answer{
		admin.get("/staff/team"), admin.setRole("other@example.org", staff.Admin),
		admin.setState("other@example.org", "disabled"),
	} {
		if to := answer.header.Get("Location"); to != "/staff/account/proof?to=team" {
			t.Errorf("leads to %q (%d)", to, answer.status)
		}
	}
	if to := admin.post("/staff/account/proof?to=team",
		url.Values{"password": {"a sample password"}}).header.Get("Location"); to != "/staff/team" {
		t.Errorf("the proof leads to %s", to)
	}
}
