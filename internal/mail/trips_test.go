package mail_test

import (
	"fmt"
	"strings"
	"testing"

	"tiebreak/internal/mail"
	"tiebreak/internal/mailtest"
	"tiebreak/internal/pgtest"
)

func TestMailsMakeFewRoundTrips(t *testing.T) {
	t.Parallel()
	for _, addresses := range [][]string{{"one@example.org"}, {"one@example.org", "two@example.org", "three@example.org"}} {
		t.Run(fmt.Sprintf("to staff at %d addresses", len(addresses)), func(t *testing.T) {
			t.Parallel()
			url := pgtest.NewURL(t)
			db, box := pgtest.Open(t, url), mailtest.New(t)
			counted, trips := pgtest.OpenCounted(t, url)
			hire(t, db, "admin@example.org", "member@example.org")
			run(t, counted, func(c *mail.Config) { to(box)(c); c.Staff = addresses })
			eventually(t, "the first sweep is over", func() bool { return trips.Has("DELETE FROM missing_comparisons") })

			sent := 0
			for _, step := range []struct {
				what  string
				do    func()
				mails int
			}{
				{"a request", func() { send(t, db, "prospect@example.org", "Words of the prospect") }, 1 + len(addresses)},
				{"an invitation", func() { invite(t, db, "new@example.org") }, 1},
				{"a reply", func() { answer(t, db, "Words of a reply") }, 1},
				{"another password", func() { changePassword(t, db) }, 1},
			} {
				trips.Take()
				step.do()
				sent += step.mails
				pgtest.Await(t, url, timeout, fmt.Sprintf(`count(*) = %d FROM deliveries WHERE state = 'sent'`, sent))
				wantTrips(t, trips, step.what, step.mails*3)
			}
			if n := len(box.Got()); n != sent {
				t.Errorf("%d mails arrived, want %d", n, sent)
			}
		})
	}
}

// wantTrips checks how many round trips were made, apart from the queue's own.
func wantTrips(t *testing.T, trips *pgtest.Trips, what string, most int) {
	t.Helper()
	var ours []string
	for _, sent := range trips.Take() {
		if !strings.HasPrefix(sent, "-- name: ") && !strings.Contains(sent, "river_") { // as the queue writes its own
			ours = append(ours, sent)
		}
	}
	if len(ours) == 0 || len(ours) > most {
		t.Errorf("%s makes %d round trips, not at most %d:\n%s", what, len(ours), most, strings.Join(ours, "\n"))
	}
}
