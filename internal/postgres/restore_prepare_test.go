package postgres_test

import (
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"tiebreak/internal/fault"
	"tiebreak/internal/lead"
	"tiebreak/internal/pgtest"
	"tiebreak/internal/postgres"
	"tiebreak/internal/staff"
)

func prepareRestored(t *testing.T, db *postgres.DB, want postgres.Restored) {
	t.Helper()
	if got, err := db.PrepareRestored(t.Context()); err != nil || got != want {
		t.Fatalf("changed were %+v (%v), want %+v", got, err, want)
	}
}

// onHold returns the references of the leads whose emails of the kind are on hold.
func onHold(t *testing.T, db *postgres.DB, kind lead.DeliveryKind) (references []string) {
	t.Helper()
	o, err := db.OutgoingMail(t.Context(), 1000)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range o.OnHold {
		if d.Kind == kind && d.State == lead.OnHold {
			references = append(references, d.Reference)
		}
	}
	return references
}

func TestRestoredDatabaseSendsNothingByItselfAndLetsNobodyIn(t *testing.T) {
	t.Parallel()
	url := pgtest.NewURL(t)
	db := pgtest.Open(t, url)
	noError := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	_, err := db.NewSetupLink(t.Context(), staff.Digest("setup"))
	noError(err)
	member := addMember(t, db, staff.Admin)
	receive(t, db, sent("1", "first"))
	receive(t, db, sent("2", "second"))
	noError(db.EraseLead(t.Context(), "TB-0002", member))
	noError(db.Invite(t.Context(), member, staff.Invite("new@example.org", staff.Editor), staff.Digest("invitation")))
	salt := staff.NewSalt()
	noError(db.RequestReset(t.Context(), "member@example.org", "Firefox on Linux", salt, staff.Digest("reset")))
	for _, token := range []string{"one", "two"} {
		_, err := db.SignIn(t.Context(), member, "hash", staff.NewSession{TokenDigest: staff.Digest(token)})
		noError(err)
	}
	exec(t, url, `UPDATE sessions SET mfa_pending_until = clock() + interval '5 minutes' WHERE id = 2`)

	// The second lead is erased: its one email is dropped. The second sign-in is a notice, the others are reset and invitation.
	prepareRestored(t, db, postgres.Restored{OnHold: 2, Dropped: 3, Sessions: 2, Links: 2})
	pgtest.Await(t, url, 0, `string_agg(kind, ' ') = 'erasure' FROM river_job`)
	pgtest.Await(t, url, 0, `count(*) FILTER (WHERE state = 'on-hold' AND lead_id = 1 AND ended_at IS NULL) = 2
		AND count(*) FILTER (WHERE state = 'dropped' AND lead_id IS NULL AND ended_at IS NOT NULL) = 3
		AND count(*) FILTER (WHERE state = 'waiting') = 0 FROM deliveries`)
	pgtest.Await(t, url, 0, `count(*) = 1 FROM audit WHERE kind = 'site-restored' AND member_id IS NULL`)
	if r, err := db.ResetByToken(t.Context(), staff.Digest("reset")); err != nil || r.State != staff.Used {
		t.Errorf("the reset link is %s (%v)", r.State, err)
	}
	team, err := db.TeamPage(t.Context())
	if open := team.Invitations; err != nil || len(open) != 1 || !open[0].Dropped || open[0].State != staff.Open {
		t.Errorf("the invitations are %+v (%v)", open, err)
	}
	for _, token := range []string{"one", "two"} {
		if _, err := db.MemberBySession(t.Context(), staff.Digest(token)); !errors.Is(err, fault.NotFound) {
			t.Errorf("the session %s lives on: %v", token, err)
		}
	}

	prepareRestored(t, db, postgres.Restored{OnHold: 2})
	if q, err := db.Queue(t.Context()); err != nil || q.OnHold != 2 || q.Waiting != 0 || q.Failed != 0 {
		t.Errorf("the queue is %+v (%v)", q, err)
	}
}

// TestLeadsAndEmailsAfterARestoreHaveNumbersOfTheirOwn has the site take a lead after the backup, as the one did that was lost.
func TestLeadsAndEmailsAfterARestoreHaveNumbersOfTheirOwn(t *testing.T) {
	t.Parallel()
	url := pgtest.NewURL(t)
	db := pgtest.Open(t, url)
	receive(t, db, sent("1", "first"))
	prepareRestored(t, db, postgres.Restored{OnHold: 2})
	receive(t, db, sent("2", "second"))
	pgtest.Await(t, url, 0, `min(d.id) > 1000 AND min(l.id) > 10000 FROM deliveries d JOIN leads l ON l.id = d.lead_id WHERE l.id > 1`)
}

