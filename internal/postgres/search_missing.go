package postgres

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"

	"tiebreak/internal/guide"
	"tiebreak/internal/lead"
	"tiebreak/internal/text"
)

// maxMissingName bounds a name that is counted, in letters.
const maxMissingName = 30

// Only names that cannot be an address or a number of a person are counted.
var (
	plainName  = regexp.MustCompile(`^[\pL\pN.][\pL\pM\pN .+#/-]*$`)
	longNumber = regexp.MustCompile(`\pN(?:[ ./-]?\pN){4}`)
	anyLetter  = regexp.MustCompile(`\pL`)
)

// counted returns the names of a missing comparison as they are counted, in one order and in small letters. It returns "" if one
// of them does not look like the name of a technology, because people type all kinds of things into a search.
func counted(names []string) string {
	folded := make([]string, len(names))
	for i, name := range names {
		folded[i] = strings.Join(strings.Fields(text.Fold(name)), " ")
		if utf8.RuneCountInString(folded[i]) > maxMissingName || !plainName.MatchString(folded[i]) ||
			!anyLetter.MatchString(folded[i]) || longNumber.MatchString(folded[i]) {
			return ""
		}
	}
	slices.Sort(folded)
	return strings.Join(folded, " vs ")
}

// CountMissing adds to how often missing comparisons were looked for today, by their names as a search returns them in Counted.
// Comparisons for which today has no room are left out: those that were looked for least.
func (db *DB) CountMissing(ctx context.Context, times map[string]int) (err error) {
	defer wrap(&err, "missing comparisons")
	_, err = db.pool.Exec(ctx, `
		WITH today (day) AS (`+siteToday+`), known AS (
			SELECT m.names FROM missing_comparisons m JOIN today USING (day)
		), looked_for AS (
			SELECT s.key AS names, s.value::integer AS times, k.names IS NOT NULL AS is_known,
			       row_number() OVER (PARTITION BY k.names IS NULL ORDER BY s.value::integer DESC, s.key) AS place
			FROM jsonb_each_text(@times) s
			LEFT JOIN known k ON k.names = s.key
		)
		INSERT INTO missing_comparisons AS m (day, names, times)
		SELECT t.day, l.names, l.times
		FROM looked_for l, today t
		WHERE l.is_known OR l.place <= @most - (SELECT count(*) FROM known)
		ON CONFLICT (day, names) DO UPDATE SET times = m.times + excluded.times`,
		pgx.StrictNamedArgs{"times": times, "most": guide.MaxMissing})
	return err
}

// MissingComparisons returns the comparisons that were looked for most on the days of the range, that many at most.
func (db *DB) MissingComparisons(ctx context.Context, r lead.Range, most int) (all []guide.MissingComparison, err error) {
	defer wrap(&err, "missing comparisons")
	rows, _ := db.pool.Query(ctx, `
		SELECT names, sum(times)::integer AS times, max(day) AS last
		FROM missing_comparisons
		WHERE day BETWEEN @first AND @last
		GROUP BY names
		ORDER BY times DESC, last DESC, names
		LIMIT @most`, pgx.StrictNamedArgs{"first": r.First, "last": r.Last, "most": most})
	return pgx.CollectRows(rows, pgx.RowToStructByName[guide.MissingComparison])
}

// MissingByDay returns what was looked for on each day of the range, the latest day first. Last is that day.
func (db *DB) MissingByDay(ctx context.Context, r lead.Range) (all []guide.MissingComparison, err error) {
	defer wrap(&err, "missing comparisons")
	rows, _ := db.pool.Query(ctx, `
		SELECT names, times, day AS last
		FROM missing_comparisons
		WHERE day BETWEEN @first AND @last
		ORDER BY day DESC, times DESC, names`, pgx.StrictNamedArgs{"first": r.First, "last": r.Last})
	return pgx.CollectRows(rows, pgx.RowToStructByName[guide.MissingComparison])
}
