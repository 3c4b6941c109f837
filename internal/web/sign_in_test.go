package web_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"

	"tiebreak/internal/pgtest"
	"tiebreak/internal/postgres"
	"tiebreak/internal/staff"
)

func TestSetupLinkMakesTheFirstMemberOnce(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	_, err := s.db.NewSetupLink(t.Context(), staff.Digest("LINK"))
	noError(t, err)
	s.get("/staff/setup/GUESS").wantStatus(http.StatusNotFound)
	form := fields("name", "First Member", "email", "first@example.org", "password", "short")

	page := s.post("/staff/setup/LINK", form).wantStatus(http.StatusUnprocessableEntity)
	page.wantText("#password-wrong", "at least 10 characters").wantAttr("#email", "value", "first@example.org")
	form.Set("password", samplePassword)
	s.post("/staff/setup/LINK", form).wantStatus(http.StatusSeeOther)
	s.wantAudit("sign-in", "member-joined member 1")
	s.get("/staff/leads").wantStatus(http.StatusOK).wantText("header", "First Member")

	s.get("/staff/setup/LINK").wantStatus(http.StatusNotFound)
	s.post("/staff/setup/LINK", form).wantStatus(http.StatusNotFound)
}

func TestSetupPageSetsTheTimeZoneOfTheSite(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	_, err := s.db.NewSetupLink(t.Context(), staff.Digest("LINK"))
	noError(t, err)
	s.get("/staff/setup/LINK").wantAttr("#time_zone", "value", "UTC").wantCount("#zones option", 17)

	form := fields("name", "First Member", "email", "first@example.org", "password", samplePassword, "time_zone", "Mars/Olympus")
	page := s.post("/staff/setup/LINK", form).wantStatus(http.StatusUnprocessableEntity)
	page.wantText("#time_zone-wrong", "Enter a time zone, such as Europe/Paris or UTC.").
		wantAttr("#time_zone", "value", "Mars/Olympus").wantAttr("#name", "value", "First Member").
		wantAttr("#email", "value", "first@example.org")

	form.Set("time_zone", " Europe/Berlin ")
	s.post("/staff/setup/LINK", form).wantStatus(http.StatusSeeOther)
	s.wantAudit("sign-in", "promise-changed", "member-joined member 1")
	s.get("/staff/promise").wantAttr("#time_zone", "value", "Europe/Berlin").wantAttr("[name=reply_hours]", "value", "24")
}

func TestSessionCookieIsStrictAndSignOutEndsIt(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.addMember(memberEmail, staff.Reader)
	in := s.post("/staff/sign-in", fields("email", "Member@example.org", "password", samplePassword))
	cookie := in.wantStatus(http.StatusSeeOther).header.Get("Set-Cookie")
	for _, want := range []string{"HttpOnly", "SameSite=Lax", "Path=/"} {
		if !strings.Contains(cookie, want) {
			t.Errorf("the cookie %q lacks %s", cookie, want)
		}
	}
	token := s.token()
	s.post("/staff/sign-out", nil).wantStatus(http.StatusSeeOther).wantHeader("Clear-Site-Data", `"storage"`)
	s.carrying(token).wantSignedOut("the cookie still opens the account")
}

func TestSigningInAgainEndsThePreviousSession(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Reader)
	before := s.token()
	s.mustSignIn(memberEmail)
	s.wantSignedIn("not let in again")
	s.carrying(before).wantSignedOut("the previous token still opens the account")
}

// TestSignInTakesTheSameStepsForKnownAndUnknownAddresses compares what the page says, the statements and the password hashes of
// failed sign-ins, so that neither tells which address belongs to a member. It does not run in parallel with other tests: they
// hash passwords too.
func TestSignInTakesTheSameStepsForKnownAndUnknownAddresses(t *testing.T) {
	db, trips := pgtest.OpenCounted(t, pgtest.NewURL(t))
	s := siteOn(t, db, loopback)
	s.addMember(memberEmail, staff.Reader)
	s.addMember("disabled@example.org", staff.Reader)
	noError(t, s.db.Disable(t.Context(), postgres.CommandLine, s.memberID("disabled@example.org"), true))
	type steps struct {
		text, statements string
		hashes           int64
	}
	clients := 0
	fail := func(email string) steps {
		t.Helper()
		clients++ // each try comes from a client of its own, so that no limit is met
		trips.Take()
		before := staff.HashesComputed()
		a := s.signInFrom(fmt.Sprintf("192.0.2.%d", clients), email, "not the password").
			wantStatus(http.StatusUnprocessableEntity)
		return steps{a.text("main"), strings.Join(trips.Take(), "\n"), staff.HashesComputed() - before}
	}
	fail("unknown@example.org") // the first time also makes the hash that stands in for a member's
	for _, email := range []string{"unknown@example.org", "disabled@example.org", "not an address"} {
		known, other := fail(memberEmail), fail(email)
		for range 3 { // the site's own look at the database may come between: it does not do so each time
			if known != other {
				known, other = fail(memberEmail), fail(email)
			}
		}
		if known != other || known.hashes != 1 {
			t.Errorf("%s takes the steps\n%+v\nand a member's address, with one hash,\n%+v", email, other, known)
		}
	}
}

