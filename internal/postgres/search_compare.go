package postgres

import (
	"context"
	"regexp"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"tiebreak/internal/guide"
)

var (
	between = regexp.MustCompile(`(?i)[\s-]+(?:vs\.?|versus|or)[\s-]+`)
	versus  = regexp.MustCompile(`(?i)[\s-](?:vs\.?|versus)[\s-]`)
)

// maxSide is how many words a name may have that the site does not know: a longer one is a sentence. In a search with "vs" it may
// have one more, as in "Ruby on Rails".
const maxSide = 2

// compare has the results of a search such as "Django vs Litestar" begin with the guides that compare these things, or most
// of them. Those of which there is no guide are Missing.
func (r *Results) compare(ctx context.Context, tx pgx.Tx, words string) error {
	sides := between.Split(strings.TrimSpace(words), -1)
	if len(sides) < 2 || len(sides) > 4 {
		return nil
	}
	names := make([]string, len(sides))
	for i, side := range sides {
		names[i] = termsOf(side).name()
	}
	if len(unique(slices.Clone(names))) < len(names) { // nothing is compared with itself
		return nil
	}
	known, err := optionsNamed(ctx, tx, names)
	isVersus := versus.MatchString(words)
	if err != nil || len(known) == 0 && !isVersus {
		return err
	}
	longest := maxSide
	if isVersus {
		longest++
	}
	for i, side := range sides {
		switch name, isOption := known[names[i]]; {
		case isOption:
			sides[i] = name
		case names[i] == "" || len(strings.Fields(side)) > longest:
			return nil
		}
	}
	nearest, complete, err := guidesOf(ctx, tx, names, len(sides))
	if err != nil {
		return err
	}
	compares := func(f Found) bool { return f.Kind == guide.GuideEntry && r.Terms.allIn(f.Title) }
	if !complete && !slices.ContainsFunc(r.Found, compares) {
		r.Missing, r.Counted = sides, counted(sides)
	}
	if complete && len(r.Found) == 0 || len(r.Missing) > 0 {
		r.Found = withoutDoubles(nearest, r.Found)
	}
	return nil
}

// optionsNamed returns the options' names as they are written, by the names that they are compared by.
func optionsNamed(ctx context.Context, tx pgx.Tx, names []string) (known map[string]string, err error) {
	defer wrap(&err, "options")
	rows, _ := tx.Query(ctx, `SELECT name, title FROM search_entries WHERE kind = 'option' AND name = ANY ($1)`, names)
	known = map[string]string{}
	var name, title string
	_, err = pgx.ForEachRow(rows, []any{&name, &title}, func() error {
		known[name] = title
		return nil
	})
	return known, err
}

// guidesOf returns the guides that compare one of the named options, those of most of them first, and whether the first one
// compares so many.
func guidesOf(ctx context.Context, tx pgx.Tx, names []string, all int) (guides []Found, complete bool, err error) {
	rows, _ := tx.Query(ctx, `
		WITH shared AS (
			SELECT guide_id, count(*) AS options
			FROM guide_options
			WHERE option_id IN (SELECT option_id FROM search_entries WHERE kind = 'option' AND name = ANY ($1))
			GROUP BY guide_id
		)
		SELECT e.kind, e.address, e.place, e.title, e.words, s.options >= $2 AS complete
		FROM shared s JOIN search_entries e ON e.guide_id = s.guide_id AND e.kind = 'guide'
		ORDER BY s.options DESC, (SELECT count(*) FROM guide_options o WHERE o.guide_id = s.guide_id), e.address
		LIMIT $3`, names, all, maxFound/2)
	type comparison struct {
		Found
		Complete bool
	}
	nearest, err := pgx.CollectRows(rows, pgx.RowToStructByName[comparison])
	for _, n := range nearest {
		guides, complete = append(guides, n.Found), complete || n.Complete
	}
	return guides, complete, err
}
