package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"tiebreak/internal/fault"
	"tiebreak/internal/lead"
	"tiebreak/internal/staff"
)

// InvitationJob has a worker send an invitation's mail.
type InvitationJob struct {
	Invitation int64 `json:"invitation"`
}

// Kind is the job's name in the queue.
func (InvitationJob) Kind() string { return "invitation" }

// selectInvitations begins a query; a link is good for @limit.
const selectInvitations = `
	SELECT i.id, coalesce(c.email, '') AS email, i.role, m.name AS by, i.made_at, i.made_at + @limit::interval AS ends_at,
	       CASE WHEN i.used_at IS NOT NULL THEN 'used' WHEN i.withdrawn_at IS NOT NULL THEN 'withdrawn'
	            WHEN c.email IS NULL OR i.made_at + @limit::interval <= clock() THEN 'expired' ELSE 'open' END AS state,
	       i.sent_at, i.attempts, i.problem, i.code
	FROM invitations i
	JOIN members m ON m.id = i.invited_by
	LEFT JOIN invitation_contents c ON c.invitation_id = i.id
	WHERE `

// Invite has an invitation go out by mail; an older one for the same address is withdrawn. It is fault.Conflict if a member
// has the address, and fault.Forbidden if the one who asks is no active admin any more.
func (db *DB) Invite(ctx context.Context, by int64, n staff.NewInvitation, tokenDigest []byte) error {
	err := db.inTx(ctx, func(tx pgx.Tx) error {
		if err := governs(ctx, tx, by); err != nil {
			return err
		}
		taken, err := memberWith(ctx, tx, n.Email)
		if err != nil {
			return err
		}
		if taken != 0 {
			return fault.Conflict
		}
		err = withdrawInvitations(ctx, tx, by, `id = (SELECT invitation_id FROM invitation_contents WHERE lower(email) = lower($1))`, n.Email)
		if err != nil {
			return err
		}
		var id int64
		err = tx.QueryRow(ctx, `
			INSERT INTO invitations (salt, token_digest, role, invited_by) VALUES ($1, $2, $3, $4) RETURNING id`,
			n.Salt, tokenDigest, n.Role, by).Scan(&id)
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `INSERT INTO invitation_contents (invitation_id, email) VALUES ($1, $2)`, id,
			n.Email); err != nil {
			return err
		}
		if _, err := db.queue.InsertTx(ctx, tx, InvitationJob{Invitation: id}, nil); err != nil {
			return err
		}
		return record(ctx, tx, by, staff.InvitationSent, id)
	})
	if err != nil {
		return fmt.Errorf("invite: %w", err)
	}
	return nil
}

// Invitations are those that nobody has used yet and nobody withdrew, the latest first.
func (db *DB) Invitations(ctx context.Context) (invitations []staff.Invitation, err error) {
	err = db.read(ctx, func(b *pgx.Batch) { readInvitations(b, &invitations) })
	return invitations, err
}

func readInvitations(b *pgx.Batch, invitations *[]staff.Invitation) {
	readRows(b, invitations, "invitations", selectInvitations+`
		i.used_at IS NULL AND i.withdrawn_at IS NULL AND c.email IS NOT NULL
		ORDER BY i.id DESC`, pgx.StrictNamedArgs{"limit": staff.InvitationLimit})
}

// InvitationByToken returns the invitation in whatever state it is, or fault.NotFound.
func (db *DB) InvitationByToken(ctx context.Context, tokenDigest []byte) (staff.Invitation, error) {
	rows, _ := db.pool.Query(ctx, selectInvitations+`i.token_digest = @token`,
		pgx.StrictNamedArgs{"limit": staff.InvitationLimit, "token": tokenDigest})
	i, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[staff.Invitation])
	if err != nil {
		return i, fmt.Errorf("invitation: %w", kind(err))
	}
	return i, nil
}

