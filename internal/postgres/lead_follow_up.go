package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"tiebreak/internal/fault"
	"tiebreak/internal/lead"
)

// SetFollowUp gives the lead a day on which a member means to come back to it, with a note, in place of the one that it has; a
// zero day removes that. It returns fault.Invalid if it has to be corrected, fault.Conflict if something decisive or another
// follow-up happened that the member has not seen, and fault.Forbidden for a suspect and a lead that is withdrawn or erased.
func (db *DB) SetFollowUp(ctx context.Context, a lead.Act, f lead.FollowUp) error {
	return db.inTx(ctx, func(tx pgx.Tx) (err error) {
		defer wrap(&err, "follow-up of lead %s", a.Reference)
		h, err := lockSeenLead(ctx, tx, a, lead.FollowUpSet, lead.FollowUpRemoved)
		if err != nil {
			return err
		}
		if h.Suspect || !h.Status.TakesFollowUp() {
			return fault.Forbidden
		}
		if err := checkFollowUp(ctx, tx, h, f); err != nil {
			return err
		}
		if f.On.IsZero() {
			return removeFollowUp(ctx, tx, h, actor(a.Member))
		}
		_, err = tx.Exec(ctx, `
			WITH mail AS (`+dropFollowUpMail+`), kept AS (
				INSERT INTO follow_ups (lead_id, member_id, note) VALUES (@lead, @member, @note)
				ON CONFLICT (lead_id) DO UPDATE SET member_id = excluded.member_id, note = excluded.note, made_at = clock()
			)
			UPDATE leads SET follow_up_on = @on, follow_up_reminded_at = NULL WHERE id = @lead`,
			pgx.StrictNamedArgs{
				"lead": h.ID, "member": a.Member, "on": f.On, "note": f.Note, "kind": lead.FollowUpMail,
			})
		if err != nil {
			return err
		}
		return addHistory(ctx, tx, h.ID, lead.FollowUpSet, h.Status, actor(a.Member))
	})
}

// checkFollowUp returns fault.Invalid for a day that has passed and for a new note without a day.
func checkFollowUp(ctx context.Context, tx pgx.Tx, h lockedLead, f lead.FollowUp) error {
	var today time.Time
	var note string
	err := tx.QueryRow(ctx, `SELECT (`+siteToday+`), coalesce((SELECT note FROM follow_ups WHERE lead_id = $1), '')`, h.ID).
		Scan(&today, &note)
	switch {
	case err != nil:
		return err
	case f.On.IsZero() && f.Note != "" && f.Note != note:
		return fault.Invalid{{Name: "on", Message: "Choose a day for this note. To remove the follow-up, delete the note too."}}
	case !f.On.IsZero() && f.On.Before(today):
		return fault.Invalid{{Name: "on", Message: "Enter today or a later day."}}
	}
	return nil
}

// removeFollowUp removes the follow-up of the lead, if it has one.
func removeFollowUp(ctx context.Context, tx pgx.Tx, h lockedLead, by actor) error {
	removed, err := deleteFollowUp(ctx, tx, h.ID)
	if err != nil || !removed {
		return err
	}
	return addHistory(ctx, tx, h.ID, lead.FollowUpRemoved, h.Status, by)
}

// deleteFollowUp deletes the follow-up of a lead with its note and its mail that waits, and reports whether there was one.
func deleteFollowUp(ctx context.Context, tx pgx.Tx, id int64) (bool, error) {
	tag, err := tx.Exec(ctx, `
		WITH mail AS (`+dropFollowUpMail+`), gone AS (DELETE FROM follow_ups WHERE lead_id = @lead)
		UPDATE leads SET follow_up_on = NULL, follow_up_reminded_at = NULL WHERE id = @lead AND follow_up_on IS NOT NULL`,
		pgx.StrictNamedArgs{"lead": id, "kind": lead.FollowUpMail})
	if err != nil {
		return false, fmt.Errorf("follow-up of lead %d: %w", id, err)
	}
	return tag.RowsAffected() > 0, nil
}

// dropFollowUpMail drops the mails about the follow-up of the @lead that are not sent: they would speak of another day.
const dropFollowUpMail = `
	UPDATE deliveries SET state = 'dropped', ended_at = clock()
	WHERE lead_id = @lead AND kind = @kind AND state IN ('waiting', 'on-hold', 'failed')`

// remindOfFollowUps has one mail for each follow-up whose morning has come in site time go out: to the assignee, otherwise to
// the member who set it. If neither is told of leads, all staff are.
func (db *DB) remindOfFollowUps(ctx context.Context, tx pgx.Tx) error {
	return db.deliver(ctx, tx, `
		WITH due AS (
			SELECT l.id FROM leads l, promise p
			WHERE l.follow_up_on IS NOT NULL AND l.follow_up_reminded_at IS NULL AND NOT l.suspect
			  AND l.follow_up_on <= ((clock() AT TIME ZONE p.time_zone) - @morning::interval)::date
			FOR NO KEY UPDATE OF l SKIP LOCKED
		), reminded AS (
			UPDATE leads l SET follow_up_reminded_at = clock() FROM due WHERE l.id = due.id
			RETURNING l.id, l.assignee_id
		)
		INSERT INTO deliveries (lead_id, kind, member_id)
		SELECT r.id, @kind, coalesce(
			(SELECT m.id FROM members m WHERE m.id = r.assignee_id AND `+toldOfLeads+`),
			(SELECT m.id FROM members m JOIN follow_ups f ON f.member_id = m.id WHERE f.lead_id = r.id AND `+toldOfLeads+`))
		FROM reminded r ORDER BY r.id
		RETURNING id`, pgx.StrictNamedArgs{"morning": lead.FollowUpMorning, "kind": lead.FollowUpMail})
}

// readFollowUp reads the follow-up of a lead; without one it leaves the value as it is.
func readFollowUp(b *pgx.Batch, where leadCondition, f *lead.FollowUp) {
	readMaybe(b, f, "follow-up of a lead", `
		SELECT l.follow_up_on AS on, f.note, m.name AS member
		FROM leads l JOIN follow_ups f ON f.lead_id = l.id JOIN members m ON m.id = f.member_id
		WHERE l.follow_up_on IS NOT NULL AND `+where.condition, where.args)
}
