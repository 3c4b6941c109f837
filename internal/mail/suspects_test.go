package mail_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"tiebreak/internal/lead"
	"tiebreak/internal/mailtest"
	"tiebreak/internal/pgtest"
	"tiebreak/internal/postgres"
)

// suspect has a lead arrive that looks like spam.
func suspect(t *testing.T, db *postgres.DB) {
	t.Helper()
	_, err := db.ReceiveLead(context.Background(), lead.Submission{
		Key: []byte(lead.NewKey()), Body: []byte("body"), Signals: lead.Signals{Stamped: true, StampForged: true},
		Contents: lead.Contents{Name: "Typed name", Email: "typed@example.org", Project: "Typed words"},
		Choices:  lead.Choices{Option: lead.Undecided},
	})
	if err != nil {
		t.Fatal(err)
	}
}

// sweep has two instances sweep at once.
func sweep(t *testing.T, db *postgres.DB) {
	t.Helper()
	var both sync.WaitGroup
	for range 2 {
		both.Go(func() {
			if err := db.Sweep(context.Background()); err != nil {
				t.Error(err)
			}
		})
	}
	both.Wait()
}

func TestStaffAreToldOfNewSuspectsOnceADay(t *testing.T) {
	t.Parallel()
	url := pgtest.NewURL(t)
	noon := time.Now().UTC().Truncate(24 * time.Hour).Add(36 * time.Hour)
	after := func(days int) *postgres.DB {
		t.Helper()
		return pgtest.After(t, url, fmt.Sprintf("%d seconds", int(time.Until(noon).Seconds())+days*24*60*60))
	}
	db, box := after(0), mailtest.New(t)
	suspect(t, db)
	suspect(t, db)
	run(t, db, to(box))
	run(t, pgtest.Open(t, url), to(box))
	letters := func(want int) []mailtest.Letter {
		t.Helper()
		eventually(t, "nothing waits", func() bool { return waiting(t, db) == 0 })
		got := box.Got()
		if len(got) != want {
			t.Fatalf("%d letters, want %d", len(got), want)
		}
		return got
	}
	eventually(t, "staff are told", func() bool { return len(box.Got()) > 0 })
	first := letters(1)[0]
	if subject := first.Subject(t); subject != "2 new requests look like spam" || first.To[0] != "staff@example.org" {
		t.Errorf("%q to %v", subject, first.To)
	}
	for _, want := range []string{"TB-0001", "TB-0002", "https://guides.example.org/staff/leads?tab=suspects"} {
		if !strings.Contains(unfolded(first.Text), want) {
			t.Errorf("the letter lacks %s:\n%s", want, first.Text)
		}
	}
	if strings.Contains(strings.ToLower(first.Text), "typed") {
		t.Error("the letter holds what was typed")
	}

	sweep(t, db)
	suspect(t, db)
	sweep(t, db)
	letters(1)
	sweep(t, after(1))
	second := letters(2)[1]
	if subject := second.Subject(t); subject != "1 new request looks like spam" || !strings.Contains(second.Text, "TB-0003") ||
		strings.Contains(second.Text, "TB-0001") {
		t.Errorf("%q: %s", subject, second.Text)
	}
	sweep(t, after(2))
	letters(2)
}

func TestNoteOnASuspectReachesStaff(t *testing.T) {
	t.Parallel()
	db, box := pgtest.New(t), mailtest.New(t)
	suspect(t, db)
	l, err := db.LeadByReference(context.Background(), "TB-0001")
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := db.AddNote(context.Background(), l.Token, lead.NoteForm{Text: "I am no robot.", Key: "once"}); err != nil {
			t.Fatal(err)
		}
	}
	run(t, db, to(box))
	eventually(t, "nothing waits", func() bool { return waiting(t, db) == 0 })
	notes := 0
	for _, letter := range box.Got() {
		if letter.Subject(t) == "Typed name: new message (TB-0001)" {
			notes++
			if text := unfolded(letter.Text); !strings.Contains(text, "I am no robot.") ||
				!strings.Contains(text, "no reply is due") {
				t.Errorf("the letter says:\n%s", text)
			}
		}
	}
	if notes != 1 {
		t.Errorf("%d letters tell of the note", notes)
	}
}
