// Package demo fills a database with sample options, guides and leads: plainly sample data, in the shape and size of real
// ones, to see and measure the site when it is full.
package demo

import (
	"context"
	"errors"
	"slices"

	"tiebreak/internal/guide"
	"tiebreak/internal/lead"
	"tiebreak/internal/postgres"
)

// batch is how many options or guides one transaction writes.
const batch = 100

// Load refuses databases with these errors.
var (
	ErrRealLeads = errors.New("this database holds real leads: load samples into a database of their own")
	ErrFilled    = errors.New("this database holds sample leads already: to start over, take an empty database or another " +
		"data folder")
)

// Size is a number of samples of each kind.
type Size struct{ Options, Guides, Leads int }

// Load publishes options and guides, then adds all leads at once or none, and calls progress with how many of all are done. After
// a load that failed, the next one starts over: it replaces guides that are there already.
func Load(ctx context.Context, db *postgres.DB, size Size, progress func(done int)) error {
	var samples, leads int
	err := db.Conns().QueryRow(ctx, `SELECT count(*) FILTER (WHERE starts_with(token, $1)), count(*) FROM leads`,
		lead.SamplePrefix).Scan(&samples, &leads)
	switch {
	case err != nil:
		return err
	case leads > samples:
		return ErrRealLeads
	case samples > 0:
		return ErrFilled
	}
	if err := loadGuides(ctx, db, size, progress); err != nil || size.Leads == 0 {
		return err
	}
	return loadLeads(ctx, db, size.Leads, func(done int) { progress(size.Options + size.Guides + done) })
}

// loadGuides publishes the options and the guides that compare them.
func loadGuides(ctx context.Context, db *postgres.DB, size Size, progress func(done int)) error {
	now, err := db.Now(ctx)
	if err != nil {
		return err
	}
	done, options := 0, sampleOptions(size.Options, now)
	put := func(folder guide.Folder) error {
		_, err := db.Import(ctx, postgres.Import{Folder: folder, Publish: true})
		done += len(folder.Options) + len(folder.Guides)
		progress(done)
		return err
	}
	for part := range slices.Chunk(options, batch) {
		if err := put(guide.Folder{Options: part}); err != nil {
			return err
		}
	}
	for part := range slices.Chunk(picks(options, size.Guides), batch) {
		var folder guide.Folder
		for _, pick := range part {
			folder.Guides = append(folder.Guides, compare(pick))
		}
		if err := put(folder); err != nil {
			return err
		}
	}
	return nil
}
