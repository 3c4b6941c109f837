package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"tiebreak/internal/fault"
	"tiebreak/internal/staff"
)

// BeginAttempt notes an attempt before its password is looked at, so that many at once are counted too; EndAttempt takes it
// back if it succeeds. It is fault.TooMany where there were tooMany of the client or at the account, and then notes nothing.
func (db *DB) BeginAttempt(ctx context.Context, account, client []byte, tooMany func(staff.Attempts) bool) (attempt int64, err error) {
	err = db.inTx(ctx, func(tx pgx.Tx) error {
		// Attempts at one account, and of one client, come one after the other, so that none slips past the counts.
		_, err := tx.Exec(ctx, `
			SELECT pg_advisory_xact_lock(74650005, hashtext(encode($1, 'hex'))), pg_advisory_xact_lock(74650003, hashtext(encode($2, 'hex')))`, account, client)
		if err != nil {
			return err
		}
		var a staff.Attempts
		err = tx.QueryRow(ctx, `
			SELECT (SELECT count(*) FROM sign_in_failures WHERE client_digest = $2 AND at > clock() - $3::interval),
			       (SELECT count(*) FROM sign_in_failures WHERE account_digest = $1 AND at > clock() - $3::interval),
			       (SELECT count(*) FROM sign_in_failures WHERE account_digest = $1 AND client_digest = $2 AND at > clock() - $3::interval)`,
			account, client, staff.AttemptSpan).Scan(&a.FromClient, &a.AtAccount, &a.Both)
		if err != nil {
			return err
		}
		if tooMany(a) {
			return fault.TooMany
		}
		return tx.QueryRow(ctx, `INSERT INTO sign_in_failures (account_digest, client_digest) VALUES ($1, $2) RETURNING id`, account, client).
			Scan(&attempt)
	})
	if err != nil {
		return 0, fmt.Errorf("attempt: %w", err)
	}
	return attempt, nil
}

// EndAttempt takes an attempt back that succeeded.
func (db *DB) EndAttempt(ctx context.Context, attempt int64) error {
	_, err := db.pool.Exec(ctx, `DELETE FROM sign_in_failures WHERE id = $1`, attempt)
	return kind(err)
}

// ClientsShutOut counts the networks, and browsers that are known, from which so many attempts failed that nobody new can
// sign in from there now.
func (db *DB) ClientsShutOut(ctx context.Context) (n int, err error) {
	err = db.pool.QueryRow(ctx, `
		SELECT count(*) FROM (
			SELECT FROM sign_in_failures WHERE at > clock() - $1::interval GROUP BY client_digest HAVING count(*) >= $2
		) shut`, staff.AttemptSpan, staff.MaxFromClient).Scan(&n)
	return n, kind(err)
}
