package mail_test

import (
	"context"
	"fmt"
	"testing"

	"tiebreak/internal/lead"
	"tiebreak/internal/mailtest"
	"tiebreak/internal/pgtest"
	"tiebreak/internal/postgres"
	"tiebreak/internal/staff"
)

func TestMailsThatWaitedBeforeAnUpgradeGoOut(t *testing.T) {
	t.Parallel()
	for _, migration := range []int{21, 32} {
		t.Run(fmt.Sprintf("from before migration %d", migration), func(t *testing.T) {
			t.Parallel()
			url, box := pgtest.NewURL(t), mailtest.New(t)
			db := pgtest.Open(t, url)
			hire(t, db, "admin@example.org", "editor@example.org")
			invite(t, db, "sent@example.org")
			warnOfGuesses(t, url, db)
			for id := range int64(2) {
				if _, err := db.RecordOutcome(t.Context(), id+1, lead.Sent, "", 0); err != nil {
					t.Fatal(err)
				}
			}
			token, link := invite(t, db, "new@example.org"), askForLink(t, db, "editor@example.org")
			send(t, db, "prospect@example.org", "words")

			pgtest.MigrateBack(t, url, migration)
			pgtest.Await(t, url, 0, `string_agg(DISTINCT kind, ' ' ORDER BY kind) = 'delivery invitation notice' FROM river_job`)
			pgtest.Migrate(t, db)
			warnOfGuesses(t, url, db) // which is not told again on the same day
			run(t, db, toMembers(box))
			pgtest.Await(t, url, timeout, `NOT EXISTS (SELECT FROM deliveries WHERE state = 'waiting')`)

			for recipient, want := range map[string]int{
				"prospect@example.org": 1, "admin@example.org": 1, "editor@example.org": 2, "new@example.org": 1,
				"sent@example.org": 0,
			} {
				if got := subjectsTo(t, box, recipient); len(got) != want {
					t.Errorf("%s got %q, want %d", recipient, got, want)
				}
			}
			wantState(t, db, link, staff.Open)
			headers(t, box, "/staff/invitations/"+token)
			if open := invitations(t, db); len(open) != 2 || open[0].SentAt == nil || open[1].SentAt == nil {
				t.Errorf("the invitations are %+v", open)
			}
		})
	}
}

// warnOfGuesses has somebody guess a code of the first member so often that the member is told, if they were not yet.
func warnOfGuesses(t *testing.T, url string, db *postgres.DB) {
	t.Helper()
	guesses := `INSERT INTO throttle_attempts (key) SELECT 'sample' FROM generate_series(1, ` + fmt.Sprint(staff.GuessesNotified) + `)`
	if err := pgtest.Exec(t, url, guesses); err != nil {
		t.Fatal(err)
	}
	if err := db.WarnOfGuesses(context.Background(), 1, staff.Throttle{Key: "sample"}, "Firefox on Linux"); err != nil {
		t.Fatal(err)
	}
}
