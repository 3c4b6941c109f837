package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"tiebreak/internal/lead"
)

// MailboxProgress tells how far a mailbox was read.
type MailboxProgress struct {
	Since   time.Time // emails that arrived before are not read
	LastUID uint32    // of the last email that was taken or passed over
}

// OpenMailbox notes that the mailbox can be read, and returns how far it was. With another validity all its numbers are new, and
// reading begins at the first again. What was wrong with this mailbox or an earlier one is over.
func (db *DB) OpenMailbox(ctx context.Context, mailbox []byte, validity uint32) (p MailboxProgress, err error) {
	defer wrap(&err, "mailbox")
	err = db.pool.QueryRow(ctx, `
		WITH others AS (UPDATE mailboxes SET problem = '', failing_since = NULL WHERE id <> @id AND problem <> '')
		INSERT INTO mailboxes AS m (id, uid_validity, read_at) VALUES (@id, @validity, clock())
		ON CONFLICT (id) DO UPDATE SET
			last_uid = CASE WHEN m.uid_validity = @validity THEN m.last_uid ELSE 0 END,
			uid_validity = @validity, read_at = clock(), problem = '', failing_since = NULL
		RETURNING since, last_uid`, pgx.StrictNamedArgs{"id": mailbox, "validity": int64(validity)}).Scan(&p.Since, &p.LastUID)
	return p, err
}

// MailboxFailed notes why the mailbox cannot be read.
func (db *DB) MailboxFailed(ctx context.Context, mailbox []byte, problem lead.MailboxProblem) (err error) {
	defer wrap(&err, "mailbox")
	_, err = db.pool.Exec(ctx, `
		INSERT INTO mailboxes AS m (id, problem, failing_since) VALUES (@id, @problem, clock())
		ON CONFLICT (id) DO UPDATE SET problem = @problem, failing_since = coalesce(m.failing_since, clock())`,
		pgx.StrictNamedArgs{"id": mailbox, "problem": problem})
	return err
}

// MailboxUnused notes that no mailbox is read any more, so that none is missed.
func (db *DB) MailboxUnused(ctx context.Context) error {
	_, err := db.pool.Exec(ctx, `UPDATE mailboxes SET problem = '', failing_since = NULL WHERE problem <> ''`)
	return mapError(err)
}

// MailboxLock is held by the one instance that reads the mailbox.
type MailboxLock struct{ conn *pgx.Conn }

// A server ends the session of a holder that it does not hear from, so that another instance takes over.
const (
	lockBeat  = 10 * time.Second
	lockLimit = 4 * lockBeat
)

// LockMailbox waits until no other instance reads the mailbox. The lock is on a connection of its own: it is free again when the
// program ends in whatever way. The caller closes it.
func (db *DB) LockMailbox(ctx context.Context) (l *MailboxLock, err error) {
	defer wrap(&err, "lock of the mailbox")
	conn, err := pgx.ConnectConfig(ctx, db.pool.Config().ConnConfig)
	if err != nil {
		return nil, err
	}
	l = &MailboxLock{conn}
	_, err = conn.Exec(ctx, fmt.Sprintf(`SET idle_session_timeout = %d`, lockLimit.Milliseconds()))
	for err == nil {
		var taken bool
		if err = conn.QueryRow(ctx, `SELECT pg_try_advisory_lock($1)`, lockMailbox).Scan(&taken); taken {
			return l, nil
		}
		select {
		case <-ctx.Done():
			err = ctx.Err()
		case <-time.After(time.Second):
		}
	}
	l.Close()
	return nil, err
}

// Hold keeps the lock until ctx ends or the connection is lost, and returns why it was lost.
func (l *MailboxLock) Hold(ctx context.Context) error {
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(lockBeat):
		}
		limited, cancel := context.WithTimeout(ctx, lockBeat)
		err := l.conn.Ping(limited)
		cancel()
		if err != nil && ctx.Err() == nil {
			return fmt.Errorf("lock of the mailbox: %w", mapError(err))
		}
	}
}

// Close frees the lock.
func (l *MailboxLock) Close() {
	limited, cancel := context.WithTimeout(context.Background(), lockBeat)
	defer cancel()
	_ = l.conn.Close(limited) // the lock is gone with it in any case
}
