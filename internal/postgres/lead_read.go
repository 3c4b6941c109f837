package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"tiebreak/internal/lead"
)

// leadColumns is how those columns of a lead are read that cost much or are not read for all, and what else is read behind them.
type leadColumns struct{ project, waiting, bounced, more string }

var (
	wholeLead    = leadColumns{`c.project`, onWaitlist, `false`, ``}
	listedLead   = leadColumns{firstWords, `0`, bouncedMail, ``}
	exportedLead = leadColumns{`c.project`, `0`, `false`, ``}
	wholeExport  = leadColumns{`c.project`, `0`, `false`, conversationColumns}
)

// selectLeads begins a query whose rows are read as lead.Lead: of leads or a part of them, as l. Contents are absent once a
// lead is erased.
func selectLeads(leads string, columns leadColumns) string {
	return `
	SELECT l.reference, l.channel, l.token, l.received_at,
	       coalesce(l.counted_from, l.received_at) AS counted_from, l.due_at, l.answered_at,
	       l.awaiting_since, l.answer_due_at, (` + needsAnswer + `) AS needs_answer, l.status, l.suspect, l.causes, l.place,
	       coalesce(l.follow_up_on, '0001-01-01') AS follow_up_on, CASE WHEN l.follow_up_on IS NOT NULL THEN
	           coalesce((SELECT note FROM follow_ups WHERE lead_id = l.id), '') ELSE '' END AS follow_up_note,
	       ` + columns.bounced + ` AS bounced, coalesce(l.month, '0001-01-01') AS month, ` + columns.waiting + ` AS waiting,
	       coalesce(l.assignee_id, 0) AS assignee_id, coalesce(a.name, '') AS assignee,
	       (SELECT max(h.id) FROM lead_history h WHERE h.lead_id = l.id) AS seen,
	       coalesce(c.name, '') AS name, coalesce(c.email, '') AS email, coalesce(c.company, '') AS company,
	       coalesce(` + columns.project + `, '') AS project, coalesce(c.timeline, '') AS timeline, coalesce(c.budget, '') AS budget,
	       coalesce(c.consent, '') AS consent, coalesce(g.slug, '') AS guide, l.guide_title, coalesce(l.edition, '') AS edition,
	       l.option, l.option_name, coalesce(c.ticks, '[]') AS ticks` + columns.more + `
	FROM ` + leads + ` l
	LEFT JOIN lead_contents c ON c.lead_id = l.id
	LEFT JOIN guides g ON g.id = l.guide_id
	LEFT JOIN members a ON a.id = l.assignee_id
	WHERE `
}

// onWaitlist is the number of lead l on the waitlist. Those in line before it count while they may come back, so that its number
// does not rise when they do.
const onWaitlist = `CASE WHEN l.place = 'waitlist' THEN
	(SELECT count(*) FROM leads w WHERE w.place = 'waitlist' AND w.waitlist_order <= l.waitlist_order) +
	(SELECT count(*) ` + waitlistPlaceKept + ` AND w.waitlist_order < l.waitlist_order) ELSE 0 END`

// bouncedMail reports whether the last email to the prospect of lead l that went out or failed did not reach their address.
// It is lead.Unreached with Problem.MayBeAddress.
var bouncedMail = `coalesce((
	SELECT state = 'failed' AND problem IN ` + sqlList(lead.AddressProblems) + `
	FROM deliveries
	WHERE lead_id = l.id AND kind IN ` + sqlList(lead.AddressMails) + ` AND state IN ('sent', 'failed')
	ORDER BY id DESC LIMIT 1), false)`

// leadCondition selects leads l: a condition with its arguments.
type leadCondition struct {
	condition string
	args      pgx.StrictNamedArgs
}

func byReference(reference string) leadCondition {
	return leadCondition{`l.reference = @reference`, pgx.StrictNamedArgs{"reference": reference}}
}

func byToken(token string) leadCondition {
	return leadCondition{`l.token = @token`, pgx.StrictNamedArgs{"token": token}}
}

func ofDelivery(id int64) leadCondition {
	return leadCondition{`l.id = (SELECT lead_id FROM deliveries WHERE id = @delivery)`, pgx.StrictNamedArgs{"delivery": id}}
}

// LeadByReference returns the lead that staff call by its reference, or fault.NotFound.
func (db *DB) LeadByReference(ctx context.Context, reference string) (l lead.Lead, err error) {
	err = db.read(ctx, func(b *pgx.Batch) { readLead(b, byReference(reference), &l) })
	return l, err
}

func readLead(b *pgx.Batch, where leadCondition, l *lead.Lead) {
	readRow(b, l, "lead", selectLeads(`leads`, wholeLead)+where.condition, where.args)
}

// readHistory reads what happened to a lead, oldest first.
func readHistory(b *pgx.Batch, where leadCondition, events *[]lead.Event) {
	readRows(b, events, "history of a lead", `
		SELECT h.id, h.at, h.kind, h.status, coalesce(m.name, '') AS member, coalesce(a.name, '') AS assignee
		FROM lead_history h
		JOIN leads l ON l.id = h.lead_id
		LEFT JOIN members m ON m.id = h.member_id
		LEFT JOIN members a ON a.id = h.assignee_id
		WHERE `+where.condition+`
		ORDER BY h.id`, where.args)
}

// maxEarlier bounds how many other leads of an address are shown.
const maxEarlier = 10

// readEarlier reads the other leads that came from one of the spellings of an email address, from the same drawn form or with
// the same words, newest first, at most ten: a person may have corrected their address. For an erased lead it returns none.
func readEarlier(b *pgx.Batch, reference string, spellings []string, others *[]lead.Earlier) {
	readRows(b, others, "leads of the same sender", `
		SELECT l.reference, l.received_at, l.status, l.suspect, l.guide_title, l.place, coalesce(c.name, '') AS name
		FROM leads l LEFT JOIN lead_contents c ON c.lead_id = l.id
		WHERE l.reference <> @reference AND l.id IN (
			SELECT lead_id FROM lead_contents WHERE lower(email) = ANY (ARRAY(SELECT lower(s) FROM unnest(@spellings::text[]) s))
			UNION SELECT o.id FROM leads o JOIN leads this ON o.stamp_digest = this.stamp_digest WHERE this.reference = @reference
			UNION SELECT o.id FROM leads o JOIN leads this ON o.text_digest = this.text_digest WHERE this.reference = @reference)
		ORDER BY l.id DESC LIMIT @most`,
		pgx.StrictNamedArgs{"reference": reference, "spellings": spellings, "most": maxEarlier})
}

// Now returns the time that deadlines are judged by.
func (db *DB) Now(ctx context.Context) (now time.Time, err error) {
	err = db.read(ctx, func(b *pgx.Batch) { readNow(b, &now) })
	return now, err
}

func readNow(b *pgx.Batch, now *time.Time) { readValue(b, now, "clock", `SELECT clock()`, nil) }
