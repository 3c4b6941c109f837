package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"tiebreak/internal/staff"
)

// Restored counts what PrepareRestored changed.
type Restored struct {
	OnHold   int // emails about leads: a member decides; also those on hold since an earlier restore
	Dropped  int // emails about accounts, and invitations
	Sessions int // also those in which the second factor was pending
	Links    int // by which someone could choose a password
}

// Numbers that are skipped: more than are given between a backup and its restore, even in a flood of spam. A lead's number makes
// its reference and its address for answers, which somebody may have in an email: a second lead with them would get that
// person's answer. A delivery's number makes its Message-ID: a mailbox may take a second email with the same one for a repeat.
const (
	skippedLeads      = 10_000
	skippedDeliveries = 1_000_000
)

// PrepareRestored prepares a database that was filled from a backup: the world has gone on since, so no email of that time goes
// out by itself, and nobody gets in by what they had then without their password. It must be the last step of a restore, after
// the migrations and after the erasures: those grant places too, which are then told of by emails. It may be called again, and
// must not be called while the site is served.
func (db *DB) PrepareRestored(ctx context.Context) (r Restored, err error) {
	defer wrap(&err, "prepare the restored database")
	err = db.inTx(ctx, func(tx pgx.Tx) error {
		// The places that came free since the backup. Those who got one may have been told before the restore: these emails are
		// put on hold too, and the first sweep has none left to make.
		if err := db.settlePlaces(ctx, tx); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `DELETE FROM river_job WHERE kind = $1`, DeliveryJob{}.Kind()); err != nil {
			return fmt.Errorf("jobs: %w", err)
		}
		for _, step := range []struct {
			changed *int
			sql     string
		}{
			{&r.OnHold, `UPDATE deliveries SET state = 'on-hold' WHERE state IN ('waiting', 'on-hold') AND lead_id IS NOT NULL`},
			{&r.Dropped, `UPDATE deliveries SET state = 'dropped', ended_at = clock() WHERE state = 'waiting'`},
			{&r.Sessions, `DELETE FROM sessions`},
			{&r.Links, `
				WITH reset AS (
					UPDATE deliveries SET used_at = clock() WHERE token_digest IS NOT NULL AND used_at IS NULL RETURNING id
				), setup AS (
					DELETE FROM setup_links RETURNING token_digest
				)
				SELECT FROM reset UNION ALL SELECT FROM setup`},
		} {
			tag, err := tx.Exec(ctx, step.sql)
			if err != nil {
				return err
			}
			*step.changed = int(tag.RowsAffected())
		}
		// A guide that was to be published since may have been published or cancelled in the meantime.
		_, err := tx.Exec(ctx, `UPDATE guide_schedules SET problem = $1 WHERE problem = ''`,
			"This site was restored from a backup. Read the draft again, then publish or schedule it.")
		if err != nil {
			return err
		}
		if err := skipNumbers(ctx, tx); err != nil {
			return err
		}
		return record(ctx, tx, CommandLine, staff.SiteRestored, 0)
	})
	return r, err
}

// skipNumbers leaves out the numbers that leads and deliveries may have got since the backup.
func skipNumbers(ctx context.Context, tx pgx.Tx) error {
	for table, skipped := range map[string]int{"leads": skippedLeads, "deliveries": skippedDeliveries} {
		_, err := tx.Exec(ctx, `
			SELECT setval(sequence, nextval(sequence) + $2) FROM pg_get_serial_sequence($1, 'id') AS sequence`, table, skipped-1)
		if err != nil {
			return fmt.Errorf("numbers of %s: %w", table, err)
		}
	}
	return nil
}
