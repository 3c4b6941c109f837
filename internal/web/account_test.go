package web_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"tiebreak/internal/pgtest"
	"tiebreak/internal/staff"
)

// browsers are so many in which the member is signed in.
func (s *site) browsers(n int) []*site {
	s.t.Helper()
	all := make([]*site, n)
	for i := range all {
		all[i] = s.another()
		if !all[i].enter("member@example.org", "a sample password") {
			s.t.Fatal("not let in")
		}
	}
	return all
}

func TestMemberSeesAndEndsTheirSessions(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.addMember("member@example.org", staff.Reader)
	r := s.request(http.MethodPost, "/staff/sign-in",
		url.Values{"email": {"member@example.org"}, "password": {"a sample password"}}.Encode())
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0")
	s.do(r)
	others := s.browsers(3)

	page := s.get("/staff/account").wantStatus(http.StatusOK)
	page.wantCount("#sessions tbody tr", 4)
	page.wantText("#sessions tbody tr:first-child", "Firefox on Linux")
	page.wantText("#sessions tbody tr:first-child", "This browser")
	page.wantCount("#sessions tbody form", 3)

	s.post(page.attr("#sessions tbody form", "action"), nil).wantStatus(http.StatusSeeOther)
	ended := 0
	for _, other := range others {
		if !other.isIn() {
			ended++
		}
	}
	if ended != 1 {
		t.Errorf("%d sessions ended, want 1", ended)
	}
	s.post("/staff/account/sessions/removal", nil).wantStatus(http.StatusSeeOther)
	for i, other := range others {
		if other.isIn() {
			t.Errorf("session %d is left", i)
		}
	}
	s.get("/staff/account").wantCount("#sessions tbody tr", 1)
}

func TestSessionOfSomebodyElseCannotBeEnded(t *testing.T) {
	t.Parallel()
	admin, other := withAdmin(t, staff.Reader)
	for id := range 10 {
		other.post(fmt.Sprintf("/staff/account/sessions/%d/removal", id), nil)
	}
	if !admin.isIn() {
		t.Error("a reader ended an admin's session")
	}
}

func TestOnlySessionsThatEndAreAudited(t *testing.T) {
	t.Parallel()
	address := pgtest.NewURL(t)
	s := siteOn(t, pgtest.Open(t, address))
	s.signIn(staff.Reader)
	s.browsers(2)
	own := s.get("/staff/account").attr("#sessions tbody form", "action")
	for _, c := range []struct {
		path string
		want int
	}{
		{"/staff/account/sessions/9999/removal", 0},
		{own, 1},
		{own, 1},
		{"/staff/account/sessions/removal", 2},
		{"/staff/account/sessions/removal", 2},
	} {
		s.post(c.path, nil).wantStatus(http.StatusSeeOther)
		s.wantLines("sessions-ended", c.want)
	}
	s.browsers(1)
	// over by itself
	s.exec(address, `UPDATE sessions SET seen_at = clock() - interval '25 hours' WHERE id = (SELECT max(id) FROM sessions)`)
	s.post("/staff/account/sessions/removal", nil).wantStatus(http.StatusSeeOther)
	s.wantLines("sessions-ended", 2)

	stranger := s.another()
	s.addMember("other@example.org", staff.Reader)
	stranger.enter("other@example.org", "a sample password")
	for id := range 10 {
		stranger.post(fmt.Sprintf("/staff/account/sessions/%d/removal", id), nil)
	}
	s.wantLines("sessions-ended", 3) // their own
}

