package postgres_test

import (
	"errors"
	"sync"
	"testing"
	"time"

	"tiebreak/internal/fault"
	"tiebreak/internal/lead"
	"tiebreak/internal/pgtest"
	"tiebreak/internal/postgres"
	"tiebreak/internal/staff"
)

var secret = []byte("a secret of at least thirty-two bytes")

// sent returns the submission of a sample form with the key and the words, which nothing speaks against.
func sent(key, words string) lead.Submission {
	f := lead.Form{Name: "Sample Person", Email: "sample@example.org", Project: words, Agreed: true, Key: key}
	s := f.Submission(lead.Choices{Option: lead.Undecided}, nil, secret, time.Now())
	s.Signals = lead.Signals{}
	return s
}

func TestParallelRepeatsAreOneLead(t *testing.T) {
	t.Parallel()
	for name, key := range map[string]string{"keyed": "one key", "keyless": ""} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := pgtest.New(t)
			tokens := make([]string, 100)
			var wait sync.WaitGroup
			for i := range tokens {
				wait.Go(func() {
					arrival, err := db.ReceiveLead(t.Context(), sent(key, "the same words"))
					if err != nil {
						t.Error(err)
					}
					tokens[i] = arrival.Token
				})
			}
			wait.Wait()
			for _, token := range tokens {
				if token != tokens[0] {
					t.Fatalf("two receipts: %s and %s", tokens[0], token)
				}
			}
			if leads := all(t, db); len(leads) != 1 {
				t.Errorf("%d leads, want 1", len(leads))
			}
		})
	}
}

func TestOtherWordsUnderTheSameKeyChangeNothing(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	receive(t, db, sent("key", "first words"))

	if _, err := db.ReceiveLead(t.Context(), sent("key", "other words")); !errors.Is(err, fault.Conflict) {
		t.Errorf("got %v, want a conflict", err)
	}
	if leads := all(t, db); len(leads) != 1 || leads[0].Project != "first words" {
		t.Errorf("got %+v", leads)
	}
}

func TestOtherWordsWithoutAKeyAreAnotherLead(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)

	if receive(t, db, sent("", "first words")) == receive(t, db, sent("", "other words")) {
		t.Error("two requests share a receipt")
	}
}

func TestWordsWithoutAKeyAreANewLeadAfterADay(t *testing.T) {
	t.Parallel()
	url := pgtest.NewURL(t)
	first := receive(t, pgtest.Open(t, url), sent("", "the same words"))

	if again := receive(t, pgtest.After(t, url, "23 hours"), sent("", "the same words")); again != first {
		t.Error("a second lead within the day")
	}
	later := pgtest.After(t, url, "25 hours")
	second := receive(t, later, sent("", "the same words"))
	if second == first || receive(t, later, sent("", "the same words")) != second {
		t.Error("want one new lead after a day")
	}
}

func TestFirstMoveStopsTheClockOnce(t *testing.T) {
	t.Parallel()
	url := pgtest.NewURL(t)
	db := pgtest.Open(t, url)
	member := addMember(t, db, staff.Editor)
	token, reference := receive(t, db, sent("", "words")), "TB-0001"

	pgtest.Move(t, db, reference, member, lead.Contacted)
	first := *all(t, db)[0].AnsweredAt
	later := pgtest.After(t, url, "2 hours")
	pgtest.Move(t, later, reference, member, lead.Won)
	if l := all(t, later)[0]; l.Status != lead.Won || !l.AnsweredAt.Equal(first) {
		t.Errorf("status %s, answered at %v, want won at %v", l.Status, l.AnsweredAt, first)
	}
	history := historyOf(t, db, token)
	if len(history) != 3 || history[2].Member != "Sample Member" || history[2].Status != lead.Won {
		t.Errorf("history %+v", history)
	}
}

func TestStaleMoveIsRefused(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	member := addMember(t, db, staff.Editor)
	receive(t, db, sent("", "words"))
	stale := pgtest.Act(t, db, "TB-0001", member)
	pgtest.Move(t, db, "TB-0001", member, lead.Lost)
	fresh := pgtest.Act(t, db, "TB-0001", member)

	if _, err := db.ChangeLead(t.Context(), stale, moveTo(lead.Contacted)); !errors.Is(err, fault.Conflict) {
		t.Errorf("got %v, want a conflict", err)
	}
	if _, err := db.ChangeLead(t.Context(), fresh, moveTo(lead.Erased)); !errors.Is(err, fault.Forbidden) {
		t.Errorf("got %v, want forbidden", err)
	}
}

func moveTo(status lead.Status) lead.Change { return lead.Change{Kind: lead.MoveBatch, To: status} }

func signIn(t *testing.T, db *postgres.DB, member int64, token []byte) {
	t.Helper()
	hash, err := db.PasswordHash(t.Context(), member)
	if err == nil {
		_, err = db.SignIn(t.Context(), member, hash, staff.NewSession{TokenDigest: token, Browser: "Firefox on Linux"})
	}
	if err != nil {
		t.Fatal(err)
	}
}

func TestSessionEndsWhenItSays(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		alive []string // when it is used
		over  string
	}{
		"after a day without use": {[]string{"23 hours", "46 hours"}, "71 hours"},
		"after a week however busy": {
			[]string{
				"20 hours", "40 hours", "60 hours", "80 hours", "100 hours", "120 hours", "140 hours", "160 hours",
			}, "169 hours",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			url := pgtest.NewURL(t)
			db, token := pgtest.Open(t, url), staff.Digest("token")
			signIn(t, db, addMember(t, db, staff.Reader), token)
			for _, shift := range c.alive {
				if _, err := pgtest.After(t, url, shift).MemberBySession(t.Context(), token); err != nil {
					t.Fatalf("after %s: %v", shift, err)
				}
			}
			if _, err := pgtest.After(t, url, c.over).MemberBySession(t.Context(), token); !errors.Is(err, fault.NotFound) {
				t.Errorf("after %s: %v", c.over, err)
			}
		})
	}
}

func receive(t *testing.T, db *postgres.DB, s lead.Submission) (token string) {
	t.Helper()
	arrival, err := db.ReceiveLead(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	return arrival.Token
}

func all(t *testing.T, db *postgres.DB) []lead.Lead {
	t.Helper()
	return pgtest.Leads(t, db)
}

func byToken(t *testing.T, db *postgres.DB, token string) lead.Lead {
	t.Helper()
	r, err := db.Receipt(t.Context(), token)
	if err != nil {
		t.Fatal(err)
	}
	return r.Lead
}

func historyOf(t *testing.T, db *postgres.DB, token string) []lead.Event {
	t.Helper()
	r, err := db.Receipt(t.Context(), token)
	if err != nil {
		t.Fatal(err)
	}
	return r.History
}

func sweep(t *testing.T, db *postgres.DB) {
	t.Helper()
	if err := db.Sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func addMember(t *testing.T, db *postgres.DB, role staff.Role) (id int64) {
	t.Helper()
	n := staff.NewMember{Email: "member@example.org", Name: "Sample Member", Role: role}
	if err := db.AddMember(t.Context(), n, "hash"); err != nil {
		t.Fatal(err)
	}
	m, _, err := db.MemberByEmail(t.Context(), "Member@Example.org")
	if err != nil {
		t.Fatal(err)
	}
	return m.ID
}
