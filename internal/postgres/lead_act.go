package postgres

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"tiebreak/internal/fault"
	"tiebreak/internal/lead"
)

// lockedLead is a lead that a transaction has locked.
type lockedLead struct {
	ID         int64
	Reference  string
	Status     lead.Status
	Suspect    bool
	AnsweredAt *time.Time
	AssigneeID *int64
	Place      lead.Place
	PlaceKept  bool // a place of a month is kept for it, and goes to no other lead
}

// idsOf returns the ids of the leads.
func idsOf(leads []lockedLead) []int64 {
	ids := make([]int64, len(leads))
	for i, h := range leads {
		ids[i] = h.ID
	}
	return ids
}

// statusesOf returns the statuses of the leads.
func statusesOf(leads []lockedLead) []lead.Status {
	statuses := make([]lead.Status, len(leads))
	for i, h := range leads {
		statuses[i] = h.Status
	}
	return statuses
}

// lockLead locks the lead for a member's act.
func lockLead(ctx context.Context, tx pgx.Tx, reference string) (lockedLead, error) {
	return lockOneLead(ctx, tx, byReference(reference))
}

// lockOneLead locks a lead. It returns fault.NotFound if no lead matches.
func lockOneLead(ctx context.Context, tx pgx.Tx, where leadCondition) (lockedLead, error) {
	leads, err := lockLeads(ctx, tx, where)
	if err != nil {
		return lockedLead{}, err
	}
	if len(leads) == 0 {
		return lockedLead{}, fault.NotFound
	}
	return leads[0], nil
}

// lockLeads locks the leads that exist, always in the same order to avoid deadlocks.
func lockLeads(ctx context.Context, tx pgx.Tx, where leadCondition) ([]lockedLead, error) {
	rows, _ := tx.Query(ctx, `
		SELECT id, reference, status, suspect, answered_at, assignee_id, place,
		       EXISTS (SELECT FROM kept_places k WHERE k.lead_id = l.id AND k.month IS NOT NULL) AS place_kept
		FROM leads l WHERE `+where.condition+` ORDER BY id FOR NO KEY UPDATE`, where.args)
	return pgx.CollectRows(rows, pgx.RowToStructByName[lockedLead])
}

// lockSeenLead is lockLead, but returns fault.Conflict if something decisive happened to the lead that the member has not seen,
// or one of the other kinds of events that matter for the act.
func lockSeenLead(ctx context.Context, tx pgx.Tx, a lead.Act, others ...lead.EventKind) (lockedLead, error) {
	h, err := lockLead(ctx, tx, a.Reference)
	if err != nil {
		return h, err
	}
	return h, requireSeen(ctx, tx, h, a, others...)
}

// requireSeen returns fault.Conflict unless the member has seen what matters of the lead.
func requireSeen(ctx context.Context, tx pgx.Tx, h lockedLead, a lead.Act, others ...lead.EventKind) error {
	seen, err := seenOf(ctx, tx, []lockedLead{h}, func(lockedLead) int64 { return a.Seen }, others...)
	if err == nil && len(seen) == 0 {
		err = goneOn(a.Reference)
	}
	return err
}

func goneOn(reference string) error {
	return fmt.Errorf("lead %s has gone on: %w", reference, fault.Conflict)
}

// seenOf returns those of the leads to which nothing decisive happened since the event of each that the member saw. It runs a
// statement of its own: that reads what was committed while the leads' locks were waited for.
func seenOf(
	ctx context.Context, tx pgx.Tx, leads []lockedLead, saw func(lockedLead) int64, others ...lead.EventKind,
) (seen []lockedLead, err error) {
	events := make([]int64, len(leads))
	for i, h := range leads {
		events[i] = saw(h)
	}
	rows, _ := tx.Query(ctx, `
		SELECT l.id FROM unnest(@leads::bigint[], @events::bigint[]) AS l (id, seen)
		WHERE EXISTS (SELECT FROM lead_history WHERE lead_id = l.id AND id = l.seen)
		  AND NOT EXISTS (SELECT FROM lead_history WHERE lead_id = l.id AND id > l.seen AND kind = ANY (@kinds))`,
		pgx.StrictNamedArgs{"leads": idsOf(leads), "events": events, "kinds": append(others, lead.Decisive...)})
	ids, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	for _, h := range leads {
		if slices.Contains(ids, h.ID) {
			seen = append(seen, h)
		}
	}
	return seen, err
}

// lockSeenLeads locks the leads of the acts, each once. For those that are not there, or that the member has not seen as they
// are, it returns why they are left, by reference.
func lockSeenLeads(
	ctx context.Context, tx pgx.Tx, acts []lead.Act, others ...lead.EventKind,
) (leads []lockedLead, left map[string]error, err error) {
	saw, left := map[string]int64{}, map[string]error{}
	for _, a := range slices.Backward(acts) { // of two acts on one lead the first counts
		saw[a.Reference], left[a.Reference] = a.Seen, fault.NotFound
	}
	found, err := lockLeads(ctx, tx, leadCondition{
		`l.reference = ANY (@references)`,
		pgx.StrictNamedArgs{"references": slices.Collect(maps.Keys(saw))},
	})
	if err != nil {
		return nil, nil, err
	}
	for _, h := range found {
		left[h.Reference] = goneOn(h.Reference)
	}
	leads, err = seenOf(ctx, tx, found, func(h lockedLead) int64 { return saw[h.Reference] }, others...)
	for _, h := range leads {
		delete(left, h.Reference)
	}
	return leads, left, err
}
