package postgres

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"
)

// KeyTables are the tables that no backup holds: they have private keys, with which someone who reads a backup could pose as the
// site, and they can be filled anew.
var KeyTables = []string{"acme_accounts", "acme_certificates", "acme_challenges"}

// CertificateID says which certificate is meant: that of the host from the authority with the ACME directory.
type CertificateID struct{ Directory, Host string }

func (id CertificateID) args(more pgx.StrictNamedArgs) pgx.StrictNamedArgs {
	args := pgx.StrictNamedArgs{"directory": id.Directory, "host": id.Host}
	for name, value := range more {
		args[name] = value
	}
	return args
}

// Certificate is what is known about a certificate.
type Certificate struct {
	PEM       []byte // private key and chain; nil before the first order succeeds
	Due       bool   // whether an instance should order one now
	Failures  int    // orders since the last that succeeded
	Problem   string // why the last order failed; "" if it did not
	NextTryAt time.Time
}

// certificateIsDue holds for the row c of a certificate that an instance should order.
const certificateIsDue = `(c.renew_at IS NULL OR c.renew_at <= clock()) AND c.next_try_at <= clock()`

// Certificate reads the certificate. Before the first order it is empty, and due.
func (db *DB) Certificate(ctx context.Context, id CertificateID) (c Certificate, err error) {
	defer wrap(&err, "certificate")
	rows, _ := db.pool.Query(ctx, `
		SELECT pem, `+certificateIsDue+` AS due, failures, problem, next_try_at
		FROM acme_certificates c WHERE directory = @directory AND host = @host`, id.args(nil))
	c, err = pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[Certificate])
	if errors.Is(err, pgx.ErrNoRows) {
		return Certificate{Due: true}, nil
	}
	return c, err
}

// ClaimOrder gives the caller the order of the certificate if it is due, and reports whether it did. Nobody else gets it within
// the time, also if the caller dies. The order counts as failed until StoreCertificate.
func (db *DB) ClaimOrder(ctx context.Context, id CertificateID, within time.Duration) (claimed bool, err error) {
	defer wrap(&err, "claim of an order")
	tag, err := db.pool.Exec(ctx, `
		INSERT INTO acme_certificates AS c (directory, host, failures, next_try_at, restart_try_at)
		VALUES (@directory, @host, 1, clock() + @within::interval, clock() + @within::interval)
		ON CONFLICT (directory, host) DO UPDATE SET failures = c.failures + 1,
			next_try_at = clock() + @within::interval, restart_try_at = clock() + @within::interval
		WHERE `+certificateIsDue,
		id.args(pgx.StrictNamedArgs{"within": within}))
	return err == nil && tag.RowsAffected() == 1, err
}

// ExtendClaim has nobody else order within the time.
func (db *DB) ExtendClaim(ctx context.Context, id CertificateID, within time.Duration) error {
	_, err := db.pool.Exec(ctx, `
		UPDATE acme_certificates SET next_try_at = greatest(next_try_at, clock() + @within::interval),
			restart_try_at = greatest(restart_try_at, clock() + @within::interval)
		WHERE directory = @directory AND host = @host`, id.args(pgx.StrictNamedArgs{"within": within}))
	return mapError(err)
}

// FailedOrder says what came of an order.
type FailedOrder struct {
	Problem      string
	Next         time.Duration // until any instance tries again
	AfterRestart time.Duration // until a program that starts does
	NotMade      bool          // the authority was not asked
}

// OrderFailed gives the claim back.
func (db *DB) OrderFailed(ctx context.Context, id CertificateID, f FailedOrder) (err error) {
	defer wrap(&err, "failed order")
	uncounted := 0
	if f.NotMade {
		uncounted = 1
	}
	_, err = db.pool.Exec(ctx, `
		UPDATE acme_certificates SET problem = @problem, failures = failures - @uncounted,
			next_try_at = clock() + @next::interval, restart_try_at = clock() + @restart::interval
		WHERE directory = @directory AND host = @host`, id.args(pgx.StrictNamedArgs{
		"problem": f.Problem, "uncounted": uncounted, "next": f.Next, "restart": min(f.Next, f.AfterRestart),
	}))
	return err
}

// TrySooner lets a program that starts order before the others would: someone may have removed what was in the way.
func (db *DB) TrySooner(ctx context.Context, id CertificateID) error {
	_, err := db.pool.Exec(ctx, `
		UPDATE acme_certificates SET next_try_at = least(next_try_at, restart_try_at)
		WHERE directory = @directory AND host = @host`, id.args(nil))
	return mapError(err)
}

// StoreCertificate stores private key and chain for all instances, which are to be renewed and expire after these times. It
// forgets expired ones of other hosts.
func (db *DB) StoreCertificate(ctx context.Context, id CertificateID, pem []byte, renewIn, expiresIn time.Duration) (err error) {
	defer wrap(&err, "certificate")
	return db.inTx(ctx, func(tx pgx.Tx) error {
		// The times count from now by the database's clock: if it were wrong, we would else order again and again.
		err := execOne(ctx, tx, `
			UPDATE acme_certificates SET pem = @pem, expires_at = clock() + @expires::interval, failures = 0, problem = '',
				renew_at = clock() + @renew::interval, next_try_at = clock(), restart_try_at = clock()
			WHERE directory = @directory AND host = @host`,
			id.args(pgx.StrictNamedArgs{"pem": pem, "renew": renewIn, "expires": expiresIn}))
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `
			DELETE FROM acme_certificates
			WHERE expires_at < clock() - interval '1 day' AND (directory, host) <> (@directory, @host)`, id.args(nil))
		return err
	})
}

// AccountKey returns the private key of our account at the authority. The first caller's fresh key becomes that of all.
func (db *DB) AccountKey(ctx context.Context, directory string, fresh []byte) (key []byte, err error) {
	defer wrap(&err, "account key")
	_, err = db.pool.Exec(ctx, `INSERT INTO acme_accounts VALUES ($1, $2) ON CONFLICT DO NOTHING`, directory, fresh)
	if err != nil {
		return nil, err
	}
	err = db.pool.QueryRow(ctx, `SELECT key FROM acme_accounts WHERE directory = $1`, directory).Scan(&key)
	return key, err
}

// AddChallenge has all instances answer a challenge. Those that were forgotten for a day go.
func (db *DB) AddChallenge(ctx context.Context, name string, answer []byte) (err error) {
	defer wrap(&err, "challenge")
	return db.inTx(ctx, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `DELETE FROM acme_challenges WHERE created_at < clock() - interval '1 day'`)
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `
			INSERT INTO acme_challenges (name, answer) VALUES ($1, $2)
			ON CONFLICT (name) DO UPDATE SET answer = excluded.answer, created_at = clock()`, name, answer)
		return err
	})
}

// RemoveChallenge removes a challenge, which may be gone already.
func (db *DB) RemoveChallenge(ctx context.Context, name string) error {
	_, err := db.pool.Exec(ctx, `DELETE FROM acme_challenges WHERE name = $1`, name)
	return mapError(err)
}

// Challenges returns the answers to all challenges, by their names.
func (db *DB) Challenges(ctx context.Context) (answers map[string][]byte, err error) {
	defer wrap(&err, "challenges")
	answers = map[string][]byte{}
	rows, _ := db.pool.Query(ctx, `SELECT name, answer FROM acme_challenges`)
	var name string
	var answer []byte
	_, err = pgx.ForEachRow(rows, []any{&name, &answer}, func() error { answers[name] = answer; answer = nil; return nil })
	return answers, err
}
