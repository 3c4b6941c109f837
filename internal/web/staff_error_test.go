package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"tiebreak/internal/staff"
)

// wantStaffFrame checks that the page is one of the staff: no visitor's navigation, and a way on.
func (a answer) wantStaffFrame(what string) {
	a.t.Helper()
	if a.Find("body.staff").Length() != 1 || a.Find("footer").Length() != 0 || a.Find("main a[href^='/staff/']").Length() == 0 {
		a.t.Errorf("%s is answered with a visitor's page: %s", what, a.text("body"))
	}
}

func TestMembersMeetErrorsOnStaffPages(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.signIn(staff.Reader)
	s.ask("A sample project", nil)
	for _, c := range []struct {
		method, path string
		form         url.Values
		status       int
		heading      string
	}{
		{http.MethodGet, "/staff/promise", nil, http.StatusForbidden, "You do not have access to this"},
		{http.MethodGet, "/staff/leads.csv", nil, http.StatusForbidden, "You do not have access to this"},
		{http.MethodGet, "/staff/leads.json", nil, http.StatusForbidden, "You do not have access to this"},
		{http.MethodGet, "/staff/audit.csv", nil, http.StatusForbidden, "You do not have access to this"},
		{
			http.MethodPost, "/staff/leads/TB-0001/status",
			url.Values{"to": {"lost"}},
			http.StatusForbidden,
			"You do not have access to this",
		},
		{http.MethodGet, "/staff/leads/TB-9999", nil, http.StatusNotFound, "This page does not exist"},
		{http.MethodGet, "/staff/leads?tab=nonsense", nil, http.StatusNotFound, "This page does not exist"},
		{http.MethodGet, "/staff/nowhere", nil, http.StatusNotFound, "This page does not exist"},
		{http.MethodGet, "/staff/insights/nothing.csv", nil, http.StatusNotFound, "This page does not exist"},
		{http.MethodPost, "/staff/leads/views", url.Values{"name": {""}}, http.StatusUnprocessableEntity, "Please correct this"},
		{
			http.MethodPost, "/staff/leads/views",
			url.Values{"name": {strings.Repeat("x", 600<<10)}},
			http.StatusRequestEntityTooLarge, "This form is too large",
		},
	} {
		r := s.request(c.method, c.path, c.form.Encode())
		if c.form != nil {
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		}
		page := s.do(r).wantStatus(c.status)
		page.wantStaffFrame(c.method + " " + c.path)
		page.wantText("h1", c.heading)
		page.wantCount("header nav a[href='/staff/leads']", 1)
		page.wantText("header", "Sample Member")
	}
}

// TestRefusalOfAnotherSitesRequestSaysSo keeps it apart from a role that does not allow something.
func TestRefusalOfAnotherSitesRequestSaysSo(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.signIn(staff.Reader)
	r := s.request(http.MethodPost, "/staff/account/signature", "signature=x")
	r.Header = http.Header{"Content-Type": {"application/x-www-form-urlencoded"}, "Sec-Fetch-Site": {"cross-site"}}
	page := s.do(r).wantStatus(http.StatusForbidden)
	page.wantStaffFrame("a request of another site")
	page.wantText("h1", "This request came from another site")

	r = s.request(http.MethodPost, "/intake", request(nil).Encode())
	r.Header = http.Header{"Content-Type": {"application/x-www-form-urlencoded"}, "Sec-Fetch-Site": {"cross-site"}}
	page = s.do(r).wantStatus(http.StatusForbidden)
	page.wantCount("body.staff", 0)
	page.wantText("h1", "This request came from another site")
}

func TestStepThatDoesNotFitTheLeadIsNotBlamedOnTheRole(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.signIn(staff.Editor)
	s.ask("spam", url.Values{"stamp": {"forged"}})
	page := s.act("TB-0001", "/reply", url.Values{"reply": {"Hello"}, "key": {"a"}}).wantStatus(http.StatusForbidden)
	page.wantText("h1", "You cannot do this now")
	if page.text("textarea[name=reply]") != "Hello" {
		t.Error("the reply is lost")
	}
}

// TestLinksOfMailsThatDoNotWorkLeadToSignIn asks for links that nobody was given.
func TestLinksOfMailsThatDoNotWorkLeadToSignIn(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for _, path := range []string{"/staff/setup/GUESS", "/staff/invitations/GUESS"} {
		s.get(path).wantStatus(http.StatusNotFound).wantStaffFrame(path)
	}
}
