package mail_test

import (
	"strings"
	"testing"

	"tiebreak/internal/mail"
	"tiebreak/internal/mailtest"
	"tiebreak/internal/pgtest"
)

func TestMailsMakeFewRoundTrips(t *testing.T) {
	t.Parallel()
	url := pgtest.NewURL(t)
	db, box := pgtest.Open(t, url), mailtest.New(t)
	counted, trips := pgtest.OpenCounted(t, url)
	run(t, counted, to(box))
	eventually(t, "the first sweep is over", func() bool { return trips.Has("DELETE FROM invitation_contents") })

	trips.Take()
	send(t, db, "prospect@example.org", "Words of the prospect")
	eventually(t, "both mails are out", func() bool { return waiting(t, db) == 0 })
	wantTrips(t, trips, 2*3)

	answer(t, db, "Words of a reply")
	eventually(t, "the reply is out", func() bool { return len(box.Got()) == 3 && waiting(t, db) == 0 })
	wantTrips(t, trips, 3)
}

// wantTrips checks how many round trips were made, apart from the queue's own.
func wantTrips(t *testing.T, trips *pgtest.Trips, most int) {
	t.Helper()
	var ours []string
	for _, sent := range trips.Take() {
		if !strings.HasPrefix(sent, "-- name: ") && !strings.Contains(sent, "river_") { // as the queue writes its own
			ours = append(ours, sent)
		}
	}
	if len(ours) == 0 || len(ours) > most {
		t.Errorf("%d round trips, not at most %d:\n%s", len(ours), most, strings.Join(ours, "\n"))
	}
}

func TestMailToSeveralMembersMakesFewRoundTrips(t *testing.T) {
	t.Parallel()
	url := pgtest.NewURL(t)
	db, box := pgtest.Open(t, url), mailtest.New(t)
	counted, trips := pgtest.OpenCounted(t, url)
	run(t, counted, func(c *mail.Config) {
		to(box)(c)
		c.Staff = []string{"one@example.org", "two@example.org", "three@example.org"}
	})
	eventually(t, "the first sweep is over", func() bool { return trips.Has("DELETE FROM invitation_contents") })

	trips.Take()
	send(t, db, "prospect@example.org", "Words of the prospect")
	eventually(t, "all mails are out", func() bool { return len(box.Got()) == 4 && waiting(t, db) == 0 })
	wantTrips(t, trips, 4*3)
}

func TestInvitationMakesFewRoundTrips(t *testing.T) {
	t.Parallel()
	url := pgtest.NewURL(t)
	db, box := pgtest.Open(t, url), mailtest.New(t)
	counted, trips := pgtest.OpenCounted(t, url)
	run(t, counted, to(box))
	eventually(t, "the first sweep is over", func() bool { return trips.Has("DELETE FROM invitation_contents") })

	trips.Take()
	invite(t, db, "new@example.org")
	eventually(t, "the invitation is out", func() bool {
		return len(box.Got()) == 1 &&
			trips.Has("UPDATE invitations SET sent_at")
	})
	wantTrips(t, trips, 3)
}