func TestSignInRefusesAClientThatFailedTooOftenAndNoOther(t *testing.T) {
	t.Parallel()
	s := newSite(t, loopback)
	s.signIn(staff.Admin)
	s.get("/staff/audit").wantStatus(http.StatusOK).wantCount(".banner", 0)
	for range staff.MaxFailures {
		s.signInFrom("192.0.2.1", memberEmail, "wrong").wantStatus(http.StatusUnprocessableEntity)
	}
	refused := s.signInFrom("192.0.2.1", memberEmail, samplePassword).wantStatus(http.StatusTooManyRequests).wantRetryAfter()
	refused.wantText("[role=alert]", "too many failed attempts", "Try again in 15 minutes")
	refused.wantAttr("#email", "value", memberEmail)
	s.get("/staff/audit").wantText(".banner", "1 network is blocked from signing in")
	s.signInFrom("192.0.2.2", memberEmail, samplePassword).wantStatus(http.StatusSeeOther)
	for range 2 * staff.MaxFailures {
		s.signInFrom("192.0.2.3", memberEmail, samplePassword).wantStatus(http.StatusSeeOther) // no failures
	}
}

func TestFloodOfSignInsKeepsStrangersOutAndLetsTheOwnerIn(t *testing.T) {
	t.Parallel()
	for from, address := range map[string]func(i int) string{
		"one address":    func(int) string { return "192.0.2.1" },
		"many addresses": func(i int) string { return fmt.Sprintf("198.51.100.%d", i+1) },
	} {
		t.Run(from, func(t *testing.T) {
			t.Parallel()
			s := siteAt(t, pgtest.New(t), "localhost", loopback, "::1/128")
			hash, err := staff.HashPassword(t.Context(), samplePassword) // each guess is to cost what it does on a site
			noError(t, err)
			member := staff.NewMember{Email: memberEmail, Name: "Sample Member", Role: staff.Admin}
			noError(t, s.db.AddMember(t.Context(), member, hash))
			s.mustSignIn(memberEmail)
			device, _ := s.withPasskey("")
			s.get("/compare/django-vs-fastapi").wantStatus(http.StatusOK)
			var wait sync.WaitGroup
			for i := range 200 {
				wait.Go(func() {
					if a := s.signInFrom(address(i), memberEmail, fmt.Sprint("guess ", i)); a.status == http.StatusSeeOther {
						t.Error("a stranger is in")
					}
				})
			}
			s.get("/compare/django-vs-fastapi").wantStatus(http.StatusOK)
			owner := s.another()
			owner.byPasskey(device.Get(owner.options("/staff/sign-in"))).wantStatus(http.StatusSeeOther)
			s.within(mailed, "the owner's password is taken from a new address", func() bool {
				return s.signInFrom("203.0.113.9", memberEmail, samplePassword).status == http.StatusSeeOther
			})
			wait.Wait()
			s.signInFrom("203.0.113.10", memberEmail, samplePassword).wantStatus(http.StatusSeeOther)
		})
	}
}

func TestPasskeyOpensInANetworkThatIsRefused(t *testing.T) {
	t.Parallel()
	s := named(t, staff.Admin)
	device, _ := s.withPasskey("")
	owner := s.another()
	for range staff.MaxFailures {
		owner.enter("nobody@example.org", "guess")
	}
	refused := owner.post("/staff/sign-in", fields("email", memberEmail, "password", samplePassword))
	refused.wantStatus(http.StatusTooManyRequests).wantText("[role=alert]", "If you have a passkey")
	owner.byPasskey(device.Get(refused.attr("form[data-passkey]", "data-options"))).wantStatus(http.StatusSeeOther)
}
