package web_test

import (
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"
	"testing"

	"tiebreak/internal/pgtest"
	"tiebreak/internal/staff"
)

// sent is where the address sends the browser on.
func (s *site) sent(address string) string {
	s.t.Helper()
	return s.get(address).wantStatus(http.StatusSeeOther).header.Get("Location")
}

// atDoor reports whether the address is that of the sign-in page, whatever it leads on to.
func atDoor(address string) bool {
	before, _, _ := strings.Cut(address, "?")
	return before == "/staff/sign-in"
}

// action is where the form sends what holds the field.
func (a answer) action(field string) string {
	a.t.Helper()
	return a.Find("main form:has([name="+field+"])").AttrOr("action", "")
}

func TestWhoeverSignsInIsLedOnToThePageThatTheyAskedFor(t *testing.T) {
	t.Parallel()
	const page = "/staff/leads/TB-0001?from=mail&tab=all"
	s := named(t)
	s.signIn(staff.Editor)
	app := s.setUp()
	device, _ := s.withPasskey("")
	password := url.Values{"email": {"member@example.org"}, "password": {"a sample password"}}
	key := func(page answer) url.Values {
		return url.Values{"credential": {device.Get(page.attr("form[data-passkey]", "data-options"))}}
	}
	for way, c := range map[string]struct {
		given func(page answer) url.Values // at the door, or after the password
		half  bool
		field string
		to    string
	}{
		"a passkey":                    {key, false, "credential", page},
		"a passkey after the password": {key, true, "credential", page},
		"a code": {
			func(answer) url.Values { return url.Values{"code": {app.code(0)}} }, true, "code",
			page,
		},
		"a recovery code": {
			func(answer) url.Values { return url.Values{"recovery": {app.codes[0]}} }, true,
			"recovery", "/staff/account/factors?recovered=yes",
		},
	} {
		s := s.another()
		shown := s.get(s.sent(page)).wantStatus(http.StatusOK)
		if c.half {
			wrong := url.Values{"email": {"member@example.org"}, "password": {"guess"}}
			shown = s.post(shown.action("password"), wrong).wantStatus(http.StatusUnprocessableEntity)
			shown = s.get(s.post(shown.action("password"), password).wantStatus(http.StatusSeeOther).header.Get("Location"))
			if again := s.get(shown.attr("main p a", "href")); again.action("password") == "/staff/sign-in" {
				t.Errorf("%s: starting again leads nowhere", way)
			}
		}
		shown = s.post(shown.action(c.field), url.Values{c.field: {"{}"}}).wantStatus(http.StatusUnprocessableEntity)
		in := s.post(shown.action(c.field), c.given(shown)).wantStatus(http.StatusSeeOther)
		if to := in.header.Get("Location"); to != c.to || len(in.header["Set-Cookie"]) != 1 {
			t.Errorf("%s leads to %s and sets %q", way, to, in.header["Set-Cookie"])
		}
	}
}

// leadsTo is where the door leads that was opened at the address with such a query.
func (s *site) leadsTo(to string) string {
	s.t.Helper()
	action := s.get(leadingTo(to)).wantStatus(http.StatusOK).action("password")
	u, err := url.Parse(action)
	if err != nil || !atDoor(action) || len(u.Query()) != strings.Count(action, "?") {
		s.t.Errorf("the form goes to %q (%v)", action, err)
	}
	return u.Query().Get("to")
}

func leadingTo(to string) string { return "/staff/sign-in?" + url.Values{"to": {to}}.Encode() }

func TestPagesOfMembersAreLedOnToAndNothingElse(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	led := 0
	for _, one := range s.everyRoute(s.filled()) {
		if slices.Contains([]string{"everybody", "visitor", "machine", "prospect", "stranger", "pending"}, one.audience) {
			if to := s.leadsTo(one.path); to != "" {
				t.Errorf("%s is led on to", one.path)
			}
			continue
		}
		want := "/staff/sign-in"
		home := slices.Contains([]string{"/staff", "/staff/", "/staff/leads"}, one.path)
		if one.method == http.MethodGet && !home && path.Ext(one.path) == "" {
			want = leadingTo(one.path)
			led++
		}
		if to := s.do(s.request(one.method, one.path, "")).header.Get("Location"); to != want {
			t.Errorf("%s %s sends a stranger to %s, want %s", one.method, one.path, to, want)
		}
	}
	if led < 10 {
		t.Errorf("only %d pages are led on to", led)
	}
}

