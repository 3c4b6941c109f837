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
	for range staff.MaxFromClient {
		s.knock("192.0.2.1", "member@example.org", "wrong").wantStatus(http.StatusUnprocessableEntity)
	}
	refused := s.knock("192.0.2.1", "member@example.org", "a sample password").wantStatus(http.StatusTooManyRequests)
	refused.wantText("[role=alert]", "too many failed attempts")
	if refused.attr("#email", "value") != "member@example.org" || refused.header.Get("Retry-After") == "" {
		t.Error("the form is empty, or nobody knows when to try again")
	}
	s.knock("192.0.2.2", "member@example.org", "a sample password").wantStatus(http.StatusSeeOther)
	for range 2 * staff.MaxFromClient {
		s.knock("192.0.2.3", "member@example.org", "a sample password").wantStatus(http.StatusSeeOther) // no failures
	}
}

func TestOneNetworkShutOutIsToldWhatToDoAndAdminsSeeIt(t *testing.T) {
	t.Parallel()
	s := guarded(t)
	s.post("/staff/sign-in", url.Values{"email": {"member@example.org"}, "password": {"a sample password"}}).wantStatus(http.StatusSeeOther)
	s.get("/staff/audit").wantStatus(http.StatusOK).wantCount(".banner", 0)
	for n := range staff.MaxFromClient {
		s.knock("192.0.2.1", fmt.Sprintf("invented-%d@example.org", n), "wrong").wantStatus(http.StatusUnprocessableEntity)
	}
	page := s.another().knock("192.0.2.1", "member@example.org", "a sample password").wantStatus(http.StatusTooManyRequests)
	page.wantText("[role=alert]", "Try again in 15 minutes")
	s.get("/staff/audit").wantText(".banner", "1 network is shut out of sign-in")
}

func TestBrowserThatAMemberUsedBeforeIsLetInWhileStrangersFloodTheDoor(t *testing.T) {
	t.Parallel()
	s := guarded(t)
	in := func() answer {
		return s.post("/staff/sign-in", url.Values{"email": {"member@example.org"}, "password": {"a sample password"}})
	}
	if cookies := in().wantStatus(http.StatusSeeOther).header["Set-Cookie"]; len(cookies) != 1 {
		t.Errorf("signing in sets %q", cookies)
	}
	s.get("/staff/leads").wantStatus(http.StatusOK)
	over := make(chan struct{})
	var wait sync.WaitGroup
	for i := range 50 {
		wait.Go(func() {
			for n := 0; ; n++ {
				select {
				case <-over:
					return
				default:
					s.knock(fmt.Sprintf("10.0.%d.%d", i, n%250), "member@example.org", "guess")
				}
			}
		})
	}
	s.within(mailed, "the member is in before a stranger who came earlier", func() bool {
		waited := make(chan struct{})
		wait.Go(func() { s.knock("203.0.113.1", "somebody@example.org", "guess"); close(waited) })
		in().wantStatus(http.StatusSeeOther)
		select {
		case <-waited:
			return false
		default:
			return true
		}
	})
	close(over)
	wait.Wait()
}

// refused has the browser's network fail so often that only browsers get in that their member has signed in with before.
func (s *site) refused() {
	s.t.Helper()
	for range staff.MaxFromClient {
		s.another().enter("nobody@example.org", "guess")
	}
	s.another().post("/staff/sign-in", url.Values{"email": {"member@example.org"}}).wantStatus(http.StatusTooManyRequests)
}

func TestStolenSessionMakesNoBrowserKnown(t *testing.T) {
	t.Parallel()
	address := pgtest.NewURL(t)
	s := siteOn(t, pgtest.Open(t, address))
	s.signIn(staff.Reader)
	s.get("/staff/leads").wantStatus(http.StatusOK)
	s.exec(address, `UPDATE sessions SET made_at = made_at - interval '2 minutes'`)
	r := s.request(http.MethodGet, "/staff/leads", "")
	for _, kept := range s.client.Jar.Cookies(r.URL) {
		if kept.Name == "tiebreak" {
			r.AddCookie(kept)
		}
	}
	thief := s.another()
	if got := thief.do(r).wantStatus(http.StatusOK).header["Set-Cookie"]; got != nil {
		t.Errorf("the thief's browser keeps %v", got)
	}
}

