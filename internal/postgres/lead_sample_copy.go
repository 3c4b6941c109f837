package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"tiebreak/internal/lead"
	"tiebreak/internal/text"
)

// column is one value of a row and where it goes.
type column struct {
	name  string
	value any
}

// copySamples writes the leads under the ids: COPY takes those, where INSERT leaves numbering to the database.
func copySamples(ctx context.Context, tx pgx.Tx, ids []int64, leads []SampleLead) error {
	guides, err := guideIDs(ctx, tx, leads)
	if err != nil {
		return err
	}
	var heads, contents, history [][]column
	for i, l := range leads {
		heads = append(heads, sampleHead(ids[i], guides, l))
		if l.Status != lead.Erased {
			contents = append(contents, sampleContents(ids[i], l.Lead))
		}
		for _, step := range l.History {
			history = append(history, sampleStep(ids[i], step))
		}
	}
	for _, table := range []struct {
		name string
		rows [][]column
	}{{"leads", heads}, {"lead_contents", contents}, {"lead_history", history}} {
		if err := copyRows(ctx, tx, table.name, table.rows); err != nil {
			return fmt.Errorf("%s: %w", table.name, err)
		}
	}
	return nil
}

// sampleHead has no digests: neither its key nor its words or its sender is ever to be taken for somebody's. It counts as
// reminded of, lest staff get a mail for each sample.
func sampleHead(id int64, guides map[string]int64, l SampleLead) []column {
	return []column{
		{"id", id},
		{"token", l.Token},
		{"keyless", false},
		{"body_digest", []byte{}},
		{"guide_id", orNull(guides[l.Guide])},
		{"edition", orNull(l.Edition)},
		{"guide_title", l.GuideTitle},
		{"option", l.Option},
		{"option_name", l.OptionName},
		{"status", l.Status},
		{"received_at", l.ReceivedAt},
		{"due_at", l.DueAt},
		{"answered_at", l.AnsweredAt},
		{"suspect", l.Suspect},
		{"causes", orEmpty(l.Causes)},
		{"assignee_id", orNull(l.AssigneeID)},
		{"reminded", 100},
	}
}

func sampleContents(id int64, l lead.Lead) []column {
	return []column{
		{"lead_id", id},
		{"name", l.Name},
		{"email", l.Email},
		{"company", l.Company},
		{"project", l.Project},
		{"timeline", l.Timeline},
		{"budget", l.Budget},
		{"ticks", orEmpty(l.Ticks)},
		{"consent", l.Consent},
		{"words", wordsOf(l.Contents)},
		{"form", text.Form},
	}
}

func sampleStep(id int64, s SampleStep) []column {
	return []column{
		{"lead_id", id},
		{"at", s.At},
		{"kind", s.Kind},
		{"status", s.Status},
		{"member_id", orNull(s.Member)},
		{"assignee_id", orNull(s.Assignee)},
	}
}

// orNull is the value, or null in place of nothing.
func orNull[T comparable](v T) *T {
	var nothing T
	if v == nothing {
		return nil
	}
	return &v
}

// orEmpty is the list, which is never null.
func orEmpty[T any](list []T) []T { return append([]T{}, list...) }

func guideIDs(ctx context.Context, tx pgx.Tx, leads []SampleLead) (map[string]int64, error) {
	var slugs []string
	ids := map[string]int64{}
	for _, l := range leads {
		if _, known := ids[l.Guide]; !known {
			ids[l.Guide] = 0
			slugs = append(slugs, l.Guide)
		}
	}
	var slug string
	var id int64
	rows, _ := tx.Query(ctx, `SELECT slug, id FROM guides WHERE slug = ANY ($1)`, slugs)
	_, err := pgx.ForEachRow(rows, []any{&slug, &id}, func() error {
		ids[slug] = id
		return nil
	})
	return ids, err
}

// copyRows writes rows of the same columns into the table.
func copyRows(ctx context.Context, tx pgx.Tx, table string, rows [][]column) error {
	if len(rows) == 0 {
		return nil
	}
	var names []string
	for _, c := range rows[0] {
		names = append(names, c.name)
	}
	_, err := tx.CopyFrom(ctx, pgx.Identifier{table}, names, pgx.CopyFromSlice(len(rows), func(i int) ([]any, error) {
		values := make([]any, len(rows[i]))
		for j, c := range rows[i] {
			values[j] = c.value
		}
		return values, nil
	}))
	return err
}
