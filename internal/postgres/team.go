package postgres

import (
	"context"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"tiebreak/internal/fault"
	"tiebreak/internal/staff"
)

// CommandLine is who changes the team where nobody is signed in.
const CommandLine int64 = 0

// Team lists the staff: active ones first, by name.
func (db *DB) Team(ctx context.Context) ([]staff.TeamMember, error) {
	rows, _ := db.pool.Query(ctx, `
		SELECT id, email, name, role, disabled_at IS NOT NULL, seen_at,
		       (SELECT count(*) FROM sessions WHERE member_id = m.id AND `+alive+`), `+hasFactor+`
		FROM members m
		ORDER BY disabled_at IS NOT NULL, lower(name), id`, staff.AbsoluteLimit, staff.IdleLimit)
	team, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (m staff.TeamMember, err error) {
		return m, row.Scan(&m.ID, &m.Email, &m.Name, &m.Role, &m.Disabled, &m.SeenAt, &m.Sessions, &m.Factor)
	})
	if err != nil {
		return nil, fmt.Errorf("team: %w", kind(err))
	}
	return team, nil
}

// ChangeRole gives the member another role and ends their sessions. It is staff.ErrLastAdmin where no admin would be left,
// and fault.Forbidden if the one who asks is no active admin any more.
func (db *DB) ChangeRole(ctx context.Context, by, member int64, role staff.Role) error {
	return db.changeMember(ctx, by, member, func(m *staff.Member) { m.Role = role })
}

// Disable keeps the member out from now on, or lets them in again; as ChangeRole.
func (db *DB) Disable(ctx context.Context, by, member int64, disabled bool) error {
	return db.changeMember(ctx, by, member, func(m *staff.Member) { m.Disabled = disabled })
}

func (db *DB) changeMember(ctx context.Context, by, member int64, change func(m *staff.Member)) error {
	err := db.inTx(ctx, func(tx pgx.Tx) error {
		admins, err := lockAdmins(ctx, tx)
		if err != nil {
			return err
		}
		if by != CommandLine && !slices.Contains(admins, by) {
			return fault.Forbidden
		}
		before := staff.Member{ID: member}
		err = tx.QueryRow(ctx, `SELECT role, disabled_at IS NOT NULL FROM members WHERE id = $1 FOR NO KEY UPDATE`, member).
			Scan(&before.Role, &before.Disabled)
		if err != nil {
			return err
		}
		after := before
		change(&after)
		switch {
		case after == before:
			return nil
		case before.Governs() && !after.Governs() && len(admins) == 1:
			return staff.ErrLastAdmin
		}
		if err := replaceMember(ctx, tx, after); err != nil {
			return err
		}
		kind := staff.MemberRole
		switch {
		case after.Disabled && !before.Disabled:
			kind = staff.MemberDisabled
		case before.Disabled && !after.Disabled:
			kind = staff.MemberEnabled
		}
		return record(ctx, tx, by, kind, member)
	})
	if err != nil {
		return fmt.Errorf("change member %d: %w", member, err)
	}
	return nil
}

// lockAdmins are the active admins, held until the transaction ends, so that of two who demote each other the second finds
// that it is no admin any more.
func lockAdmins(ctx context.Context, tx pgx.Tx) ([]int64, error) {
	rows, _ := tx.Query(ctx, `
		SELECT id FROM members WHERE role = 'admin' AND disabled_at IS NULL ORDER BY id FOR NO KEY UPDATE`)
	return pgx.CollectRows(rows, pgx.RowTo[int64])
}

// replaceMember writes a role and a state and ends what rested on those before: sessions and, of who governs no more,
// invitations.
func replaceMember(ctx context.Context, tx pgx.Tx, m staff.Member) error {
	_, err := tx.Exec(ctx, `
		UPDATE members
		SET role = $2, disabled_at = CASE WHEN $3 THEN coalesce(disabled_at, clock()) END
		WHERE id = $1`, m.ID, m.Role, m.Disabled)
	if err != nil {
		return err
	}
	if !m.Governs() {
		if err := withdrawInvitations(ctx, tx, `invited_by = $1`, m.ID); err != nil {
			return err
		}
	}
	return endSessions(ctx, tx, m.ID, nil)
}

// ResetPassword gives the member another password, takes their second factors away, lets them in again and ends all their
// sessions.
func (db *DB) ResetPassword(ctx context.Context, member int64, passwordHash string) error {
	err := db.inTx(ctx, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE members SET password_hash = $2, disabled_at = NULL WHERE id = $1`, member, passwordHash)
		if err != nil {
			return err
		}
		if err := removeFactors(ctx, tx, member); err != nil {
			return err
		}
		if err := endSessions(ctx, tx, member, nil); err != nil {
			return err
		}
		return record(ctx, tx, CommandLine, staff.MemberReset, member)
	})
	if err != nil {
		return fmt.Errorf("reset member %d: %w", member, err)
	}
	return nil
}

// PasswordHash is that of the member.
func (db *DB) PasswordHash(ctx context.Context, member int64) (hash string, err error) {
	err = db.pool.QueryRow(ctx, `SELECT password_hash FROM members WHERE id = $1`, member).Scan(&hash)
	return hash, kind(err)
}

// ChangePassword puts a new hash in the place of the old one, ends the member's other sessions and gives the one that asks
// a new token. It is fault.NotFound, and nothing is changed, if that session or the old password is over.
func (db *DB) ChangePassword(ctx context.Context, member int64, oldHash, newHash string, oldToken, newToken []byte) error {
	err := db.inTx(ctx, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, `
			UPDATE members SET password_hash = $3 WHERE id = $1 AND password_hash = $2 AND disabled_at IS NULL`, member, oldHash, newHash)
		if err != nil {
			return err
		}
		if tag.RowsAffected() == 0 {
			return fault.NotFound
		}
		if err := rotate(ctx, tx, member, oldToken, newToken); err != nil {
			return err
		}
		return record(ctx, tx, member, staff.PasswordChanged, 0)
	})
	if err != nil {
		return fmt.Errorf("change password: %w", err)
	}
	return nil
}
