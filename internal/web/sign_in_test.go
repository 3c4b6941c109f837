package web_test

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"tiebreak/internal/pgtest"
	"tiebreak/internal/staff"
)

// knock tries to sign in from a network address, as a browser of its own.
func (s *site) knock(address, email, password string) answer {
	s.t.Helper()
	r := s.request(http.MethodPost, "/staff/sign-in", url.Values{"email": {email}, "password": {password}}.Encode())
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("X-Forwarded-For", address)
	return (&site{t: s.t, base: s.base, client: browser(s.t)}).do(r)
}

// guarded is a site behind a proxy, so that strangers can come from many addresses, with a member.
func guarded(t *testing.T) *site {
	t.Helper()
	s := siteOn(t, pgtest.New(t), "127.0.0.0/8")
	s.addMember("member@example.org", staff.Admin)
	return s
}

func TestDoorRefusesAnAddressThatFailedTooOftenAndNoOther(t *testing.T) {
	t.Parallel()
	s := guarded(t)
	for range staff.MaxFailures {
		s.knock("192.0.2.1", "member@example.org", "wrong").wantStatus(http.StatusUnprocessableEntity)
	}
	refused := s.knock("192.0.2.1", "member@example.org", "a sample password").wantStatus(http.StatusTooManyRequests)
	refused.wantText("[role=alert]", "too many failed attempts")
	if refused.attr("#email", "value") != "member@example.org" || refused.header.Get("Retry-After") == "" {
		t.Error("the form is empty, or nobody knows when to try again")
	}
	s.knock("192.0.2.2", "member@example.org", "a sample password").wantStatus(http.StatusSeeOther)
	for range 2 * staff.MaxFailures {
		s.knock("192.0.2.3", "member@example.org", "a sample password").wantStatus(http.StatusSeeOther) // no failures
	}
}

func TestOneNetworkShutOutIsToldWhatToDoAndAdminsSeeIt(t *testing.T) {
	t.Parallel()
	s := guarded(t)
	s.post("/staff/sign-in", url.Values{
		"email":    {"member@example.org"},
		"password": {"a sample password"},
	}).wantStatus(http.StatusSeeOther)
	s.get("/staff/audit").wantStatus(http.StatusOK).wantCount(".banner", 0)
	for n := range staff.MaxFailures {
		s.knock("192.0.2.1", fmt.Sprintf("invented-%d@example.org", n), "wrong").wantStatus(http.StatusUnprocessableEntity)
	}
	page := s.another().knock("192.0.2.1", "member@example.org", "a sample password").wantStatus(http.StatusTooManyRequests)
	page.wantText("[role=alert]", "Try again in 15 minutes")
	s.get("/staff/audit").wantText(".banner", "1 network is blocked from signing in")
}

func TestFloodAtTheDoorKeepsStrangersOutAndLetsItsOwnerIn(t *testing.T) {
	t.Parallel()
	for from, address := range map[string]func(i int) string{
		"one address":    func(int) string { return "192.0.2.1" },
		"many addresses": func(i int) string { return fmt.Sprintf("198.51.100.%d", i+1) },
	} {
		t.Run(from, func(t *testing.T) {
			t.Parallel()
			s := siteAt(t, pgtest.New(t), "localhost", "127.0.0.0/8", "::1/128")
			s.signIn(staff.Admin)
			device, _ := s.withPasskey("")
			s.get("/compare/django-vs-fastapi").wantStatus(http.StatusOK)
			var wait sync.WaitGroup
			for i := range 200 {
				wait.Go(func() {
					if a := s.knock(address(i), "member@example.org", fmt.Sprint("guess ", i)); a.status == http.StatusSeeOther {
						t.Error("a stranger is in")
					}
				})
			}
			s.get("/compare/django-vs-fastapi").wantStatus(http.StatusOK)
			owner := s.another()
			owner.byPasskey(device.Get(owner.options("/staff/sign-in"))).wantStatus(http.StatusSeeOther)
			s.within(mailed, "the owner's password is taken from a new address", func() bool {
				return s.knock("203.0.113.9", "member@example.org", "a sample password").status == http.StatusSeeOther
			})
			wait.Wait()
			s.knock("203.0.113.10", "member@example.org", "a sample password").wantStatus(http.StatusSeeOther)
		})
	}
}

func TestPasskeyOpensInANetworkThatIsRefused(t *testing.T) {
	t.Parallel()
	s := named(t)
	s.signIn(staff.Admin)
	device, _ := s.withPasskey("")
	owner := s.another()
	for range staff.MaxFailures {
		owner.enter("nobody@example.org", "guess")
	}
	refused := owner.post("/staff/sign-in", url.Values{"email": {"member@example.org"}, "password": {"a sample password"}})
	refused.wantStatus(http.StatusTooManyRequests).wantText("[role=alert]", "If you have a passkey")
	owner.byPasskey(device.Get(refused.attr("form[data-passkey]", "data-options"))).wantStatus(http.StatusSeeOther)
}

func TestDoorTakesTheSameTimeForKnownAndUnknownAddresses(t *testing.T) {
	t.Parallel()
	s := guarded(t)
	var took [2][]time.Duration
	for round := range pgtest.Rounds(t, "TIEBREAK_DOOR_ROUNDS", 20) {
		for _, who := range rand.Perm(2) {
			email := []string{"member@example.org", "stranger@example.org"}[who]
			i := 2*round + who
			began := time.Now()
			s.knock(fmt.Sprintf("10.%d.%d.%d", i>>16, i>>8&255, i&255), email,
				strings.Repeat("x", 20)).wantStatus(http.StatusUnprocessableEntity)
			took[who] = append(took[who], time.Since(began))
		}
	}
	wantSameTime(t, took)
}
