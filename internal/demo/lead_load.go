package demo

import (
	"context"
	"errors"

	"tiebreak/internal/postgres"
)

const (
	// leadBatch is how many leads are committed at once: a second or two of work.
	leadBatch = 5_000

	// guidesAShelf is how many guides of each shelf the leads come from.
	guidesAShelf = 4
)

// loadLeads adds the leads that are missing from size, counts them, and calls progress with how many are there.
func loadLeads(ctx context.Context, db *postgres.DB, have, size int, added *int, progress func(leads int)) (err error) {
	if have > 0 && size > 0 {
		progress(min(have, size))
	}
	if have >= size {
		return nil
	}
	c, err := newCrowd(ctx, db, size)
	if err != nil {
		return err
	}
	if err := db.GatherWords(ctx, true); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.GatherWords(context.WithoutCancel(ctx), false)) }()
	for have < size {
		part := make([]postgres.SampleLead, min(leadBatch, size-have))
		for i := range part {
			part[i] = c.lead(have + 1 + i)
		}
		if err := db.AddSampleLeads(ctx, part); err != nil {
			return err
		}
		have, *added = have+len(part), *added+len(part)
		progress(have)
	}
	return db.TidyLeads(ctx)
}

// newCrowd asks the database for all that sample leads rest on.
func newCrowd(ctx context.Context, db *postgres.DB, size int) (*crowd, error) {
	c := &crowd{size: size}
	settings, err := db.Settings(ctx)
	if err != nil {
		return nil, err
	}
	c.promise = settings.Promise
	if c.now, err = db.Now(ctx); err != nil {
		return nil, err
	}
	if c.members, err = db.LeadMovers(ctx); err != nil {
		return nil, err
	}
	lines, err := db.Guides(ctx, postgres.GuideList{Most: guidesAShelf})
	if err != nil {
		return nil, err
	}
	if len(lines) == 0 {
		return nil, errors.New("no guide is published that sample leads could come from")
	}
	for _, line := range lines {
		e, err := db.CurrentEdition(ctx, line.Slug)
		if err != nil {
			return nil, err
		}
		c.guides = append(c.guides, e)
	}
	return c, nil
}
