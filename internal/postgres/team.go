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
		       (SELECT count(*) FROM sessions WHERE member_id = m.id AND `+alive+`), `+hasFactor+`,
		       coalesce(n.problem, ''), coalesce(n.code, 0)
		FROM members m
		LEFT JOIN LATERAL (
			SELECT problem, code FROM deliveries
			WHERE member_id = m.id AND lead_id IS NULL AND attempts > 0 ORDER BY made_at DESC, id DESC LIMIT 1) n ON true
		ORDER BY disabled_at IS NOT NULL, lower(name), id`, staff.AbsoluteLimit, staff.IdleLimit)
	team, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (m staff.TeamMember, err error) {
		return m, row.Scan(&m.ID, &m.Email, &m.Name, &m.Role, &m.Disabled, &m.SeenAt, &m.Sessions, &m.Factor, &m.Problem, &m.Code)
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
		case before.IsActiveAdmin() && !after.IsActiveAdmin() && len(admins) == 1:
			return staff.ErrLastAdmin
		}
		if err := replaceMember(ctx, tx, by, after); err != nil {
			return err
		}
		if err := record(ctx, tx, by, changeOf(before, after), member); err != nil || before.IsActiveAdmin() {
			return err
		}
		return db.notifyAdmins(ctx, tx, member)
	})
	if err != nil {
		return fmt.Errorf("change member %d: %w", member, err)
	}
	return nil
}

func changeOf(before, after staff.Member) staff.ActKind {
	switch {
	case after.Disabled && !before.Disabled:
		return staff.MemberDisabled
	case before.Disabled && !after.Disabled:
		return staff.MemberEnabled
	}
	return staff.Made(after.Role)
}

// lockAdmins are the active admins, held until the transaction ends, so that of two who demote each other the second finds
// that it is no admin any more.
func lockAdmins(ctx context.Context, tx pgx.Tx) ([]int64, error) {
	rows, _ := tx.Query(ctx, `
		SELECT id FROM members WHERE role = 'admin' AND disabled_at IS NULL ORDER BY id FOR NO KEY UPDATE`)
	return pgx.CollectRows(rows, pgx.RowTo[int64])
}

// governs is fault.Forbidden unless the member is an active admin, and stays one until the transaction ends.
func governs(ctx context.Context, tx pgx.Tx, member int64) error {
	admins, err := lockAdmins(ctx, tx)
	if err == nil && !slices.Contains(admins, member) {
		err = fault.Forbidden
	}
	return err
}

// replaceMember writes a role and a state and ends what rested on those before: sessions, links to choose a password and, of
// who governs no more, invitations.
func replaceMember(ctx context.Context, tx pgx.Tx, by int64, m staff.Member) error {
	_, err := tx.Exec(ctx, `
		UPDATE members
		SET role = $2, disabled_at = CASE WHEN $3 THEN coalesce(disabled_at, clock()) END
		WHERE id = $1`, m.ID, m.Role, m.Disabled)
	if err != nil {
		return err
	}
	if err := useUpLinks(ctx, tx, m.ID); err != nil {
		return err
	}
	if !m.IsActiveAdmin() {
		if err := withdrawInvitations(ctx, tx, by, `invited_by = @member`, pgx.StrictNamedArgs{"member": m.ID}); err != nil {
			return err
		}
	}
	return endSessions(ctx, tx, m.ID, nil)
}
