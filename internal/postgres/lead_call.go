package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"tiebreak/internal/fault"
	"tiebreak/internal/lead"
)

// AddCall stores what a member writes down about a call or a meeting with the prospect, once for each press of the button. It
// answers what waits, as a reply does, unless the prospect wrote that after the call. It returns fault.Conflict if something
// decisive happened that the member has not seen, and fault.Forbidden for a lead that is suspect or erased.
func (db *DB) AddCall(ctx context.Context, a lead.Act, call lead.Message) error {
	return db.retryInTx(ctx, func(tx pgx.Tx) error {
		h, err := lockLead(ctx, tx, a.Reference)
		if err != nil {
			return err
		}
		stored, err := isStored(ctx, tx, h, lead.CallMessage, call.Key)
		if err != nil || stored {
			return err
		}
		if h.Suspect || h.Status == lead.Erased {
			return fmt.Errorf("a call about lead %s: %w", a.Reference, fault.Forbidden)
		}
		if err := requireSeen(ctx, tx, h, a); err != nil {
			return err
		}
		call.Kind, call.MemberID = lead.CallMessage, a.Member
		if _, err = insertMessage(ctx, tx, h, call); err != nil {
			return err
		}
		answers, err := answersWhatWaits(ctx, tx, h, call.At)
		if err != nil {
			return err
		}
		if !answers {
			return addHistory(ctx, tx, h.ID, lead.Called, h.Status, actor(a.Member))
		}
		return answered(ctx, tx, h, lead.Called, a.Member)
	})
}

// answersWhatWaits reports whether the prospect had written what waits by the minute of the call, which is zero for now.
func answersWhatWaits(ctx context.Context, tx pgx.Tx, h lockedLead, at time.Time) (answers bool, err error) {
	if at.IsZero() {
		return true, nil
	}
	err = tx.QueryRow(ctx, `SELECT $2 >= date_trunc('minute', coalesce(awaiting_since, received_at)) FROM leads WHERE id = $1`,
		h.ID, at).Scan(&answers)
	return answers, err
}

// NeedNoAnswer says for a member that the prospect's last messages need no answer. It stops the second clock, and nothing else. A
// lead in which no message waits stays as it is. It returns fault.Conflict if something decisive happened that the member has not
// seen, such as another message.
func (db *DB) NeedNoAnswer(ctx context.Context, a lead.Act) error {
	return db.inTx(ctx, func(tx pgx.Tx) error {
		h, err := lockSeenLead(ctx, tx, a)
		if err != nil {
			return err
		}
		tag, err := tx.Exec(ctx, `
			UPDATE leads SET awaiting_since = NULL, answer_due_at = NULL WHERE id = $1 AND awaiting_since IS NOT NULL`, h.ID)
		if err != nil || tag.RowsAffected() == 0 {
			return err
		}
		return addHistory(ctx, tx, h.ID, lead.NeedsNone, h.Status, actor(a.Member))
	})
}
