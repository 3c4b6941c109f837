package postgres

import (
	"cmp"
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"tiebreak/internal/fault"
	"tiebreak/internal/lead"
	"tiebreak/internal/lead/suspicion"
)

// Arrival is what became of a submission.
type Arrival struct {
	Token  string       // of its receipt
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
	l, err := insertLead(ctx, tx, s)
	if a.Token = l.token; err != nil || !l.fresh {
		return a, err
	}
	if s.Origin.Member != 0 {
		return a, db.enter(ctx, tx, l, s)
	}
	causes, suspect, err := judge(ctx, tx, l, s)
	if err != nil {
		return a, err
	}
	if suspect {
		a.Causes = causes
		return a, nil
	}
	if err := db.announceArrival(ctx, tx, l.id, s.Address); err != nil {
		return a, err
	}
	// Last, for its lock holds the others up until the commit.
	return a, db.settlePlaces(ctx, tx, l.id)
}

// insertedLead is what insertLead returns.
type insertedLead struct {
	id     int64
	token  string
	fresh  bool                     // it is new, not a repeat
	recent suspicion.RecentActivity // around it; without meaning for a repeat
}

// insertLead keeps the lead with its contents on the waitlist, or finds the one that came under the same key before. It counts
// the recent activity in the same statement, to which the new lead is not visible yet.
func insertLead(ctx context.Context, tx pgx.Tx, s lead.Submission) (l insertedLead, err error) {
	// A repeat writes too: under synchronous replication its answer then waits for the standby as the first one's did.
	var body []byte
	ours := lead.NewToken()
	words, form := LeadWords(s.Contents)
	err = tx.QueryRow(ctx, `
		WITH kept AS (
			INSERT INTO leads (token, key_digest, keyless, body_digest, guide_id, edition, guide_title, option, option_name, channel,
			                   received_at, due_at, counted_from, place, text_digest, stamp_digest, client_digest)
			SELECT @token, @key, @keyless, @body, (SELECT id FROM guides WHERE slug = @guide), nullif(@edition, ''), @guide_title,
			       @option, @option_name, @channel, arrival, reply_due(reply_hours, arrival), reopening(arrival), 'waitlist',
			       @text_digest, @stamp, @client
			FROM promise, coalesce(@received::timestamptz, clock()) AS arrival
			ON CONFLICT (key_digest) DO UPDATE SET repeated_at = clock()
			RETURNING id, `+repeatedToken+` AS token, body_digest
		), contents AS (
			INSERT INTO lead_contents (lead_id, name, email, company, project, timeline, budget, ticks, consent, words, form)
			SELECT id, @name, @email, @company, @project, @timeline, @budget, coalesce(@ticks, '[]'::jsonb), @consent,
			       @words, @form
			FROM kept WHERE token = @token
		), told AS (
			INSERT INTO lead_history (lead_id, kind, status, member_id)
			SELECT id, @kind, @status, nullif(@member::bigint, 0) FROM kept WHERE token = @token
		)
		SELECT kept.*, text.*, stamp.*,
		       (SELECT count(*) FROM leads WHERE client_digest = @client AND received_at > clock() - interval '1 hour')
		FROM kept,
		     `+repeatsOf(`l.text_digest = @text_digest AND l.received_at > clock() - interval '7 days'`)+` text,
		     `+repeatsOf(`l.stamp_digest = @stamp`)+` stamp`, pgx.StrictNamedArgs{
		"token": ours, "key": s.Key, "keyless": s.Keyless, "body": s.Body, "text_digest": s.Text, "stamp": s.Stamp,
		"client": s.Client, "guide": s.Guide, "edition": s.Edition, "guide_title": s.GuideTitle, "option": s.Option,
		"option_name": s.OptionName, "name": s.Name, "email": s.Email, "company": s.Company, "project": s.Project,
		"timeline": s.Timeline, "budget": s.Budget, "ticks": s.Ticks, "consent": s.Consent, "words": words, "form": form,
		"kind": lead.Received, "status": lead.New, "channel": cmp.Or(s.Origin.Channel, lead.ByForm),
		"received": pgtype.Timestamptz{Time: s.Origin.ReceivedAt, Valid: !s.Origin.ReceivedAt.IsZero()},
		"member":   s.Origin.Member,
	}).Scan(&l.id, &l.token, &body,
		&l.recent.SameText.All, &l.recent.SameText.Own, &l.recent.SameStamp.All, &l.recent.SameStamp.Own, &l.recent.FromClient)
	if err != nil {
		return insertedLead{}, fmt.Errorf("lead: %w", err)
	}
	if string(body) != string(s.Body) {
		return insertedLead{}, fmt.Errorf("the key of lead %d came with other words: %w", l.id, fault.Conflict)
	}
	l.fresh = l.token == ours
	return l, nil
}

// repeatedToken is the receipt that a form leads to. One that is sent again with its key leads to the lead's present receipt,
// since only its own browser knows the key. A form without a key proves no browser, and a stranger who got the first link by mail
// can read there all that was typed: it leads to the first link, which no longer works once the address was corrected.
const repeatedToken = `CASE WHEN keyless THEN
	coalesce((SELECT r.token FROM replaced_receipts r WHERE r.lead_id = leads.id ORDER BY r.at LIMIT 1), token) ELSE token END`

// repeatsOf counts the leads that are the same as the one that arrives by the condition: see suspicion.Repeats. More than a few
// are as many as all, so that a flood of them slows nothing down.
func repeatsOf(same string) string {
	return `(
		SELECT count(*), count(*) FILTER (WHERE own) FROM (
			SELECT l.client_digest = @client OR l.stamp_digest = @stamp AND c.name = @name AS own
			FROM leads l LEFT JOIN lead_contents c ON c.lead_id = l.id
			WHERE ` + same + ` LIMIT 20
		) found)`
}

// announceArrival has the mails about a new lead go out: to staff and, if the address may get one, the confirmation.
func (db *DB) announceArrival(ctx context.Context, tx pgx.Tx, id int64, address []byte) error {
	return db.deliver(ctx, tx, `
		WITH confirmed AS (`+insertConfirmation+`)
		INSERT INTO deliveries (lead_id, kind)
		SELECT @lead::bigint, @notice UNION ALL SELECT @lead, @confirmation FROM confirmed
		RETURNING id`,
		pgx.StrictNamedArgs{
			"lead": id, "addresses": [][]byte{address}, "notice": lead.NewMail, "confirmation": lead.ConfirmationMail,
		})
}

// insertConfirmation returns those of the @addresses, by their digests, that may get an automatic confirmation, and notes that
// they do: strangers who type somebody's address must not fill their mailbox.
const insertConfirmation = `
	INSERT INTO confirmations AS c (address_digest) SELECT unnest(@addresses::bytea[]) ORDER BY 1
	ON CONFLICT (address_digest) DO UPDATE SET at = clock() WHERE c.at <= clock() - interval '24 hours'
	RETURNING address_digest`

// releaseKey lets go of a key made of typed words after its day: the same words are then a new lead.
func releaseKey(ctx context.Context, tx pgx.Tx, key []byte) error {
	_, err := tx.Exec(ctx, `
		UPDATE leads SET key_digest = NULL
		WHERE key_digest = $1 AND keyless AND received_at <= clock() - interval '24 hours'`, key)
	return err
}
