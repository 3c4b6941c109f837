package postgres_test

import (
	"encoding/hex"
	"errors"
	"strings"
	"testing"

	"tiebreak/internal/fault"
	"tiebreak/internal/lead"
	"tiebreak/internal/pgtest"
)

// TestWhoHoldsADumpCannotConfirmAGuessOfAnErasedLead has somebody guess everything that was typed, who has the site's secret
// too: it stands in the same dump. The form's own key does not, for all browsers make a random one.
func TestWhoHoldsADumpCannotConfirmAGuessOfAnErasedLead(t *testing.T) {
	t.Parallel()
	for name, key := range map[string]string{"keyed": lead.NewKey(), "keyless": ""} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			url := pgtest.NewURL(t)
			db := pgtest.Open(t, url)
			receive(t, db, sent(key, "the guessed words"))
			if err := db.EraseLead(t.Context(), "TB-0001", 0); err != nil {
				t.Fatal(err)
			}
			// For a day it is known which addresses were written to, so that nobody is written to twice.
			later := pgtest.After(t, url, "25 hours")
			if err := later.Sweep(t.Context()); err != nil {
				t.Fatal(err)
			}
			dump := pgtest.Dump(t, url)
			for _, key := range []string{"", lead.NewKey()} {
				guess := sent(key, "the guessed words")
				for what, digest := range map[string][]byte{"key": guess.Key, "body": guess.Body, "address": guess.Address} {
					for table, rows := range dump {
						if len(digest) > 0 && strings.Contains(rows, hex.EncodeToString(digest)) {
							t.Errorf("the %s confirms the guess in %s", what, table)
						}
					}
				}
			}
		})
	}
}

func TestRepeatOfAnErasedLeadBringsNothingBackAndLosesNoNewWords(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	first := receive(t, db, sent("key", "first words"))
	keyless := receive(t, db, sent("", "first words"))
	for _, token := range []string{first, keyless} {
		if err := db.EraseByToken(t.Context(), token); err != nil {
			t.Fatal(err)
		}
	}
	if again := receive(t, db, sent("key", "first words")); again != first {
		t.Error("the repeat has another receipt")
	}
	if l := all(t, db)[1]; l.Status != lead.Erased || l.Project != "" {
		t.Errorf("after the repeat the lead is %+v", l)
	}
	if _, err := db.ReceiveLead(t.Context(), sent("key", "other words")); !errors.Is(err, fault.Conflict) {
		t.Errorf("other words: got %v, want a conflict", err)
	}
	// A form without a key is known by its text alone, and the text is forgotten.
	if again := receive(t, db, sent("", "first words")); again == keyless {
		t.Error("the words of an erased lead are still known")
	}
}
