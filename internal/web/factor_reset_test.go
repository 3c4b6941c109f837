package web_test

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"testing"

	"tiebreak/internal/fault"
	"tiebreak/internal/mailtest"
	"tiebreak/internal/staff"
)

func TestAdminResetsTwoStepSignInOfAMemberWithALostDevice(t *testing.T) {
	t.Parallel()
	admin, other := withAdmin(t, staff.Reader)
	box := mailtest.New(t)
	removal := fmt.Sprintf("/staff/team/%d/second-factor/removal", admin.memberID(otherEmail))
	admin.get("/staff/team").wantCount("form[action='"+removal+"']", 0)
	admin.mustPost(removal) // there is none
	other.wantSignedIn("the member was signed out for nothing")

	app := other.setUp()
	admin.get("/staff/team").wantCount("form[action='"+removal+"']", 1)
	other.post(removal, nil).wantStatus(http.StatusForbidden)
	admin.mustPost(removal)
	other.wantSignedOut("the lost device is still signed in")
	other.mustSignIn(otherEmail)
	other.wantSignedIn("the password is not enough")
	other.reauthenticate(fields("recovery", app.codes[0])).wantStatus(http.StatusUnprocessableEntity)
	admin.post("/staff/team/9999/second-factor/removal", nil).wantStatus(http.StatusNotFound)
	admin.post("/staff/team/1/second-factor/removal", nil).wantStatus(http.StatusForbidden)
	admin.get("/staff/audit").wantText("tbody", "Reset the two-step sign-in of")
	admin.deliver(box)
	if got := subjects(t, admin.address, box); !slices.Contains(got, "Your two-step sign-in was reset") {
		t.Errorf("the mails are %q", got)
	}
}

func TestResetFromTheCommandLineRemovesSecondFactors(t *testing.T) {
	t.Parallel()
	s, app := withAuthenticator(t)
	hash, err := sampleHash()
	noError(t, err)
	noError(t, s.db.ResetPassword(t.Context(), 1, hash))
	s.mustSignIn(memberEmail)
	s.wantSignedIn("the password is not enough")
	s.reauthenticate(fields("recovery", app.codes[0])).wantStatus(http.StatusUnprocessableEntity)
}

func TestLeavingMemberLosesPendingFactor(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Admin)
	s.addMember(otherEmail, staff.Reader)
	id := s.memberID(otherEmail)
	for range 50 {
		token := staff.Digest(s.newSession(otherEmail))
		v, err := s.db.MemberBySession(t.Context(), token)
		noError(t, err)
		noError(t, s.db.BeginAuthenticator(t.Context(), id, v.Session, staff.NewSeed()))
		s.sql(fmt.Sprintf(`INSERT INTO authenticators (member_id, seed, confirmed_at) VALUES (%d, 'sample', clock())`, id))
		left := make(chan error)
		go func() { left <- s.db.SignOut(t.Context(), token) }()
		noError(t, errors.Join(s.db.TakeFactors(t.Context(), 1, id), <-left))
	}
	if err := s.db.BeginAuthenticator(t.Context(), id, 999, staff.NewSeed()); !errors.Is(err, fault.NotFound) {
		t.Errorf("beginning in a session that is over: %v", err)
	}
}
