package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"

	"tiebreak/internal/fault"
	"tiebreak/internal/staff"
)

// selectInvitations begins a query of invitations i and their deliveries d. A link works for @limit.
const selectInvitations = `
	SELECT i.id, coalesce(c.email, '') AS email, i.role, m.name AS by, i.made_at, i.made_at + @limit::interval AS ends_at,
	       CASE WHEN i.used_at IS NOT NULL THEN 'used' WHEN i.withdrawn_at IS NOT NULL THEN 'withdrawn'
	            WHEN c.email IS NULL OR i.made_at + @limit::interval <= clock() THEN 'expired' ELSE 'open' END AS state,
	       CASE WHEN d.state = 'sent' THEN d.ended_at END AS sent_at,
	       coalesce(d.state = 'dropped', false) AS dropped, coalesce(d.attempts, 0) AS attempts,
	       coalesce(d.problem, '') AS problem, coalesce(d.code, 0) AS code, i.salt
	FROM invitations i
	JOIN members m ON m.id = i.invited_by
	LEFT JOIN deliveries d ON d.invitation_id = i.id
	LEFT JOIN invitation_contents c ON c.invitation_id = i.id
	WHERE `

// Invite has an invitation go out by mail; an older one for the same address is withdrawn. It returns fault.Conflict if a member
// has the address, and fault.Forbidden if the one who asks is no longer an active admin.
func (db *DB) Invite(ctx context.Context, by int64, n staff.NewInvitation, tokenDigest []byte) (err error) {
	defer wrap(&err, "invite")
	return db.inTx(ctx, func(tx pgx.Tx) error {
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
		err = withdrawInvitations(ctx, tx, by,
			`id = (SELECT invitation_id FROM invitation_contents WHERE lower(email) = lower(@email))`,
			pgx.StrictNamedArgs{"email": n.Email})
		if err != nil {
			return err
		}
		var id int64
		err = tx.QueryRow(ctx, `
			WITH made AS (
				INSERT INTO invitations (salt, token_digest, role, invited_by) VALUES (@salt, @token, @role, @by) RETURNING id
			)
			INSERT INTO invitation_contents (invitation_id, email) SELECT id, @email FROM made RETURNING invitation_id`,
			pgx.StrictNamedArgs{"salt": n.Salt, "token": tokenDigest, "role": n.Role, "by": by, "email": n.Email}).Scan(&id)
		if err != nil {
			return err
		}
		err = db.deliver(ctx, tx, `INSERT INTO deliveries (invitation_id, kind) VALUES (@invitation, @kind) RETURNING id`,
			pgx.StrictNamedArgs{"invitation": id, "kind": staff.InvitationMail})
		if err != nil {
			return err
		}
		return record(ctx, tx, by, staff.InvitationSent, id)
	})
}

// readInvitations reads those that nobody has used yet and nobody withdrew, the latest first.
func readInvitations(b *pgx.Batch, invitations *[]staff.Invitation) {
	readRows(b, invitations, "invitations", selectInvitations+`
		i.used_at IS NULL AND i.withdrawn_at IS NULL AND c.email IS NOT NULL
		ORDER BY i.id DESC`, pgx.StrictNamedArgs{"limit": staff.InvitationLimit})
}

// InvitationByToken returns the invitation in whatever state it is, or fault.NotFound.
func (db *DB) InvitationByToken(ctx context.Context, tokenDigest []byte) (i staff.Invitation, err error) {
	err = db.read(ctx, func(b *pgx.Batch) {
		readRow(b, &i, "invitation", selectInvitations+`i.token_digest = @token`,
			pgx.StrictNamedArgs{"limit": staff.InvitationLimit, "token": tokenDigest})
	})
	return i, err
}

// WithdrawInvitation ends the link of an invitation; one that was withdrawn before stays so. It returns staff.ErrInvitationUsed
// if that is too late, fault.NotFound if there is no such invitation, and fault.Forbidden as Invite.
func (db *DB) WithdrawInvitation(ctx context.Context, by, id int64) (err error) {
	defer wrap(&err, "withdraw invitation %d", id)
	return db.inTx(ctx, func(tx pgx.Tx) error {
		if err := governs(ctx, tx, by); err != nil {
			return err
		}
		if err := withdrawInvitations(ctx, tx, by, `id = @id`, pgx.StrictNamedArgs{"id": id}); err != nil {
			return err
		}
		var used bool
		err := tx.QueryRow(ctx, `SELECT used_at IS NOT NULL FROM invitations WHERE id = $1`, id).Scan(&used)
		if err == nil && used {
			err = staff.ErrInvitationUsed
		}
		return err
	})
}

// withdrawInvitations withdraws those of the condition that are neither used nor withdrawn, deletes the addresses that they were
// for, and records each.
func withdrawInvitations(ctx context.Context, tx pgx.Tx, by int64, condition string, args pgx.StrictNamedArgs) error {
	rows, _ := tx.Query(ctx, `
		WITH withdrawn AS (
			UPDATE invitations SET withdrawn_at = clock()
			WHERE used_at IS NULL AND withdrawn_at IS NULL AND `+condition+`
			RETURNING id
		), forgotten AS (
			DELETE FROM invitation_contents c USING withdrawn w WHERE c.invitation_id = w.id
		)
		SELECT id FROM withdrawn ORDER BY id`, args)
	withdrawn, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	for _, id := range withdrawn {
		if err == nil {
			err = record(ctx, tx, by, staff.InvitationWithdrawn, id)
		}
	}
	return err
}

// AcceptInvitation uses the link up and makes the member, with the address and the role of the invitation. It returns
// fault.NotFound if the link no longer works, and fault.Conflict if a member has the address meanwhile.
func (db *DB) AcceptInvitation(ctx context.Context, tokenDigest []byte, name, passwordHash string) (member int64, err error) {
	defer wrap(&err, "accept an invitation")
	err = db.inTx(ctx, func(tx pgx.Tx) error {
		err := tx.QueryRow(ctx, `
			WITH used AS (
				UPDATE invitations SET used_at = clock()
				WHERE token_digest = @token AND used_at IS NULL AND withdrawn_at IS NULL AND made_at + @limit::interval > clock()
				RETURNING id, role
			), forgotten AS (
				DELETE FROM invitation_contents c USING used u WHERE c.invitation_id = u.id RETURNING c.email
			)
			INSERT INTO members (email, name, role, password_hash) SELECT email, @name, role, @hash FROM used, forgotten
			RETURNING id`, pgx.StrictNamedArgs{
			"token": tokenDigest, "limit": staff.InvitationLimit, "name": name, "hash": passwordHash,
		}).Scan(&member)
		if err != nil {
			return err
		}
		return db.joined(ctx, tx, member, member)
	})
	return member, err
}
