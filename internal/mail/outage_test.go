package mail_test

import (
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"tiebreak/internal/lead"
	"tiebreak/internal/mail"
	"tiebreak/internal/mailtest"
	"tiebreak/internal/pgtest"
)

func TestEverythingGoesOutOnceTheServerReturns(t *testing.T) {
	t.Parallel()
	for behave, want := range map[mailtest.Behaviour]struct {
		problem lead.Problem
		code    int
	}{
		mailtest.Hangs: {}, mailtest.Says451: {lead.Refused, 451}, mailtest.RefusesUs: {lead.RefusedConnection, 554},
		mailtest.LimitsSender: {lead.SendingLimit, 550}, mailtest.WantsSignIn: {lead.RefusedConnection, 530},
	} {
		t.Run(string(behave), func(t *testing.T) {
			t.Parallel()
			url, box := pgtest.NewURL(t), mailtest.New(t)
			db := pgtest.Open(t, url)
			box.Set(behave)
			run(t, db, to(box))
			for i := range 3 {
				send(t, db, fmt.Sprintf("prospect-%d@example.org", i), "words")
			}
			eventually(t, "the server was tried", func() bool { return box.Conversations() >= 3 })
			if want.problem != "" {
				wantProblem(t, url, want.problem, want.code)
			}
			box.Set(mailtest.Takes)
			eventually(t, "all is out", func() bool { return waiting(t, db) == 0 })
			wantEachOnce(t, box.Got(), 6)
		})
	}
}

// wantProblem waits for an attempt that failed.
func wantProblem(t *testing.T, url string, problem lead.Problem, code int) {
	t.Helper()
	pgtest.Await(t, url, timeout, fmt.Sprintf(
		`EXISTS (SELECT FROM deliveries WHERE attempts > 0 AND problem = '%s' AND code = %d)`, problem, code))
}

// wantEachOnce checks that there are so many messages, none of them twice.
func wantEachOnce(t *testing.T, letters []mailtest.Letter, want int) {
	t.Helper()
	ids := map[string]bool{}
	for _, l := range letters {
		ids[l.Header(t).Get("Message-Id")] = true
	}
	if len(ids) != want || len(letters) != want {
		t.Errorf("%d messages under %d ids, want %d", len(letters), len(ids), want)
	}
}

func TestServerThatIsNotThereIsNamedAndTriedAgain(t *testing.T) {
	t.Parallel()
	url, address := pgtest.NewURL(t), mailtest.Nobody(t)
	db := pgtest.Open(t, url)
	run(t, db, func(c *mail.Config) { c.SMTP = "smtp://" + address })
	send(t, db, "prospect@example.org", "words")
	wantProblem(t, url, lead.ClosedPort, 0)
	box := mailtest.NewAt(t, address)
	eventually(t, "all is out", func() bool { return waiting(t, db) == 0 })
	wantEachOnce(t, box.Got(), 2)
}

func TestMailGoesOutThoughTheDatabaseWasAwayWhenTheServiceStarted(t *testing.T) {
	t.Parallel()
	folder := pgtest.Folder(t)
	cluster := pgtest.Start(t, folder)
	db, box := pgtest.Open(t, cluster.URL()), mailtest.New(t)
	pgtest.Migrate(t, db)
	refused := &pgtest.Log{}
	run(t, db, func(c *mail.Config) { to(box)(c); c.Log = slog.New(slog.NewTextHandler(refused, nil)) }, func() {
		if err := cluster.Close(); err != nil {
			t.Fatal(err)
		}
	})
	eventually(t, "the queue cannot be worked", func() bool {
		return strings.Contains(refused.String(), "the queue of mails is not worked")
	})
	pgtest.Start(t, folder)
	send(t, db, "prospect@example.org", "words")
	eventually(t, "both mails are there", func() bool { return len(box.Got()) == 2 })
}
