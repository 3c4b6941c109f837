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

// held is a lead that a transaction has locked, as it stands.
type held struct {
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
func idsOf(leads []held) []int64 {
	ids := make([]int64, len(leads))
	for i, h := range leads {
		ids[i] = h.ID
	}
	return ids
}

// statusesOf returns the statuses of the leads.
func statusesOf(leads []held) []lead.Status {
	statuses := make([]lead.Status, len(leads))
	for i, h := range leads {
		statuses[i] = h.Status
	}
	return statuses
}

// hold locks the lead for a member's act.
func hold(ctx context.Context, tx pgx.Tx, reference string) (held, error) {
	return holdOne(ctx, tx, byReference(reference))
}

// holdOne locks a lead. It returns fault.NotFound if there is none.
func holdOne(ctx context.Context, tx pgx.Tx, w which) (held, error) {
	leads, err := holdAll(ctx, tx, w)
	if err != nil {
		return held{}, err
	}
	if len(leads) == 0 {
		return held{}, fault.NotFound
	}
	return leads[0], nil
}

// holdAll locks the leads that are there, always in the same order, so that nobody waits in a ring.
func holdAll(ctx context.Context, tx pgx.Tx, w which) ([]held, error) {
	rows, _ := tx.Query(ctx, `
		SELECT id, reference, status, suspect, answered_at, assignee_id, place,
		       EXISTS (SELECT FROM kept_places k WHERE k.lead_id = l.id AND k.month IS NOT NULL) AS place_kept
		FROM leads l WHERE `+w.condition+` ORDER BY id FOR NO KEY UPDATE`, w.args)
	return pgx.CollectRows(rows, pgx.RowToStructByName[held])
}

// holdSeen is hold, but fault.Conflict if something decisive happened to the lead that the member has not seen, or one of
// the other kinds of events that matter for the act.
func holdSeen(ctx context.Context, tx pgx.Tx, a lead.Act, others ...lead.EventKind) (held, error) {
	h, err := hold(ctx, tx, a.Reference)
	if err != nil {
		return h, err
	}
	return h, requireSeen(ctx, tx, h, a, others...)
}

// requireSeen returns fault.Conflict unless the member has seen what matters of the lead.
func requireSeen(ctx context.Context, tx pgx.Tx, h held, a lead.Act, others ...lead.EventKind) error {
	seen, err := seenOf(ctx, tx, []held{h}, func(held) int64 { return a.Seen }, others...)
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
	ctx context.Context, tx pgx.Tx, leads []held, saw func(held) int64, others ...lead.EventKind,
) (seen []held, err error) {
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

// holdAllSeen locks the leads of the acts, each once. For those that are not there, or that the member has not seen as they
// are, it returns why they are left, by reference.
func holdAllSeen(
	ctx context.Context, tx pgx.Tx, acts []lead.Act, others ...lead.EventKind,
) (leads []held, left map[string]error, err error) {
	saw, left := map[string]int64{}, map[string]error{}
	for _, a := range slices.Backward(acts) { // of two acts on one lead the first counts
		saw[a.Reference], left[a.Reference] = a.Seen, fault.NotFound
	}
	found, err := holdAll(ctx, tx, which{
		`l.reference = ANY (@references)`,
		pgx.StrictNamedArgs{"references": slices.Collect(maps.Keys(saw))},
	})
	if err != nil {
		return nil, nil, err
	}
	for _, h := range found {
		left[h.Reference] = goneOn(h.Reference)
	}
	leads, err = seenOf(ctx, tx, found, func(h held) int64 { return saw[h.Reference] }, others...)
	for _, h := range leads {
		delete(left, h.Reference)
	}
	return leads, left, err
}