func TestSigningInLeadsToNoOtherSite(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.addMember("member@example.org", staff.Admin)
	form := url.Values{"email": {"member@example.org"}, "password": {"a sample password"}}
	for _, elsewhere := range []string{"//evil.example", "https://evil.example/staff/audit", "/staff/leads.csv?tab=all"} {
		if to := s.leadsTo(elsewhere); to != "" {
			t.Errorf("the door leads from %q to %q", elsewhere, to)
		}
		in := s.another().post(leadingTo(elsewhere), form).wantStatus(http.StatusSeeOther)
		if to := in.header.Get("Location"); to != "/staff/leads" {
			t.Errorf("signing in leads from %q to %q", elsewhere, to)
		}
	}
}

func TestWhatIsNoPageTellsAStrangerNothingAndAMemberSo(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.addMember("member@example.org", staff.Reader)
	door := s.sent("/staff/nowhere")
	if there := s.sent("/staff/audit"); strings.ReplaceAll(there, "audit", "nowhere") != door {
		t.Errorf("what is no page sends to %s, what is one to %s", door, there)
	}
	in := s.post(s.get(door).action("password"), url.Values{"email": {"member@example.org"}, "password": {"a sample password"}})
	s.get(in.header.Get("Location")).wantStatus(http.StatusNotFound)
}

func TestWhoseSessionEndedIsToldWhyTheySignInAgain(t *testing.T) {
	t.Parallel()
	const told = ".notice[role=status]"
	admin, s := withAdmin(t, staff.Editor)
	s.another().get(s.another().sent("/staff/audit")).wantCount(told, 0)
	admin.setRole("other@example.org", staff.Reader).wantStatus(http.StatusSeeOther)
	door := s.get(s.sent("/staff/leads/TB-0001"))
	door.wantText(told, "Your session has ended. Sign in to continue.")
	in := s.post(door.action("password"), url.Values{"email": {"other@example.org"}, "password": {"a sample password"}})
	if to := in.wantStatus(http.StatusSeeOther).header.Get("Location"); to != "/staff/leads/TB-0001" {
		t.Errorf("signing in again leads to %s", to)
	}
	admin.setRole("other@example.org", staff.Editor).wantStatus(http.StatusSeeOther)
	s.get(s.post("/staff/leads/changes", nil).wantStatus(http.StatusSeeOther).header.Get("Location")).wantText(told,
		"Your session has ended")
	out := s.post("/staff/sign-out", nil).wantStatus(http.StatusSeeOther) // where it was over before, too
	s.get(out.header.Get("Location")).wantText(told, "You are signed out.")
	s.get(s.sent("/staff/leads")).wantCount(told, 0)
	s.get("/staff/sign-in?ended=%3Cb%3Ebold%3C%2Fb%3E").wantCount("main b, main strong", 1)
}

func TestWhoWasTooSlowWithTheSecondFactorIsToldSo(t *testing.T) {
	t.Parallel()
	address := pgtest.NewURL(t)
	s := siteOn(t, pgtest.Open(t, address))
	s.addMember("member@example.org", staff.Admin)
	app := s.setUpAuthenticator("member@example.org")
	form := url.Values{"email": {"member@example.org"}, "password": {"a sample password"}}
	half := s.post(leadingTo("/staff/audit"), form).wantStatus(http.StatusSeeOther).header.Get("Location")
	s.get(s.sent("/staff/team")).wantCount(".notice", 0) // the sign-in is pending, so nobody was signed out

	late := siteOn(t, pgtest.After(t, address, "11 minutes"))
	late.client = s.client
	for _, refused := range []answer{late.get(half), late.post(half, url.Values{"code": {app.code(0)}})} {
		door := late.get(refused.wantStatus(http.StatusSeeOther).header.Get("Location"))
		door.wantText(".notice[role=status]", "That took too long")
		if door.action("password") != "/staff/sign-in?to=%2Fstaff%2Faudit" {
			t.Errorf("the form leads on to %s", door.action("password"))
		}
	}
	late.another().get(late.another().sent(half)).wantCount(".notice", 0)
}

func TestWhoGoesBackToTheSecondFactorOnceTheyAreInIsLedOn(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.signIn(staff.Reader)
	if to := s.sent("/staff/sign-in/code?to=%2Fstaff%2Faccount"); to != "/staff/account" {
		t.Errorf("it leads to %s", to)
	}
}
