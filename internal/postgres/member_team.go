package postgres

import (
	"context"
	"slices"

	"github.com/jackc/pgx/v5"

	"tiebreak/internal/fault"
	"tiebreak/internal/lead"
	"tiebreak/internal/staff"
)

// CommandLine is who changes the team where nobody is signed in.
const CommandLine int64 = 0

// TeamPage is what the page of the team shows.
type TeamPage struct {
	Team           []staff.TeamMember
	Invitations    []staff.Invitation
	FactorRequired bool // all members must have a second factor
	Queue          lead.Queue
}

// TeamPage reads the page of the team.
func (db *DB) TeamPage(ctx context.Context) (p TeamPage, err error) {
	err = db.read(ctx, func(b *pgx.Batch) {
		readTeam(b, &p.Team)
		readInvitations(b, &p.Invitations)
		readFactorRequired(b, &p.FactorRequired)
		readQueue(b, &p.Queue)
	})
	return p, err
}

// Team lists the staff: active members first, by name.
func (db *DB) Team(ctx context.Context) (team []staff.TeamMember, err error) {
	err = db.read(ctx, func(b *pgx.Batch) { readTeam(b, &team) })
	return team, err
}

func readTeam(b *pgx.Batch, team *[]staff.TeamMember) {
	readRows(b, team, "team", `
		SELECT id, email, name, role, disabled_at IS NOT NULL AS disabled, seen_at,
		       (SELECT count(*) FROM sessions WHERE member_id = m.id AND `+alive+`) AS sessions, `+hasFactor+` AS factor,
		       coalesce(n.problem, '') AS problem, coalesce(n.code, 0) AS code
		FROM members m
		LEFT JOIN LATERAL (
			SELECT problem, code FROM deliveries
			WHERE member_id = m.id AND lead_id IS NULL AND attempts > 0 ORDER BY made_at DESC, id DESC LIMIT 1) n ON true
		ORDER BY disabled_at IS NOT NULL, lower(name), id`, aliveArgs(nil))
}

// ChangeRole gives the member another role and ends their sessions. It returns staff.ErrLastAdmin if no admin would be left, and
// fault.Forbidden if the member who asks is no longer an active admin.
func (db *DB) ChangeRole(ctx context.Context, by, member int64, role staff.Role) error {
	return db.changeMember(ctx, by, member, func(m *staff.Member) { m.Role = role })
}

// Disable keeps the member out from now on, or lets them in again, with the errors of ChangeRole.
func (db *DB) Disable(ctx context.Context, by, member int64, disabled bool) error {
	return db.changeMember(ctx, by, member, func(m *staff.Member) { m.Disabled = disabled })
}

func (db *DB) changeMember(ctx context.Context, by, member int64, change func(m *staff.Member)) (err error) {
	defer wrap(&err, "change member %d", member)
	return db.inTx(ctx, func(tx pgx.Tx) error {
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

// lockAdmins returns the active admins, held until the transaction ends, so that of two who demote each other the second finds
// that it is no longer an admin.
func lockAdmins(ctx context.Context, tx pgx.Tx) ([]int64, error) {
	rows, _ := tx.Query(ctx, `
		SELECT id FROM members WHERE role = 'admin' AND disabled_at IS NULL ORDER BY id FOR NO KEY UPDATE`)
	return pgx.CollectRows(rows, pgx.RowTo[int64])
}

// governs returns fault.Forbidden unless the member is an active admin, and stays one until the transaction ends.
func governs(ctx context.Context, tx pgx.Tx, member int64) error {
	admins, err := lockAdmins(ctx, tx)
	if err == nil && !slices.Contains(admins, member) {
		err = fault.Forbidden
	}
	return err
}

// replaceMember writes a role and a state and ends what rested on those before: sessions, links to choose a password and, of a
// member who governs no more, invitations.
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
