package web_test

import (
	"net/http"
	"net/url"
	"testing"

	"tiebreak/internal/passkeytest"
	"tiebreak/internal/pgtest"
	"tiebreak/internal/staff"
)

// named is a site at a name, where there are passkeys.
func named(t *testing.T) *site {
	t.Helper()
	return siteAt(t, pgtest.New(t), "localhost")
}

// options are what the page asks a passkey with.
func (s *site) options(path string) string {
	s.t.Helper()
	return s.get(path).wantStatus(http.StatusOK).attr("form[data-passkey]", "data-options")
}

// withPasskey adds the device's passkey to the member who is in.
func (s *site) withPasskey(name string) (*passkeytest.Device, answer) {
	s.t.Helper()
	device := passkeytest.New(s.t, s.base)
	form := url.Values{"credential": {device.Create(s.options("/staff/account/factors"))}, "name": {name}}
	return device, s.post("/staff/account/passkeys", form)
}

func (s *site) byPasskey(credential string) answer {
	s.t.Helper()
	return s.post("/staff/sign-in/passkey", url.Values{"credential": {credential}})
}

func TestPasskeyAnswersEachChallengeOnce(t *testing.T) {
	t.Parallel()
	s := named(t)
	s.signIn(staff.Editor)
	device, added := s.withPasskey("The blue one")
	added.wantStatus(http.StatusOK).wantCount(".codes code", staff.RecoveryCodes)
	s.get("/staff/account").wantText("main", "Passkey: The blue one")

	first, second := s.another(), s.another()
	answer := device.Get(first.options("/staff/sign-in"))
	in := first.byPasskey(answer).wantStatus(http.StatusSeeOther)
	if len(in.header["Set-Cookie"]) != 1 || !first.isIn() {
		t.Errorf("the passkey does not let in, or sets %v", in.header["Set-Cookie"])
	}
	second.byPasskey(answer).wantStatus(http.StatusUnprocessableEntity).wantText("#wrong", "didn’t work")
	if second.isIn() {
		t.Error("the answer let in twice")
	}
	if got := s.audited()[0]; got != "sign-in-failed member 1" {
		t.Errorf("the audit ends with %s", got)
	}
}

func TestSpentPasskeyAnswerLeavesTheBrowserAsItIs(t *testing.T) {
	t.Parallel()
	s := named(t)
	s.signIn(staff.Editor)
	device, _ := s.withPasskey("")
	answer := device.Get(s.options("/staff/sign-in"))
	s.byPasskey(answer).wantStatus(http.StatusSeeOther)
	s.byPasskey(answer).wantStatus(http.StatusUnprocessableEntity)
	if !s.isIn() {
		t.Error("a form that was sent again signed the browser out")
	}
	s.post("/staff/sign-out", nil).wantStatus(http.StatusSeeOther)
	s.half()
	s.byPasskey(answer).wantStatus(http.StatusUnprocessableEntity).wantText("h1", "Two-step sign-in")
	s.byPasskey(device.Get(s.options("/staff/sign-in/code"))).wantStatus(http.StatusSeeOther)
	if !s.isIn() {
		t.Error("it cost the half session")
	}
}

func TestPasskeyOfAnotherMemberProvesNothing(t *testing.T) {
	t.Parallel()
	s := named(t)
	s.signIn(staff.Editor)
	mine, _ := s.withPasskey("")
	s.addMember("other@example.org", staff.Editor)
	other := s.another()
	other.enter("other@example.org", "a sample password")
	others, _ := other.withPasskey("")

	s.byPasskey(mine.Get(s.options("/staff/sign-in"))).wantStatus(http.StatusSeeOther) // which is no proof yet
	for credential, want := range map[string]string{
		others.Get(s.options("/staff/account/proof")): "belongs to someone else",
		mine.Get(s.options("/staff/sign-in")):         "does not open this site", "{}": "does not open this site",
	} {
		s.prove(url.Values{"credential": {credential}}).wantStatus(http.StatusUnprocessableEntity).wantText("main", want)
	}
	answer := mine.Get(s.options("/staff/account/proof"))
	s.prove(url.Values{"credential": {answer}}).wantStatus(http.StatusSeeOther)
	s.prove(url.Values{"credential": {answer}}).wantStatus(http.StatusUnprocessableEntity).wantText("main", "didn’t work")
	s.post("/staff/account/passkeys/2/removal", nil).wantStatus(http.StatusSeeOther)
	if other.get("/staff/account").wantText("main", "Passkey: "); !other.isIn() {
		t.Error("another member's passkey was removed")
	}
	s.post("/staff/account/passkeys/1/removal", nil).wantStatus(http.StatusSeeOther)
	s.another().byPasskey(mine.Get(s.options("/staff/sign-in"))).wantStatus(http.StatusUnprocessableEntity)
}

func TestPasskeyOfADisabledMemberOpensNothing(t *testing.T) {
	t.Parallel()
	s := named(t)
	s.signIn(staff.Admin)
	s.addMember("other@example.org", staff.Editor)
	other := s.another()
	other.enter("other@example.org", "a sample password")
	device, _ := other.withPasskey("")
	s.setState("other@example.org", "disabled").wantStatus(http.StatusSeeOther)
	other.byPasskey(device.Get(other.options("/staff/sign-in"))).wantStatus(http.StatusUnprocessableEntity)
	if other.isIn() {
		t.Error("a disabled member is in")
	}
}

func TestWhatStrangersSendKeepsNobodyFromTheirPasskeyAndFillsNoAudit(t *testing.T) {
	t.Parallel()
	s := named(t)
	s.signIn(staff.Admin)
	device, _ := s.withPasskey("")
	stranger, before := s.another(), len(s.audited())
	for range 2 * staff.MaxFailures {
		stranger.byPasskey("{}").wantStatus(http.StatusUnprocessableEntity)
	}
	if n := len(s.audited()) - before; n != staff.MaxFailures {
		t.Errorf("the audit has %d entries more", n)
	}
	stranger.half()
	stranger.byPasskey("{}").wantStatus(http.StatusUnprocessableEntity).wantText("h1", "Two-step sign-in")
	stranger.byPasskey(device.Get(stranger.options("/staff/sign-in/code"))).wantStatus(http.StatusSeeOther)
	if !stranger.isIn() {
		t.Error("the owner's passkey is not taken")
	}
	if !s.another().enter("member@example.org", "a sample password") {
		t.Error("the door counts what was sent to another")
	}
	stranger.prove(url.Values{"credential": {device.Get(stranger.options("/staff/account/proof"))}}).wantStatus(
		http.StatusSeeOther)
}
