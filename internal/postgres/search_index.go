package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"tiebreak/internal/guide"
)

// entryForm counts the ways in which entries were made. Whoever changes guide.Entries or a column counts it up: the
// program then makes all entries anew when it starts.
const entryForm = "/1"

// indexEdition has a search find what the edition says, in place of what the guide said before.
func indexEdition(ctx context.Context, tx pgx.Tx, id int64, e *guide.Edition) error {
	if _, err := tx.Exec(ctx, `DELETE FROM search_entries WHERE guide_id = $1`, id); err != nil {
		return fmt.Errorf("search entries: %w", err)
	}
	if err := addEntries(ctx, tx, &id, nil, e.Entries()); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `UPDATE guides SET indexed = $2 WHERE id = $1`, id, e.Digest+entryForm)
	return err
}

// indexOption has a search find the option.
func indexOption(ctx context.Context, tx pgx.Tx, id int64, o guide.Option) error {
	if _, err := tx.Exec(ctx, `DELETE FROM search_entries WHERE option_id = $1`, id); err != nil {
		return fmt.Errorf("search entries: %w", err)
	}
	return addEntries(ctx, tx, nil, &id, []guide.Entry{o.Entry()})
}

func addEntries(ctx context.Context, tx pgx.Tx, guideID, optionID *int64, entries []guide.Entry) error {
	var kinds, addresses, places, titles, words []string
	for _, e := range entries {
		kinds, addresses = append(kinds, string(e.Kind)), append(addresses, e.Address)
		places, titles, words = append(places, e.Place), append(titles, e.Title), append(words, e.Words)
	}
	_, err := tx.Exec(ctx, `
		WITH added AS (
			INSERT INTO search_entries (guide_id, option_id, kind, address, place, title, words)
			SELECT $1, $2, * FROM unnest($3::text[], $4::text[], $5::text[], $6::text[], $7::text[])
			RETURNING place, title, words
		)
		INSERT INTO search_words (word)
		SELECT DISTINCT word
		FROM added, unnest(tsvector_to_array(to_tsvector('simple', concat_ws(' ', place, title, words)))) AS word
		WHERE length(word) BETWEEN 4 AND 30
		ORDER BY word
		ON CONFLICT DO NOTHING`,
		guideID, optionID, kinds, addresses, places, titles, words)
	if err != nil {
		return fmt.Errorf("search entries: %w", err)
	}
	return nil
}

// Index makes the search entries that are missing or of an older form, and reports of how many guides. It does nothing on
// a site that is up to date.
func (db *DB) Index(ctx context.Context) (guides int, err error) {
	rows, _ := db.pool.Query(ctx, `SELECT id FROM guides WHERE edition IS NOT NULL AND indexed <> edition || $1 ORDER BY id`, entryForm)
	stale, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	if err != nil || len(stale) == 0 {
		return 0, kind(err)
	}
	for _, id := range stale {
		if err := db.inTx(ctx, func(tx pgx.Tx) error { return indexAgain(ctx, tx, id) }); err != nil {
			return guides, err
		}
		guides++
	}
	return guides, db.inTx(ctx, func(tx pgx.Tx) error { return indexOptions(ctx, tx) })
}

func indexAgain(ctx context.Context, tx pgx.Tx, id int64) error {
	if err := oneAtATime(ctx, tx); err != nil {
		return err
	}
	e, err := servedEdition(ctx, tx, id)
	if err != nil || e == nil {
		return err
	}
	return indexEdition(ctx, tx, id, e)
}

func indexOptions(ctx context.Context, tx pgx.Tx) error {
	type named struct {
		ID int64
		guide.Option
	}
	rows, _ := tx.Query(ctx, `SELECT id, slug, name, kind FROM options`)
	options, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (n named, err error) {
		return n, row.Scan(&n.ID, &n.Slug, &n.Name, &n.Kind)
	})
	if err != nil {
		return err
	}
	for _, o := range options {
		if err := indexOption(ctx, tx, o.ID, o.Option); err != nil {
			return err
		}
	}
	return nil
}
