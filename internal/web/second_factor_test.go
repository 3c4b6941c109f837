package web_test

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"tiebreak/internal/pgtest"
	"tiebreak/internal/postgres"
	"tiebreak/internal/staff"
)

// app is a member's authenticator, and the recovery codes that came with it.
type app struct {
	s     *site
	seed  []byte
	codes []string
}

// setUpAuthenticator gives the member an authenticator, with the code of a minute ago so that those of now are left.
func (s *site) setUpAuthenticator(email string) *app {
	s.t.Helper()
	ctx, a, token := context.Background(), &app{s, staff.NewSeed(), staff.NewRecoveryCodes()}, staff.NewToken()
	m, hash, err := s.db.MemberByEmail(ctx, email)
	if err == nil {
		_, err = s.db.SignIn(ctx, m.ID, hash, staff.NewSession{TokenDigest: staff.Digest(token), Browser: "A sample browser"})
	}
	var v staff.Principal
	if err == nil {
		v, err = s.db.MemberBySession(ctx, staff.Digest(token))
	}
	if err == nil {
		err = s.db.BeginAuthenticator(ctx, m.ID, v.Session, a.seed)
	}
	rotation := staff.NewRotation(staff.Digest(token), staff.NewToken(), a.codes)
	for range 2 { // the half minute may end on it
		if err == nil || errors.Is(err, staff.ErrWrongCode) {
			_, err = s.db.ConfirmAuthenticator(ctx, m.ID, v.Session, a.code(-1), rotation)
		}
		if err == nil {
			break
		}
	}
	if err != nil {
		s.t.Fatalf("the authenticator is not set up: %v", err)
	}
	return a
}

// code is what the app shows so many steps from now.
func (a *app) code(steps int) string {
	a.s.t.Helper()
	now, err := a.s.db.Now(context.Background())
	if err != nil {
		a.s.t.Fatal(err)
	}
	code, err := totp.GenerateCode(staff.SeedText(a.seed), now.Add(time.Duration(steps)*30*time.Second))
	if err != nil {
		a.s.t.Fatal(err)
	}
	return code
}

// half signs the browser in up to the second factor.
func (s *site) half() {
	s.t.Helper()
	a := s.post("/staff/sign-in", url.Values{
		"email":    {"member@example.org"},
		"password": {"a sample password"},
	}).wantStatus(http.StatusSeeOther)
	if to, cookies := a.header.Get("Location"), a.header["Set-Cookie"]; to != "/staff/sign-in/code" || len(cookies) != 1 {
		s.t.Fatalf("the password leads to %s, with %d cookies", to, len(cookies))
	}
}

// withAuthenticator is a site with a member who has one.
func withAuthenticator(t *testing.T) (*site, *app) {
	t.Helper()
	s := newSite(t)
	s.addMember("member@example.org", staff.Admin)
	return s, s.setUpAuthenticator("member@example.org")
}

func TestPasswordAloneOpensNothingForWhoHasASecondFactor(t *testing.T) {
	t.Parallel()
	s, app := withAuthenticator(t)
	s.half()
	if s.isIn() {
		t.Fatal("the password was enough")
	}
	if got := s.audited()[0]; got != "sign-in-begun member 1" {
		t.Errorf("the right password left %s", got)
	}
	s.get("/staff/sign-in/code").wantStatus(http.StatusOK).wantCount("#code, #recovery", 2)
	code := app.code(0)
	wrong := s.post("/staff/sign-in/code", url.Values{"code": {"000 000"}}).wantStatus(http.StatusUnprocessableEntity)
	wrong.wantText("#code-wrong", "That code didn’t work")
	before := s.cookies()
	s.post("/staff/sign-in/code", url.Values{"code": {code[:3] + " " + code[3:]}}).wantStatus(http.StatusSeeOther)
	if !s.isIn() {
		t.Error("password and code are not enough")
	}
	if before == s.cookies() {
		t.Error("the half session's token opens the whole one")
	}
	if got := strings.Join(s.audited()[:3], ", "); got != "sign-in, sign-in-failed member 1, sign-in-begun member 1" {
		t.Errorf("the audit holds %v", got)
	}
	s.get("/staff/audit?kind=sign-in-begun").wantLine("Someone", "Entered the password, second step pending", "as Sample Member")
}

// cookies are what the browser would send.
func (s *site) cookies() string {
	u, _ := url.Parse(s.base)
	var all []string
	for _, c := range s.client.Jar.Cookies(u) {
		all = append(all, c.Name+"="+c.Value)
	}
	return strings.Join(all, "; ")
}

func TestOneTimeCodeIsTakenOnceHoweverManySendIt(t *testing.T) {
	t.Parallel()
	s, app := withAuthenticator(t)
	browsers := make([]*site, 8)
	for i := range browsers {
		browsers[i] = s.another()
		browsers[i].half()
	}
	code, in := app.code(0), make(chan bool, len(browsers))
	var wait sync.WaitGroup
	for _, b := range browsers {
		wait.Go(func() {
			in <- b.post("/staff/sign-in/code", url.Values{"code": {code}}).status == http.StatusSeeOther
		})
	}
	wait.Wait()
	close(in)
	let := 0
	for yes := range in {
		if yes {
			let++
		}
	}
	if let != 1 {
		t.Errorf("%d browsers were let in by one code", let)
	}
}

