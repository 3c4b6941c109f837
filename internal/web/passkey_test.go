package web_test

import (
	"net/http"
	"testing"

	"tiebreak/internal/passkeytest"
	"tiebreak/internal/pgtest"
	"tiebreak/internal/staff"
)

// named starts a site at a name, where there are passkeys, whose browser is signed in.
func named(t *testing.T, role staff.Role) *site {
	t.Helper()
	s := siteAt(t, pgtest.New(t), "localhost")
	s.signIn(role)
	return s
}

// options returns what the page asks a passkey with.
func (s *site) options(path string) string {
	s.t.Helper()
	return s.get(path).wantStatus(http.StatusOK).attr("form[data-passkey]", "data-options")
}

// withPasskey adds the passkey of a new device to the member who is signed in, and returns the device and the answer.
func (s *site) withPasskey(name string) (*passkeytest.Device, answer) {
	s.t.Helper()
	device := passkeytest.New(s.t, s.base)
	form := fields("credential", device.Create(s.options("/staff/account/factors")), "name", name)
	return device, s.post("/staff/account/passkeys", form)
}

// byPasskey tries to sign in by the answer of a passkey.
func (s *site) byPasskey(credential string) answer {
	s.t.Helper()
	return s.post("/staff/sign-in/passkey", fields("credential", credential))
}

func TestPasskeyAnswersEachChallengeOnce(t *testing.T) {
	t.Parallel()
	s := named(t, staff.Editor)
	device, added := s.withPasskey("The blue one")
	added.wantStatus(http.StatusOK).wantCount(".codes code", staff.RecoveryCodes)
	s.get("/staff/account").wantText("main", "Passkey: The blue one")

	first, second := s.another(), s.another()
	answer := device.Get(first.options("/staff/sign-in"))
	first.byPasskey(answer).wantStatus(http.StatusSeeOther).wantCookies(1)
	first.wantSignedIn("the passkey does not let in")
	second.byPasskey(answer).wantStatus(http.StatusUnprocessableEntity).wantText("#wrong", "didn’t work")
	second.wantSignedOut("the answer let in twice")
	s.wantAudit("sign-in-failed member 1")
}

func TestSpentPasskeyAnswerLeavesTheBrowserAsItIs(t *testing.T) {
	t.Parallel()
	s := named(t, staff.Editor)
	device, _ := s.withPasskey("")
	answer := device.Get(s.options("/staff/sign-in"))
	s.byPasskey(answer).wantStatus(http.StatusSeeOther)
	s.byPasskey(answer).wantStatus(http.StatusUnprocessableEntity)
	s.wantSignedIn("a form that was sent again signed the browser out")
	s.mustPost("/staff/sign-out")
	s.givePassword()
	s.byPasskey(answer).wantStatus(http.StatusUnprocessableEntity).wantText("h1", "Two-step sign-in")
	s.byPasskey(device.Get(s.options("/staff/sign-in/code"))).wantStatus(http.StatusSeeOther)
	s.wantSignedIn("it ended the pending sign-in")
}

func TestPasskeyOfAnotherMemberProvesNothing(t *testing.T) {
	t.Parallel()
	s := named(t, staff.Editor)
	mine, _ := s.withPasskey("")
	other := s.withMember(otherEmail, staff.Editor)
	others, _ := other.withPasskey("")

	s.byPasskey(mine.Get(s.options("/staff/sign-in"))).wantStatus(http.StatusSeeOther) // which is not a re-authentication yet
	for credential, want := range map[string]string{
		others.Get(s.options("/staff/account/reauthentication")): "belongs to someone else",
		mine.Get(s.options("/staff/sign-in")):                    "does not open this site", "{}": "does not open this site",
	} {
		s.reauthenticate(fields("credential", credential)).wantStatus(http.StatusUnprocessableEntity).wantText("main", want)
	}
	answer := mine.Get(s.options("/staff/account/reauthentication"))
	s.reauthenticate(fields("credential", answer)).wantStatus(http.StatusSeeOther)
	s.reauthenticate(fields("credential", answer)).wantStatus(http.StatusUnprocessableEntity).wantText("main", "didn’t work")
	s.mustPost("/staff/account/passkeys/2/removal")
	other.get("/staff/account").wantStatus(http.StatusOK).wantText("main", "Passkey: ") // it is there, and the member is in
	s.mustPost("/staff/account/passkeys/1/removal")
	s.another().byPasskey(mine.Get(s.options("/staff/sign-in"))).wantStatus(http.StatusUnprocessableEntity)
}

func TestPasskeyOfADisabledMemberOpensNothing(t *testing.T) {
	t.Parallel()
	s := named(t, staff.Admin)
	other := s.withMember(otherEmail, staff.Editor)
	device, _ := other.withPasskey("")
	s.setState(otherEmail, "disabled").wantStatus(http.StatusSeeOther)
	other.byPasskey(device.Get(other.options("/staff/sign-in"))).wantStatus(http.StatusUnprocessableEntity)
	other.wantSignedOut("a disabled member is in")
}

func TestStrangersNeitherBlockAPasskeyNorFillTheAudit(t *testing.T) {
	t.Parallel()
	s := named(t, staff.Admin)
	device, _ := s.withPasskey("")
	stranger := s.another()
	for range 2 * staff.MaxFailures {
		stranger.byPasskey("{}").wantStatus(http.StatusUnprocessableEntity)
	}
	s.wantEntries("sign-in-failed", staff.MaxFailures)
	stranger.givePassword()
	stranger.byPasskey("{}").wantStatus(http.StatusUnprocessableEntity).wantText("h1", "Two-step sign-in")
	stranger.byPasskey(device.Get(stranger.options("/staff/sign-in/code"))).wantStatus(http.StatusSeeOther)
	stranger.wantSignedIn("the owner's passkey is not taken")
	s.another().mustSignIn(memberEmail) // failures with a passkey do not count against the password
	credential := device.Get(stranger.options("/staff/account/reauthentication"))
	stranger.reauthenticate(fields("credential", credential)).wantStatus(http.StatusSeeOther)
}
