package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"

	"tiebreak/internal/fault"
	"tiebreak/internal/lead"
)

// AddTeamNote keeps what a member tells the others about a lead, once for each press of the button. It returns fault.Forbidden
// for an erased lead.
func (db *DB) AddTeamNote(ctx context.Context, reference string, member int64, press []byte, text string) error {
	return db.retryInTx(ctx, func(tx pgx.Tx) error {
		h, err := lockLead(ctx, tx, reference)
		if err != nil {
			return err
		}
		if h.Status == lead.Erased {
			return fault.Forbidden
		}
		tag, err := tx.Exec(ctx, `
			INSERT INTO team_notes (lead_id, member_id, key_digest, text) VALUES (@lead, @member, @press, @text)
			ON CONFLICT DO NOTHING`, pgx.StrictNamedArgs{"lead": h.ID, "member": member, "press": press, "text": text})
		if err != nil || tag.RowsAffected() == 0 {
			return err
		}
		if err := addWords(ctx, tx, h.ID, text); err != nil {
			return err
		}
		return addHistory(ctx, tx, h.ID, lead.TeamNoted, h.Status, actor(member))
	})
}

// readTeamNotes reads what members told each other about a lead, oldest first.
func readTeamNotes(b *pgx.Batch, where leadCondition, notes *[]lead.TeamNote) {
	readRows(b, notes, "team notes on a lead", `
		SELECT n.at, m.name AS member, n.text
		FROM team_notes n JOIN leads l ON l.id = n.lead_id JOIN members m ON m.id = n.member_id
		WHERE `+where.condition+` ORDER BY n.id`, where.args)
}
