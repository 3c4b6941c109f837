package postgres

import (
	"context"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"tiebreak/internal/lead"
)

// A word that stands in more than this part of the leads is found sooner by walking through them than by the index of
// words, which reads all its places before the first is known. So many are walked through at most.
const (
	frequent = 0.007
	walked   = 8000
)

// maxLeadTerms bounds how many words of a search for leads are looked for.
const maxLeadTerms = 16

// leadTerms returns the words to look for in the leads' texts, none for a reference.
func leadTerms(f lead.Filter) []string {
	if _, isReference := lead.ReadReference(f.Words); isReference {
		return nil
	}
	words := unique(f.Terms())
	return words[:min(len(words), maxLeadTerms)]
}

// findLeads reads a page of the query's leads that hold all of the words, or words that begin with them.
func (db *DB) findLeads(ctx context.Context, q *leadQuery) ([]lead.Lead, error) {
	rare, asked := q.rare, q.arg(beginning(q.words, " & "))
	all := `(c.words @@ ` + asked + `::text::tsquery) IS TRUE` // no index: each row is looked at
	if len(rare) == 0 {
		leads, err := db.readPage(ctx, q, q.walk(), q.conditions()+` AND `+all)
		if err != nil || len(leads) > LeadsPerPage {
			return leads, err
		}
		rare = q.words
	}
	indexed := `c.words @@ ` + q.arg(beginning(rare, " & ")) + `::text::tsquery`
	return db.readPage(ctx, q, `lead_contents c JOIN leads l ON l.id = c.lead_id`, q.conditions()+` AND `+indexed+` AND `+all)
}

// walk are the next leads l in the query's order, with their contents c. Where the filter leaves out few of all, the
// contents themselves are walked through: they lie side by side.
func (q *leadQuery) walk() string {
	if f := q.filter; f.Chosen() || f.Tab != lead.All && f.Tab != lead.ClosedTab {
		return fmt.Sprintf(`(SELECT l.* FROM leads l WHERE %s ORDER BY %s LIMIT %d) l JOIN lead_contents c ON c.lead_id = l.id`,
			q.conditions(), q.ordered(), walked)
	}
	from, direction := `true`, ``
	if q.down {
		direction = ` DESC`
	}
	if q.after != "" {
		from = `lead_id ` + q.compare() + q.after
	}
	return fmt.Sprintf(`(SELECT * FROM lead_contents WHERE %s ORDER BY lead_id%s LIMIT %d) c JOIN leads l ON l.id = c.lead_id`,
		from, direction, walked)
}

// readRareWords queues the reading of those of the words that few leads hold, by the planner's statistics.
func readRareWords(b *pgx.Batch, words []string, rare *[]string) {
	take := func(often []string) error {
		*rare = slices.DeleteFunc(slices.Clone(words), func(word string) bool { return slices.Contains(often, word) })
		return nil
	}
	queueRows(b, "frequent words", pgx.RowTo[string], take, `
		SELECT DISTINCT begins
		FROM pg_stats, unnest(most_common_elems::text::text[], most_common_elem_freqs) AS common (word, share),
		     unnest(@words::text[]) AS begins
		WHERE schemaname = current_schema() AND tablename = 'lead_contents' AND attname = 'words'
		  AND share > @frequent AND word ^@ begins`, pgx.StrictNamedArgs{"words": words, "frequent": frequent})
}
