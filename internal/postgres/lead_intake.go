package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"tiebreak/internal/fault"
	"tiebreak/internal/lead"
)

// Submission is a checked form on its way in.
type Submission struct {
	Key     []byte // digest: one key, one lead
	Keyless bool   // the key was made of what was typed and holds for 24 hours
	Body    []byte // digest of everything typed
	lead.Contents
	lead.Choices
}

// ReceiveLead keeps the submission, once, and returns the token of its receipt. A repeat gets the first one's token;
// the same key with other words is fault.Conflict and changes nothing.
func (db *DB) ReceiveLead(ctx context.Context, s Submission) (token string, err error) {
	err = retryOnce(ctx, func() error {
		return db.inTx(ctx, func(tx pgx.Tx) (err error) {
			token, err = receiveLead(ctx, tx, s)
			return err
		})
	})
	return token, err
}

func receiveLead(ctx context.Context, tx pgx.Tx, s Submission) (string, error) {
	if s.Keyless {
		if err := retireKey(ctx, tx, s.Key); err != nil {
			return "", err
		}
	}
	// A repeat writes too: under synchronous replication its answer then waits for the standby as the first one's did.
	var id int64
	token, body := lead.NewToken(), []byte(nil)
	fresh := token
	err := tx.QueryRow(ctx, `
		INSERT INTO leads (token, key_digest, keyless, body_digest, guide_id, edition, guide_title, option, option_name, due_at)
		SELECT $1, $2, $3, $4, (SELECT id FROM guides WHERE slug = $5), nullif($6, ''), $7, $8, $9,
		       clock() + make_interval(hours => reply_hours)
		FROM promise
		ON CONFLICT (key_digest) DO UPDATE SET repeated_at = clock()
		RETURNING id, token, body_digest`,
		token, s.Key, s.Keyless, s.Body, s.Guide, s.Edition, s.GuideTitle, s.Option, s.OptionName).Scan(&id, &token, &body)
	if err != nil {
		return "", fmt.Errorf("lead: %w", err)
	}
	if token != fresh {
		if string(body) != string(s.Body) {
			return "", fmt.Errorf("the key of lead %d came with other words: %w", id, fault.Conflict)
		}
		return token, nil
	}
	if err := insertContents(ctx, tx, id, s); err != nil {
		return "", fmt.Errorf("contents of lead %d: %w", id, err)
	}
	return token, addHistory(ctx, tx, id, lead.Received, lead.New, 0)
}

// retireKey lets go of a key made of typed words after its day: the same words are then a new lead.
func retireKey(ctx context.Context, tx pgx.Tx, key []byte) error {
	_, err := tx.Exec(ctx, `
		UPDATE leads SET key_digest = NULL
		WHERE key_digest = $1 AND keyless AND received_at <= clock() - interval '24 hours'`, key)
	return err
}

func insertContents(ctx context.Context, tx pgx.Tx, id int64, s Submission) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO lead_contents (lead_id, name, email, company, project, timeline, budget, ticks, consent)
		VALUES ($1, $2, $3, $4, $5, $6, $7, coalesce($8, '[]'::jsonb), $9)`,
		id, s.Name, s.Email, s.Company, s.Project, s.Timeline, s.Budget, s.Ticks, s.Consent)
	return err
}

// addHistory writes what happened to a lead; member is 0 when it was not one of the staff.
func addHistory(ctx context.Context, tx pgx.Tx, id int64, kind lead.EventKind, status lead.Status, member int64) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO lead_history (lead_id, kind, status, member_id) VALUES ($1, $2, $3, nullif($4, 0))`,
		id, kind, status, member)
	if err != nil {
		return fmt.Errorf("history of lead %d: %w", id, err)
	}
	return nil
}
