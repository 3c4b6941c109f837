package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"

	"tiebreak/internal/lead"
)

// AddTeamNote stores what a member tells the others about a lead, once for each press of the button. It returns fault.Forbidden
// for an erased lead.
func (db *DB) AddTeamNote(ctx context.Context, reference string, member int64, press []byte, text string) error {
	return db.retryInTx(ctx, func(tx pgx.Tx) error {
		h, err := lockLead(ctx, tx, reference)
		if err != nil {
			return err
		}
		m := lead.Message{Kind: lead.TeamMessage, MemberID: member, Key: press, Text: text}
		id, err := insertMessage(ctx, tx, h, m)
		if err != nil || id == 0 {
			return err
		}
		return addHistory(ctx, tx, h.ID, lead.TeamNoted, h.Status, actor(member))
	})
}
