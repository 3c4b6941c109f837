package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

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
type MailboxLock struct{ conn *pgxpool.Conn }

// A server ends the session of a holder that it does not hear from, so that another instance takes over.
const (
	lockBeat  = 10 * time.Second
	lockLimit = 4 * lockBeat
	lockRetry = time.Second
)

// LockMailbox waits until no other instance reads the mailbox. The lock is that of a connection, which is not used for anything
// else then: it is free again when the program ends in whatever way. The caller closes it.
func (db *DB) LockMailbox(ctx context.Context) (l *MailboxLock, err error) {
	defer wrap(&err, "lock of the mailbox")
	for {
		if l, err = db.tryMailbox(ctx); err != nil || l != nil {
			return l, err
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(lockRetry):
		}
	}
}

// tryMailbox returns nil if another instance has the lock.
func (db *DB) tryMailbox(ctx context.Context) (*MailboxLock, error) {
	conn, err := db.pool.Acquire(ctx)
	if err != nil {
		return nil, err
	}
	var taken bool
	if err := conn.QueryRow(ctx, `SELECT pg_try_advisory_lock($1)`, lockMailbox).Scan(&taken); err != nil || !taken {
		conn.Release()
		return nil, err
	}
	l := &MailboxLock{conn}
	if _, err := conn.Exec(ctx, fmt.Sprintf(`SET idle_session_timeout = %d`, lockLimit.Milliseconds())); err != nil {
		l.Close()
		return nil, err
	}
	return l, nil
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
		readOnly, err := isReadOnly(limited, l.conn)
		cancel()
		if readOnly { // another server takes over, and another instance may hold the lock there
			err = errReadOnly
		}
		if err != nil && ctx.Err() == nil {
			return fmt.Errorf("lock of the mailbox: %w", mapError(err))
		}
	}
}

// Close frees the lock, and ends its connection: nobody else may get one that has the lock.
func (l *MailboxLock) Close() {
	limited, cancel := context.WithTimeout(context.Background(), lockBeat)
	defer cancel()
	_ = l.conn.Conn().Close(limited)
	l.conn.Release()
}