// InvitationToSend returns the invitation and the salt of its link, or fault.NotFound.
func (db *DB) InvitationToSend(ctx context.Context, id int64) (i staff.Invitation, salt []byte, err error) {
	what := fmt.Sprintf("invitation %d", id)
	err = db.read(ctx, func(b *pgx.Batch) {
		readValue(b, &salt, what, `SELECT salt FROM invitations WHERE id = @id`, pgx.StrictNamedArgs{"id": id})
		readRow(b, &i, what, selectInvitations+`i.id = @id`, pgx.StrictNamedArgs{"limit": staff.InvitationLimit, "id": id})
	})
	return i, salt, err
}

// InvitationSent says that the mail went out.
func (db *DB) InvitationSent(ctx context.Context, id int64) error {
	_, err := db.pool.Exec(ctx, `UPDATE invitations SET sent_at = clock(), problem = '', code = 0 WHERE id = $1`, id)
	return kind(err)
}

// InvitationFailed says why the last attempt to send the mail failed and returns how many there were.
func (db *DB) InvitationFailed(ctx context.Context, id int64, problem lead.Problem, code int) (attempts int, err error) {
	err = db.pool.QueryRow(ctx, `
		UPDATE invitations SET attempts = attempts + 1, problem = $2, code = $3 WHERE id = $1 RETURNING attempts`,
		id, problem, code).Scan(&attempts)
	return attempts, kind(err)
}

// WithdrawInvitation makes its link good for nothing; one that was withdrawn before stays so. It is staff.ErrInvitationUsed
// where that is too late, fault.NotFound for none, and fault.Forbidden as Invite.
func (db *DB) WithdrawInvitation(ctx context.Context, by, id int64) error {
	err := db.inTx(ctx, func(tx pgx.Tx) error {
		if err := governs(ctx, tx, by); err != nil {
			return err
		}
		if err := withdrawInvitations(ctx, tx, by, `id = $1`, id); err != nil {
			return err
		}
		var used bool
		err := tx.QueryRow(ctx, `SELECT used_at IS NOT NULL FROM invitations WHERE id = $1`, id).Scan(&used)
		if err == nil && used {
			err = staff.ErrInvitationUsed
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("withdraw invitation %d: %w", id, err)
	}
	return nil
}

// withdrawInvitations withdraws those of the condition that nobody has used or withdrawn yet, forgets whom they were for, and
// records each.
func withdrawInvitations(ctx context.Context, tx pgx.Tx, by int64, condition string, arg any) error {
	rows, _ := tx.Query(ctx, `
		WITH withdrawn AS (
			UPDATE invitations SET withdrawn_at = clock()
			WHERE used_at IS NULL AND withdrawn_at IS NULL AND `+condition+`
			RETURNING id
		), forgotten AS (
			DELETE FROM invitation_contents c USING withdrawn w WHERE c.invitation_id = w.id
		)
		SELECT id FROM withdrawn ORDER BY id`, arg)
	withdrawn, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	for _, id := range withdrawn {
		if err == nil {
			err = record(ctx, tx, by, staff.InvitationWithdrawn, id)
		}
	}
	return err
}

// AcceptInvitation uses the link up and makes the member, with the address and the role of the invitation. It is
// fault.NotFound if the link is not good any more, and fault.Conflict if somebody has the address meanwhile.
func (db *DB) AcceptInvitation(ctx context.Context, tokenDigest []byte, name, passwordHash string) (member int64, err error) {
	err = db.inTx(ctx, func(tx pgx.Tx) error {
		err := tx.QueryRow(ctx, `
			WITH used AS (
				UPDATE invitations SET used_at = clock()
				WHERE token_digest = $2 AND used_at IS NULL AND withdrawn_at IS NULL AND made_at + $1::interval > clock()
				RETURNING id, role
			), forgotten AS (
				DELETE FROM invitation_contents c USING used u WHERE c.invitation_id = u.id RETURNING c.email
			)
			INSERT INTO members (email, name, role, password_hash) SELECT email, $3, role, $4 FROM used, forgotten
			RETURNING id`, staff.InvitationLimit, tokenDigest, name, passwordHash).Scan(&member)
		if err != nil {
			return err
		}
		return db.joined(ctx, tx, member, member)
	})
	if err != nil {
		return 0, fmt.Errorf("accept an invitation: %w", err)
	}
	return member, nil
}
