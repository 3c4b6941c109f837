package web_test

import (
	"bytes"
	"encoding/base32"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"tiebreak/internal/staff"
)

// reauthenticate confirms once more that it is the member.
func (s *site) reauthenticate(form url.Values) answer {
	s.t.Helper()
	return s.post("/staff/account/reauthentication", form)
}

// shownApp returns an app that was given the key on the page.
func (s *site) shownApp() *app {
	s.t.Helper()
	page := s.get("/staff/account/authenticator").wantStatus(http.StatusOK).wantCount("svg.qr path", 2)
	key := strings.ReplaceAll(page.text(".key-text"), " ", "")
	seed, err := base32.StdEncoding.DecodeString(key)
	if err != nil || !strings.Contains(page.attr("a[href^='otpauth://totp/']", "href"), "secret="+key) {
		s.t.Fatalf("the key is %q (%v)", key, err)
	}
	return &app{s: s, seed: seed}
}

// setUp sets an authenticator up as a member does, and returns it with the codes that were shown.
func (s *site) setUp() *app {
	s.t.Helper()
	s.mustPost("/staff/account/authenticator")
	a := s.shownApp()
	s.confirmApp("1").wantStatus(http.StatusUnprocessableEntity).wantText("#code-wrong", "That code didn’t work")
	done := s.confirmApp(a.code(-1))
	if done.status == http.StatusUnprocessableEntity { // the half minute ended on it
		done = s.confirmApp(a.code(-1))
	}
	// codes are shown to a member who has none
	if done.status != http.StatusOK && done.location() != "/staff/account/factors?done=app-added" {
		s.t.Fatalf("not set up: %d", done.status)
	}
	a.codes = done.texts(".codes code")
	return a
}

// confirmApp sends a code of the app that is being set up.
func (s *site) confirmApp(code string) answer {
	s.t.Helper()
	return s.post("/staff/account/authenticator/confirmation", fields("code", code))
}

func TestMemberSetsUpAnAuthenticatorAndKeepsRecoveryCodes(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Reader)
	other := s.browsers(1)[0]
	s.get("/staff/account").wantText("main", "Your password is your only protection")

	old := s.token()
	app := s.setUp()
	if len(app.codes) != staff.RecoveryCodes || len(strings.ReplaceAll(app.codes[0], "-", "")) != 26 {
		t.Errorf("the codes are %q", app.codes)
	}
	other.wantSignedOut("another session goes on without a second factor")
	s.wantSignedIn("setting up signed the member out")
	if old == s.token() {
		t.Error("the session has its old token")
	}
	s.get("/staff/account").wantText("main", "8 recovery codes")
	s.get("/staff/account/authenticator").wantStatus(http.StatusSeeOther) // the key is shown no more
	s.wantAudit("authenticator-added")
}

func TestSeedThatIsBeingSetUpIsShownInNoOtherSession(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Reader)
	thief := s.browsers(1)[0]
	s.mustPost("/staff/account/authenticator")
	app := s.shownApp()
	thief.get("/staff/account/authenticator").wantStatus(http.StatusSeeOther)
	thief.confirmApp(app.code(0)).wantStatus(http.StatusSeeOther)
	s.mustPost("/staff/account/authenticator")
	if again := s.shownApp(); !bytes.Equal(again.seed, app.seed) {
		t.Error("the app that was pointed at the page has another key now")
	}

	s.sql(`UPDATE sessions SET reauthenticated_at = NULL`)
	late := s.confirmApp(app.code(0)).wantStatus(http.StatusSeeOther).location()
	s.get(s.mustPost(late, "password", samplePassword)).wantText("h1", "Set up an authenticator app")
	s.confirmApp(app.code(0)).wantStatus(http.StatusOK)
	thief.wantSignedOut("the other session goes on")
}

