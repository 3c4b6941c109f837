package postgres_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"tiebreak/internal/lead"
	"tiebreak/internal/pgtest"
	"tiebreak/internal/postgres"
)

func foundBy(t *testing.T, db *postgres.DB, words string) (references []string) {
	t.Helper()
	page, err := db.ListLeads(context.Background(), lead.Filter{Tab: lead.All, Sort: lead.Newest, Words: words},
		postgres.Cursor{}, time.UTC)
	if err != nil {
		t.Fatalf("%s: %v", words, err)
	}
	for _, l := range page.Leads {
		references = append(references, l.Reference)
	}
	return references
}

func TestSweepRenewsTheWordsOfOlderLeads(t *testing.T) {
	t.Parallel()
	url := pgtest.NewURL(t)
	db := pgtest.Open(t, url)
	token := receive(t, db, sent("one", "A project for Żak in the Straße"))
	if err := db.AddNote(context.Background(), token, lead.NoteForm{Text: "Trumpets, too"}); err != nil {
		t.Fatal(err)
	}
	// As the version before left it.
	if err := pgtest.Exec(t, url, `UPDATE lead_contents SET form = form - 1, words = to_tsvector('simple', project)`); err != nil {
		t.Fatal(err)
	}
	if got := foundBy(t, db, "project"); len(got) != 1 {
		t.Errorf("before the sweep an older lead is found by its words as they were: %v", got)
	}
	if err := db.Sweep(context.Background()); err != nil {
		t.Fatal(err)
	}
	for _, words := range []string{"zak strasse", "trumpets", "project"} {
		if got := foundBy(t, db, words); len(got) != 1 {
			t.Errorf("%s finds %v", words, got)
		}
	}
}

func TestLeadsAreFoundByNamesAsAnyKeyboardWritesThem(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	one := sent("one", "Un projet d’été with Toʻlqin, شاہ and 髙橋")
	one.Name = "Лук\u02bcяненко O’Brien"
	receive(t, db, one)
	for _, words := range []string{
		"Лук'яненко", "Лук’яненко", "лукяненко", "O'Brien", "O’Brien", "obrien", "Brien", "O'Bri",
		"To'lqin", "tolqin", "été", "d'ete", "شاه", "高橋",
	} {
		if got := foundBy(t, db, words); len(got) != 1 {
			t.Errorf("%s finds %v", words, got)
		}
	}
}

func TestLeadsAreFoundByAddressesAsServersWriteThem(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	one, two := sent("one", "The first project"), sent("two", "Write to team@xn--mnchen-3ya.example, please")
	one.Email = "ann@bücher.example"
	receive(t, db, one)
	receive(t, db, two)
	for _, words := range []string{
		"ann@xn--bcher-kva.example", "ANN@XN--BCHER-KVA.EXAMPLE", "ann@bücher.example", "xn--bcher-kva.example",
		"team@münchen.example", "project ann@xn--bcher-kva.example", "xn--mnchen-3ya",
	} {
		if got := foundBy(t, db, words); len(got) != 1 {
			t.Errorf("%s finds %v", words, got)
		}
	}
}

func TestNotesBeyondWhatAnIndexHoldsAreKept(t *testing.T) {
	t.Parallel()
	url := pgtest.NewURL(t)
	db := pgtest.Open(t, url)
	token := receive(t, db, sent("one", "The first words"))
	signs := rand.New(rand.NewPCG(1, 2))
	for i := range 12 {
		var note strings.Builder
		for range lead.MaxProject - 10 {
			note.WriteRune(rune(0x4E00 + signs.IntN(20_000)))
		}
		fmt.Fprintf(&note, " note%d", i)
		if err := db.AddNote(context.Background(), token, lead.NoteForm{Text: note.String()}); err != nil {
			t.Fatalf("note %d: %v", i, err)
		}
	}
	if err := pgtest.Exec(t, url, `UPDATE lead_contents SET form = 0`); err != nil {
		t.Fatal(err)
	}
	if err := db.Sweep(context.Background()); err != nil {
		t.Fatal(err)
	}
	if got := foundBy(t, db, "first note0"); len(got) != 1 {
		t.Errorf("found %v", got)
	}
}
