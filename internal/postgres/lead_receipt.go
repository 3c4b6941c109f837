package postgres

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"tiebreak/internal/fault"
	"tiebreak/internal/lead"
)

// Receipt returns what the receipt with the token shows. It returns fault.Gone if the token was replaced by another, and
// fault.NotFound if there never was such a receipt.
func (db *DB) Receipt(ctx context.Context, token string) (r lead.Receipt, err error) {
	err = db.read(ctx, func(b *pgx.Batch) { readReceipt(b, byToken(token), &r, lead.ProspectMessages...) })
	r.Messages = r.Lead.ProspectsSide(r.Messages)
	return r, db.orGone(ctx, token, err)
}

// readReceipt reads a lead with its messages of the kinds, or with all of them if none is named.
func readReceipt(b *pgx.Batch, where leadCondition, r *lead.Receipt, kinds ...lead.MessageKind) {
	readLead(b, where, &r.Lead)
	readHistory(b, where, &r.History)
	readMessages(b, where, &r.Messages, kinds...)
	readDeliveries(b, where, &r.Mails)
}

// onReceipt runs what a prospect does on the receipt with the token in a transaction, with the errors of Receipt.
func (db *DB) onReceipt(ctx context.Context, token string, work func(tx pgx.Tx) error) error {
	return db.orGone(ctx, token, db.retryInTx(ctx, work))
}

// orGone returns fault.Gone in place of fault.NotFound if the token of the receipt was replaced.
func (db *DB) orGone(ctx context.Context, token string, err error) error {
	if !errors.Is(err, fault.NotFound) {
		return err
	}
	var replaced bool
	wrong := db.pool.QueryRow(ctx, `SELECT EXISTS (SELECT FROM replaced_receipts WHERE token = $1)`, token).Scan(&replaced)
	switch {
	case wrong != nil:
		return mapError(wrong)
	case replaced:
		return fmt.Errorf("the link of a receipt was replaced: %w", fault.Gone)
	}
	return err
}

// replaceToken gives the lead's receipt a new token, and returns it. press may be nil.
func replaceToken(ctx context.Context, tx pgx.Tx, id int64, token string, press []byte) (string, error) {
	now := lead.NewToken()
	_, err := tx.Exec(ctx, `
		WITH replaced AS (
			INSERT INTO replaced_receipts (token, lead_id, successor, press) VALUES (@token, @lead, @now, @press)
		)
		UPDATE leads SET token = @now WHERE id = @lead`,
		pgx.StrictNamedArgs{"lead": id, "token": token, "now": now, "press": press})
	if err != nil {
		return "", fmt.Errorf("receipt of lead %d: %w", id, err)
	}
	return now, nil
}

// successorOf returns the token that replaced the other one by the press of a button. It returns fault.NotFound if it was
// another press, or none.
func successorOf(ctx context.Context, tx pgx.Tx, token string, press []byte) (successor string, err error) {
	err = tx.QueryRow(ctx, `SELECT successor FROM replaced_receipts WHERE token = $1 AND press = $2`, token, press).
		Scan(&successor)
	return successor, mapError(err)
}