func TestNewPasswordEndsOtherSessionsAndRotatesThisOne(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.signIn(staff.Reader)
	other := s.browsers(1)[0]
	base, err := url.Parse(s.base)
	if err != nil {
		t.Fatal(err)
	}
	before := s.client.Jar.Cookies(base)[0].Value

	wrong := s.post("/staff/account/password", url.Values{
		"current":  {"not the password"},
		"password": {"another sample password"},
	}).
		wantStatus(http.StatusUnprocessableEntity)
	wrong.wantText("#current-wrong", "This is not your password")
	s.wantLines("proof-failed", 1)
	common := s.post("/staff/account/password", url.Values{"current": {"a sample password"}, "password": {"1234567890"}}).
		wantStatus(http.StatusUnprocessableEntity)
	common.wantText("#password-wrong", "too common")
	s.wantLines("proof-failed", 1)
	if !other.isIn() {
		t.Error("a refused change ended a session")
	}

	s.post("/staff/account/password", url.Values{"current": {"a sample password"}, "password": {"another sample password"}}).
		wantStatus(http.StatusSeeOther)
	if !s.isIn() || other.isIn() {
		t.Errorf("after the change this browser is in: %v, the other: %v", s.isIn(), other.isIn())
	}
	thief := s.another()
	thief.client.Jar.SetCookies(base, []*http.Cookie{{Name: "tiebreak", Value: before, Path: "/"}})
	if thief.isIn() {
		t.Error("the token of before still opens the account")
	}
	if other.enter("member@example.org", "a sample password") {
		t.Error("the old password still signs in")
	}
	if !other.enter("member@example.org", "another sample password") {
		t.Error("the new password does not sign in")
	}
}

func TestOwnPasswordIsNotGuessedWithoutEnd(t *testing.T) {
	t.Parallel()
	address := pgtest.NewURL(t)
	s := siteOn(t, pgtest.Open(t, address))
	s.signIn(staff.Reader)
	guess := func(current string) answer {
		return s.post("/staff/account/password", url.Values{"current": {current}, "password": {"another sample password"}})
	}
	s.post("/staff/account/signature", url.Values{"signature": {"Yours, Sample"}})
	for range 2 * staff.MaxFailures {
		s.post("/staff/account/password", url.Values{"current": {"a sample password"}, "password": {"short"}}).
			wantStatus(http.StatusUnprocessableEntity) // no guess
	}
	for range staff.MaxFailures {
		guess("guess").wantStatus(http.StatusUnprocessableEntity)
	}
	refused := guess("a sample password").wantStatus(http.StatusTooManyRequests)
	refused.wantText("#current-wrong", "Too many wrong passwords. Nothing was changed. Try again in 15 minutes")
	if refused.text("#signature") != "Yours, Sample" || refused.header.Get("Retry-After") == "" || !s.isIn() {
		t.Error("the page is empty, nobody knows when to try again, or the member is out")
	}
	// Another browser of the member may; and this one too, later.
	s.browsers(1)[0].post("/staff/account/password", url.Values{"current": {"guess"}, "password": {"another sample password"}}).
		wantStatus(http.StatusUnprocessableEntity)
	later := siteOn(t, pgtest.After(t, address, "16 minutes"))
	later.client = s.client
	later.post("/staff/account/password", url.Values{"current": {"a sample password"}, "password": {"another sample password"}}).
		wantStatus(http.StatusSeeOther)
}

func TestOwnPasswordIsNotGuessedUnderEverNewTokens(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.signIn(staff.Reader)
	s.setUp()
	guess := url.Values{"current": {"guess"}, "password": {"another sample password"}}
	for range staff.MaxFailures {
		s.post("/staff/account/password", guess).wantStatus(http.StatusUnprocessableEntity)
		s.post("/staff/account/recovery-codes", nil).wantStatus(http.StatusOK)
	}
	s.post("/staff/account/password", guess).wantStatus(http.StatusTooManyRequests)
}

func TestNeitherBrowserNorAddressIsKeptRaw(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.addMember("member@example.org", staff.Reader)
	r := s.request(http.MethodPost, "/staff/sign-in",
		url.Values{"email": {"member@example.org"}, "password": {"a sample password"}}.Encode())
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("User-Agent", "Odd/1.2 (somebody's own <words>) Firefox/145.0")
	s.do(r)
	if text := s.get("/staff/account").text("#sessions tbody"); !strings.HasPrefix(text, "Firefox") ||
		strings.Contains(text, "words") {
		t.Errorf("the session reads %q", text)
	}
}
