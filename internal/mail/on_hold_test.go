package mail_test

import (
	"slices"
	"testing"

	"tiebreak/internal/lead"
	"tiebreak/internal/mailtest"
	"tiebreak/internal/pgtest"
)

func TestEmailsOnHoldGoOutOnceAfterTheirReleaseIfTheyAreStillTrue(t *testing.T) {
	t.Parallel()
	url, box := pgtest.NewURL(t), mailtest.New(t)
	db := pgtest.Open(t, url)
	hire(t, db, "one@example.org", "two@example.org")
	send(t, db, "first@example.org", "words")
	withdrawn := send(t, db, "second@example.org", "words")
	if _, err := db.PrepareRestored(t.Context()); err != nil {
		t.Fatal(err)
	}
	run(t, db, toMembers(box))
	send(t, db, "third@example.org", "words") // which shows that the service works
	eventually(t, "nothing waits", func() bool { return waiting(t, db) == 0 })
	wantEachOnce(t, box.Got(), 3)
	if q := queue(t, db); q.OnHold != 4 || q.Waiting != 0 {
		t.Errorf("the queue has %+v", q)
	}

	if err := db.Withdraw(t.Context(), withdrawn); err != nil {
		t.Fatal(err)
	}
	if err := db.ReleaseDeliveries(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	eventually(t, "nothing waits", func() bool { return waiting(t, db) == 0 })
	// Each member hears of three requests and of the withdrawal; the second prospect, who has withdrawn, hears nothing.
	for recipient, want := range map[string]int{
		"one@example.org": 4, "two@example.org": 4, "first@example.org": 1, "second@example.org": 0, "third@example.org": 1,
	} {
		if got := subjectsTo(t, box, recipient); len(got) != want {
			t.Errorf("%s got %q, want %d", recipient, got, want)
		}
	}
	if !slices.ContainsFunc(mails(t, db, "TB-0002"), func(d lead.Delivery) bool {
		return d.Kind == lead.ConfirmationMail && d.State == lead.Dropped
	}) {
		t.Error("the confirmation of what was withdrawn is not dropped")
	}
}
