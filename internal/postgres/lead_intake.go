package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"tiebreak/internal/fault"
	"tiebreak/internal/lead"
)

// Arrival is what became of a submission.
type Arrival struct {
	Token  string       // of its receipt
	Fresh  bool         // not a repeat
	Causes []lead.Cause // why it is suspect; none if it is not
}

// ReceiveLead keeps the submission, once. A repeat gets the first one's receipt; the same key with other words is
// fault.Conflict, too many new leads from one client address are fault.TooMany, and both change nothing.
func (db *DB) ReceiveLead(ctx context.Context, s lead.Submission) (a Arrival, err error) {
	err = db.retryInTx(ctx, func(tx pgx.Tx) (err error) {
		a, err = db.receiveLead(ctx, tx, s)
		return err
	})
	return a, err
}

func (db *DB) receiveLead(ctx context.Context, tx pgx.Tx, s lead.Submission) (a Arrival, err error) {
	if s.Keyless {
		if err := releaseKey(ctx, tx, s.Key); err != nil {
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
	if len(confirm) > 0 {
		mails = append(mails, lead.ConfirmationMail)
	}
	if err := db.announce(ctx, tx, id, mails...); err != nil {
		return a, err
	}
	// Last, for its lock holds the others up until the commit.
	return a, db.settlePlaces(ctx, tx, id)
}

// insertLead keeps the lead with its contents on the waitlist, or finds the one that came under the same key before.
func insertLead(ctx context.Context, tx pgx.Tx, s lead.Submission) (id int64, token string, fresh bool, err error) {
	// A repeat writes too: under synchronous replication its answer then waits for the standby as the first one's did.
	var body []byte
	ours := lead.NewToken()
	words, form := LeadWords(s.Contents)
	err = tx.QueryRow(ctx, `
		WITH kept AS (
			INSERT INTO leads (token, key_digest, keyless, body_digest, guide_id, edition, guide_title, option, option_name,
			                   due_at, place, text_digest, stamp_digest, client_digest)
			SELECT @token, @key, @keyless, @body, (SELECT id FROM guides WHERE slug = @guide), nullif(@edition, ''), @guide_title,
			       @option, @option_name, clock() + make_interval(hours => reply_hours), 'waitlist', @text_digest, @stamp, @client
			FROM promise
			ON CONFLICT (key_digest) DO UPDATE SET repeated_at = clock()
			RETURNING id, token, body_digest
		), contents AS (
			INSERT INTO lead_contents (lead_id, name, email, company, project, timeline, budget, ticks, consent, words, form)
			SELECT id, @name, @email, @company, @project, @timeline, @budget, coalesce(@ticks, '[]'::jsonb), @consent,
			       @words, @form
			FROM kept WHERE token = @token
		), told AS (
			INSERT INTO lead_history (lead_id, kind, status) SELECT id, @kind, @status FROM kept WHERE token = @token
		)
		SELECT id, token, body_digest FROM kept`, pgx.StrictNamedArgs{
		"token": ours, "key": s.Key, "keyless": s.Keyless, "body": s.Body, "text_digest": s.Text, "stamp": s.Stamp,
		"client": s.Client, "guide": s.Guide, "edition": s.Edition, "guide_title": s.GuideTitle, "option": s.Option,
		"option_name": s.OptionName, "name": s.Name, "email": s.Email, "company": s.Company, "project": s.Project,
		"timeline": s.Timeline, "budget": s.Budget, "ticks": s.Ticks, "consent": s.Consent, "words": words, "form": form,
		"kind": lead.Received, "status": lead.New,
	}).Scan(&id, &token, &body)
	if err != nil {
		return 0, "", false, fmt.Errorf("lead: %w", err)
	}
	if string(body) != string(s.Body) {
		return 0, "", false, fmt.Errorf("the key of lead %d came with other words: %w", id, fault.Conflict)
	}
	return id, token, token == ours, nil
}

// mayConfirm returns those of the addresses, by their digests, that may get an automatic confirmation, and notes that they do:
// strangers who type somebody's address must not fill their mailbox.
func mayConfirm(ctx context.Context, tx pgx.Tx, addresses ...[]byte) (confirm [][]byte, err error) {
	defer wrap(&err, "confirmation")
	rows, _ := tx.Query(ctx, `
		INSERT INTO confirmations AS c (address_digest) SELECT unnest($1::bytea[]) ORDER BY 1
		ON CONFLICT (address_digest) DO UPDATE SET at = clock() WHERE c.at <= clock() - interval '24 hours'
		RETURNING address_digest`, addresses)
	return pgx.CollectRows(rows, pgx.RowTo[[]byte])
}

// releaseKey lets go of a key made of typed words after its day: the same words are then a new lead.
func releaseKey(ctx context.Context, tx pgx.Tx, key []byte) error {
	_, err := tx.Exec(ctx, `
		UPDATE leads SET key_digest = NULL
		WHERE key_digest = $1 AND keyless AND received_at <= clock() - interval '24 hours'`, key)
	return err
}
