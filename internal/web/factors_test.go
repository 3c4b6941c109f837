package web_test

import (
	"bytes"
	"encoding/base32"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"tiebreak/internal/pgtest"
	"tiebreak/internal/staff"
)

// prove shows once more that it is the member.
func (s *site) prove(form url.Values) answer {
	s.t.Helper()
	return s.post("/staff/account/proof", form)
}

// shownApp is an app that was given the key on the page.
func (s *site) shownApp() *app {
	s.t.Helper()
	page := s.get("/staff/account/authenticator").wantStatus(http.StatusOK)
	page.wantCount("svg.qr path", 2)
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
	s.post("/staff/account/authenticator", nil).wantStatus(http.StatusSeeOther)
	a := s.shownApp()
	s.post("/staff/account/authenticator/confirmation",
		url.Values{"code": {"1"}}).wantStatus(http.StatusUnprocessableEntity).wantText("#code-wrong", "That code didn’t work")
	confirm := func() answer {
		return s.post("/staff/account/authenticator/confirmation", url.Values{"code": {a.code(-1)}})
	}
	done := confirm()
	if done.status == http.StatusUnprocessableEntity { // the half minute ended on it
		done = confirm()
	}
	// codes are shown to a member who has none
	if done.status != http.StatusOK && done.header.Get("Location") != "/staff/account/factors?done=app-added" {
		s.t.Fatalf("not set up: %d", done.status)
	}
	for _, code := range done.Find(".codes code").EachIter() {
		a.codes = append(a.codes, code.Text())
	}
	return a
}

func TestMemberSetsUpAnAuthenticatorAndKeepsRecoveryCodes(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.signIn(staff.Reader)
	other := s.another()
	other.enter("member@example.org", "a sample password")
	s.get("/staff/account").wantText("main", "Your password is your only protection")

	old := s.cookies()
	app := s.setUp()
	if len(app.codes) != staff.RecoveryCodes || len(strings.ReplaceAll(app.codes[0], "-", "")) != 26 {
		t.Errorf("the codes are %q", app.codes)
	}
	if other.isIn() || !s.isIn() || old == s.cookies() {
		t.Error("the other browser is still in, this one is out, or its token is the old one")
	}
	s.get("/staff/account").wantText("main", "8 recovery codes")
	s.get("/staff/account/authenticator").wantStatus(http.StatusSeeOther) // the key is shown no more
	if got := s.audited()[0]; got != "authenticator-added" {
		t.Errorf("the audit holds %s", got)
	}
}

func TestSeedThatIsBeingSetUpIsShownInNoOtherSession(t *testing.T) {
	t.Parallel()
	address := pgtest.NewURL(t)
	s := siteOn(t, pgtest.Open(t, address))
	s.signIn(staff.Reader)
	thief := s.another()
	thief.enter("member@example.org", "a sample password")
	s.post("/staff/account/authenticator", nil).wantStatus(http.StatusSeeOther)
	app := s.shownApp()
	thief.get("/staff/account/authenticator").wantStatus(http.StatusSeeOther)
	thief.post("/staff/account/authenticator/confirmation", url.Values{"code": {app.code(0)}}).wantStatus(http.StatusSeeOther)
	s.post("/staff/account/authenticator", nil).wantStatus(http.StatusSeeOther)
	if again := s.shownApp(); !bytes.Equal(again.seed, app.seed) {
		t.Error("the app that was pointed at the page has another key now")
	}

	s.exec(address, `UPDATE sessions SET reauthenticated_at = NULL`)
	late := s.post("/staff/account/authenticator/confirmation", url.Values{"code": {app.code(0)}}).wantStatus(http.StatusSeeOther)
	back := s.post(late.header.Get("Location"), url.Values{"password": {"a sample password"}}).wantStatus(http.StatusSeeOther)
	s.get(back.header.Get("Location")).wantText("h1", "Set up an authenticator app")
	s.post("/staff/account/authenticator/confirmation", url.Values{"code": {app.code(0)}}).wantStatus(http.StatusOK)
	if thief.isIn() {
		t.Error("the other session goes on")
	}
}

func TestChangingASecondFactorAsksForOneAgain(t *testing.T) {
	t.Parallel()
	s, app := withAuthenticator(t)
	s.half()
	used := url.Values{"code": {app.code(0)}}
	s.post("/staff/sign-in/code", used).wantStatus(http.StatusSeeOther)
	for _, one := range s.everyRoute(s.places()) {
		if one.audience != "reauthenticated" && one.audience != "reauthenticated admin" {
			continue
		}
		if to := s.do(s.request(one.method, one.path, "")).header.Get("Location"); !strings.HasPrefix(to,
			"/staff/account/proof") {
			t.Errorf("%s %s leads to %q without a proof", one.method, one.path, to)
		}
	}
	if to := s.post("/staff/account/sessions/removal", nil).header.Get("Location"); to != "/staff/account/proof?to=sessions" {
		t.Errorf("ending sessions leads to %q without a proof", to)
	}
	s.prove(url.Values{"password": {"a sample password"}}).wantStatus(http.StatusUnprocessableEntity)
	s.prove(used).wantStatus(http.StatusUnprocessableEntity).wantText("#code-wrong", "Wait for the next one")
	s.prove(nil).wantStatus(http.StatusUnprocessableEntity)
	old := s.cookies()
	page := s.get("/staff/account/proof?to=sessions")
	if to := s.post(page.attr("main form", "action"),
		url.Values{"code": {app.code(1)}}).wantStatus(http.StatusSeeOther).header.Get(
		"Location"); to != "/staff/account#sessions" {
		t.Errorf("the proof leads to %q", to)
	}
	if old == s.cookies() {
		t.Error("the proof left the session its token")
	}
	renewed := s.post("/staff/account/recovery-codes", nil).wantStatus(http.StatusOK)
	if slices.Contains(app.codes, renewed.text(".codes li:first-child code")) {
		t.Error("the codes are the old ones")
	}
	s.post("/staff/account/authenticator/removal", nil).wantStatus(http.StatusSeeOther)
	s.get("/staff/account/factors").wantStatus(http.StatusOK).wantText("main", "Set up an app")
	if got := strings.Join(s.audited()[:5], ", "); got != "authenticator-removed, recovery-codes-renewed, proof, "+
		"proof-failed, proof-failed" {
		t.Errorf("the audit holds %v", got)
	}
	again := s.another()
	if again.enter("member@example.org", "a sample password"); !again.isIn() {
		t.Error("without a second factor the password is not enough")
	}
	s.post("/staff/account/recovery-codes", nil).wantStatus(http.StatusSeeOther) // there is nothing that codes could stand in for
}

