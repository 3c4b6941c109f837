package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

	"tiebreak/internal/lead"
)

// ErasureJob has a worker remove what stands of an erased lead outside of the database.
type ErasureJob struct {
	Reference string `json:"reference"`
}

// Kind is the job's name in the queue.
func (ErasureJob) Kind() string { return "erasure" }

// ErasureQueue is apart from that of the mails, so that a slow mail server holds no erasure up.
const ErasureQueue = "erasures"

// InsertOpts puts the job into its queue.
func (ErasureJob) InsertOpts() river.InsertOpts { return river.InsertOpts{Queue: ErasureQueue} }

// EraseLead deletes everything typed about the lead, by prospect and staff, for ever; member may be CommandLine. An open lead
// is withdrawn by it, so its place goes to the first on the waitlist. What stays is a line without a person: reference, guide,
// times and kinds. A lead that is erased already stays so. It returns fault.NotFound if there is no such lead.
func (db *DB) EraseLead(ctx context.Context, reference string, member int64) error {
	return db.erase(ctx, byReference(reference), actor(member))
}

// ErasedAmong returns those of the references whose leads are erased.
func (db *DB) ErasedAmong(ctx context.Context, references []string) (erased []string, err error) {
	defer wrap(&err, "erased leads")
	rows, _ := db.pool.Query(ctx, `SELECT reference FROM leads WHERE reference = ANY ($1) AND status = 'erased'`, references)
	return pgx.CollectRows(rows, pgx.RowTo[string])
}

// EraseByToken erases the lead of a receipt, at the prospect's wish.
func (db *DB) EraseByToken(ctx context.Context, token string) error {
	return db.orGone(ctx, token, db.erase(ctx, byToken(token), byNoStaff))
}

func (db *DB) erase(ctx context.Context, where leadCondition, by actor) error {
	return db.retryInTx(ctx, func(tx pgx.Tx) error {
		if err := lockPlaces(ctx, tx); err != nil {
			return err
		}
		h, err := lockOneLead(ctx, tx, where)
		if err != nil || h.Status == lead.Erased {
			return err
		}
		if err := db.eraseLocked(ctx, tx, h, by); err != nil {
			return fmt.Errorf("lead %s: %w", h.Reference, err)
		}
		return db.settlePlaces(ctx, tx)
	})
}

func (db *DB) eraseLocked(ctx context.Context, tx pgx.Tx, h lockedLead, by actor) error {
	if err := releasePlace(ctx, tx, h.ID); err != nil {
		return err
	}
	if _, err := deleteFollowUp(ctx, tx, h.ID); err != nil {
		return err
	}
	for _, sql := range []string{
		`DELETE FROM lead_contents WHERE lead_id = $1`,
		`DELETE FROM messages WHERE lead_id = $1`,
		`DELETE FROM reply_drafts WHERE lead_id = $1`,
		`UPDATE deliveries SET state = 'dropped', ended_at = clock() WHERE lead_id = $1 AND state IN ('waiting', 'on-hold', 'failed')`,
		// A key made of what was typed would confirm a guess of it; one that a form carried tells nothing.
		`UPDATE leads
		 SET status = 'erased', awaiting_since = NULL, answer_due_at = NULL, text_digest = NULL, stamp_digest = NULL, client_digest = NULL,
		     key_digest = CASE WHEN NOT keyless THEN key_digest END
		 WHERE id = $1`,
	} {
		if _, err := tx.Exec(ctx, sql, h.ID); err != nil {
			return err
		}
	}
	if _, err := tx.Exec(ctx, `INSERT INTO erasures (reference) VALUES ($1) ON CONFLICT DO NOTHING`, h.Reference); err != nil {
		return err
	}
	if err := addHistory(ctx, tx, h.ID, lead.DataErased, lead.Erased, by); err != nil {
		return err
	}
	_, err := db.queue.InsertTx(ctx, tx, ErasureJob{h.Reference}, nil)
	return err
}
