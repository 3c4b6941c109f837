package web_test

import (
	"net/http"
	"strings"
	"testing"

	"tiebreak/internal/staff"
)

// wantStaffFrame checks that the page is one of the staff: no visitor's navigation, and a way on.
func (a answer) wantStaffFrame() answer {
	a.t.Helper()
	a.wantCount("body.staff", 1).wantCount("footer", 0)
	if len(a.attrs("main a[href^='/staff/']", "href")) == 0 {
		a.t.Errorf("%s: the page has no link to a staff page: %s", a.what, a.text("body"))
	}
	return a
}

func TestMembersMeetErrorsOnStaffPages(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Reader)
	s.ask("A sample project")
	const noAccess, unknown = "You do not have access to this", "This page does not exist"
	for _, c := range []struct {
		a       answer
		status  int
		heading string
	}{
		{s.get("/staff/promise"), http.StatusForbidden, noAccess},
		{s.get("/staff/leads.csv"), http.StatusForbidden, noAccess},
		{s.get("/staff/leads.json"), http.StatusForbidden, noAccess},
		{s.get("/staff/audit.csv"), http.StatusForbidden, noAccess},
		{s.post("/staff/leads/TB-0001/status", fields("to", "lost")), http.StatusForbidden, noAccess},
		{s.get("/staff/leads/TB-9999"), http.StatusNotFound, unknown},
		{s.get("/staff/leads?tab=nonsense"), http.StatusNotFound, unknown},
		{s.get("/staff/nowhere"), http.StatusNotFound, unknown},
		{s.get("/staff/insights/nothing.csv"), http.StatusNotFound, unknown},
		{s.post("/staff/leads/views", fields("name", "")), http.StatusUnprocessableEntity, "Please correct this"},
		{
			s.post("/staff/leads/views", fields("name", strings.Repeat("x", 600<<10))),
			http.StatusRequestEntityTooLarge, "This form is too large",
		},
	} {
		c.a.wantStatus(c.status).wantStaffFrame().wantText("h1", c.heading)
		c.a.wantCount("header nav[aria-label=Main] a[href='/staff/leads']", 1).wantText("header", "Sample Member")
	}
}

// TestRefusalOfAnotherSitesRequestSaysSo keeps it apart from a role that does not allow something.
func TestRefusalOfAnotherSitesRequestSaysSo(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Reader)
	const heading = "This request came from another site"
	s.post("/staff/account/signature", fields("signature", "x"), "Sec-Fetch-Site", "cross-site").
		wantStatus(http.StatusForbidden).wantStaffFrame().wantText("h1", heading)
	s.post("/intake", request(nil), "Sec-Fetch-Site", "cross-site").
		wantStatus(http.StatusForbidden).wantCount("body.staff", 0).wantText("h1", heading)
}

// TestLinksOfMailsThatDoNotWorkLeadToSignIn asks for links that nobody was given.
func TestLinksOfMailsThatDoNotWorkLeadToSignIn(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for _, path := range []string{"/staff/setup/GUESS", "/staff/invitations/GUESS"} {
		s.get(path).wantStatus(http.StatusNotFound).wantStaffFrame()
	}
}
