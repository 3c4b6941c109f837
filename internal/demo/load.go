package demo

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"time"

	"tiebreak/internal/fault"
	"tiebreak/internal/guide"
	"tiebreak/internal/postgres"
)

// batch is how many options or guides are committed at once: enough that a commit costs little, few enough that
// progress is seen and that a stop loses little.
const batch = 100

// ErrRealLeads refuses a database that people have sent requests to.
var ErrRealLeads = errors.New("this database holds real leads: load samples into a database of their own")

// Size is a number of samples of each kind.
type Size struct{ Options, Guides, Leads int }

// Load publishes options and guides and adds leads up to the size, and calls progress with how many of all are done. It
// returns how many it added or changed. It may be stopped and run again: what is there already stays as it is.
func Load(ctx context.Context, db *postgres.DB, size Size, progress func(done int)) (loaded Size, err error) {
	samples, real, err := db.CountLeads(ctx)
	if err != nil {
		return loaded, err
	}
	if real > 0 {
		return loaded, ErrRealLeads
	}
	if err := loadGuides(ctx, db, size, &loaded, progress); err != nil {
		return loaded, err
	}
	return loaded, loadLeads(ctx, db, samples, size.Leads, &loaded.Leads, func(leads int) {
		progress(size.Options + size.Guides + leads)
	})
}

// loadGuides publishes the options and the guides that compare them.
func loadGuides(ctx context.Context, db *postgres.DB, size Size, loaded *Size, progress func(done int)) error {
	day, err := dayOf(ctx, db)
	if err != nil {
		return err
	}
	set, done := New(size.Options, day), 0
	for part := range inBatches(slices.Values(set.Options)) {
		if err := put(ctx, db, guide.Folder{Options: part}, &loaded.Options); err != nil {
			return err
		}
		done += len(part)
		progress(done)
	}
	for part := range inBatches(set.Guides(size.Guides)) {
		if err := put(ctx, db, guide.Folder{Guides: part}, &loaded.Guides); err != nil {
			return err
		}
		done += len(part)
		progress(done)
	}
	return nil
}

// dayOf is the day of the set that the database holds, so that the next call makes the same facts; today if it holds none.
func dayOf(ctx context.Context, db *postgres.DB) (time.Time, error) {
	first, err := db.Option(ctx, slugOf(optionName(0)))
	if errors.Is(err, fault.NotFound) {
		return db.Now(ctx)
	}
	if err != nil {
		return time.Time{}, err
	}
	day, err := time.Parse(time.DateOnly, first.Facts[subjects[0].key].Checked.String())
	if err != nil {
		return day, fmt.Errorf("%s is not as this command made it: %w", first.Slug, err)
	}
	return day, nil
}

// inBatches yields the same in slices, the last one being shorter.
func inBatches[T any](all iter.Seq[T]) iter.Seq[[]T] {
	return func(yield func([]T) bool) {
		part := make([]T, 0, batch)
		for one := range all {
			if part = append(part, one); len(part) < batch {
				continue
			}
			if !yield(part) {
				return
			}
			part = make([]T, 0, batch)
		}
		if len(part) > 0 {
			yield(part)
		}
	}
}

// put imports the folder and adds what it changed to the count.
func put(ctx context.Context, db *postgres.DB, folder guide.Folder, changed *int) error {
	changes, err := db.Import(ctx, postgres.Import{Folder: folder, Publish: true})
	if err != nil {
		return err
	}
	for _, c := range changes {
		if c.What != "unchanged" {
			*changed++
		}
	}
	return nil
}