func TestPlacesThatCameFreeSinceTheBackupAreNotToldByThemselves(t *testing.T) {
	t.Parallel()
	url := pgtest.NewURL(t)
	turn := time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)
	db := at(t, url, turn.Add(-time.Hour))
	limit(t, db, addMember(t, db, staff.Admin), 1)
	receive(t, db, sent("1", "first"))
	receive(t, db, sent("2", "second"))

	db = at(t, url, turn.Add(26*time.Hour))
	if _, err := db.PrepareRestored(t.Context()); err != nil {
		t.Fatal(err)
	}
	sweep(t, db)
	if by := holders(t, db); !slices.Equal(by[lead.Held], []string{"first", "second"}) {
		t.Errorf("places are held by %v", by[lead.Held])
	}
	if told := mails(t, db, lead.PlacedMail); len(told) > 0 {
		t.Errorf("a place is told to %v", told)
	}
	if held := onHold(t, db, lead.PlacedMail); !slices.Equal(held, []string{"TB-0002"}) {
		t.Errorf("an email about a place is on hold for %v", held)
	}
	// Staff hear of what is overdue: that is as true as before.
	if told := mails(t, db, lead.OverdueMail); len(told) != 2 {
		t.Errorf("overdue are %v", told)
	}
}

func TestErasureDropsEmailsOnHold(t *testing.T) {
	t.Parallel()
	url := pgtest.NewURL(t)
	db := pgtest.Open(t, url)
	member := addMember(t, db, staff.Admin)
	receive(t, db, sent("1", "first"))
	prepareRestored(t, db, postgres.Restored{OnHold: 2})
	if err := db.EraseLead(t.Context(), "TB-0001", member); err != nil {
		t.Fatal(err)
	}
	pgtest.Await(t, url, 0, `bool_and(state = 'dropped' AND ended_at IS NOT NULL) FROM deliveries`)
	if err := db.ReleaseDelivery(t.Context(), 1, member); !errors.Is(err, fault.Conflict) {
		t.Errorf("the email can still be sent: %v", err)
	}
}

func TestLeadThatIsClearedAfterARestoreIsNotAnnouncedTwice(t *testing.T) {
	t.Parallel()
	url := pgtest.NewURL(t)
	db := pgtest.Open(t, url)
	member := addMember(t, db, staff.Editor)
	receive(t, db, sent("1", "first"))
	prepareRestored(t, db, postgres.Restored{OnHold: 2})
	if _, err := db.Quarantine(t.Context(), "TB-0001", member); err != nil {
		t.Fatal(err)
	}
	if err := db.Clear(t.Context(), "TB-0001", member); err != nil {
		t.Fatal(err)
	}
	pgtest.Await(t, url, 0, `count(*) = 2 FROM deliveries`)
}

// TestEmailOnHoldIsDecidedOnce has several members decide about all emails at once, and about one of them.
func TestEmailOnHoldIsDecidedOnce(t *testing.T) {
	t.Parallel()
	url := pgtest.NewURL(t)
	db := pgtest.Open(t, url)
	member := addMember(t, db, staff.Editor)
	receive(t, db, sent("1", "first"))
	receive(t, db, sent("2", "second"))
	prepareRestored(t, db, postgres.Restored{OnHold: 3}) // one confirmation a day
	var wait sync.WaitGroup
	for _, decide := range []func() error{
		func() error { return db.ReleaseDeliveries(t.Context(), member) },
		func() error { return db.CancelDeliveries(t.Context(), member) },
		func() error { return db.ReleaseDelivery(t.Context(), 1, member) },
		func() error { return db.CancelDelivery(t.Context(), 1, member) },
	} {
		wait.Go(func() {
			if err := decide(); err != nil && !errors.Is(err, fault.Conflict) {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	pgtest.Await(t, url, 0, `count(*) FILTER (WHERE state IN ('waiting', 'dropped')) = 3
		AND count(*) FILTER (WHERE state = 'waiting') = (SELECT count(*) FROM river_job WHERE kind = 'delivery') FROM deliveries`)
	pgtest.Await(t, url, 0, `count(*) = 3 AND count(DISTINCT object_id) = 3 FROM audit WHERE kind LIKE 'delivery-%'`)
}
