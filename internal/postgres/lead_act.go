package postgres

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"tiebreak/internal/fault"
	"tiebreak/internal/lead"
)

// held is a lead that a transaction has locked, as it stands.
type held struct {
	id        int64
	reference string
	status    lead.Status
	suspect   bool
	answered  *time.Time
	assignee  *int64
	place     lead.Place
}

// heldRow is a row of selectHeld.
type heldRow struct {
	ID         int64
	Reference  string
	Status     lead.Status
	Suspect    bool
	AnsweredAt *time.Time
	AssigneeID *int64
	Place      lead.Place
}

func (r heldRow) held() held {
	return held{r.ID, r.Reference, r.Status, r.Suspect, r.AnsweredAt, r.AssigneeID, r.Place}
}

// idsOf returns the ids of the leads.
func idsOf(leads []held) []int64 {
	ids := make([]int64, len(leads))
	for i, h := range leads {
		ids[i] = h.id
	}
	return ids
}

// hold locks the lead for a member's act.
func hold(ctx context.Context, tx pgx.Tx, reference string) (held, error) {
	leads, err := holdAll(ctx, tx, []string{reference})
	if err == nil && len(leads) == 0 {
		err = pgx.ErrNoRows
	}
	if err != nil {
		return held{}, err
	}
	return leads[0], nil
}

// holdAll locks the leads that are there, always in the same order, so that nobody waits in a ring.
func holdAll(ctx context.Context, tx pgx.Tx, references []string) ([]held, error) {
	rows, _ := tx.Query(ctx, `
		SELECT id, reference, status, suspect, answered_at, assignee_id, place
		FROM leads WHERE reference = ANY (@references) ORDER BY id FOR NO KEY UPDATE`,
		pgx.StrictNamedArgs{"references": references})
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (held, error) {
		r, err := pgx.RowToStructByName[heldRow](row)
		return r.held(), err
	})
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

// requireSeen is fault.Conflict unless the member has seen what matters of the lead.
func requireSeen(ctx context.Context, tx pgx.Tx, h held, a lead.Act, others ...lead.EventKind) error {
	seen, err := seenOf(ctx, tx, []held{h}, []int64{a.Seen}, others...)
	if err == nil && len(seen) == 0 {
		err = goneOn(a.Reference)
	}
	return err
}

func goneOn(reference string) error {
	return fmt.Errorf("lead %s has gone on: %w", reference, fault.Conflict)
}

// seenOf returns those of the leads, by id, to which nothing decisive happened since the event that the member saw, of the
// same place in the list. It is a statement of its own: it reads what was committed while the leads' locks were waited for.
func seenOf(ctx context.Context, tx pgx.Tx, leads []held, events []int64, others ...lead.EventKind) ([]int64, error) {
	rows, _ := tx.Query(ctx, `
		SELECT l.id FROM unnest(@leads::bigint[], @events::bigint[]) AS l (id, seen)
		WHERE EXISTS (SELECT FROM lead_history WHERE lead_id = l.id AND id = l.seen)
		  AND NOT EXISTS (SELECT FROM lead_history WHERE lead_id = l.id AND id > l.seen AND kind = ANY (@kinds))`,
		pgx.StrictNamedArgs{"leads": idsOf(leads), "events": events, "kinds": append(others, lead.Decisive...)})
	return pgx.CollectRows(rows, pgx.RowTo[int64])
}

// holdAllSeen locks the leads of the acts, each once. For those that are not there, or that the member has not seen as they
// are, it returns why they are left, by reference.
func holdAllSeen(
	ctx context.Context, tx pgx.Tx, acts []lead.Act, others ...lead.EventKind,
) (leads []held, left map[string]error, err error) {
	saw, references := map[string]int64{}, make([]string, len(acts))
	for i, a := range acts {
		if _, again := saw[a.Reference]; !again {
			saw[a.Reference] = a.Seen
		}
		references[i] = a.Reference
	}
	found, err := holdAll(ctx, tx, references)
	if err != nil {
		return nil, nil, err
	}
	left = map[string]error{}
	for _, reference := range references {
		left[reference] = fault.NotFound
	}
	events := make([]int64, len(found))
	for i, h := range found {
		events[i] = saw[h.reference]
	}
	seen, err := seenOf(ctx, tx, found, events, others...)
	if err != nil {
		return nil, nil, err
	}
	for _, h := range found {
		if !slices.Contains(seen, h.id) {
			left[h.reference] = goneOn(h.reference)
			continue
		}
		delete(left, h.reference)
		leads = append(leads, h)
	}
	return leads, left, nil
}
