package postgres

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"tiebreak/internal/digest"
	"tiebreak/internal/fault"
	"tiebreak/internal/guide"
	"tiebreak/internal/guide/section"
	"tiebreak/internal/staff"
)

// Draft is the working copy of a guide: its latest revision with the sections that members changed since.
type Draft struct {
	Slug        string // under which the guide stands
	Guide       guide.Guide
	Latest      guide.Guide            // the latest revision, which is published or came from a file
	Live        *guide.Guide           // what is published; nil for nothing
	Options     []guide.Option         // that it compares, with their facts in force
	Changes     map[string]DraftChange // by the name of the section
	RedirectsTo string                 // slug of the guide that has taken the address of this one, "" for none

	Unpublished bool      // it was published once and is no longer
	Replaced    bool      // the guide that has taken its address lists it, as a file does: only a file gives it back
	Schedule    *Schedule // what is to be published at a time; nil for nothing

	saved saved
}

// DraftChange says who changed a section of a draft last.
type DraftChange struct {
	Member   string
	At       time.Time
	Conflict bool // the latest revision changed the section too, in another way
}

// Differs reports that publishing the draft would change what visitors read, or end the review of facts that changed.
func (d Draft) Differs() bool {
	return d.Live == nil || digestsDiffer(d.Guide, *d.Live) || d.IsUnderReview()
}

// IsUnderReview reports that facts changed since the guide was published, so that what rests on them is under review.
func (d Draft) IsUnderReview() bool { return len(d.saved.UnderReview) > 0 }

// FactUnderReview reports whether visitors see the option's fact with the key as under review.
func (d Draft) FactUnderReview(option, key string) bool {
	return slices.Contains(d.saved.UnderReview, option+"/"+key)
}

// LatestNumber returns the number of the latest revision.
func (d Draft) LatestNumber() int { return d.saved.Latest }

// Edition returns the edition that publishing the draft would make, but for its time.
func (d Draft) Edition() (*guide.Edition, error) {
	revision := d.saved.Latest
	if d.saved.Published == revision || digestsDiffer(d.Guide, d.Latest) {
		revision++
	}
	_, document, err := guide.NewEdition(d.Guide, revision, d.Options, nil)
	if err != nil {
		return nil, err
	}
	e, err := guide.ReadEdition(document, time.Now())
	if err != nil {
		return nil, err
	}
	e.FirstAt = e.MadeAt
	return e, nil
}

func digestsDiffer(a, b guide.Guide) bool {
	one, _ := a.Digest()
	other, _ := b.Digest()
	return one != other
}

// Draft returns the working copy of the guide at the slug or at a former one, or fault.NotFound.
func (db *DB) Draft(ctx context.Context, slug string) (d Draft, err error) {
	defer wrap(&err, "draft of %q", slug)
	err = db.readTx(ctx, func(tx pgx.Tx) error {
		d, err = readDraft(ctx, tx, slug)
		return err
	})
	return d, err
}

func readDraft(ctx context.Context, tx pgx.Tx, slug string) (d Draft, err error) {
	if d.saved, err = savedGuide(ctx, tx, guide.Guide{Slug: slug}); err != nil {
		return d, err
	}
	if d.saved.ID == 0 { // a page that was opened before the address changed
		now, err := redirectsTo(ctx, tx, slug)
		if err != nil {
			return d, err
		}
		if now == "" {
			return d, fault.NotFound
		}
		return readDraft(ctx, tx, now)
	}
	d.Slug, d.Changes = d.saved.Slug, map[string]DraftChange{}
	for _, to := range []*guide.Guide{&d.Guide, &d.Latest} { // twice, so that they share no memory
		if err := json.Unmarshal(d.saved.Document, to); err != nil {
			return d, err
		}
	}
	if d.saved.Published > 0 {
		d.Live = &guide.Guide{}
		if err := json.Unmarshal(d.saved.Public, d.Live); err != nil {
			return d, err
		}
	}
	if err := readDraftSections(ctx, tx, &d); err != nil {
		return d, err
	}
	return d, readStanding(ctx, tx, &d)
}

// readStanding reads whether the guide was unpublished, where its address leads and what is scheduled.
func readStanding(ctx context.Context, tx pgx.Tx, d *Draft) error {
	err := tx.QueryRow(ctx, `
		SELECT @published = 0 AND EXISTS (SELECT FROM editions WHERE guide_id = @guide)`,
		pgx.StrictNamedArgs{"published": d.saved.Published, "guide": d.saved.ID}).Scan(&d.Unpublished)
	if err != nil {
		return err
	}
	if d.RedirectsTo, err = redirectsTo(ctx, tx, d.Slug); err != nil {
		return err
	}
	if d.RedirectsTo == d.Slug {
		d.RedirectsTo = ""
	}
	if d.RedirectsTo != "" {
		err = tx.QueryRow(ctx, `
			SELECT EXISTS (
				SELECT FROM guides g JOIN revisions r ON r.guide_id = g.id
				WHERE g.slug = @to AND (r.document->'formerly')::jsonb ? @slug
				  AND (r.number = g.published OR r.number = (SELECT max(number) FROM revisions WHERE guide_id = g.id)))`,
			pgx.StrictNamedArgs{"to": d.RedirectsTo, "slug": d.Slug}).Scan(&d.Replaced)
		if err != nil {
			return err
		}
	}
	d.Schedule, err = readSchedule(ctx, tx, d.saved)
	return err
}

