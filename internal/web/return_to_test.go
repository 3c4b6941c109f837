package web_test

import (
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"
	"testing"

	"tiebreak/internal/staff"
)

// isSignIn reports whether the address is that of the sign-in page, wherever it returns to.
func isSignIn(address string) bool {
	before, _, _ := strings.Cut(address, "?")
	return before == "/staff/sign-in"
}

// signInFor returns the address of a sign-in page that returns to the page.
func signInFor(to string) string { return "/staff/sign-in?" + fields("to", to).Encode() }

// action returns where the form with the field is sent.
func (a answer) action(field string) string {
	return a.attr("main form:has([name="+field+"])", "action")
}

// signInAt signs in as the member by the form on the page, and returns where that leads.
func (s *site) signInAt(page answer, email string) (location string) {
	s.t.Helper()
	return s.mustPost(page.action("password"), "email", email, "password", samplePassword)
}

func TestSignInReturnsToThePageThatWasAskedFor(t *testing.T) {
	t.Parallel()
	const page = "/staff/leads/TB-0001?from=mail&tab=all"
	s := named(t, staff.Editor)
	app := s.setUp()
	device, _ := s.withPasskey("")
	key := func(page answer) string { return device.Get(page.attr("form[data-passkey]", "data-options")) }
	for way, c := range map[string]struct {
		given         func(page answer) string
		afterPassword bool
		field         string
		to            string
	}{
		"a passkey":                    {key, false, "credential", page},
		"a passkey after the password": {key, true, "credential", page},
		"a code":                       {func(answer) string { return app.code(0) }, true, "code", page},
		"a recovery code": {
			func(answer) string { return app.codes[0] }, true, "recovery", "/staff/account/factors?recovered=yes",
		},
	} {
		s := s.another()
		shown := s.get(s.redirected(page)).wantStatus(http.StatusOK)
		if c.afterPassword {
			wrong := fields("email", memberEmail, "password", "guess")
			shown = s.post(shown.action("password"), wrong).wantStatus(http.StatusUnprocessableEntity)
			shown = s.get(s.signInAt(shown, memberEmail))
			if again := s.get(shown.attr("main p a", "href")); again.action("password") == "/staff/sign-in" {
				t.Errorf("%s: starting again leads nowhere", way)
			}
		}
		shown = s.post(shown.action(c.field), fields(c.field, "{}")).wantStatus(http.StatusUnprocessableEntity)
		in := s.post(shown.action(c.field), fields(c.field, c.given(shown))).wantStatus(http.StatusSeeOther)
		in.wantLocation(c.to).wantCookies(1)
	}
}

// wantReturn checks where the sign-in page that was opened for the page returns to.
func (s *site) wantReturn(to, want string) {
	s.t.Helper()
	action := s.get(signInFor(to)).wantStatus(http.StatusOK).action("password")
	u, err := url.Parse(action)
	if err != nil || !isSignIn(action) || len(u.Query()) != strings.Count(action, "?") || u.Query().Get("to") != want {
		s.t.Errorf("for %q the form goes to %q, want a return to %q (%v)", to, action, want, err)
	}
}

func TestSignInReturnsToPagesOfMembersOnly(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	returns := 0
	for _, one := range s.everyRoute(noTargets()) {
		if slices.Contains([]string{"everybody", "visitor", "machine", "prospect", "signed out", "pending"}, one.audience) {
			s.wantReturn(one.path, "")
			continue
		}
		want := "/staff/sign-in"
		home := slices.Contains([]string{"/staff", "/staff/", "/staff/leads"}, one.path)
		if one.method == http.MethodGet && !home && path.Ext(one.path) == "" {
			want = signInFor(one.path)
			returns++
		}
		s.do(s.request(one.method, one.path, "")).wantLocation(want)
	}
	if returns < 10 {
		t.Errorf("sign-in returns to %d pages only", returns)
	}
}

func TestSignInReturnsToNoOtherSite(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.addMember(memberEmail, staff.Admin)
	for _, elsewhere := range []string{"//evil.example", "https://evil.example/staff/audit", "/staff/leads.csv?tab=all"} {
		s.wantReturn(elsewhere, "")
		s.another().post(signInFor(elsewhere), fields("email", memberEmail, "password", samplePassword)).
			wantStatus(http.StatusSeeOther).wantLocation("/staff/leads")
	}
}

func TestUnknownStaffPathTellsAStrangerNothingAndAMemberSo(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.addMember(memberEmail, staff.Reader)
	unknown := s.redirected("/staff/nowhere")
	if known := s.redirected("/staff/audit"); strings.ReplaceAll(known, "audit", "nowhere") != unknown {
		t.Errorf("an unknown path leads to %s, a known one to %s", unknown, known)
	}
	s.get(s.signInAt(s.get(unknown), memberEmail)).wantStatus(http.StatusNotFound)
}

func TestMemberWhoseSessionEndedReadsWhyTheySignInAgain(t *testing.T) {
	t.Parallel()
	const notice = ".notice[role=status]"
	admin, s := withAdmin(t, staff.Editor)
	s.another().get(s.another().redirected("/staff/audit")).wantCount(notice, 0)
	admin.setRole(otherEmail, staff.Reader).wantStatus(http.StatusSeeOther)
	page := s.get(s.redirected("/staff/leads/TB-0001")).wantText(notice, "Your session has ended. Sign in to continue.")
	if to := s.signInAt(page, otherEmail); to != "/staff/leads/TB-0001" {
		t.Errorf("signing in again leads to %s", to)
	}
	admin.setRole(otherEmail, staff.Editor).wantStatus(http.StatusSeeOther)
	s.get(s.mustPost("/staff/leads/changes")).wantText(notice, "Your session has ended")
	s.get(s.mustPost("/staff/sign-out")).wantText(notice, "You are signed out.") // where it was over before, too
	s.get(s.redirected("/staff/leads")).wantCount(notice, 0)
	s.get("/staff/sign-in?ended=%3Cb%3Ebold%3C%2Fb%3E").wantCount("main b, main strong", 1)
}

func TestMemberWhoWasTooSlowWithTheSecondFactorReadsSo(t *testing.T) {
	t.Parallel()
	s, app := withAuthenticator(t)
	pending := s.mustPost(signInFor("/staff/audit"), "email", memberEmail, "password", samplePassword)
	s.get(s.redirected("/staff/team")).wantCount(".notice", 0) // the sign-in is pending, so nobody was signed out

	late := s.later("11 minutes")
	for _, refused := range []answer{late.get(pending), late.post(pending, fields("code", app.code(0)))} {
		page := late.get(refused.wantStatus(http.StatusSeeOther).location())
		page.wantText(".notice[role=status]", "That took too long")
		page.wantAttr("main form:has([name=password])", "action", "/staff/sign-in?to=%2Fstaff%2Faudit")
	}
	late.another().get(late.another().redirected(pending)).wantCount(".notice", 0)
}

func TestSecondFactorPageLeadsOnOnceTheMemberIsSignedIn(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Reader)
	s.get("/staff/sign-in/code?to=%2Fstaff%2Faccount").wantStatus(http.StatusSeeOther).wantLocation("/staff/account")
}
