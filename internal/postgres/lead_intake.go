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
	Address []byte // digest of the e-mail address: one automatic confirmation a day
	Text    []byte // digest of the project's words, nil if they are too short to tell
	Stamp   []byte // digest of the form's stamp, nil without one
	Client  []byte // digest of the network address with a key of the day
	Signals lead.Signals
	lead.Contents
	lead.Choices
}

// Arrival is what became of a submission.
type Arrival struct {
	Token  string       // of its receipt
	Fresh  bool         // not a repeat
	Causes []lead.Cause // why it is suspect; none if it is not
}

// ReceiveLead keeps the submission, once. A repeat gets the first one's receipt; the same key with other words is
// fault.Conflict, too many new leads from one client address are fault.TooMany, and both change nothing.
func (db *DB) ReceiveLead(ctx context.Context, s Submission) (a Arrival, err error) {
	err = retryOnce(ctx, func() error {
		return db.inTx(ctx, func(tx pgx.Tx) (err error) {
			a, err = db.receiveLead(ctx, tx, s)
			return err
		})
	})
	return a, err
}

func (db *DB) receiveLead(ctx context.Context, tx pgx.Tx, s Submission) (a Arrival, err error) {
	if s.Keyless {
		if err := retireKey(ctx, tx, s.Key); err != nil {
			return a, err
		}
	}
	var id int64
	if id, a.Token, a.Fresh, err = insertLead(ctx, tx, s); err != nil || !a.Fresh {
		return a, err
	}
	causes, suspect, err := judge(ctx, tx, id, s)
	if err != nil {
		return a, err
	}
	if suspect {
		a.Causes = causes
		return a, nil
	}
	mails := []lead.DeliveryKind{lead.NewMail}
	confirm, err := mayConfirm(ctx, tx, s.Address)
	if err != nil {
		return a, err
	}
	if confirm {
		mails = append(mails, lead.ConfirmationMail)
	}
	if err := db.announce(ctx, tx, id, mails...); err != nil {
		return a, err
	}
	// Last, for its lock holds the others up until the commit.
	return a, db.settlePlaces(ctx, tx, id)
}

// insertLead keeps the lead with its contents on the waitlist, or finds the one that came under the same key before.
func insertLead(ctx context.Context, tx pgx.Tx, s Submission) (id int64, token string, fresh bool, err error) {
	// A repeat writes too: under synchronous replication its answer then waits for the standby as the first one's did.
	var body []byte
	ours := lead.NewToken()
	words, form := LeadWords(s.Contents)
	err = tx.QueryRow(ctx, `
		WITH kept AS (
			INSERT INTO leads (token, key_digest, keyless, body_digest, guide_id, edition, guide_title, option, option_name, due_at, place,
			                   text_digest, stamp_digest, client_digest)
			SELECT $1, $2, $3, $4, (SELECT id FROM guides WHERE slug = $5), nullif($6, ''), $7, $8, $9,
			       clock() + make_interval(hours => reply_hours), 'waitlist', $20, $21, $22
			FROM promise
			ON CONFLICT (key_digest) DO UPDATE SET repeated_at = clock()
			RETURNING id, token, body_digest
		), contents AS (
			INSERT INTO lead_contents (lead_id, name, email, company, project, timeline, budget, ticks, consent, words, form)
			SELECT id, $10, $11, $12, $13, $14, $15, coalesce($16, '[]'::jsonb), $17, $23, $24 FROM kept WHERE token = $1
		), told AS (
			INSERT INTO lead_history (lead_id, kind, status) SELECT id, $18, $19 FROM kept WHERE token = $1
		)
		SELECT id, token, body_digest FROM kept`,
		ours, s.Key, s.Keyless, s.Body, s.Guide, s.Edition, s.GuideTitle, s.Option, s.OptionName,
		s.Name, s.Email, s.Company, s.Project, s.Timeline, s.Budget, s.Ticks, s.Consent, lead.Received, lead.New,
		s.Text, s.Stamp, s.Client, words, form).
		Scan(&id, &token, &body)
	if err != nil {
		return 0, "", false, fmt.Errorf("lead: %w", err)
	}
	if string(body) != string(s.Body) {
		return 0, "", false, fmt.Errorf("the key of lead %d came with other words: %w", id, fault.Conflict)
	}
	return id, token, token == ours, nil
}

// mayConfirm reports whether the address may get an automatic confirmation, and notes that it does: strangers who type
// somebody's address must not fill their mailbox.
func mayConfirm(ctx context.Context, tx pgx.Tx, address []byte) (bool, error) {
	tag, err := tx.Exec(ctx, `
		INSERT INTO confirmations AS c (address_digest) VALUES ($1)
		ON CONFLICT (address_digest) DO UPDATE SET at = clock() WHERE c.at <= clock() - interval '24 hours'`, address)
	if err != nil {
		return false, fmt.Errorf("confirmation: %w", err)
	}
	return tag.RowsAffected() == 1, nil
}

// retireKey lets go of a key made of typed words after its day: the same words are then a new lead.
func retireKey(ctx context.Context, tx pgx.Tx, key []byte) error {
	_, err := tx.Exec(ctx, `
		UPDATE leads SET key_digest = NULL
		WHERE key_digest = $1 AND keyless AND received_at <= clock() - interval '24 hours'`, key)
	return err
}