func TestGuessedCodesAreRefusedWhileRecoveryCodesStayOpen(t *testing.T) {
	t.Parallel()
	s := siteOn(t, pgtest.New(t), "127.0.0.0/8")
	s.addMember("member@example.org", staff.Editor)
	app := s.setUpAuthenticator("member@example.org")
	s.half()
	from := func(address string, form url.Values) answer {
		r := s.request(http.MethodPost, "/staff/sign-in/code", form.Encode())
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("X-Forwarded-For", address)
		return s.do(r)
	}
	for i := range staff.MaxFailures {
		from("192.0.2."+string(rune('1'+i%9)), url.Values{"code": {"12345x"}}).wantStatus(http.StatusUnprocessableEntity)
	}
	refused := from("203.0.113.1", url.Values{"code": {app.code(0)}}).wantStatus(http.StatusTooManyRequests)
	refused.wantText("#code-wrong", "15 minutes")
	if refused.header.Get("Retry-After") == "" {
		t.Error("no Retry-After")
	}
	code := strings.ToLower(strings.ReplaceAll(app.codes[3], "-", " "))
	from("203.0.113.1", url.Values{"recovery": {code}}).wantStatus(http.StatusSeeOther)
	if !s.isIn() {
		t.Error("the recovery code was not taken")
	}
	s.half()
	from("203.0.113.1", url.Values{"recovery": {code}}).wantStatus(http.StatusUnprocessableEntity).wantText("#recovery-wrong",
		"not valid, or you have already used it")
	if left, err := s.db.Factors(context.Background(), 1); err != nil || left.RecoveryCodes != staff.RecoveryCodes-1 {
		t.Errorf("%+v (%v)", left, err)
	}
}

func TestWhatOthersFailAtInTheSameOfficeKeepsNoOwnerFromTheirSecondFactor(t *testing.T) {
	t.Parallel()
	s, app := withAuthenticator(t)
	s.half()
	for range staff.MaxFailures {
		s.another().enter("nobody@example.org", "guess")
	}
	for _, form := range []url.Values{{"code": {"guess"}}, {"recovery": {"guess"}}} {
		s.post("/staff/sign-in/code", form).wantStatus(http.StatusUnprocessableEntity)
	}
	s.post("/staff/sign-in/code", url.Values{
		"code":     {app.code(0)},
		"recovery": {app.codes[0]},
	}).wantStatus(http.StatusUnprocessableEntity).wantText("main", "Choose one of these ways")
	s.post("/staff/sign-in/code", url.Values{"code": {app.code(0)}}).wantStatus(http.StatusSeeOther)
}

func TestRecoveryCodeIsEnoughToSetUpAnotherDevice(t *testing.T) {
	t.Parallel()
	s, app := withAuthenticator(t)
	s.half()
	in := s.post("/staff/sign-in/code", url.Values{"recovery": {app.codes[0]}}).wantStatus(http.StatusSeeOther)
	page := s.get(in.header.Get("Location")).wantStatus(http.StatusOK)
	page.wantText(".notice", "You have 7 codes left")
	s.setUp()
	s.post("/staff/account/recovery-codes", nil).wantStatus(http.StatusOK).wantCount(".codes code", staff.RecoveryCodes)
}

func TestEndingOtherSessionsEndsHalfOnesToo(t *testing.T) {
	t.Parallel()
	s, app := withAuthenticator(t)
	s.half()
	s.post("/staff/sign-in/code", url.Values{"recovery": {app.codes[0]}}).wantStatus(http.StatusSeeOther)
	other := s.another()
	other.half()
	s.post("/staff/account/sessions/removal", nil).wantStatus(http.StatusSeeOther)
	other.get("/staff/sign-in/code").wantStatus(http.StatusSeeOther)
	if !s.isIn() {
		t.Error("the session that asked has ended")
	}
}

func TestHalfASessionEndsWithTimeWithSignOutAndWithTheMember(t *testing.T) {
	t.Parallel()
	address := pgtest.NewURL(t)
	s := siteOn(t, pgtest.Open(t, address))
	s.addMember("admin@example.org", staff.Admin)
	s.addMember("member@example.org", staff.Editor)
	s.setUpAuthenticator("member@example.org")
	s.half()
	held := func(db *postgres.DB) bool {
		_, err := db.MemberBySession(context.Background(), staff.Digest(strings.TrimPrefix(s.cookies(), "tiebreak=")))
		return errors.Is(err, staff.ErrPendingSignIn)
	}
	if !held(pgtest.After(t, address, "9 minutes")) || held(pgtest.After(t, address, "11 minutes")) {
		t.Error("half a session does not last for ten minutes")
	}
	if err := s.db.Disable(context.Background(), postgres.CommandLine, s.memberID("member@example.org"), true); err != nil {
		t.Fatal(err)
	}
	if held(s.db) {
		t.Error("half a session of a disabled member is left")
	}
	if to := s.get("/staff/sign-in/code").wantStatus(http.StatusSeeOther).header.Get("Location"); !atDoor(to) {
		t.Errorf("it leads to %s", to)
	}
}
