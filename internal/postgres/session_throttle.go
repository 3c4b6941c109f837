package postgres

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"

	"tiebreak/internal/fault"
	"tiebreak/internal/staff"
)

// BeginAttempt counts an attempt as failed before it is made, so that many at once are counted too; EndAttempt takes back one
// that succeeded. It returns fault.TooMany if the throttle refuses the attempt, which is then not counted.
func (db *DB) BeginAttempt(ctx context.Context, t staff.Throttle) (attempt int64, err error) {
	defer wrap(&err, "attempt")
	err = db.inTx(ctx, func(tx pgx.Tx) error {
		// Attempts under one key come one after the other, so that none slips past the count.
		if _, err := tx.Exec(ctx, `SELECT pg_advisory_xact_lock($1, hashtext($2))`, lockAttempts, t.Key); err != nil {
			return err
		}
		err := tx.QueryRow(ctx, `
			INSERT INTO throttle_attempts (key)
			SELECT $1 WHERE (SELECT count(*) FROM throttle_attempts WHERE key = $1 AND at > clock() - $3::interval) < $2
			RETURNING id`, t.Key, t.Limit, t.Window).Scan(&attempt)
		if errors.Is(err, pgx.ErrNoRows) {
			return fault.TooMany
		}
		return err
	})
	return attempt, err
}

// EndAttempt takes back an attempt that succeeded.
func (db *DB) EndAttempt(ctx context.Context, attempt int64) error {
	_, err := db.pool.Exec(ctx, `DELETE FROM throttle_attempts WHERE id = $1`, attempt)
	return mapError(err)
}

// readThrottled counts the networks whose sign-ins by password are refused now.
func readThrottled(b *pgx.Batch, networks *int) {
	readValue(b, networks, "networks refused", `
		SELECT count(*) FROM (
			SELECT FROM throttle_attempts
			WHERE starts_with(key, @prefix) AND at > clock() - @window::interval
			GROUP BY key HAVING count(*) >= @limit
		) refused`, pgx.StrictNamedArgs{
		"prefix": staff.SignInThrottle + ":", "window": staff.ThrottleWindow, "limit": staff.MaxFailures,
	})
}
