package postgres_test

import (
	"context"
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

// sent is a submission of a sample form with the key and the words.
func sent(key, words string) postgres.Submission {
	f := lead.Form{Name: "Sample Person", Email: "sample@example.org", Project: words, Agreed: true, Key: key}
	return postgres.Submission{
		Key: f.KeyDigest(secret), Keyless: f.Keyless(), Body: f.BodyDigest(secret), Address: f.AddressDigest(secret),
		Contents: f.Contents(), Choices: lead.Choices{Option: lead.Undecided},
	}
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
					arrival, err := db.ReceiveLead(context.Background(), sent(key, "the same words"))
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

	if _, err := db.ReceiveLead(context.Background(), sent("key", "other words")); !errors.Is(err, fault.Conflict) {
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

func TestReplyIsDueTheExactHoursAfterArrival(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	receive(t, db, sent("", "words"))

	l := all(t, db)[0]
	if l.DueAt.Sub(l.ReceivedAt) != 24*time.Hour {
		t.Errorf("due %v after arrival", l.DueAt.Sub(l.ReceivedAt))
	}
}

func TestFirstMoveStopsTheClockOnce(t *testing.T) {
	t.Parallel()
	url := pgtest.NewURL(t)
	db := pgtest.Open(t, url)
	ctx := context.Background()
	member := addMember(t, db, staff.Editor)
	receive(t, db, sent("", "words"))
	reference := all(t, db)[0].Reference

	pgtest.Move(t, db, reference, member, lead.Contacted)
	first := *all(t, db)[0].AnsweredAt
	later := pgtest.After(t, url, "2 hours")
	pgtest.Move(t, later, reference, member, lead.Won)
	if l := all(t, later)[0]; l.Status != lead.Won || !l.AnsweredAt.Equal(first) {
		t.Errorf("status %s, answered at %v, want won at %v", l.Status, l.AnsweredAt, first)
	}
	history, err := db.LeadHistory(ctx, reference)
	if err != nil || len(history) != 3 || history[2].Member != "Sample Member" || history[2].Status != lead.Won {
		t.Errorf("history %+v (%v)", history, err)
	}
}

func TestStaleMoveIsRefused(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	member := addMember(t, db, staff.Editor)
	receive(t, db, sent("", "words"))
	reference := all(t, db)[0].Reference
	seen := pgtest.Act(t, db, reference, member)
	pgtest.Move(t, db, reference, member, lead.Lost)

	_, err := db.ChangeLead(context.Background(), seen, lead.Change{Kind: lead.MoveBatch, To: lead.Contacted})
	if !errors.Is(err, fault.Conflict) {
		t.Errorf("got %v, want a conflict", err)
	}
	_, err = db.ChangeLead(context.Background(), pgtest.Act(t, db, reference, member),
		lead.Change{Kind: lead.MoveBatch, To: lead.Erased})
	if !errors.Is(err, fault.Forbidden) {
		t.Errorf("got %v, want forbidden", err)
	}
}

func signIn(t *testing.T, db *postgres.DB, member int64, token []byte) {
	t.Helper()
	hash, err := db.PasswordHash(context.Background(), member)
	if err == nil {
		_, err = db.SignIn(context.Background(), member, hash, staff.NewSession{TokenDigest: token, Browser: "Firefox on Linux"})
	}
	if err != nil {
		t.Fatal(err)
	}
}

func TestSessionEndsWhenItSays(t *testing.T) {
	t.Parallel()
	url := pgtest.NewURL(t)
	db := pgtest.Open(t, url)
	ctx := context.Background()
	member, token := addMember(t, db, staff.Reader), staff.Digest("token")
	signIn(t, db, member, token)

	if _, err := pgtest.After(t, url, "23 hours").MemberBySession(ctx, token); err != nil {
		t.Errorf("within the idle limit: %v", err)
	}
	if _, err := pgtest.After(t, url, "46 hours").MemberBySession(ctx, token); err != nil {
		t.Errorf("seen within the idle limit: %v", err)
	}
	if _, err := pgtest.After(t, url, "71 hours").MemberBySession(ctx, token); !errors.Is(err, fault.NotFound) {
		t.Errorf("after the idle limit: %v", err)
	}
}

func TestSessionEndsAfterAWeekHoweverBusy(t *testing.T) {
	t.Parallel()
	url := pgtest.NewURL(t)
	ctx := context.Background()
	db := pgtest.Open(t, url)
	token := staff.Digest("token")
	signIn(t, db, addMember(t, db, staff.Reader), token)
	for _, shift := range []string{
		"20 hours", "40 hours", "60 hours", "80 hours", "100 hours", "120 hours", "140 hours",
		"160 hours",
	} {
		if _, err := pgtest.After(t, url, shift).MemberBySession(ctx, token); err != nil {
			t.Fatalf("after %s: %v", shift, err)
		}
	}
	if _, err := pgtest.After(t, url, "169 hours").MemberBySession(ctx, token); !errors.Is(err, fault.NotFound) {
		t.Errorf("after a week: %v", err)
	}
}

func receive(t *testing.T, db *postgres.DB, s postgres.Submission) (token string) {
	t.Helper()
	arrival, err := db.ReceiveLead(context.Background(), s)
	if err != nil {
		t.Fatal(err)
	}
	return arrival.Token
}

func all(t *testing.T, db *postgres.DB) []lead.Lead {
	t.Helper()
	return pgtest.Leads(t, db)
}

func addMember(t *testing.T, db *postgres.DB, role staff.Role) (id int64) {
	t.Helper()
	ctx := context.Background()
	n := staff.NewMember{Email: "member@example.org", Name: "Sample Member", Role: role}
	if err := db.AddMember(ctx, n, "hash"); err != nil {
		t.Fatal(err)
	}
	m, _, err := db.MemberByEmail(ctx, "Member@Example.org")
	if err != nil {
		t.Fatal(err)
	}
	return m.ID
}
