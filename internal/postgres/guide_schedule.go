package postgres

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"tiebreak/internal/fault"
	"tiebreak/internal/guide"
	"tiebreak/internal/staff"
)

// Schedule says which revision of a guide is to be published, and when.
type Schedule struct {
	Revision int
	At       time.Time
	Member   string // who scheduled it
	MadeAt   time.Time
	Problem  string // why it was not published, a line for each reason; "" while it waits
}

// replacedFirst is the problem of a schedule whose guide was published by someone else meanwhile.
const replacedFirst = "Another version was published first, or the guide was unpublished."

// dueSchedule is what the sweep needs to know of a schedule.
type dueSchedule struct {
	Slug     string
	Revision int
	Document []byte // of the revision
	Replaces int    // the revision that was published when it was scheduled, 0 for none
	MemberID int64
	Options  []guide.Option // as the member saw them
}

// readSchedule returns what is scheduled for the guide, or nil.
func readSchedule(ctx context.Context, tx pgx.Tx, now saved) (*Schedule, error) {
	rows, _ := tx.Query(ctx, `
		SELECT s.revision, s.at, m.name AS member, s.made_at,
		       CASE WHEN s.problem = '' AND coalesce(s.replaces, 0) <> @published THEN @replaced ELSE s.problem END AS problem
		FROM guide_schedules s JOIN members m ON m.id = s.member_id
		WHERE s.guide_id = @guide`,
		pgx.StrictNamedArgs{"guide": now.ID, "published": now.Published, "replaced": replacedFirst})
	s, err := pgx.CollectExactlyOneRow(rows, pgx.RowToAddrOfStructByName[Schedule])
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, nil
	}
	return s, err
}

// dropSchedule removes what is scheduled for the guide, and reports whether it was there.
func dropSchedule(ctx context.Context, tx pgx.Tx, d Draft) (bool, error) {
	tag, err := tx.Exec(ctx, `DELETE FROM guide_schedules WHERE guide_id = $1`, d.saved.ID)
	return tag.RowsAffected() > 0, err
}

// ScheduleDraft keeps the draft as the member saw it, for the sweep to publish it at the time; what is changed after that stays a
// draft. It replaces an earlier schedule. It returns what PublishDraft does, and fault.Invalid for a time that has passed.
func (db *DB) ScheduleDraft(ctx context.Context, slug string, member int64, seen string, at time.Time) (err error) {
	defer wrap(&err, "schedule %q", slug)
	return db.changeDraft(ctx, slug, func(tx pgx.Tx, d Draft) error {
		if s := d.Schedule; s != nil && s.Problem == "" && s.At.Equal(at) && d.sameDraft(seen) {
			return nil // someone was first, or pressed twice
		}
		if d.StateDigest() != seen || len(d.Conflicts()) > 0 {
			return fault.Conflict
		}
		if !d.Differs() {
			return fault.Invalid{{Name: "at", Message: "The draft says what is published. There is nothing to schedule."}}
		}
		var now time.Time
		if err := tx.QueryRow(ctx, `SELECT clock()`).Scan(&now); err != nil {
			return err
		}
		if !at.After(now) {
			return fault.Invalid{{Name: "at", Message: fmt.Sprintf("This time has passed: it is now %s. Choose a later time.",
				now.In(at.Location()).Format("Mon 2 Jan 2006, 15:04 MST"))}}
		}
		frozen, revision, _, err := freeze(ctx, tx, d, member)
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `
			INSERT INTO guide_schedules (guide_id, revision, at, replaces, options, member_id)
			VALUES (@guide, @revision, @at, nullif(@published, 0), @options, @member)`, pgx.StrictNamedArgs{
			"guide": frozen.ID, "revision": revision, "at": at, "published": frozen.Published, "options": d.Options,
			"member": member,
		})
		if err != nil {
			return err
		}
		return record(ctx, tx, member, staff.GuideScheduled, frozen.ID)
	})
}