func TestMemberWithoutASecondFactorProvesByPassword(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.signIn(staff.Reader)
	s.prove(url.Values{"password": {"a wrong password"}}).wantStatus(http.StatusUnprocessableEntity).wantText("#password-wrong",
		"not your password")
	s.prove(url.Values{"password": {"a sample password"}}).wantStatus(http.StatusSeeOther)
	for range staff.MaxFailures {
		s.prove(url.Values{"password": {"a wrong password"}})
	}
	s.prove(url.Values{"password": {"a sample password"}}).wantStatus(http.StatusTooManyRequests).wantText("#password-wrong",
		"15 minutes")
	s.prove(url.Values{
		"password": {"a sample password"},
		"code":     {"1"},
	}).wantStatus(http.StatusUnprocessableEntity).wantText("[role=alert]", "Choose one of these ways")
}

func TestSecondFactorThatIsRequiredComesBeforeAllElse(t *testing.T) {
	t.Parallel()
	admin, reader := withAdmin(t, staff.Reader)
	admin.post("/staff/team/second-factor", url.Values{"required": {"yes"}}).wantStatus(http.StatusSeeOther)
	for _, s := range []*site{admin, reader} {
		for _, one := range s.everyRoute(s.filled()) {
			if !slices.Contains([]string{"reader", "editor", "admin"}, one.audience) {
				continue
			}
			a := s.do(s.request(one.method, one.path, ""))
			if to := a.header.Get("Location"); to != "/staff/account/factors" && a.status != http.StatusForbidden {
				t.Errorf("%s %s leads to %q (%d)", one.method, one.path, to, a.status)
			}
		}
	}
	reader.get("/staff/account/factors").wantText(".notice", "Your team requires two-step sign-in")
	reader.setUp()
	reader.get("/staff/leads").wantStatus(http.StatusOK)
	refused := reader.post("/staff/account/authenticator/removal", nil).wantStatus(http.StatusConflict)
	refused.wantText("[role=alert]", "this is your last app or passkey")
	reader.get("/staff/account/factors").wantText("main", "8 codes left")

	admin.setUp()
	admin.get("/staff/team").wantText("tbody", "Has two-step sign-in")
	admin.addMember("third@example.org", staff.Reader)
	admin.get("/staff/team").wantText("tbody", "No two-step sign-in yet")
	admin.post("/staff/team/second-factor", nil).wantStatus(http.StatusBadRequest)
	admin.post("/staff/team/second-factor", url.Values{"required": {"no"}}).wantStatus(http.StatusSeeOther)
	if got := admin.audited(); got[0] != "second-factor-optional" || !slices.Contains(got, "second-factor-required") {
		t.Errorf("the audit holds %v", got)
	}
	reader.post("/staff/account/authenticator/removal", nil).wantStatus(http.StatusSeeOther)
	reader.get("/staff/leads").wantStatus(http.StatusOK)
}

func TestWhoOwesASecondFactorReadsWhyTheyAreAskedWhoTheyAre(t *testing.T) {
	t.Parallel()
	address := pgtest.NewURL(t)
	s := siteOn(t, pgtest.Open(t, address))
	s.signIn(staff.Admin)
	s.get("/staff/account/proof").wantCount(".notice", 0)
	s.post("/staff/team/second-factor", url.Values{"required": {"yes"}}).wantStatus(http.StatusSeeOther)
	s.exec(address, `UPDATE sessions SET reauthenticated_at = NULL`)
	page := s.get(s.get(s.sent("/staff/leads")).wantStatus(http.StatusSeeOther).header.Get("Location"))
	page.wantText("h1", "Confirm that it’s you")
	page.wantText(".notice[role=status]", "Your team requires two-step sign-in")
}

// filled are values for the parts of addresses, with nothing behind them.
func (s *site) filled() map[string]string {
	fill := map[string]string{"/static/*": "/static/nothing"}
	for _, name := range []string{"slug", "part", "token", "reference", "batch", "id"} {
		fill[fmt.Sprintf("{%s}", name)] = "9999"
	}
	return fill
}

func TestPasskeysAreNotOfferedAtAnAddressWithoutAName(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.get("/staff/sign-in").wantCount("[data-passkey]", 0)
	s.post("/staff/sign-in/passkey", url.Values{"credential": {"{}"}}).wantStatus(http.StatusNotFound)
	s.signIn(staff.Reader)
	s.get("/staff/account/factors").wantText("#passkeys", "use an authenticator app")
	s.post("/staff/account/passkeys", url.Values{"credential": {"{}"}}).wantStatus(http.StatusNotFound)
}
