package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"tiebreak/internal/email"
	"tiebreak/internal/lead"
)

// selectLeads begins a query whose rows scanLead reads: of leads or a part of them, as l. Contents are absent once a lead is
// erased. How its project and its number on the waitlist are read depends on whether one lead is asked for or many.
func selectLeads(leads, project, waiting string) string {
	return `
	SELECT l.reference, l.token, l.received_at, l.due_at, l.answered_at, l.status, l.suspect, l.causes, l.place,
	       coalesce(l.month, '0001-01-01'), ` + waiting + `, coalesce(l.assignee_id, 0), coalesce(a.name, ''),
	       (SELECT max(h.id) FROM lead_history h WHERE h.lead_id = l.id),
	       coalesce(c.name, ''), coalesce(c.email, ''), coalesce(c.company, ''), coalesce(` + project + `, ''),
	       coalesce(c.timeline, ''), coalesce(c.budget, ''), coalesce(c.consent, ''),
	       coalesce(g.slug, ''), l.guide_title, coalesce(l.edition, ''), l.option, l.option_name, coalesce(c.ticks, '[]')
	FROM ` + leads + ` l
	LEFT JOIN lead_contents c ON c.lead_id = l.id
	LEFT JOIN guides g ON g.id = l.guide_id
	LEFT JOIN members a ON a.id = l.assignee_id
	WHERE `
}

const (
	wholeProject = `c.project`
	noNumber     = `0`
	onWaitlist   = `CASE WHEN l.place = 'waitlist' THEN
		(SELECT count(*) FROM leads w WHERE w.place = 'waitlist' AND (w.received_at, w.id) <= (l.received_at, l.id)) ELSE 0 END`
)

func scanLead(row pgx.CollectableRow) (lead.Lead, error) {
	var l lead.Lead
	err := row.Scan(&l.Reference, &l.Token, &l.ReceivedAt, &l.DueAt, &l.AnsweredAt, &l.Status, &l.Suspect, &l.Causes, &l.Place, &l.Month,
		&l.Waiting, &l.AssigneeID, &l.Assignee, &l.Seen,
		&l.Name, &l.Email, &l.Company, &l.Project, &l.Timeline, &l.Budget, &l.Consent,
		&l.Guide, &l.GuideTitle, &l.Edition, &l.Option, &l.OptionName, &l.Ticks)
	return l, err
}

// LeadByReference returns the lead that staff call by its reference, or fault.NotFound.
func (db *DB) LeadByReference(ctx context.Context, reference string) (lead.Lead, error) {
	return db.lead(ctx, `l.reference`, reference)
}

// LeadByToken returns the lead whose receipt has the address, or fault.NotFound.
func (db *DB) LeadByToken(ctx context.Context, token string) (lead.Lead, error) {
	return db.lead(ctx, `l.token`, token)
}

func (db *DB) lead(ctx context.Context, column, value string) (lead.Lead, error) {
	rows, _ := db.pool.Query(ctx, selectLeads(`leads`, wholeProject, onWaitlist)+column+` = $1`, value)
	l, err := pgx.CollectExactlyOneRow(rows, scanLead)
	if err != nil {
		return lead.Lead{}, fmt.Errorf("lead: %w", kind(err))
	}
	return l, nil
}

// LeadHistory tells what happened to a lead, oldest first.
func (db *DB) LeadHistory(ctx context.Context, reference string) ([]lead.Event, error) {
	rows, _ := db.pool.Query(ctx, `
		SELECT h.id, h.at, h.kind, h.status, coalesce(m.name, ''), coalesce(a.name, '')
		FROM lead_history h
		JOIN leads l ON l.id = h.lead_id
		LEFT JOIN members m ON m.id = h.member_id
		LEFT JOIN members a ON a.id = h.assignee_id
		WHERE l.reference = $1
		ORDER BY h.id`, reference)
	events, err := pgx.CollectRows(rows, pgx.RowToStructByPos[lead.Event])
	if err != nil {
		return nil, fmt.Errorf("history of lead %s: %w", reference, kind(err))
	}
	return events, nil
}

// EarlierLead is another lead of the same e-mail address.
type EarlierLead struct {
	Reference  string
	ReceivedAt time.Time
	Status     lead.Status
	Suspect    bool
	GuideTitle string
}

// mostEarlier bounds how many other leads of an address are shown.
const mostEarlier = 10

// SameSender lists the other leads that came from the email address, from the same drawn form or with the same words, newest
// first, at most ten: somebody may have corrected their address.
func (db *DB) SameSender(ctx context.Context, l lead.Lead) ([]EarlierLead, error) {
	if l.Email == "" {
		return nil, nil
	}
	rows, _ := db.pool.Query(ctx, `
		SELECT l.reference, l.received_at, l.status, l.suspect, l.guide_title
		FROM leads l
		WHERE l.reference <> $2 AND l.id IN (
			SELECT lead_id FROM lead_contents WHERE lower(email) = ANY (ARRAY(SELECT lower(spelling) FROM unnest($1::text[]) spelling))
			UNION SELECT o.id FROM leads o JOIN leads this ON o.stamp_digest = this.stamp_digest WHERE this.reference = $2
			UNION SELECT o.id FROM leads o JOIN leads this ON o.text_digest = this.text_digest WHERE this.reference = $2)
		ORDER BY l.id DESC LIMIT $3`, email.Spellings(l.Email), l.Reference, mostEarlier)
	others, err := pgx.CollectRows(rows, pgx.RowToStructByPos[EarlierLead])
	if err != nil {
		return nil, fmt.Errorf("leads of the same sender: %w", kind(err))
	}
	return others, nil
}

// Now is the time that deadlines are judged by.
func (db *DB) Now(ctx context.Context) (time.Time, error) {
	var now time.Time
	if err := db.pool.QueryRow(ctx, `SELECT clock()`).Scan(&now); err != nil {
		return time.Time{}, fmt.Errorf("clock: %w", kind(err))
	}
	return now, nil
}
