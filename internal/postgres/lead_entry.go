package postgres

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"

	"tiebreak/internal/fault"
	"tiebreak/internal/lead"
	"tiebreak/internal/staff"
)

// EnterLead keeps a lead that a member enters, once, and returns its reference. It has a clock and a place by the same rules as
// one that came by the form, counted from when it really arrived. It returns fault.Conflict if the form's key came with other
// words before.
//
// With the number of an email of the inbox the lead is made of it and has it. If that is no longer in the inbox, no lead is made
// and EnterLead returns fault.Gone.
func (db *DB) EnterLead(ctx context.Context, s lead.Submission, mail int64) (reference string, err error) {
	err = db.retryInTx(ctx, func(tx pgx.Tx) error {
		a, err := db.receiveLead(ctx, tx, s)
		if err != nil {
			return err
		}
		err = tx.QueryRow(ctx, `SELECT reference FROM leads WHERE token = $1`, a.Token).Scan(&reference)
		if err != nil || mail == 0 {
			return err
		}
		on, err := db.attachMail(ctx, tx, mail, reference, s.Origin.Member)
		if errors.Is(err, pgx.ErrNoRows) || err == nil && on != reference {
			return fault.Gone
		}
		return err
	})
	return reference, err
}

// enter does what follows once a member's new lead is stored: the audit says so, the member or all staff get it, its clock stops
// if the member has answered already, the prospect gets a confirmation only if the member asks for it, and the lead gets a place.
func (db *DB) enter(ctx context.Context, tx pgx.Tx, l insertedLead, s lead.Submission) error {
	if err := record(ctx, tx, s.Origin.Member, staff.LeadEntered, l.id); err != nil {
		return err
	}
	if s.Origin.Assign {
		entered := []lockedLead{{ID: l.id, Status: lead.New}}
		if _, err := assign(ctx, tx, entered, []int64{s.Origin.Member}, s.Origin.Member); err != nil {
			return err
		}
	} else if err := db.announce(ctx, tx, l.id, lead.NewMail); err != nil {
		return err
	}
	if s.Origin.Answered {
		_, err := tx.Exec(ctx, `UPDATE leads SET status = $2, answered_at = received_at WHERE id = $1`, l.id, lead.Contacted)
		if err == nil {
			err = addHistory(ctx, tx, l.id, lead.Moved, lead.Contacted, actor(s.Origin.Member))
		}
		if err != nil {
			return err
		}
	}
	if s.Origin.Confirm {
		if err := db.announce(ctx, tx, l.id, lead.ConfirmationMail); err != nil {
			return err
		}
	}
	return db.settlePlaces(ctx, tx, l.id)
}