func TestBrowserStaysKnownWhenItsMembersPasswordIsAnotherOne(t *testing.T) {
	t.Parallel()
	for how, change := range map[string]func(s *site){
		"by the member": func(s *site) {
			form := url.Values{"current": {"a sample password"}, "password": {"another sample password"}}
			s.post("/staff/account/password", form).wantStatus(http.StatusSeeOther)
		},
		"by the command line": func(s *site) {
			hash, err := staff.HashPassword(t.Context(), "another sample password")
			if err == nil {
				err = s.db.ResetPassword(s.t.Context(), s.memberID("member@example.org"), hash)
			}
			if err != nil {
				s.t.Fatal(err)
			}
			s.enter("member@example.org", "another sample password")
			s.get("/staff/leads").wantStatus(http.StatusOK)
		},
	} {
		t.Run(how, func(t *testing.T) {
			t.Parallel()
			s := newSite(t)
			s.signIn(staff.Reader)
			s.get("/staff/leads").wantStatus(http.StatusOK)
			change(s)
			s.refused()
			if !s.enter("member@example.org", "another sample password") {
				t.Error("the browser is a stranger's now")
			}
		})
	}
}

func TestMembersWhoShareABrowserAreBothKnown(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	emails := []string{"first@example.org", "second@example.org"}
	for _, email := range emails {
		s.addMember(email, staff.Reader)
		s.enter(email, "a sample password")
		s.get("/staff/leads").wantStatus(http.StatusOK)
	}
	s.refused()
	for _, email := range emails {
		if !s.enter(email, "a sample password") {
			t.Errorf("%s is a stranger in the browser", email)
		}
	}
}

func TestStolenMarkOfABrowserLocksNoOwnerOut(t *testing.T) {
	t.Parallel()
	s := guarded(t)
	in := url.Values{"email": {"member@example.org"}, "password": {"a sample password"}}
	s.post("/staff/sign-in", in).wantStatus(http.StatusSeeOther)
	s.get("/staff/leads").wantStatus(http.StatusOK)
	for range staff.MaxFromClient {
		s.enter("member@example.org", "guess")
	}
	s.post("/staff/sign-in", in).wantStatus(http.StatusSeeOther)
}

func TestSessionMakesOneBrowserKnownHoweverOftenItAsks(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.signIn(staff.Reader)
	session := s.cookies()
	devices := map[string]bool{}
	for range 3 {
		r := s.request(http.MethodGet, "/staff/account", "")
		r.Header.Set("Cookie", session)
		for _, cookie := range (&site{t: t, base: s.base, client: browser(t)}).do(r).header["Set-Cookie"] {
			devices[cookie] = true
		}
	}
	if len(devices) != 1 {
		t.Errorf("one session got %d devices", len(devices))
	}
}

func TestFloodAtTheDoorKeepsStrangersOutAndLetsItsOwnerIn(t *testing.T) {
	t.Parallel()
	for from, address := range map[string]func(i int) string{
		"one address": func(int) string { return "192.0.2.1" }, "many addresses": func(i int) string { return fmt.Sprintf("198.51.100.%d", i+1) },
	} {
		t.Run(from, func(t *testing.T) {
			t.Parallel()
			s := guarded(t)
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
			s.within(mailed, "the owner is in", func() bool {
				return s.knock("203.0.113.9", "member@example.org", "a sample password").status == http.StatusSeeOther
			})
			wait.Wait()
			s.knock("203.0.113.10", "member@example.org", "a sample password").wantStatus(http.StatusSeeOther)
		})
	}
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
			s.knock(fmt.Sprintf("10.%d.%d.%d", i>>16, i>>8&255, i&255), email, strings.Repeat("x", 20)).wantStatus(http.StatusUnprocessableEntity)
			took[who] = append(took[who], time.Since(began))
		}
	}
	wantSameTime(t, took)
}
