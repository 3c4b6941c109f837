package postgres

import (
	"context"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"tiebreak/internal/guide"
)

// Bounds of a search. Of what matches, candidates of each half of the index are ranked.
const (
	maxFound   = 20
	candidates = 500
)

// Found is an answer of a search.
type Found struct {
	Kind    guide.EntryKind
	Address string // path and fragment
	Place   string // title of the guide that it is part of; "" for a page of its own
	Title   string
	Words   string
}

// Results is what a search found, the best first.
type Results struct {
	Found   []Found
	Terms   Terms    // what was searched for
	Cut     bool     // as many were found as a page shows: there may be more
	Loose   bool     // nothing has all of the words: these have some
	Meant   string   // what may have been meant, where words of the search are not on the site; "" otherwise
	Missing []string // the things whose comparison was searched for and does not exist yet; Found begins with the nearest guides
	Counted string   // the same as it is counted; "" if it is not
}

// Search finds guides, options, criteria and questions by the words of a reader: in any form and by their beginnings. A word
// that is not on the site stays as it is.
func (db *DB) Search(ctx context.Context, words string) (r Results, err error) {
	defer wrap(&err, "search")
	if r.Terms = termsOf(words); len(r.Terms) == 0 {
		return r, nil
	}
	err = db.readTx(ctx, func(tx pgx.Tx) (err error) {
		if r.Found, err = findAny(ctx, tx, r.Terms, " & "); err != nil {
			return err
		}
		if err := r.compare(ctx, tx, words); err != nil {
			return err
		}
		if len(r.Found) > 0 && len(r.Missing) == 0 {
			return nil
		}
		if r.Meant, err = respelt(ctx, tx, words, r.Terms); err != nil || len(r.Found) > 0 {
			return err
		}
		if len(r.Terms) > 1 {
			r.Found, err = findAny(ctx, tx, r.Terms, " | ")
			r.Loose = len(r.Found) > 0
		}
		return err
	})
	r.Cut = len(r.Found) == maxFound
	return r, err
}

// findAny finds what matches the terms. Criteria and questions are so many that looking for all that begins with a common word
// takes long, so those with beginnings of words are looked for only where whole words find less than a page.
func findAny(ctx context.Context, tx pgx.Tx, terms Terms, operator string) ([]Found, error) {
	begin := terms.beginnings(operator)
	found, err := find(ctx, tx, terms, begin, terms.wholeWords(operator))
	if err != nil || len(found) == maxFound {
		return found, err
	}
	return find(ctx, tx, terms, begin, begin)
}

// find ranks the guides and options that match the one query, and the criteria and questions that match the other. The name of
// an option or the title of a guide comes first, and after it all guides. Then titles count most, then the guide that something
// is part of, then its words; whole words more than beginnings; an option more than a guide, that more than a criterion, a
// criterion more than an answer in prose.
func find(ctx context.Context, tx pgx.Tx, terms Terms, pages, parts string) ([]Found, error) {
	rows, _ := tx.Query(ctx, `
		WITH asked AS (
			SELECT @pages::text::tsquery AS loosely, @whole::text::tsquery AS exactly, @parts::text::tsquery AS parts
		), matching AS (
			(SELECT s.*, true AS named FROM search_entries s WHERE s.kind IN ('guide', 'option') AND s.name = @name)
			UNION ALL
			(SELECT s.*, false FROM search_entries s, asked
			 WHERE s.kind IN ('guide', 'option') AND s.lexemes @@ asked.loosely AND s.name <> @name LIMIT @candidates)
			UNION ALL
			(SELECT s.*, false FROM search_entries s, asked
			 WHERE s.kind IN ('criterion', 'question') AND s.lexemes @@ asked.parts LIMIT @candidates)
		)
		SELECT kind, address, place, title, words
		FROM matching, asked
		ORDER BY named DESC, kind = 'guide' AND bool_or(named) OVER () DESC,
		         (ts_rank('{0, 0.1, 0.4, 1}', lexemes, loosely, 1) + ts_rank('{0, 0.1, 0.4, 1}', lexemes, exactly, 1))
		         * CASE kind WHEN 'option' THEN 2 WHEN 'guide' THEN 1.5 WHEN 'criterion' THEN 2 ELSE 1 END DESC,
		         address
		LIMIT @most`, pgx.StrictNamedArgs{
		"pages": pages, "whole": terms.wholeWords(" | "), "parts": parts, "name": terms.name(), "candidates": candidates,
		"most": maxFound,
	})
	return pgx.CollectRows(rows, pgx.RowToStructByName[Found])
}

// beginning returns a query of PostgreSQL for words that begin with these; those of one or two ASCII letters match whole words
// only. Words hold no sign that means anything to PostgreSQL.
func beginning(words []string, operator string) string {
	patterns := make([]string, len(words))
	for i, word := range words {
		patterns[i] = quoted(word)
		if len(word) >= 3 { // bytes: one letter of a script whose letters are words has three
			patterns[i] += ":*"
		}
	}
	return strings.Join(patterns, operator)
}

func quoted(word string) string { return "'" + word + "'" }

// withoutDoubles appends those of more whose address is not found yet, up to maxFound.
func withoutDoubles(found, more []Found) []Found {
	for _, f := range more {
		if !slices.ContainsFunc(found, func(other Found) bool { return other.Address == f.Address }) {
			found = append(found, f)
		}
	}
	return found[:min(len(found), maxFound)]
}
