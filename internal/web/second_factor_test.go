package web_test

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
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
	ctx, a, token := s.t.Context(), &app{s, staff.NewSeed(), staff.NewRecoveryCodes()}, s.newSession(email)
	v, err := s.db.MemberBySession(ctx, staff.Digest(token))
	noError(s.t, err)
	noError(s.t, s.db.BeginAuthenticator(ctx, v.Member.ID, v.Session, a.seed))
	rotation := staff.NewRotation(staff.Digest(token), staff.NewToken(), a.codes)
	_, err = s.db.ConfirmAuthenticator(ctx, v.Member.ID, v.Session, a.code(-1), rotation)
	if errors.Is(err, staff.ErrWrongCode) { // the half minute ended on it
		_, err = s.db.ConfirmAuthenticator(ctx, v.Member.ID, v.Session, a.code(-1), rotation)
	}
	noError(s.t, err)
	return a
}

// code returns what the app shows so many steps from now.
func (a *app) code(steps int) string {
	a.s.t.Helper()
	now, err := a.s.db.Now(a.s.t.Context())
	noError(a.s.t, err)
	code, err := totp.GenerateCode(staff.SeedText(a.seed), now.Add(time.Duration(steps)*30*time.Second))
	noError(a.s.t, err)
	return code
}

// givePassword signs the browser in up to the second factor.
func (s *site) givePassword() {
	s.t.Helper()
	s.post("/staff/sign-in", fields("email", memberEmail, "password", samplePassword)).wantStatus(http.StatusSeeOther).
		wantLocation("/staff/sign-in/code").wantCookies(1)
}

// giveFactor sends a code of the second factor, "code" or "recovery".
func (s *site) giveFactor(pairs ...string) answer {
	s.t.Helper()
	return s.post("/staff/sign-in/code", fields(pairs...))
}

// withAuthenticator starts a site with a member who has an authenticator.
func withAuthenticator(t *testing.T) (*site, *app) {
	t.Helper()
	s := newSite(t)
	s.addMember(memberEmail, staff.Admin)
	return s, s.setUpAuthenticator(memberEmail)
}

func TestPasswordAloneOpensNothingForAMemberWithASecondFactor(t *testing.T) {
	t.Parallel()
	s, app := withAuthenticator(t)
	s.givePassword()
	s.wantSignedOut("the password was enough")
	s.wantAudit("sign-in-begun member 1")
	s.get("/staff/sign-in/code").wantStatus(http.StatusOK).wantCount("#code, #recovery", 2)
	code := app.code(0)
	s.giveFactor("code", "000 000").wantStatus(http.StatusUnprocessableEntity).wantText("#code-wrong", "That code didn’t work")
	before := s.token()
	s.giveFactor("code", code[:3]+" "+code[3:]).wantStatus(http.StatusSeeOther)
	s.wantSignedIn("password and code are not enough")
	if before == s.token() {
		t.Error("the token of the pending sign-in opens the session")
	}
	s.wantAudit("sign-in", "sign-in-failed member 1", "sign-in-begun member 1")
	s.get("/staff/audit?kind=sign-in-begun").wantEntry("Someone", "Entered the password but not yet the second step",
		"as Sample Member")
}

func TestOneTimeCodeIsTakenOnceHoweverManySendIt(t *testing.T) {
	t.Parallel()
	s, app := withAuthenticator(t)
	browsers := make([]*site, 8)
	for i := range browsers {
		browsers[i] = s.another()
		browsers[i].givePassword()
	}
	code := app.code(0)
	var accepted atomic.Int64
	atOnce(len(browsers), func(i int) {
		if browsers[i].giveFactor("code", code).status == http.StatusSeeOther {
			accepted.Add(1)
		}
	})
	if n := accepted.Load(); n != 1 {
		t.Errorf("%d browsers were let in by one code", n)
	}
}

