package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"tiebreak/internal/lead"
)

// leadColumns are read by scanLead; contents are absent once a lead is erased.
const leadColumns = `
	l.reference, l.token, l.received_at, l.due_at, l.answered_at, l.status, l.suspect, l.causes, l.place, coalesce(l.month, '0001-01-01'),
	coalesce(w.position, 0),
	coalesce(c.name, ''), coalesce(c.email, ''), coalesce(c.company, ''), coalesce(c.project, ''),
	coalesce(c.timeline, ''), coalesce(c.budget, ''), coalesce(c.consent, ''),
	coalesce(g.slug, ''), l.guide_title, coalesce(l.edition, ''), l.option, l.option_name, coalesce(c.ticks, '[]')
	FROM leads l
	LEFT JOIN lead_contents c ON c.lead_id = l.id
	LEFT JOIN guides g ON g.id = l.guide_id
	LEFT JOIN (
		SELECT id, row_number() OVER (ORDER BY received_at, id) AS position FROM leads WHERE place = 'waitlist'
	) w ON w.id = l.id AND l.place = 'waitlist'`

func scanLead(row pgx.CollectableRow) (lead.Lead, error) {
	var l lead.Lead
	err := row.Scan(&l.Reference, &l.Token, &l.ReceivedAt, &l.DueAt, &l.AnsweredAt, &l.Status, &l.Suspect, &l.Causes, &l.Place, &l.Month, &l.Waiting,
		&l.Name, &l.Email, &l.Company, &l.Project, &l.Timeline, &l.Budget, &l.Consent,
		&l.Guide, &l.GuideTitle, &l.Edition, &l.Option, &l.OptionName, &l.Ticks)
	return l, err
}

// Leads lists every lead, newest first.
func (db *DB) Leads(ctx context.Context) ([]lead.Lead, error) {
	rows, _ := db.pool.Query(ctx, `SELECT`+leadColumns+` ORDER BY l.received_at DESC, l.id DESC`)
	leads, err := pgx.CollectRows(rows, scanLead)
	if err != nil {
		return nil, fmt.Errorf("leads: %w", kind(err))
	}
	return leads, nil
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
	rows, _ := db.pool.Query(ctx, `SELECT`+leadColumns+` WHERE `+column+` = $1`, value)
	l, err := pgx.CollectExactlyOneRow(rows, scanLead)
	if err != nil {
		return lead.Lead{}, fmt.Errorf("lead: %w", kind(err))
	}
	return l, nil
}

// LeadHistory tells what happened to a lead, oldest first.
func (db *DB) LeadHistory(ctx context.Context, reference string) ([]lead.Event, error) {
	rows, _ := db.pool.Query(ctx, `
		SELECT h.at, h.kind, h.status, coalesce(m.name, '')
		FROM lead_history h
		JOIN leads l ON l.id = h.lead_id
		LEFT JOIN members m ON m.id = h.member_id
		WHERE l.reference = $1
		ORDER BY h.id`, reference)
	events, err := pgx.CollectRows(rows, pgx.RowToStructByPos[lead.Event])
	if err != nil {
		return nil, fmt.Errorf("history of lead %s: %w", reference, kind(err))
	}
	return events, nil
}

// Now is the time that deadlines are judged by.
func (db *DB) Now(ctx context.Context) (time.Time, error) {
	var now time.Time
	if err := db.pool.QueryRow(ctx, `SELECT clock()`).Scan(&now); err != nil {
		return time.Time{}, fmt.Errorf("clock: %w", kind(err))
	}
	return now, nil
}
