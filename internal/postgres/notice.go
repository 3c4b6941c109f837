package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"tiebreak/internal/lead"
	"tiebreak/internal/staff"
)

// NoticeJob has a worker send a member a mail about their account.
type NoticeJob struct {
	Notice int64 `json:"notice"`
}

// Kind is the job's name in the queue.
func (NoticeJob) Kind() string { return "notice" }

// notify has the member told of what was done to their account, once the transaction commits. The browser is a plain word
// for where it was done, "" for the command line.
func (db *DB) notify(ctx context.Context, tx pgx.Tx, member int64, kind staff.NoticeKind, browser string) error {
	var id int64
	err := tx.QueryRow(ctx, `INSERT INTO notices (member_id, kind, browser) VALUES ($1, $2, $3) RETURNING id`, member, kind,
		browser).Scan(&id)
	if err == nil {
		_, err = db.queue.InsertTx(ctx, tx, NoticeJob{Notice: id}, nil)
	}
	if err != nil {
		return fmt.Errorf("notice of %s: %w", kind, err)
	}
	return nil
}

// notifyAdmins has the admins told of the member, if that is one too.
func (db *DB) notifyAdmins(ctx context.Context, tx pgx.Tx, member int64) error {
	return db.notifyAll(ctx, tx, staff.AdminNotice,
		`role = 'admin' AND id <> $1 AND EXISTS (SELECT FROM members WHERE id = $1 AND role = 'admin' AND disabled_at IS NULL)`,
		member)
}

// notifyAll has all active members of the condition told.
func (db *DB) notifyAll(ctx context.Context, tx pgx.Tx, kind staff.NoticeKind, condition string, args ...any) error {
	rows, _ := tx.Query(ctx, `SELECT id FROM members WHERE disabled_at IS NULL AND `+condition+` ORDER BY id`, args...)
	members, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	for _, member := range members {
		if err == nil {
			err = db.notify(ctx, tx, member, kind, "")
		}
	}
	return err
}

// WarnOfGuesses tells the member by mail, once a day at most, if several of the codes under the throttle were wrong within the
// hour.
func (db *DB) WarnOfGuesses(ctx context.Context, member int64, codes staff.Throttle, browser string) error {
	return db.inTx(ctx, func(tx pgx.Tx) error {
		// In a statement of its own: the next one sees what whoever held the member before has told.
		if _, err := tx.Exec(ctx, `SELECT FROM members WHERE id = $1 FOR NO KEY UPDATE`, member); err != nil {
			return err
		}
		var several, told bool
		err := tx.QueryRow(ctx, `
			SELECT (SELECT count(*) FROM throttle_attempts WHERE key = $3) >= $4,
			       EXISTS (SELECT FROM notices WHERE member_id = $1 AND kind = $2 AND made_at > clock() - interval '1 day')`,
			member, staff.GuessNotice, codes.Key, staff.GuessesNotified).Scan(&several, &told)
		if err != nil || told || !several {
			return err
		}
		return db.notify(ctx, tx, member, staff.GuessNotice, browser)
	})
}

// NoticeToSend returns the notice, or fault.NotFound where none is to be sent: it went out, it is too late, its link is used
// up, or the member is disabled.
func (db *DB) NoticeToSend(ctx context.Context, id int64) (staff.Notice, error) {
	rows, _ := db.pool.Query(ctx, `
		SELECT n.id, n.kind, m.email, n.browser, n.made_at,
		       CASE WHEN n.salt IS NULL THEN n.made_at + $2::interval ELSE clock() + $3::interval END, coalesce(n.salt, ''), n.problem
		FROM notices n
		JOIN members m ON m.id = n.member_id
		WHERE n.id = $1 AND n.sent_at IS NULL AND n.used_at IS NULL AND n.made_at + $2::interval > clock() AND m.disabled_at IS NULL`,
		id, staff.NoticeLimit, staff.ResetLimit)
	n, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByPos[staff.Notice])
	if err != nil {
		return n, fmt.Errorf("notice %d: %w", id, kind(err))
	}
	return n, nil
}

// NoticeSent says that the mail went out.
func (db *DB) NoticeSent(ctx context.Context, id int64) error {
	_, err := db.pool.Exec(ctx, `UPDATE notices SET sent_at = clock(), problem = '', code = 0 WHERE id = $1`, id)
	return kind(err)
}

// NoticeFailed says why the last attempt to send the mail failed and returns how many there were.
func (db *DB) NoticeFailed(ctx context.Context, id int64, problem lead.Problem, code int) (attempts int, err error) {
	err = db.pool.QueryRow(ctx, `
		UPDATE notices SET attempts = attempts + 1, problem = $2, code = $3 WHERE id = $1 RETURNING attempts`,
		id, problem, code).Scan(&attempts)
	return attempts, kind(err)
}
