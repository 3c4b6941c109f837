package web_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"tiebreak/internal/staff"
)

// browsers returns so many browsers in which the member is signed in.
func (s *site) browsers(n int) []*site {
	s.t.Helper()
	all := make([]*site, n)
	for i := range all {
		all[i] = s.another()
		all[i].mustSignIn(memberEmail)
	}
	return all
}

// changePassword sends the form by which members change their own password.
func (s *site) changePassword(current, password string) answer {
	s.t.Helper()
	return s.post("/staff/account/password", fields("current", current, "password", password))
}

func TestMemberSeesAndEndsTheirSessions(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.addMember(memberEmail, staff.Reader)
	s.enterWith(firefox, memberEmail, samplePassword)
	others := s.browsers(3)

	page := s.get("/staff/account").wantStatus(http.StatusOK)
	page.wantCount("#sessions tbody tr", 4).wantCount("#sessions tbody form", 3)
	page.wantText("#sessions tbody tr:not(:has(form))", "Firefox on Linux", "This browser")

	s.mustPost(page.attr("#sessions tbody form", "action"))
	ended := 0
	for _, other := range others {
		if !other.isIn() {
			ended++
		}
	}
	if ended != 1 {
		t.Errorf("%d sessions ended, want 1", ended)
	}
	s.mustPost("/staff/account/sessions/removal")
	for _, other := range others {
		other.wantSignedOut("a session is left")
	}
	s.get("/staff/account").wantCount("#sessions tbody tr", 1)
}

func TestOnlySessionsThatEndAreAudited(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Reader)
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
		s.mustPost(c.path)
		s.wantEntries("sessions-ended", c.want)
	}
	s.browsers(1)
	// over by itself
	s.sql(`UPDATE sessions SET seen_at = clock() - interval '25 hours' WHERE id = (SELECT max(id) FROM sessions)`)
	s.mustPost("/staff/account/sessions/removal")
	s.wantEntries("sessions-ended", 2)
}

func TestSessionOfAnotherMemberCannotBeEnded(t *testing.T) {
	t.Parallel()
	admin, other := withAdmin(t, staff.Reader)
	for id := range 10 {
		other.post(fmt.Sprintf("/staff/account/sessions/%d/removal", id), nil)
	}
	admin.wantSignedIn("a reader ended an admin's session")
	admin.wantEntries("sessions-ended", 1) // the reader's own
}

func TestNewPasswordEndsOtherSessionsAndRotatesThisOne(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Reader)
	other, before := s.browsers(1)[0], s.token()

	s.changePassword("not the password", newPassword).wantStatus(http.StatusUnprocessableEntity).
		wantText("#current-wrong", "This is not your password")
	s.changePassword(samplePassword, "1234567890").wantStatus(http.StatusUnprocessableEntity).
		wantText("#password-wrong", "too common")
	s.wantEntries("proof-failed", 1)
	other.wantSignedIn("a refused change ended a session")

	s.changePassword(samplePassword, newPassword).wantStatus(http.StatusSeeOther)
	s.wantSignedIn("the change ended the session of the member who made it")
	other.wantSignedOut("the change left another session")
	s.carrying(before).wantSignedOut("the previous token still opens the account")
	if other.enter(memberEmail, samplePassword) {
		t.Error("the old password still signs in")
	}
	if !other.enter(memberEmail, newPassword) {
		t.Error("the new password does not sign in")
	}
}

func TestOwnPasswordIsNotGuessedWithoutEnd(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Reader)
	s.post("/staff/account/signature", fields("signature", "Yours, Sample"))
	for range 2 * staff.MaxFailures {
		s.changePassword(samplePassword, "short").wantStatus(http.StatusUnprocessableEntity) // no guess
	}
	for range staff.MaxFailures {
		s.changePassword("guess", newPassword).wantStatus(http.StatusUnprocessableEntity)
	}
	refused := s.changePassword(samplePassword, newPassword).wantStatus(http.StatusTooManyRequests).wantRetryAfter()
	refused.wantText("#current-wrong", "Too many wrong passwords. Nothing was changed. Try again in 15 minutes")
	refused.wantExactText("#signature", "Yours, Sample")
	s.wantSignedIn("guesses ended the session")
	// Another browser of the member may; and this one too, later.
	s.browsers(1)[0].changePassword("guess", newPassword).wantStatus(http.StatusUnprocessableEntity)
	s.later("16 minutes").changePassword(samplePassword, newPassword).wantStatus(http.StatusSeeOther)
}

func TestOwnPasswordIsNotGuessedUnderEverNewTokens(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Reader)
	s.setUp()
	for range staff.MaxFailures {
		s.changePassword("guess", newPassword).wantStatus(http.StatusUnprocessableEntity)
		s.post("/staff/account/recovery-codes", nil).wantStatus(http.StatusOK)
	}
	s.changePassword("guess", newPassword).wantStatus(http.StatusTooManyRequests)
}

func TestNameOfABrowserIsNotStoredAsItWasSent(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.addMember(memberEmail, staff.Reader)
	s.enterWith("Odd/1.2 (somebody's own <words>) Firefox/145.0", memberEmail, samplePassword)
	s.get("/staff/account").wantNoText("#sessions tbody", "words")
	if text := s.get("/staff/account").text("#sessions tbody"); !strings.HasPrefix(text, "Firefox") {
		t.Errorf("the session reads %q", text)
	}
}
