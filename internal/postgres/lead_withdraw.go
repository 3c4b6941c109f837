package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"tiebreak/internal/fault"
	"tiebreak/internal/lead"
)

// repliesCountFrom is when the time for the first reply to leads l begins: with their arrival, or the reopening after it.
const repliesCountFrom = `coalesce(l.counted_from, l.received_at)`

// answersCountFrom is when the time for an answer to what waits in leads l begins.
const answersCountFrom = `coalesce(reopening(l.awaiting_since), l.awaiting_since)`

// withdrawnWithin is how long a withdrawal lasted that was undone, without what lies before the time began.
func withdrawnWithin(began, withdrawn, undone string) string {
	return `greatest(` + undone + ` - greatest(` + withdrawn + `, ` + began + `), interval '0')`
}

// withdrawnSince is for how long leads l were withdrawn after their time began. By as much UndoWithdrawal moved their deadline.
func withdrawnSince(began string) string {
	return `coalesce((
		SELECT sum(` + withdrawnWithin(began, `withdrawn.at`, `undone.at`) + `)
		FROM lead_history undone, LATERAL (
			SELECT max(h.at) AS at FROM lead_history h WHERE h.lead_id = l.id AND h.kind = @withdrew AND h.id < undone.id
		) withdrawn
		WHERE undone.lead_id = l.id AND undone.kind = @resumed), interval '0')`
}

// Withdraw closes the lead whose receipt has the token, at the prospect's wish, gives its place to the first on the waitlist,
// deletes its follow-up and tells staff. A lead that is withdrawn already stays so. It returns fault.Conflict for a lead that is
// closed otherwise.
func (db *DB) Withdraw(ctx context.Context, token string) error {
	return db.onReceipt(ctx, token, func(tx pgx.Tx) error {
		if err := lockPlaces(ctx, tx); err != nil {
			return err
		}
		h, err := lockOpenLead(ctx, tx, token)
		if h.Status == lead.Withdrawn {
			return nil
		}
		if err != nil {
			return err
		}
		if err := releasePlace(ctx, tx, h.ID); err != nil {
			return err
		}
		if _, err := deleteFollowUp(ctx, tx, h.ID); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `UPDATE leads SET status = 'withdrawn' WHERE id = $1`, h.ID); err != nil {
			return fmt.Errorf("lead %d: %w", h.ID, err)
		}
		if err := addHistory(ctx, tx, h.ID, lead.Withdrew, lead.Withdrawn, byNoStaff); err != nil {
			return err
		}
		if err := db.announce(ctx, tx, h.ID, lead.WithdrawnMail); err != nil {
			return err
		}
		return db.settlePlaces(ctx, tx)
	})
}

// UndoWithdrawal takes up again the lead whose receipt has the token, at the prospect's wish, and tells staff: it has the status
// that it had before, and waits for a place at the end of the waitlist. The place that it gave up may be gone. The time for
// which it was withdrawn does not count for the promised reply. A lead that is open stays as it is. It returns fault.Conflict
// for a lead that is closed otherwise.
func (db *DB) UndoWithdrawal(ctx context.Context, token string) error {
	return db.onReceipt(ctx, token, func(tx pgx.Tx) error {
		if err := lockPlaces(ctx, tx); err != nil {
			return err
		}
		h, err := lockOneLead(ctx, tx, byToken(token))
		switch {
		case err != nil || h.Status.Open():
			return err
		case h.Status != lead.Withdrawn:
			return fmt.Errorf("lead %d is %s: %w", h.ID, h.Status, fault.Conflict)
		}
		var status lead.Status
		err = tx.QueryRow(ctx, `
			UPDATE leads l
			SET status = before.status, place = CASE WHEN suspect THEN 'none' ELSE 'waitlist' END, waitlist_order = NULL,
			    due_at = CASE WHEN answered_at IS NULL
			        THEN due_at + `+withdrawnWithin(repliesCountFrom, `withdrawn.at`, `clock()`)+` ELSE due_at END,
			    answer_due_at = answer_due_at + `+withdrawnWithin(answersCountFrom, `withdrawn.at`, `clock()`)+`
			FROM (SELECT status FROM lead_history
			      WHERE lead_id = @lead AND status IN `+openStatuses+` ORDER BY id DESC LIMIT 1) before,
			     (SELECT max(at) AS at FROM lead_history WHERE lead_id = @lead AND kind = @kind) withdrawn
			WHERE l.id = @lead
			RETURNING l.status`, pgx.StrictNamedArgs{"lead": h.ID, "kind": lead.Withdrew}).Scan(&status)
		if err != nil {
			return fmt.Errorf("lead %d: %w", h.ID, err)
		}
		if err := addHistory(ctx, tx, h.ID, lead.Resumed, status, byNoStaff); err != nil {
			return err
		}
		if err := db.announce(ctx, tx, h.ID, lead.ResumedMail); err != nil {
			return err
		}
		// The page that follows says which place it has.
		return db.settlePlaces(ctx, tx, h.ID)
	})
}
