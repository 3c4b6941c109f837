package web_test

import (
	"net/http"
	"testing"

	"tiebreak/internal/lead"
	"tiebreak/internal/mailtest"
	"tiebreak/internal/staff"
)

// restored returns a site with requests whose emails are on hold since a restore, three for two requests of one sender. A member
// with the role is signed in.
func restored(t *testing.T, role staff.Role) *site {
	t.Helper()
	s := newSite(t)
	s.askMany(2)
	_, err := s.db.PrepareRestored(t.Context())
	noError(t, err)
	s.signIn(role)
	return s
}

func TestStaffSeeWhichEmailsAreOnHoldSinceARestore(t *testing.T) {
	t.Parallel()
	s := restored(t, staff.Editor)
	s.get("/staff/leads").wantAttr(".banner a", "href", "/staff/deliveries").wantExactText(".banner", "3 emails are on "+
		"hold since this site was restored from a backup. None goes out until someone decides on Outgoing email.").
		wantCount(".banner a", 1)
	page := s.get("/staff/deliveries").wantCount(".banner", 0)
	page.wantText("#on-hold", "These 3 emails were waiting when the backup was made. The oldest is from ",
		"Some may have been sent after the backup, so we send none until someone decides.")
	page.wantCount("#on-hold tbody tr", 3).wantCount("#on-hold details", 2).wantNoText("main", "We retry each one", "failed")
	page.wantText("#on-hold tbody", "Confirmation, to the prospect", "New request, to staff", "Not tried before the backup")
	page.wantText("main", "All other emails about leads have been sent.")
	s.get("/staff/leads/TB-0001").wantText(".thread", "on hold since the site was restored.")
	s.get("/readyz").wantText("body", "0 waiting, 0 of them failing, 0 given up, 3 on hold")
	s.instance().wantCounted("tiebreak_deliveries_on_hold 3", "tiebreak_deliveries_waiting 0")

	s.mustPost("/staff/deliveries/cancellations")
	page = s.get("/staff/deliveries").wantCount("#on-hold", 0)
	page.wantText("main", "All emails about leads have been sent.")
	s.get("/staff/leads").wantCount(".banner", 0)
}

func TestReaderSeesEmailsOnHoldAndDecidesNothing(t *testing.T) {
	t.Parallel()
	s := restored(t, staff.Reader)
	s.get("/staff/deliveries").wantText("#on-hold", "An editor or admin decides which of them to send.").
		wantCount("#on-hold tbody tr", 3).wantCount("#on-hold form", 0)
	for _, path := range []string{"releases", "cancellations", "1/release", "1/cancellation"} {
		s.post("/staff/deliveries/"+path, nil).wantStatus(http.StatusForbidden)
	}
	s.get("/staff/deliveries").wantCount("#on-hold tbody tr", 3)
}

func TestMemberSendsEmailsOnHoldOrNot(t *testing.T) {
	t.Parallel()
	s, box := restored(t, staff.Editor), mailtest.New(t)
	s.deliver(box)
	forms := s.get("/staff/deliveries").attrs("#on-hold tbody form", "action")
	release, cancellation := forms[0], forms[3]

	s.follow(s.post(release, nil)).wantText("main [role=status]", "We are sending the email.").
		wantCount("#on-hold tbody tr", 2)
	s.wantAudit("delivery-released delivery 1")
	s.await(mailed, `state = 'sent' FROM deliveries WHERE id = 1`)
	s.follow(s.post(release, nil)).wantText("main [role=status]", "This email is no longer on hold.")

	s.follow(s.post(cancellation, nil)).wantText("main [role=status]", "We will not send this email.").
		wantText("#on-hold", "This email was waiting when the backup was made. It is from ").wantCount("#on-hold details", 0)
	s.wantAudit("delivery-cancelled delivery 2")
	s.follow(s.post("/staff/deliveries/releases", nil)).wantText("main [role=status]", "all the emails that were on hold").
		wantCount("#on-hold", 0)
	s.wantAudit("delivery-released delivery 3")
	s.await(mailed, `count(*) = 2 FROM deliveries WHERE state = 'sent'`)
	if got := len(box.Got()); got != 2 {
		t.Errorf("%d letters went out, want 2", got)
	}
	for _, d := range s.mails("TB-0001") {
		if want := map[bool]lead.DeliveryState{true: lead.Dropped, false: lead.Sent}[d.ID == 2]; d.State != want {
			t.Errorf("the email %d is %s, want %s", d.ID, d.State, want)
		}
	}
	admin := s.as(staff.Admin)
	admin.get("/staff/audit?kind=delivery-released").wantEntry("Sample Member", "Sent an email that was on hold", "delivery 3")
	admin.get("/staff/audit?kind=site-restored").wantEntry("The command line", "Restored the site from a backup", "")
}

func TestDecisionAboutAllEmailsOnHoldIncludesThoseNotListed(t *testing.T) {
	t.Parallel()
	s := restored(t, staff.Editor)
	s.sql(`INSERT INTO deliveries (lead_id, kind, state) SELECT 1, 'note', 'on-hold' FROM generate_series(1, 199)`)
	s.get("/staff/deliveries").wantText("#on-hold", "These 202 emails were waiting", "Send all 202 emails",
		"2 more are not listed here yet.").wantCount("#on-hold tbody tr", 200)
	s.mustPost("/staff/deliveries/releases")
	s.await(0, `count(*) = 202 FROM deliveries d JOIN river_job j ON j.args @> jsonb_build_object('delivery', d.id)
		WHERE d.state = 'waiting'`)
}

func TestTeamPageTellsOfAnInvitationThatARestoreDropped(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Admin)
	s.invited("new@example.org", staff.Editor)
	_, err := s.db.PrepareRestored(t.Context())
	noError(t, err)
	s.wantSignedOut("the restore left the session")
	s.mustSignIn("member@example.org")
	s.get("/staff/team").wantText(".list", "Not sent, because the site was restored from a backup. Invite them again.")
	s.invited("new@example.org", staff.Editor)
	s.get("/staff/team").wantText(".list", "Waiting to be sent").wantNoText(".list", "restored")
}
