package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"tiebreak/internal/fault"
	"tiebreak/internal/guide"
	"tiebreak/internal/staff"
)

// FactChange is a new version of a fact, as a member wants it.
type FactChange struct {
	Option, Key string
	Seen        int // the version that the member saw; 0 if there was none
	Member      int64
	Act         staff.ActKind
	Fact        guide.Fact // unless the act is staff.FactChecked, which only renews the dates
}

// ChangeFact puts a new version of the fact in force and makes the new edition of each guide that shows it, in one transaction.
// It returns fault.Conflict if another version than the member saw is in force, unless nobody loses anything by that: it says
// what the member wants to say, or they only checked what is still the same. Without such an option it is fault.NotFound.
func (db *DB) ChangeFact(ctx context.Context, c FactChange) error {
	return db.inTx(ctx, func(tx pgx.Tx) (err error) {
		defer wrap(&err, "fact %s of %s", c.Key, c.Option)
		if err := oneAtATime(ctx, tx); err != nil {
			return err
		}
		o, err := oneOption(ctx, tx, c.Option)
		if err != nil {
			return err
		}
		now := o.Facts[c.Key]
		if c.Act == staff.FactChecked {
			c, err = checkedAgain(ctx, tx, c, now)
		}
		switch {
		case err != nil:
			return err
		case c.Seen != now.Version && (c.Act == staff.FactChecked || !now.Same(c.Fact)):
			return fault.Conflict
		}
		facts := o.Facts
		o.Facts = map[string]guide.Fact{c.Key: c.Fact}
		changed, err := saveOption(ctx, tx, o, facts, c.Member)
		if err != nil || changed == 0 && c.Act != staff.FactChecked {
			return err
		}
		return recordOption(ctx, tx, c.Member, c.Act, o.Slug)
	})
}

// checkedAgain returns the change that renews the dates of the fact in force. A member who saw another version saw the same fact
// if only its dates differ.
func checkedAgain(ctx context.Context, tx pgx.Tx, c FactChange, now guide.Fact) (FactChange, error) {
	var today guide.Date
	if err := tx.QueryRow(ctx, siteToday).Scan(&today); err != nil {
		return c, err
	}
	history, err := factHistory(ctx, tx, c.Option, c.Key)
	if err != nil {
		return c, err
	}
	for _, seen := range history {
		if seen.Version == c.Seen && seen.CheckedAgain(today).Same(now.CheckedAgain(today)) {
			c.Seen = now.Version
		}
	}
	if now.Version == 0 {
		return c, fault.NotFound
	}
	c.Fact = now.CheckedAgain(today)
	return c, nil
}

// recordOption records an act on an option or one of its facts.
func recordOption(ctx context.Context, tx pgx.Tx, member int64, act staff.ActKind, slug string) error {
	var id int64
	if err := tx.QueryRow(ctx, `SELECT id FROM options WHERE slug = $1`, slug).Scan(&id); err != nil {
		return fmt.Errorf("option %s: %w", slug, err)
	}
	return record(ctx, tx, member, act, id)
}

// FactPage is what the page of a fact shows.
type FactPage struct {
	Option  guide.Option        // with all its facts in force
	History []guide.FactVersion // newest first; empty if there is no such fact
	Uses    []guide.FactUse
}

// FactPage reads the page of a fact of an option, which may not be there yet, or returns fault.NotFound.
func (db *DB) FactPage(ctx context.Context, option, key string) (p FactPage, err error) {
	defer wrap(&err, "fact %s of %s", key, option)
	err = db.readTx(ctx, func(tx pgx.Tx) (err error) {
		if p.Option, err = oneOption(ctx, tx, option); err != nil {
			return err
		}
		if p.History, err = factHistory(ctx, tx, option, key); err != nil {
			return err
		}
		p.Uses, err = factUses(ctx, tx, option, key)
		return err
	})
	return p, err
}

func factHistory(ctx context.Context, tx pgx.Tx, option, key string) ([]guide.FactVersion, error) {
	rows, _ := tx.Query(ctx, `
		SELECT f.version, f.value, f.detail, f.confidence, f.checked, f.review, f.sources, f.made_at,
		       coalesce(f.member_id, 0) AS member_id, coalesce(m.name, '') AS member
		FROM facts f
		JOIN options o ON o.id = f.option_id
		LEFT JOIN members m ON m.id = f.member_id
		WHERE o.slug = $1 AND f.key = $2
		ORDER BY f.version DESC`, option, key)
	return pgx.CollectRows(rows, pgx.RowToStructByName[guide.FactVersion])
}

// factUses returns the published guides that show the fact of the option, with what rests on it in each.
func factUses(ctx context.Context, tx pgx.Tx, option, key string) ([]guide.FactUse, error) {
	type shown struct {
		Slug, Title string
		Document    []byte
		Leads       int
	}
	rows, _ := tx.Query(ctx, `
		SELECT g.slug, g.title, e.document, (
			SELECT count(*) FROM leads l
			WHERE l.guide_id = g.id AND l.status IN `+openStatuses+` AND NOT l.suspect) AS leads
		FROM guides g
		JOIN editions e ON e.digest = g.edition
		JOIN guide_options c ON c.guide_id = g.id
		JOIN options o ON o.id = c.option_id
		WHERE o.slug = $1 AND g.labels->>$2 IS NOT NULL
		ORDER BY g.slug`, option, key)
	found, err := pgx.CollectRows(rows, pgx.RowToStructByName[shown])
	if err != nil {
		return nil, err
	}
	uses := make([]guide.FactUse, len(found))
	for i, g := range found {
		e, err := guide.ReadEdition(g.Document, time.Time{})
		if err != nil {
			return nil, err
		}
		uses[i] = guide.FactUse{Slug: g.Slug, Title: g.Title, Effect: e.EffectOf(key), Leads: g.Leads}
	}
	return uses, nil
}
