package postgres

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"

	"tiebreak/internal/guide"
	"tiebreak/internal/text"
)

// entryForm names the way in which entries are made. Count its first number up when you change guide.Entries or a column that
// indexEdition writes; its second one is that of folding. The program then makes all entries anew when it starts.
var entryForm = fmt.Sprintf("/4.%d", text.Form)

// indexEdition has searches and lists show what the edition says, in place of what the guide said before.
func indexEdition(ctx context.Context, tx pgx.Tx, id int64, e *guide.Edition) error {
	if _, err := tx.Exec(ctx, `DELETE FROM search_entries WHERE guide_id = $1`, id); err != nil {
		return fmt.Errorf("search entries: %w", err)
	}
	if err := addEntries(ctx, tx, &id, nil, e.Entries()); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `
		UPDATE guides SET indexed = @indexed, short = coalesce(@short, '{}'::json), sources = @sources, checked = @checked
		WHERE id = @guide`, pgx.StrictNamedArgs{
		"guide": id, "indexed": e.Digest + entryForm, "short": e.Guide.Short, "sources": len(e.Footnotes().List),
		"checked": e.CheckedOn(),
	})
	return err
}

// indexOption has a search find the option, unless it is retired.
func indexOption(ctx context.Context, tx pgx.Tx, id int64, o guide.Option) error {
	if _, err := tx.Exec(ctx, `DELETE FROM search_entries WHERE option_id = $1`, id); err != nil {
		return fmt.Errorf("search entries: %w", err)
	}
	if o.Retired {
		return nil
	}
	return addEntries(ctx, tx, nil, &id, []guide.Entry{o.Entry()})
}

func addEntries(ctx context.Context, tx pgx.Tx, guideID, optionID *int64, entries []guide.Entry) error {
	var kinds, addresses, places, titles, words, names, lexemes []string
	for _, e := range entries {
		kinds, addresses = append(kinds, string(e.Kind)), append(addresses, e.Address)
		places, titles, words = append(places, e.Place), append(titles, e.Title), append(words, e.Words)
		names, lexemes = append(names, termsOf(e.Title).name()), append(lexemes, lexemesOf(e))
	}
	_, err := tx.Exec(ctx, `
		INSERT INTO search_entries (guide_id, option_id, kind, address, place, title, words, name, lexemes)
		SELECT @guide, @option, kind, address, place, title, words, name, lexemes::tsvector
		FROM unnest(@kinds::text[], @addresses::text[], @places::text[], @titles::text[], @words::text[], @names::text[],
		            @lexemes::text[]) AS added (kind, address, place, title, words, name, lexemes)`, pgx.StrictNamedArgs{
		"guide": guideID, "option": optionID, "kinds": kinds, "addresses": addresses, "places": places, "titles": titles,
		"words": words, "names": names, "lexemes": lexemes,
	})
	if err != nil {
		return fmt.Errorf("search entries: %w", err)
	}
	return indexWords(ctx, tx, entries)
}

// lexemesOf returns the words of the entry and their stems as PostgreSQL reads a tsvector.
func lexemesOf(e guide.Entry) string {
	var list strings.Builder
	position := 0
	add := func(part string, weight rune) {
		for _, word := range text.Indexed(part) {
			position++
			if text.IsCommon(word) {
				continue
			}
			fmt.Fprintf(&list, "%s:%d%c ", quoted(word), position, weight)
			if stem := text.Stem(word); stem != word {
				fmt.Fprintf(&list, "%s:%d%c ", quoted(stem), position, weight)
			}
		}
	}
	add(e.Title, 'A')
	add(e.Place, 'B')
	add(e.Words, 'C')
	return list.String()
}

// indexWords keeps the words of the entries as those that a misspelt one may have meant.
func indexWords(ctx context.Context, tx pgx.Tx, entries []guide.Entry) (err error) {
	defer wrap(&err, "search words")
	isName := map[string]bool{}
	for _, e := range entries {
		named := e.Kind == guide.GuideEntry || e.Kind == guide.OptionEntry
		for _, word := range text.Indexed(e.Title) {
			isName[word] = isName[word] || named
		}
		for _, word := range text.Indexed(e.Words) {
			isName[word] = isName[word] || false
		}
	}
	maps.DeleteFunc(isName, func(word string, _ bool) bool { return utf8.RuneCountInString(word) < minName })
	var words, stems []string
	var names []bool
	for _, word := range slices.Sorted(maps.Keys(isName)) {
		words, stems, names = append(words, word), append(stems, text.Stem(word)), append(names, isName[word])
	}
	_, err = tx.Exec(ctx, `
		INSERT INTO search_words AS known (word, stem, name) SELECT * FROM unnest($1::text[], $2::text[], $3::boolean[])
		ON CONFLICT (word) DO UPDATE SET name = true WHERE excluded.name AND NOT known.name`, words, stems, names)
	return err
}

// Index makes the search entries that are missing or of an older form, and reports of how many guides. It does nothing on
// a site that is up to date.
func (db *DB) Index(ctx context.Context) (guides int, err error) {
	rows, _ := db.pool.Query(ctx, `SELECT id FROM guides WHERE edition IS NOT NULL AND indexed <> edition || $1 ORDER BY id`,
		entryForm)
	stale, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	if err != nil || len(stale) == 0 {
		return 0, mapError(err)
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
	e, err := maybeEdition(ctx, tx, `g.id = @guide AND e.digest = g.edition`, pgx.StrictNamedArgs{"guide": id})
	if err != nil || e == nil {
		return err
	}
	return indexEdition(ctx, tx, id, e)
}

func indexOptions(ctx context.Context, tx pgx.Tx) error {
	type named struct {
		ID               int64
		Slug, Name, Kind string
	}
	rows, _ := tx.Query(ctx, `SELECT id, slug, name, kind FROM options WHERE retired_at IS NULL`)
	options, err := pgx.CollectRows(rows, pgx.RowToStructByName[named])
	if err != nil {
		return err
	}
	for _, o := range options {
		if err := indexOption(ctx, tx, o.ID, guide.Option{Slug: o.Slug, Name: o.Name, Kind: o.Kind}); err != nil {
			return err
		}
	}
	return nil
}