// CancelSchedule removes what is scheduled for the guide. It stays the draft. It returns fault.Conflict if that is not what the
// member saw.
func (db *DB) CancelSchedule(ctx context.Context, slug string, member int64, seen string) (err error) {
	defer wrap(&err, "cancel the schedule of %q", slug)
	return db.changeDraft(ctx, slug, func(tx pgx.Tx, d Draft) error {
		if d.StateDigest() != seen {
			return fault.Conflict
		}
		if cancelled, err := dropSchedule(ctx, tx, d); err != nil || !cancelled {
			return err
		}
		return record(ctx, tx, member, staff.GuideScheduleCancelled, d.saved.ID)
	})
}

// publishDue publishes each revision whose time has come. Of instances that do so at once, one publishes it, and what an
// instance that was killed had begun is left for the next sweep.
func (db *DB) publishDue(ctx context.Context) error {
	rows, _ := db.pool.Query(ctx, `SELECT guide_id FROM guide_schedules WHERE problem = '' AND at <= clock() ORDER BY at`)
	due, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	failed := []error{mapError(err)}
	for _, id := range due {
		if err := db.inTx(ctx, func(tx pgx.Tx) error { return publishScheduled(ctx, tx, id) }); err != nil {
			failed = append(failed, fmt.Errorf("guide %d: %w", id, err))
		}
	}
	return errors.Join(failed...)
}

// publishScheduled publishes what is due of the guide, or notes why it must not be published.
func publishScheduled(ctx context.Context, tx pgx.Tx, id int64) error {
	var first bool
	if err := tx.QueryRow(ctx, `SELECT pg_try_advisory_xact_lock($1)`, lockSchedule).Scan(&first); err != nil || !first {
		return err // another instance is at it
	}
	// It waits for other changes of content rather than until the next sweep.
	if _, err := tx.Exec(ctx, `SET LOCAL lock_timeout = '20s'`); err != nil {
		return err
	}
	if err := oneAtATime(ctx, tx); err != nil {
		return err
	}
	rows, _ := tx.Query(ctx, `
		SELECT g.slug, s.revision, r.document, coalesce(s.replaces, 0) AS replaces, s.member_id, s.options
		FROM guide_schedules s
		JOIN guides g ON g.id = s.guide_id
		JOIN revisions r ON r.guide_id = s.guide_id AND r.number = s.revision
		WHERE s.guide_id = $1 AND s.problem = '' AND s.at <= clock()`, id)
	due, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[dueSchedule])
	if errors.Is(err, pgx.ErrNoRows) {
		return nil // another instance published it, or a member cancelled it
	}
	if err != nil {
		return err
	}
	problem, err := publishRead(ctx, tx, due)
	if err != nil {
		return err
	}
	if problem != "" {
		_, err = tx.Exec(ctx, `UPDATE guide_schedules SET problem = $2 WHERE guide_id = $1`, id, problem)
		return err
	}
	if _, err = tx.Exec(ctx, `DELETE FROM guide_schedules WHERE guide_id = $1`, id); err != nil {
		return err
	}
	return record(ctx, tx, due.MemberID, staff.GuidePublished, id)
}

// publishRead publishes the revision, or returns why it must not be published.
func publishRead(ctx context.Context, tx pgx.Tx, due dueSchedule) (problem string, err error) {
	d, err := readDraft(ctx, tx, due.Slug)
	if err != nil {
		return "", err
	}
	if due.Replaces != d.saved.Published {
		return replacedFirst, nil
	}
	var g guide.Guide
	if err := json.Unmarshal(due.Document, &g); err != nil {
		return "", err
	}
	d.Guide = g
	if d.Options, err = optionsBySlug(ctx, tx, g.Options); err != nil {
		return "", err
	}
	_, err = publishable(ctx, tx, d)
	if refused, is := errors.AsType[fault.Invalid](err); is {
		var reasons []string
		for _, f := range refused {
			reasons = append(reasons, f.Message)
		}
		return strings.Join(reasons, "\n"), nil
	}
	if err != nil {
		return "", err
	}
	return "", publishRevisionSeen(ctx, tx, d.saved, due.Revision, g, &guide.Edition{Options: due.Options})
}
