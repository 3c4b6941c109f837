package postgres

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"

	"tiebreak/internal/email"
	"tiebreak/internal/fault"
	"tiebreak/internal/staff"
)

// AddMember makes a member from the command line, with the hash of their password. It returns fault.Conflict if a member has the
// address already.
func (db *DB) AddMember(ctx context.Context, n staff.NewMember, passwordHash string) error {
	return db.inTx(ctx, func(tx pgx.Tx) error {
		member, err := addMember(ctx, tx, n, passwordHash)
		if err != nil {
			return err
		}
		return db.joined(ctx, tx, CommandLine, member)
	})
}

func addMember(ctx context.Context, tx pgx.Tx, n staff.NewMember, passwordHash string) (id int64, err error) {
	other, err := memberWith(ctx, tx, n.Email)
	if err != nil {
		return 0, err
	}
	if other != 0 {
		return 0, fault.Conflict
	}
	err = tx.QueryRow(ctx, `
		INSERT INTO members (email, name, role, password_hash) VALUES (@email, @name, @role, @hash) RETURNING id`,
		pgx.StrictNamedArgs{"email": email.Clean(n.Email), "name": n.Name, "role": n.Role, "hash": passwordHash}).Scan(&id)
	return id, err
}

// memberWith returns the id of the member with the email address, however both were written, or 0. Older versions stored
// addresses as browsers sent them, so those that SQL cannot compare are compared here.
func memberWith(ctx context.Context, q querier, address string) (id int64, err error) {
	rows, _ := q.Query(ctx, `
		SELECT id, email FROM members WHERE lower(email) = lower($1) OR email ~ '[^!-~]' OR email ~* '@.*xn--' ORDER BY id DESC`,
		email.Clean(address))
	var candidate int64
	var stored string
	key := email.Key(address)
	_, err = pgx.ForEachRow(rows, []any{&candidate, &stored}, func() error {
		if email.Key(stored) == key {
			id = candidate
		}
		return nil
	})
	return id, err
}

// joined records the new member, and has the admins told if it is one.
func (db *DB) joined(ctx context.Context, tx pgx.Tx, by, member int64) error {
	if err := record(ctx, tx, by, staff.MemberJoined, member); err != nil {
		return err
	}
	return db.notifyAdmins(ctx, tx, member)
}

// MemberByEmail returns the member and the hash of their password. For an unknown address, and for a member who is disabled,
// both are zero and there is no error: the caller compares all the same, and tells nothing.
func (db *DB) MemberByEmail(ctx context.Context, address string) (m staff.Member, passwordHash string, err error) {
	defer wrap(&err, "member")
	id, err := memberWith(ctx, db.pool, address)
	if err != nil {
		return m, "", err
	}
	err = db.pool.QueryRow(ctx, `
		SELECT id, email, name, role, password_hash FROM members WHERE id = $1 AND disabled_at IS NULL`, id).
		Scan(&m.ID, &m.Email, &m.Name, &m.Role, &passwordHash)
	if errors.Is(err, pgx.ErrNoRows) {
		return staff.Member{}, "", nil
	}
	return m, passwordHash, err
}

// Members lists the staff by name, disabled ones too: their names stand in history.
func (db *DB) Members(ctx context.Context) (members []staff.Member, err error) {
	err = db.read(ctx, func(b *pgx.Batch) { readMembers(b, &members) })
	return members, err
}

func readMembers(b *pgx.Batch, members *[]staff.Member) {
	readRows(b, members, "members",
		`SELECT id, email, name, role, disabled_at IS NOT NULL AS disabled FROM members ORDER BY lower(name), id`, nil)
}

// NewSetupLink keeps a one-time link that makes the first member and reports whether it is needed: with members there,
// it makes none.
func (db *DB) NewSetupLink(ctx context.Context, tokenDigest []byte) (needed bool, err error) {
	defer wrap(&err, "setup link")
	tag, err := db.pool.Exec(ctx, `
		INSERT INTO setup_links (token_digest)
		SELECT $1 WHERE NOT EXISTS (SELECT FROM members)`, tokenDigest)
	return tag.RowsAffected() == 1, err
}

// CheckSetupLink returns fault.NotFound unless the link would make the first member.
func (db *DB) CheckSetupLink(ctx context.Context, tokenDigest []byte) error {
	return mapError(execOne(ctx, db.pool, `
		SELECT FROM setup_links WHERE token_digest = $1 AND NOT EXISTS (SELECT FROM members)`, tokenDigest))
}

// SetUp makes the first member by a one-time link, puts the site into the time zone and uses all such links up. It returns
// fault.NotFound if the link does not work.
func (db *DB) SetUp(ctx context.Context, tokenDigest []byte, n staff.NewMember, passwordHash, zone string) error {
	return db.inTx(ctx, func(tx pgx.Tx) error {
		// Two links opened at once make one member.
		if _, err := tx.Exec(ctx, `LOCK TABLE members IN SHARE ROW EXCLUSIVE MODE`); err != nil {
			return err
		}
		err := execOne(ctx, tx, `
			WITH used AS (DELETE FROM setup_links RETURNING token_digest)
			SELECT FROM used WHERE token_digest = $1 AND NOT EXISTS (SELECT FROM members)`, tokenDigest)
		if err != nil {
			return err
		}
		member, err := addMember(ctx, tx, n, passwordHash)
		if err != nil {
			return err
		}
		if err := db.joined(ctx, tx, member, member); err != nil {
			return err
		}
		promise, err := lockPromise(ctx, tx)
		if err != nil || promise.TimeZone == zone {
			return err
		}
		promise.TimeZone = zone
		return db.replacePromise(ctx, tx, promise, member)
	})
}

// Signature returns what stands below the member's replies; "" stands for their name.
func (db *DB) Signature(ctx context.Context, member int64) (signature string, err error) {
	err = db.read(ctx, func(b *pgx.Batch) { readSignature(b, member, &signature) })
	return signature, err
}

func readSignature(b *pgx.Batch, member int64, signature *string) {
	readValue(b, signature, "signature", `SELECT signature FROM members WHERE id = @member`,
		pgx.StrictNamedArgs{"member": member})
}

// SetSignature sets the text below the member's replies.
func (db *DB) SetSignature(ctx context.Context, member int64, signature string) error {
	return db.inTx(ctx, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `UPDATE members SET signature = $2 WHERE id = $1`, member, signature); err != nil {
			return err
		}
		return record(ctx, tx, member, staff.SignatureChanged, 0)
	})
}
