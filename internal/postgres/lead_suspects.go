package postgres

import (
	"context"
	"slices"

	"github.com/jackc/pgx/v5"

	"tiebreak/internal/lead"
)

// untold are the suspects that the rules found and of which staff have not been told: honest people may be among them.
const untold = `suspect AND suspicion_told_on IS NULL AND causes <> '{}' AND status <> 'erased'`

// tellOfSuspects has one mail a day, in site time, tell staff of the new suspects. The first one of a day is told at once, the
// others of that day on the next. It is a delivery about the newest of them.
func (db *DB) tellOfSuspects(ctx context.Context, tx pgx.Tx) error {
	rows, _ := tx.Query(ctx, `
		WITH today AS (
			INSERT INTO suspicion_days (day)
			`+siteToday+` WHERE EXISTS (SELECT FROM leads WHERE `+untold+`)
			ON CONFLICT DO NOTHING
			RETURNING day
		)
		UPDATE leads SET suspicion_told_on = day FROM today WHERE `+untold+`
		RETURNING id`)
	suspects, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	if err != nil || len(suspects) == 0 {
		return err
	}
	return db.announce(ctx, tx, slices.Max(suspects), lead.SuspectsMail)
}

// readSuspectsTold reads the suspects of which a delivery of that kind tells staff, newest first, without those that were
// cleared or erased since.
func readSuspectsTold(b *pgx.Batch, delivery int64, suspects *lead.NewSuspects) {
	take := func(references []string) error { *suspects = references; return nil }
	queueRows(b, "suspects", pgx.RowTo[string], take, `
		SELECT reference FROM leads
		WHERE suspect AND status <> 'erased' AND suspicion_told_on = (
			SELECT l.suspicion_told_on FROM deliveries d JOIN leads l ON l.id = d.lead_id
			WHERE d.id = @delivery AND d.kind = @kind)
		ORDER BY id DESC`, pgx.StrictNamedArgs{"delivery": delivery, "kind": lead.SuspectsMail})
}
