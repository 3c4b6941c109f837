package postgres

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"tiebreak/internal/text"
)

// Bounds of a correction, in letters: short words have so many neighbours that a name which the site does not know would be
// taken for another word. Names of options and titles of guides are worth a shorter one.
const (
	minName       = 4
	minWord       = 7
	maxCorrection = 3 // words of a search
)

// respelt returns what was typed with the words that are not on the site replaced by one that differs by one slip, or "" if
// nothing does.
func respelt(ctx context.Context, tx pgx.Tx, typed string, terms Terms) (string, error) {
	corrected, err := corrections(ctx, tx, terms)
	if err != nil || len(corrected) == 0 {
		return "", err
	}
	var meant strings.Builder
	for stretch := range text.Split(typed) {
		if better, misspelt := corrected[text.Fold(stretch)]; misspelt {
			stretch = better
		}
		meant.WriteString(stretch)
	}
	return meant.String(), nil
}

// corrections returns the better word for each term that needs one. A slip hardly ever is in the first letter, so only
// words with the same one are looked at: rails is not a slip for fails.
func corrections(ctx context.Context, tx pgx.Tx, terms Terms) (map[string]string, error) {
	var words, stems []string
	for _, t := range terms {
		words, stems = append(words, t.word), append(stems, t.stem)
	}
	rows, _ := tx.Query(ctx, `
		WITH unknown AS (
			SELECT word COLLATE "C" AS word
			FROM unnest(@words::text[], @stems::text[]) AS asked (word, stem)
			WHERE length(word) >= @min_name
			  AND NOT EXISTS (SELECT FROM search_words s WHERE s.stem = asked.stem)
			  AND NOT EXISTS (SELECT FROM search_words s WHERE s.word >= asked.word AND s.word < asked.word || chr(1114111))
			LIMIT @most
		)
		SELECT u.word AS term, s.word, s.stem
		FROM unknown u
		JOIN search_words s ON s.word >= left(u.word, 1) AND s.word < left(u.word, 1) || chr(1114111)
		WHERE length(s.word) BETWEEN length(u.word) - 1 AND length(u.word) + 1 AND (s.name OR length(u.word) >= @min_word)
		ORDER BY s.name DESC, s.word`, pgx.StrictNamedArgs{
		"words": words, "stems": stems, "min_name": minName, "min_word": minWord, "most": maxCorrection,
	})
	type candidate struct{ Term, Word, Stem string }
	alike, err := pgx.CollectRows(rows, pgx.RowToStructByName[candidate])
	if err != nil {
		return nil, fmt.Errorf("spelling: %w", err)
	}
	better := map[string]string{}
	for _, c := range alike {
		if better[c.Term] != "" || !oneEdit(c.Term, c.Word) {
			continue
		}
		// Words stay in search_words when the page that had them is gone.
		var found bool
		err := tx.QueryRow(ctx, `
			SELECT EXISTS (SELECT FROM search_entries WHERE kind IN ('guide', 'option') AND lexemes @@ $1::text::tsquery)
			    OR EXISTS (SELECT FROM search_entries WHERE kind IN ('criterion', 'question') AND lexemes @@ $1::text::tsquery)`,
			quoted(c.Stem)).Scan(&found)
		if err != nil {
			return nil, fmt.Errorf("spelling: %w", err)
		}
		if found {
			better[c.Term] = c.Word
		}
	}
	return better, nil
}

// oneEdit reports whether one letter was left out, added, replaced or exchanged with the next one to make one word of the other.
func oneEdit(a, b string) bool {
	s, t := []rune(a), []rune(b)
	for len(s) > 0 && len(t) > 0 && s[0] == t[0] {
		s, t = s[1:], t[1:]
	}
	for len(s) > 0 && len(t) > 0 && s[len(s)-1] == t[len(t)-1] {
		s, t = s[:len(s)-1], t[:len(t)-1]
	}
	exchanged := len(s) == 2 && len(t) == 2 && s[0] == t[1] && s[1] == t[0]
	return len(s) <= 1 && len(t) <= 1 || exchanged
}
