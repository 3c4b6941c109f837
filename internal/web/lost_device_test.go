package web_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"testing"

	"tiebreak/internal/fault"
	"tiebreak/internal/mailtest"
	"tiebreak/internal/pgtest"
	"tiebreak/internal/staff"
)

func TestAdminTakesTheSecondFactorsOfWhoLostTheirDevice(t *testing.T) {
	t.Parallel()
	address, box := pgtest.NewURL(t), mailtest.New(t)
	admin := siteOn(t, pgtest.Open(t, address))
	admin.signIn(staff.Admin)
	admin.addMember("other@example.org", staff.Reader)
	other := admin.another()
	other.enter("other@example.org", "a sample password")
	removal := fmt.Sprintf("/staff/team/%d/second-factor/removal", admin.memberID("other@example.org"))
	page := admin.get("/staff/team")
	page.wantCount("form[action='"+removal+"']", 0)
	admin.post(removal, nil).wantStatus(http.StatusSeeOther) // there is none
	if !other.isIn() {
		t.Fatal("the member was signed out for nothing")
	}

	app := other.setUp()
	admin.get("/staff/team").wantCount("form[action='"+removal+"']", 1)
	other.post(removal, nil).wantStatus(http.StatusForbidden)
	admin.post(removal, nil).wantStatus(http.StatusSeeOther)
	if other.isIn() {
		t.Error("the lost device is still signed in")
	}
	if other.enter("other@example.org", "a sample password"); !other.isIn() {
		t.Error("the password is not enough")
	}
	other.prove(url.Values{"recovery": {app.codes[0]}}).wantStatus(http.StatusUnprocessableEntity)
	admin.post("/staff/team/9999/second-factor/removal", nil).wantStatus(http.StatusNotFound)
	admin.post("/staff/team/1/second-factor/removal", nil).wantStatus(http.StatusForbidden)
	admin.get("/staff/audit").wantText("tbody tr:nth-child(3)", "Reset the two-step sign-in of")
	admin.deliver(box)
	if got := subjects(t, address, box); !slices.Contains(got, "Your two-step sign-in was reset") {
		t.Errorf("told was %q", got)
	}
}

func TestResetFromTheCommandLineTakesSecondFactorsAway(t *testing.T) {
	t.Parallel()
	s, app := withAuthenticator(t)
	_, hash, err := s.db.MemberByEmail(context.Background(), "member@example.org")
	if err == nil {
		err = s.db.ResetPassword(context.Background(), 1, hash)
	}
	if err != nil {
		t.Fatal(err)
	}
	if s.enter("member@example.org", "a sample password"); !s.isIn() {
		t.Error("the password is not enough")
	}
	s.prove(url.Values{"recovery": {app.codes[0]}}).wantStatus(http.StatusUnprocessableEntity)
}

func TestFactorsAreTakenFromWhoLeavesWhileSettingOneUp(t *testing.T) {
	t.Parallel()
	address := pgtest.NewURL(t)
	s := siteOn(t, pgtest.Open(t, address))
	s.signIn(staff.Admin)
	s.addMember("other@example.org", staff.Reader)
	m, hash, err := s.db.MemberByEmail(t.Context(), "other@example.org")
	for range 50 {
		token := staff.Digest(staff.NewToken())
		var v staff.Principal
		if err == nil {
			_, err = s.db.SignIn(t.Context(), m.ID, hash, staff.NewSession{TokenDigest: token})
		}
		if err == nil {
			v, err = s.db.MemberBySession(t.Context(), token)
		}
		if err == nil {
			err = s.db.BeginAuthenticator(t.Context(), m.ID, v.Session, staff.NewSeed())
		}
		if err != nil {
			t.Fatal(err)
		}
		s.exec(address, fmt.Sprintf(`INSERT INTO authenticators (member_id, seed, confirmed_at) VALUES (%d, 'sample', clock())`,
			m.ID))
		left := make(chan error)
		go func() { left <- s.db.SignOut(t.Context(), token) }()
		if err = errors.Join(s.db.TakeFactors(t.Context(), 1, m.ID), <-left); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.db.BeginAuthenticator(t.Context(), m.ID, 999, staff.NewSeed()); !errors.Is(err, fault.NotFound) {
		t.Errorf("beginning in a session that is over: %v", err)
	}
}