func TestChangingASecondFactorAsksForOneAgain(t *testing.T) {
	t.Parallel()
	s, app := withAuthenticator(t)
	s.givePassword()
	used := fields("code", app.code(0))
	s.post("/staff/sign-in/code", used).wantStatus(http.StatusSeeOther)
	for _, one := range s.everyRoute(s.targets()) {
		if one.audience != "reauthenticated" && one.audience != "reauthenticated admin" {
			continue
		}
		if a := s.do(s.request(one.method, one.path, "")); !strings.HasPrefix(a.location(), "/staff/account/reauthentication") {
			t.Errorf("%s leads to %q without reauthentication", a.what, a.location())
		}
	}
	s.post("/staff/account/sessions/removal", nil).wantLocation("/staff/account/reauthentication?to=sessions")
	s.reauthenticate(fields("password", samplePassword)).wantStatus(http.StatusUnprocessableEntity)
	s.reauthenticate(used).wantStatus(http.StatusUnprocessableEntity).wantText("#code-wrong", "Wait for the next one")
	s.reauthenticate(nil).wantStatus(http.StatusUnprocessableEntity)
	old := s.token()
	action := s.get("/staff/account/reauthentication?to=sessions").attr("main form", "action")
	s.post(action, fields("code", app.code(1))).wantStatus(http.StatusSeeOther).wantLocation("/staff/account#sessions")
	if old == s.token() {
		t.Error("reauthentication left the session its token")
	}
	renewed := s.post("/staff/account/recovery-codes", nil).wantStatus(http.StatusOK).texts(".codes code")
	if len(renewed) == 0 || slices.Contains(app.codes, renewed[0]) {
		t.Error("the codes are the old ones")
	}
	s.mustPost("/staff/account/authenticator/removal")
	s.get("/staff/account/factors").wantStatus(http.StatusOK).wantText("main", "Set up an app")
	s.wantAudit("authenticator-removed", "recovery-codes-renewed", "proof", "proof-failed", "proof-failed")
	s.browsers(1)[0].wantSignedIn("without a second factor the password is not enough")
	s.mustPost("/staff/account/recovery-codes") // there is nothing that codes could stand in for
}

func TestMemberWithoutASecondFactorReauthenticatesByPassword(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Reader)
	s.reauthenticate(fields("password", "a wrong password")).wantStatus(http.StatusUnprocessableEntity).
		wantText("#password-wrong", "not your password")
	s.reauthenticate(fields("password", samplePassword)).wantStatus(http.StatusSeeOther)
	for range staff.MaxFailures {
		s.reauthenticate(fields("password", "a wrong password"))
	}
	s.reauthenticate(fields("password", samplePassword)).wantStatus(http.StatusTooManyRequests).
		wantText("#password-wrong", "15 minutes")
	s.reauthenticate(fields("password", samplePassword, "code", "1")).wantStatus(http.StatusUnprocessableEntity).
		wantText("[role=alert]", "Choose one of these ways")
}

func TestSecondFactorThatIsRequiredComesBeforeAllElse(t *testing.T) {
	t.Parallel()
	admin, reader := withAdmin(t, staff.Reader)
	admin.mustPost("/staff/team/second-factor", "required", "yes")
	for _, s := range []*site{admin, reader} {
		for _, one := range s.everyRoute(noTargets()) {
			if !slices.Contains([]string{"reader", "editor", "admin"}, one.audience) {
				continue
			}
			a := s.do(s.request(one.method, one.path, ""))
			if a.location() != "/staff/account/factors" && a.status != http.StatusForbidden {
				t.Errorf("%s leads to %q (%d)", a.what, a.location(), a.status)
			}
		}
	}
	reader.get("/staff/account/factors").wantText(".notice", "Your team requires two-step sign-in")
	reader.setUp()
	reader.get("/staff/leads").wantStatus(http.StatusOK)
	reader.post("/staff/account/authenticator/removal", nil).wantStatus(http.StatusConflict).
		wantText("[role=alert]", "this is your last app or passkey")
	reader.get("/staff/account/factors").wantText("main", "8 codes left")

	admin.setUp()
	admin.get("/staff/team").wantText("tbody", "Has two-step sign-in")
	admin.addMember("third@example.org", staff.Reader)
	admin.get("/staff/team").wantText("tbody", "No two-step sign-in yet")
	admin.post("/staff/team/second-factor", nil).wantStatus(http.StatusBadRequest)
	admin.mustPost("/staff/team/second-factor", "required", "no")
	admin.wantAudit("second-factor-optional")
	admin.wantEntries("second-factor-required", 1)
	reader.mustPost("/staff/account/authenticator/removal")
	reader.get("/staff/leads").wantStatus(http.StatusOK)
}

func TestMemberWhoMustSetUpASecondFactorReadsWhyTheyReauthenticate(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Admin)
	s.get("/staff/account/reauthentication").wantCount(".notice", 0)
	s.mustPost("/staff/team/second-factor", "required", "yes")
	s.sql(`UPDATE sessions SET reauthenticated_at = NULL`)
	s.get(s.redirected(s.redirected("/staff/leads"))).wantText("h1", "Confirm that it’s you").
		wantText(".notice[role=status]", "Your team requires two-step sign-in")
}

func TestPasskeysAreNotOfferedAtAnAddressWithoutAName(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.get("/staff/sign-in").wantCount("[data-passkey]", 0)
	s.post("/staff/sign-in/passkey", fields("credential", "{}")).wantStatus(http.StatusNotFound)
	s.signIn(staff.Reader)
	s.get("/staff/account/factors").wantText("#passkeys", "use an authenticator app")
	s.post("/staff/account/passkeys", fields("credential", "{}")).wantStatus(http.StatusNotFound)
}
