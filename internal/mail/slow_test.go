package mail_test

import (
	"context"
	"fmt"
	"testing"

	"tiebreak/internal/lead"
	"tiebreak/internal/mailtest"
	"tiebreak/internal/pgtest"
	"tiebreak/internal/postgres"
)

// sendNow has all open mails about the lead tried at once.
func sendNow(t *testing.T, db *postgres.DB) {
	t.Helper()
	for _, d := range mails(t, db, "TB-0001") {
		if d.State != lead.Waiting && d.State != lead.Failed {
			continue
		}
		if err := db.DeliverNow(context.Background(), d.ID, postgres.CommandLine); err != nil {
			t.Fatal(err)
		}
	}
}

func TestMailThatMayHaveArrivedIsSentOnceMoreAfterAnHourAndThenGivenUp(t *testing.T) {
	t.Parallel()
	url, box := pgtest.NewURL(t), mailtest.New(t)
	db := pgtest.Open(t, url)
	box.Set(mailtest.DropsAfter)
	run(t, db, to(box))
	send(t, db, "prospect@example.org", "words")
	mayHaveArrived := `count(*) = 2 AND sum(attempts) >= %d FROM deliveries WHERE state = 'waiting' AND problem = 'unconfirmed'`
	pgtest.Await(t, url, timeout, fmt.Sprintf(mayHaveArrived, 2))
	pgtest.Await(t, url, timeout, `count(*) = 2 FROM river_job
		WHERE kind = 'delivery' AND state = 'scheduled' AND scheduled_at BETWEEN now() + interval '59 minutes' AND now() + interval '61 minutes'`)
	box.Set(mailtest.RefusesUs)
	sendNow(t, db)
	pgtest.Await(t, url, timeout, fmt.Sprintf(mayHaveArrived, 4)) // though an attempt failed sooner
	box.Set(mailtest.DropsAfter)
	sendNow(t, db)
	eventually(t, "both are given up", func() bool { return queue(t, db).Failed == 2 })
	if n := len(box.Dropped()); n != 4 {
		t.Errorf("the server got %d messages, want each of two twice", n)
	}
}

// The queue takes a mail up again that has shown no sign of life for a minute.
func TestSlowServerIsToldFromAProgramThatDied(t *testing.T) {
	t.Parallel()
	url, box := pgtest.NewURL(t), mailtest.New(t)
	db := pgtest.Open(t, url)
	release := make(chan struct{})
	box.Taken = func(l mailtest.Letter) {
		if l.To[0] == "prospect@example.org" {
			<-release
		}
	}
	send(t, db, "prospect@example.org", "words")
	run(t, db, to(box))
	pgtest.Await(t, url, timeout, `count(*) = 1 FROM river_job WHERE kind = 'delivery' AND state = 'running'`)
	if err := pgtest.Exec(t, url, `UPDATE river_job SET attempted_at = now() - interval '50 seconds' WHERE state = 'running'`); err != nil {
		t.Fatal(err)
	}
	pgtest.Await(t, url, timeout, `count(*) = 1 FROM river_job
		WHERE state = 'running' AND attempted_at > now() - interval '10 seconds'`)
	close(release)
	eventually(t, "both are out", func() bool { return waiting(t, db) == 0 })
	wantEachOnce(t, box.Got(), 2)
}

func TestMailOfAProgramThatDiedIsTakenUpAgain(t *testing.T) {
	t.Parallel()
	url, box := pgtest.NewURL(t), mailtest.New(t)
	db := pgtest.Open(t, url)
	send(t, db, "prospect@example.org", "words")
	err := pgtest.Exec(t, url, `UPDATE river_job SET state = 'running', attempt = 1, attempted_at = now() - interval '61 seconds', attempted_by = '{dead}'`)
	if err != nil {
		t.Fatal(err)
	}
	run(t, db, to(box))
	eventually(t, "both are out", func() bool { return waiting(t, db) == 0 })
	wantEachOnce(t, box.Got(), 2)
}
