package mail_test

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"tiebreak/internal/lead"
	"tiebreak/internal/mail"
	"tiebreak/internal/mailtest"
	"tiebreak/internal/pgtest"
	"tiebreak/internal/postgres"
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
			db, box := pgtest.New(t), mailtest.New(t)
			box.Set(behave)
			run(t, db, to(box))
			for i := range 3 {
				send(t, db, fmt.Sprintf("prospect-%d@example.org", i), "words")
			}
			eventually(t, "the server was tried", func() bool { return box.Conversations() >= 3 })
			if want.problem != "" {
				eventually(t, "the failure is shown", func() bool { return fails(t, db, want.problem, want.code) })
			}
			box.Set(mailtest.Takes)
			eventually(t, "all is out", func() bool { return waiting(t, db) == 0 })
			wantEachOnce(t, box.Got(), 6)
		})
	}
}

func fails(t *testing.T, db *postgres.DB, problem lead.Problem, code int) bool {
	t.Helper()
	open, err := db.OpenDeliveries(context.Background(), 10)
	if err != nil {
		t.Fatal(err)
	}
	return slices.ContainsFunc(open, func(d lead.Delivery) bool {
		return d.Problem == problem && d.Code == code &&
			d.Attempts > 0
	})
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
	db := pgtest.New(t)
	address := mailtest.Nobody(t)
	run(t, db, func(c *mail.Config) { c.SMTP = "smtp://" + address })
	send(t, db, "prospect@example.org", "words")
	eventually(t, "the failure is shown", func() bool { return fails(t, db, lead.Unreachable, 0) })
	box := mailtest.NewAt(t, address)
	eventually(t, "all is out", func() bool { return waiting(t, db) == 0 })
	wantEachOnce(t, box.Got(), 2)
}

func TestMailGoesOutThoughTheDatabaseWasAwayWhenTheServiceStarted(t *testing.T) {
	t.Parallel()
	folder, err := pgtest.Folder()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(folder) })
	cluster := pgtest.Start(t, folder)
	db, box := pgtest.Open(t, cluster.URL()), mailtest.New(t)
	if err := db.Migrate(context.Background()); err != nil {
		t.Fatal(err)
	}
	refused := &journal{}
	run(t, db, func(c *mail.Config) {
		to(box)(c)
		c.Log = slog.New(slog.NewTextHandler(refused, nil))
	}, func() {
		if err := cluster.Close(); err != nil {
			t.Fatal(err)
		}
	})
	eventually(t, "the queue cannot be worked", func() bool {
		return strings.Contains(refused.String(),
			"the queue of mails is not worked")
	})
	pgtest.Start(t, folder)
	send(t, db, "prospect@example.org", "words")
	eventually(t, "both mails are there", func() bool { return len(box.Got()) == 2 })
}

// journal is a log that can be read while it is written.
type journal struct {
	mu   sync.Mutex
	text strings.Builder
}

func (j *journal) Write(line []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.Write(line)
}

func (j *journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.String()
}
