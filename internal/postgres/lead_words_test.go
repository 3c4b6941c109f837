package postgres_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"tiebreak/internal/lead"
	"tiebreak/internal/pgtest"
	"tiebreak/internal/postgres"
)

// wantFoundBy checks that each search finds one lead.
func wantFoundBy(t *testing.T, db *postgres.DB, searches ...string) {
	t.Helper()
	for _, words := range searches {
		if n := found(t, db, words); n != 1 {
			t.Errorf("%s finds %d leads", words, n)
		}
	}
}

// found returns how many leads staff find by the words.
func found(t *testing.T, db *postgres.DB, words string) int {
	t.Helper()
	f := lead.Filter{Tab: lead.All, Sort: lead.Newest, Words: words}
	page, err := db.ListLeads(t.Context(), f, postgres.Cursor{}, time.UTC)
	if err != nil {
		t.Fatal(err)
	}
	return len(page.Leads)
}

func addNote(t *testing.T, db *postgres.DB, token, text string) {
	t.Helper()
	if err := db.AddNote(t.Context(), token, lead.NoteForm{Text: text}); err != nil {
		t.Fatal(err)
	}
}

func TestSweepRenewsTheWordsOfOlderLeads(t *testing.T) {
	t.Parallel()
	url := pgtest.NewURL(t)
	db := pgtest.Open(t, url)
	token := receive(t, db, sent("one", "A project for Żak in the Straße"))
	addNote(t, db, token, "Trumpets, too")
	// As the version before left it.
	exec(t, url, `UPDATE lead_contents SET form = form - 1, words = to_tsvector('simple', project)`)
	wantFoundBy(t, db, "project") // by its words as they were
	sweep(t, db)
	wantFoundBy(t, db, "zak strasse", "trumpets", "project")
}

func TestLeadsAreFoundByNamesAsAnyKeyboardWritesThem(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	one := sent("one", "Un projet d’été with Toʻlqin, شاہ and 髙橋")
	one.Name = "Лук\u02bcяненко O’Brien"
	receive(t, db, one)
	wantFoundBy(t, db,
		"Лук'яненко", "Лук’яненко", "лукяненко", "O'Brien", "O’Brien", "obrien", "Brien", "O'Bri",
		"To'lqin", "tolqin", "été", "d'ete", "شاه", "高橋",
	)
}

func TestLeadsAreFoundByAddressesAsServersWriteThem(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	one, two := sent("one", "The first project"), sent("two", "Write to team@xn--mnchen-3ya.example, please")
	one.Email = "ann@bücher.example"
	receive(t, db, one)
	receive(t, db, two)
	wantFoundBy(t, db,
		"ann@xn--bcher-kva.example", "ANN@XN--BCHER-KVA.EXAMPLE", "ann@bücher.example", "xn--bcher-kva.example",
		"team@münchen.example", "project ann@xn--bcher-kva.example", "xn--mnchen-3ya",
	)
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
		addNote(t, db, token, note.String())
	}
	exec(t, url, `UPDATE lead_contents SET form = 0`)
	sweep(t, db)
	wantFoundBy(t, db, "first note0")
}