func TestGuessedCodesAreRefusedWhileRecoveryCodesStayOpen(t *testing.T) {
	t.Parallel()
	s := newSite(t, loopback)
	s.addMember(memberEmail, staff.Editor)
	app := s.setUpAuthenticator(memberEmail)
	s.givePassword()
	from := func(address, field, code string) answer {
		return s.post("/staff/sign-in/code", fields(field, code), "X-Forwarded-For", address)
	}
	for i := range staff.MaxFailures {
		from(fmt.Sprintf("192.0.2.%d", 1+i%9), "code", "12345x").wantStatus(http.StatusUnprocessableEntity)
	}
	from("203.0.113.1", "code", app.code(0)).wantStatus(http.StatusTooManyRequests).wantRetryAfter().
		wantText("#code-wrong", "15 minutes")
	code := strings.ToLower(strings.ReplaceAll(app.codes[3], "-", " "))
	from("203.0.113.1", "recovery", code).wantStatus(http.StatusSeeOther)
	s.wantSignedIn("the recovery code was not taken")
	s.givePassword()
	from("203.0.113.1", "recovery", code).wantStatus(http.StatusUnprocessableEntity).
		wantText("#recovery-wrong", "not valid, or you have already used it")
	if left, err := s.db.Factors(t.Context(), 1); err != nil || left.RecoveryCodes != staff.RecoveryCodes-1 {
		t.Errorf("%+v (%v)", left, err)
	}
}

func TestFailuresOfOthersInTheSameOfficeBlockNoSecondFactor(t *testing.T) {
	t.Parallel()
	s, app := withAuthenticator(t)
	s.givePassword()
	for range staff.MaxFailures {
		s.another().enter("nobody@example.org", "guess")
	}
	s.giveFactor("code", "guess").wantStatus(http.StatusUnprocessableEntity)
	s.giveFactor("recovery", "guess").wantStatus(http.StatusUnprocessableEntity)
	s.giveFactor("code", app.code(0), "recovery", app.codes[0]).wantStatus(http.StatusUnprocessableEntity).
		wantText("main", "Choose one of these ways")
	s.giveFactor("code", app.code(0)).wantStatus(http.StatusSeeOther)
}

func TestRecoveryCodeIsEnoughToSetUpAnotherDevice(t *testing.T) {
	t.Parallel()
	s, app := withAuthenticator(t)
	s.givePassword()
	s.follow(s.giveFactor("recovery", app.codes[0])).wantText(".notice", "You have 7 codes left")
	s.setUp()
	s.post("/staff/account/recovery-codes", nil).wantStatus(http.StatusOK).wantCount(".codes code", staff.RecoveryCodes)
}

func TestEndingOtherSessionsEndsPendingSignInsToo(t *testing.T) {
	t.Parallel()
	s, app := withAuthenticator(t)
	s.givePassword()
	s.giveFactor("recovery", app.codes[0]).wantStatus(http.StatusSeeOther)
	other := s.another()
	other.givePassword()
	s.mustPost("/staff/account/sessions/removal")
	other.get("/staff/sign-in/code").wantStatus(http.StatusSeeOther)
	s.wantSignedIn("the session that asked has ended")
}

func TestPendingSignInEndsWithTimeAndWithTheMember(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.addMember("admin@example.org", staff.Admin)
	s.addMember(memberEmail, staff.Editor)
	s.setUpAuthenticator(memberEmail)
	s.givePassword()
	wantPending := func(db *postgres.DB, want bool, when string) {
		t.Helper()
		_, err := db.MemberBySession(t.Context(), staff.Digest(s.token()))
		if got := errors.Is(err, staff.ErrPendingSignIn); got != want {
			t.Errorf("%s the sign-in is pending: %v, want %v (%v)", when, got, want, err)
		}
	}
	wantPending(pgtest.After(t, s.address, "9 minutes"), true, "after 9 minutes")
	wantPending(pgtest.After(t, s.address, "11 minutes"), false, "after 11 minutes")
	noError(t, s.db.Disable(t.Context(), postgres.CommandLine, s.memberID(memberEmail), true))
	wantPending(s.db, false, "once the member is disabled")
	if to := s.redirected("/staff/sign-in/code"); !isSignIn(to) {
		t.Errorf("it leads to %s", to)
	}
}
