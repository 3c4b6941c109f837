package postgres

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

	"tiebreak/internal/fault"
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
// is withdrawn by it, so its place goes to the oldest waiting. What stays is a line without a
// person: reference, guide, times and kinds. A lead that is erased already stays so. No such lead is fault.NotFound.
func (db *DB) EraseLead(ctx context.Context, reference string, member int64) error {
	return db.erase(ctx, `reference`, reference, member, member == CommandLine)
}

// ErasedAmong returns those of the references whose leads are erased.
func (db *DB) ErasedAmong(ctx context.Context, references []string) ([]string, error) {
	rows, _ := db.pool.Query(ctx, `SELECT reference FROM leads WHERE reference = ANY ($1) AND status = 'erased'`, references)
	erased, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return nil, fmt.Errorf("erased leads: %w", kind(err))
	}
	return erased, nil
}

// EraseByToken erases the lead of a receipt, at the prospect's wish.
func (db *DB) EraseByToken(ctx context.Context, token string) error {
	return db.erase(ctx, `token`, token, 0, false)
}

// erase leaves an entry in the audit if it is by a member or commanded: not for a prospect, and not when time did it.
func (db *DB) erase(ctx context.Context, column, value string, member int64, commanded bool) error {
	return retryOnce(ctx, func() error {
		return db.inTx(ctx, func(tx pgx.Tx) error {
			if err := lockPlaces(ctx, tx); err != nil {
				return err
			}
			var id int64
			var reference string
			var status lead.Status
			err := tx.QueryRow(ctx, `SELECT id, reference, status FROM leads WHERE `+column+` = $1 FOR NO KEY UPDATE`, value).
				Scan(&id, &reference, &status)
			if errors.Is(err, pgx.ErrNoRows) {
				return fault.NotFound
			}
			if err != nil || status == lead.Erased {
				return err
			}
			if err := db.eraseLead(ctx, tx, id, reference, member); err != nil {
				return fmt.Errorf("lead %s: %w", reference, err)
			}
			if commanded {
				if err := recordEvent(ctx, tx, CommandLine, lead.DataErased, id); err != nil {
					return err
				}
			}
			return db.settlePlaces(ctx, tx, 0)
		})
	})
}

func (db *DB) eraseLead(ctx context.Context, tx pgx.Tx, id int64, reference string, member int64) error {
	if err := releasePlace(ctx, tx, id); err != nil {
		return err
	}
	for _, sql := range []string{
		`DELETE FROM lead_contents WHERE lead_id = $1`,
		`DELETE FROM lead_notes WHERE lead_id = $1`,
		`DELETE FROM team_notes WHERE lead_id = $1`,
		`DELETE FROM reply_drafts WHERE lead_id = $1`,
		`DELETE FROM replies WHERE lead_id = $1`,
		`UPDATE deliveries SET state = 'dropped', ended_at = clock() WHERE lead_id = $1 AND state IN ('waiting', 'failed')`,
		// A key made of what was typed would tell it to whoever guesses; one that a form carried tells nothing.
		`UPDATE leads
		 SET status = 'erased', text_digest = NULL, stamp_digest = NULL, client_digest = NULL,
		     key_digest = CASE WHEN NOT keyless THEN key_digest END
		 WHERE id = $1`,
	} {
		if _, err := tx.Exec(ctx, sql, id); err != nil {
			return err
		}
	}
	if _, err := tx.Exec(ctx, `INSERT INTO erasures (reference) VALUES ($1) ON CONFLICT DO NOTHING`, reference); err != nil {
		return err
	}
	if err := addHistory(ctx, tx, id, lead.DataErased, lead.Erased, member); err != nil {
		return err
	}
	_, err := db.queue.InsertTx(ctx, tx, ErasureJob{reference}, nil)
	return err
}