// readDraftSections puts the sections that members changed over those of the latest revision, and reads the options.
func readDraftSections(ctx context.Context, tx pgx.Tx, d *Draft) error {
	rows, _ := tx.Query(ctx, `
		SELECT s.section, s.document, s.base, s.at, m.name AS member
		FROM draft_sections s JOIN members m ON m.id = s.member_id
		WHERE s.guide_id = $1`, d.saved.ID)
	type line struct {
		Section, Base, Member string
		Document              guide.Guide
		At                    time.Time
	}
	lines, err := pgx.CollectRows(rows, pgx.RowToStructByName[line])
	if err != nil {
		return err
	}
	for _, l := range lines {
		s, known := section.Named(l.Section)
		if !known {
			continue // of a newer program
		}
		s.Copy(&d.Guide, l.Document)
		latest := s.Digest(d.Latest)
		d.Changes[l.Section] = DraftChange{
			Member: l.Member, At: l.At, Conflict: latest != l.Base && latest != s.Digest(d.Guide),
		}
	}
	d.Options, err = optionsBySlug(ctx, tx, d.Guide.Options)
	return err
}

// EditDraft has edit change the draft's guide and keeps each section that it changed for the member. Nothing is kept if edit
// returns an error.
func (db *DB) EditDraft(ctx context.Context, slug string, member int64, edit func(d *Draft) error) (err error) {
	defer wrap(&err, "edit %q", slug)
	return db.changeDraft(ctx, slug, func(tx pgx.Tx, d Draft) error {
		before := map[string]string{}
		for _, s := range section.All {
			before[s.Name] = s.Digest(d.Guide)
		}
		if err := edit(&d); err != nil {
			return err
		}
		changed := false
		for _, s := range section.All {
			if s.Digest(d.Guide) == before[s.Name] {
				continue
			}
			changed = true
			if err := keepSection(ctx, tx, d, s, member, `member_id = excluded.member_id, at = clock()`); err != nil {
				return err
			}
		}
		if !changed {
			return nil
		}
		return record(ctx, tx, member, staff.GuideEdited, d.saved.ID)
	})
}

// changeDraft changes a draft while nobody else changes content.
func (db *DB) changeDraft(ctx context.Context, slug string, change func(tx pgx.Tx, d Draft) error) error {
	return db.inTx(ctx, func(tx pgx.Tx) error {
		if err := oneAtATime(ctx, tx); err != nil {
			return err
		}
		d, err := readDraft(ctx, tx, slug)
		if err != nil {
			return err
		}
		return change(tx, d)
	})
}

// keepSection stores a section of the draft as the member's change, unless it says the same as the latest revision. A section
// that was changed before gets the new text, and what alsoSet sets in SQL.
func keepSection(ctx context.Context, tx pgx.Tx, d Draft, s section.Section, member int64, alsoSet string) error {
	base := s.Digest(d.Latest)
	if s.Digest(d.Guide) == base {
		return dropSections(ctx, tx, d, s.Name)
	}
	_, err := tx.Exec(ctx, `
		INSERT INTO draft_sections (guide_id, section, document, base, member_id)
		VALUES (@guide, @section, @document, @base, @member)
		ON CONFLICT (guide_id, section) DO UPDATE SET document = excluded.document, `+alsoSet, pgx.StrictNamedArgs{
		"guide": d.saved.ID, "section": s.Name, "document": s.Alone(d.Guide), "base": base, "member": member,
	})
	return err
}

// dropSections removes the changes of the section from the draft, or of all sections for "".
func dropSections(ctx context.Context, tx pgx.Tx, d Draft, section string) error {
	_, err := tx.Exec(ctx, `DELETE FROM draft_sections WHERE guide_id = $1 AND ($2 = '' OR section = $2)`, d.saved.ID, section)
	return err
}

// SettleSection ends the conflict between a section of the draft and the latest revision: the draft keeps its own text or takes
// the other. Seen is what the member chose between, of Draft.Choice; if it is not that any more, it returns fault.Conflict.
func (db *DB) SettleSection(
	ctx context.Context, slug string, s section.Section, member int64, seen string, keepDraft bool,
) (err error) {
	defer wrap(&err, "settle %s of %q", s.Name, slug)
	return db.changeDraft(ctx, slug, func(tx pgx.Tx, d Draft) error {
		if d.Choice(s) != seen {
			return fault.Conflict
		}
		if !keepDraft {
			err = dropSections(ctx, tx, d, s.Name)
		} else {
			_, err = tx.Exec(ctx, `UPDATE draft_sections SET base = $3 WHERE guide_id = $1 AND section = $2`,
				d.saved.ID, s.Name, s.Digest(d.Latest))
		}
		if err != nil {
			return err
		}
		return record(ctx, tx, member, staff.GuideEdited, d.saved.ID)
	})
}

// Choice stands for the two texts of a section that are in conflict.
func (d Draft) Choice(s section.Section) string { return s.Digest(d.Guide) + s.Digest(d.Latest) }

// Seen stands for the whole draft.
func (d Draft) Seen() string {
	seen, _ := d.Guide.Digest()
	return seen
}

// StateDigest stands for all that a member has before them who publishes, schedules, restores or removes something: the draft,
// the revision that is published and the schedule. It begins with Seen.
func (d Draft) StateDigest() string {
	standing := fmt.Sprintf("%s %d %s", d.Slug, d.saved.Published, d.RedirectsTo)
	if s := d.Schedule; s != nil {
		standing += fmt.Sprintf(" %d %d %s", s.Revision, s.At.Unix(), s.Problem)
	}
	return d.Seen() + digest.Hex(standing, 8)
}

// sameDraft reports that the member saw the draft as it is, whatever else changed.
func (d Draft) sameDraft(seen string) bool { return strings.HasPrefix(seen, d.Seen()) }
