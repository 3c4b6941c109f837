package web_test

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"tiebreak/internal/staff"
)

func TestSetupLinkMakesTheFirstMemberOnce(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	if _, err := s.db.NewSetupLink(context.Background(), staff.Digest("LINK")); err != nil {
		t.Fatal(err)
	}
	s.get("/staff/setup/GUESS").wantStatus(http.StatusNotFound)
	form := url.Values{"name": {"First Member"}, "email": {"first@example.org"}, "password": {"short"}}

	page := s.post("/staff/setup/LINK", form).wantStatus(http.StatusUnprocessableEntity)
	page.wantText("#password-wrong", "at least 10 characters")
	if email := page.attr("#email", "value"); email != "first@example.org" {
		t.Errorf("the address is %q", email)
	}
	form.Set("password", "a sample password")
	s.post("/staff/setup/LINK", form).wantStatus(http.StatusSeeOther)
	if got := s.audited(); !slices.Equal(got, []string{"sign-in", "member-joined member 1"}) {
		t.Errorf("setting up left %v", got)
	}
	s.get("/staff/leads").wantStatus(http.StatusOK).wantText("header", "First Member")

	s.get("/staff/setup/LINK").wantStatus(http.StatusNotFound)
	s.post("/staff/setup/LINK", form).wantStatus(http.StatusNotFound)
}

func TestWrongPasswordAndUnknownAddressReadTheSame(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.addMember("member@example.org", staff.Reader)

	wrong := s.post("/staff/sign-in", url.Values{"email": {"member@example.org"}, "password": {"not the password"}})
	unknown := s.post("/staff/sign-in", url.Values{"email": {"nobody@example.org"}, "password": {"not the password"}})
	wrong.wantStatus(http.StatusUnprocessableEntity)
	unknown.wantStatus(http.StatusUnprocessableEntity)
	if wrong.text("main") != unknown.text("main") {
		t.Errorf("%q and %q", wrong.text("main"), unknown.text("main"))
	}
	s.get("/staff/leads").wantStatus(http.StatusSeeOther)
}

func TestSessionCookieIsStrictAndSignOutEndsIt(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.addMember("member@example.org", staff.Reader)

	in := s.post("/staff/sign-in", url.Values{"email": {"Member@example.org"}, "password": {"a sample password"}}).
		wantStatus(http.StatusSeeOther)
	cookie := in.header.Get("Set-Cookie")
	for _, want := range []string{"HttpOnly", "SameSite=Lax", "Path=/"} {
		if !strings.Contains(cookie, want) {
			t.Errorf("the cookie %q lacks %s", cookie, want)
		}
	}
	out := s.post("/staff/sign-out", nil).wantStatus(http.StatusSeeOther)
	if cleared := out.header.Get("Clear-Site-Data"); cleared != `"storage"` {
		t.Errorf("the browser is told to clear %s", cleared)
	}

	r := s.request(http.MethodGet, "/staff/leads", "")
	r.Header.Set("Cookie", strings.Split(cookie, ";")[0])
	if a := s.do(r); a.status != http.StatusSeeOther {
		t.Errorf("the old cookie still opens the list: %d", a.status)
	}
}

func TestStaffSeeTheLeadAndMoveIt(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.signIn(staff.Editor)
	s.get("/staff/leads").wantText("main", "There are no leads yet")
	s.post("/intake", request(nil)).wantStatus(http.StatusSeeOther)

	list := s.get("/staff/leads").wantStatus(http.StatusOK)
	list.wantText("tbody", "Sample Person")
	list.wantText("tbody", "A sample project")
	list.wantText("tbody", "23 h 59 min left")
	page := s.get(list.attr("tbody th a", "href")).wantStatus(http.StatusOK)
	page.wantText("main", s.reason("ready-admin"))
	page.wantCount("button[name=to]", 2)
	page.wantCount("button[name=answered]", 2) // to lost

	move := url.Values{"to": {"contacted"}}
	s.act("TB-0001", "/status", move).wantStatus(http.StatusSeeOther)
	page = s.get("/staff/leads/TB-0001")
	page.wantText("main", "answered in time")
	page.wantText(".steps", "Sample Member moved it to Contacted")

	stale := s.post("/staff/leads/TB-0001/status", move).wantStatus(http.StatusConflict)
	stale.wantText("[role=alert]", "Sample Member moved it to Contacted")
}

func TestStaffReadTheGuideAsTheProspectDid(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.signIn(staff.Reader)
	s.ask("A sample project", nil)
	page := s.get("/staff/leads/TB-0001/guide").wantStatus(http.StatusOK)
	page.wantText(".notice", "The guide as TB-0001 saw it")
	page.wantCount("form[action='/staff/sign-out'] button", 1)
	if leader := page.attr("#tally", "data-leader"); leader != "django" {
		t.Errorf("the ticks lead to %q", leader)
	}
	page.wantCount("script[type='application/ld+json'], link[rel=canonical]", 0)
}

func TestReaderCannotMoveALead(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.signIn(staff.Reader)
	s.post("/intake", request(nil)).wantStatus(http.StatusSeeOther)

	s.get("/staff/leads/TB-0001").wantCount("button[name=to]", 0)
	s.post("/staff/leads/TB-0001/status", url.Values{"seen": {"1"}, "to": {"lost"}}).wantStatus(http.StatusForbidden)
	s.log.Lock()
	defer s.log.Unlock()
	if logged := s.log.String(); !strings.Contains(logged, `msg="refused to a member"`) ||
		!strings.Contains(logged, "member=1 role=reader method=POST route=/staff/leads/{reference}/status") {
		t.Errorf("the log says\n%s", logged)
	}
}

func TestStaffPagesAreKeptOutOfCachesIndexesAndOtherSites(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.signIn(staff.Reader)

	page := s.get("/staff/leads")
	for name, want := range map[string]string{
		"Cache-Control": "no-store", "X-Robots-Tag": "noindex",
		"Cross-Origin-Resource-Policy": "same-origin", "Cross-Origin-Opener-Policy": "same-origin",
	} {
		if got := page.header.Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	s.get("/staff/nowhere").wantStatus(http.StatusNotFound)
}
