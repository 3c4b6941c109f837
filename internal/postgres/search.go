package postgres

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/jackc/pgx/v5"

	"tiebreak/internal/guide"
)

// Bounds of a search. Of what matches, candidates of each half of the index are ranked.
const (
	mostTerms   = 8
	longestTerm = 40 // in letters
	mostFound   = 20
	candidates  = 500
)

// Found is an answer of a search. In Title and Words, what was searched for stands between MatchStart and MatchEnd.
type Found struct {
	Kind    guide.EntryKind
	Address string // path and fragment
	Place   string // title of the guide in which it stands; "" for a page of its own
	Title   string
	Words   string
}

// Control characters, which no text of ours holds.
const (
	MatchStart = "\x02"
	MatchEnd   = "\x03"
)

// Results is what a search found, the best first.
type Results struct {
	Found []Found
	Meant string // the words as understood, where they were misspelt; "" otherwise
	Loose bool   // nothing has all of the words: these have some
}

// Search finds guides, options, criteria and questions by the words of a reader: in any form and by their beginnings;
// where nothing has them all, misspelt words are read as the most alike that the site uses, and at last some words do.
func (db *DB) Search(ctx context.Context, words string) (Results, error) {
	var r Results
	err := db.inTx(ctx, func(tx pgx.Tx) (err error) {
		terms := termsOf(words)
		if r.Found, err = find(ctx, tx, terms, " & "); err != nil || len(r.Found) > 0 || len(terms) == 0 {
			return err
		}
		meant, err := spelt(ctx, tx, terms)
		if err != nil {
			return err
		}
		if !slices.Equal(meant, terms) {
			r.Meant = strings.Join(meant, " ")
			if r.Found, err = find(ctx, tx, meant, " & "); err != nil || len(r.Found) > 0 {
				return err
			}
		}
		r.Found, err = find(ctx, tx, meant, " | ")
		r.Loose = true
		return err
	})
	if err != nil {
		return Results{}, fmt.Errorf("search: %w", err)
	}
	return r, nil
}

// termsOf are the words to look for: letters and digits only, so that nothing in them means anything to PostgreSQL.
func termsOf(words string) []string {
	var terms []string
	for _, term := range strings.FieldsFunc(strings.ToLower(words), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		// "vs" stands in every title.
		if len(terms) < mostTerms && term != "vs" && term != "versus" && !slices.Contains(terms, term) {
			letters := []rune(strings.ToValidUTF8(term, ""))
			terms = append(terms, string(letters[:min(len(letters), longestTerm)]))
		}
	}
	return terms
}

// prefixed has each term of three letters or more match what begins with it.
func prefixed(terms []string, operator string) string {
	patterns := make([]string, len(terms))
	for i, term := range terms {
		patterns[i] = term
		if len(term) >= 3 {
			patterns[i] += ":*"
		}
	}
	return strings.Join(patterns, operator)
}

// find ranks what matches the terms. Titles count most, then the guide in which something stands, then its words; whole
// words more than beginnings; an option more than a guide, that more than a row, a row more than an answer in prose.
func find(ctx context.Context, tx pgx.Tx, terms []string, operator string) ([]Found, error) {
	rows, _ := tx.Query(ctx, `
		WITH asked AS (
			SELECT to_tsquery('english', $1) AS loosely, to_tsquery('english', $2) AS exactly
		), matching AS (
			(SELECT s.* FROM search_entries s, asked
			 WHERE s.kind IN ('guide', 'option') AND s.lexemes @@ asked.loosely LIMIT $3)
			UNION ALL
			(SELECT s.* FROM search_entries s, asked
			 WHERE s.kind IN ('criterion', 'question') AND s.lexemes @@ asked.loosely LIMIT $3)
		), best AS (
			SELECT m.*,
			       (ts_rank('{0, 0.1, 0.4, 1}', lexemes, loosely, 1) + ts_rank('{0, 0.1, 0.4, 1}', lexemes, exactly, 1))
			       * CASE kind WHEN 'option' THEN 2 WHEN 'guide' THEN 1.5 WHEN 'criterion' THEN 2 ELSE 1 END AS rank
			FROM matching m, asked
			ORDER BY rank DESC, address
			LIMIT $4
		)
		SELECT kind, address, place,
		       ts_headline('english', title, loosely, $5 || ', HighlightAll=true'),
		       ts_headline('english', words, loosely, $5 || CASE kind
		           WHEN 'question' THEN ', MaxWords=40, MinWords=20' ELSE ', HighlightAll=true' END)
		FROM best, asked
		ORDER BY rank DESC, address`,
		prefixed(terms, operator), strings.Join(terms, " | "), candidates, mostFound,
		"StartSel="+MatchStart+", StopSel="+MatchEnd)
	return pgx.CollectRows(rows, pgx.RowToStructByPos[Found])
}

// spelt replaces each term that nothing on the site begins with by the word of the site that is most alike.
func spelt(ctx context.Context, tx pgx.Tx, terms []string) ([]string, error) {
	rows, _ := tx.Query(ctx, `
		SELECT CASE WHEN EXISTS (SELECT FROM search_words w WHERE w.word ^@ t.term) THEN t.term
		            ELSE coalesce(alike.word, t.term) END
		FROM unnest($1::text[]) WITH ORDINALITY AS t (term, position)
		LEFT JOIN LATERAL (
			SELECT w.word FROM search_words w
			WHERE length(t.term) >= 4 AND w.word <-> t.term < 0.8
			ORDER BY w.word <-> t.term, w.word
			LIMIT 1
		) alike ON true
		ORDER BY t.position`, terms)
	return pgx.CollectRows(rows, pgx.RowTo[string])
}
