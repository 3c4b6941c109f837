package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"tiebreak/internal/guide"
)

// Home is what the home page shows.
type Home struct {
	Guides       []guide.Teaser
	Featured     *guide.Edition // of the guide that is shown in short; nil while no guide is published
	Publications []Publication  // the latest days on which guides were first published
	Changes      []guide.ChangedEdition
}

// Publication is what was first published on one day, in UTC.
type Publication struct {
	MadeAt time.Time   // the last of them
	Guides int         // how many
	Fields int         // in how many fields they are
	First  []GuideName // the first few
}

// maxNamed is how many guides of one day's publications are named.
const maxNamed = 3

// Home reads the home page in one round trip: the guides of the list, and so many of the latest publications and changes.
func (db *DB) Home(ctx context.Context, list GuideList, changes int) (h Home, err error) {
	defer wrap(&err, "home")
	err = db.read(ctx, func(b *pgx.Batch) {
		readRows(b, &h.Guides, "guides", selectGuides, list.args())
		queueRows(b, "featured guide", pgx.RowToStructByPos[storedEdition], h.feature, selectFeatured, nil)
		readRows(b, &h.Publications, "publications", selectPublications, pgx.StrictNamedArgs{"most": changes, "named": maxNamed})
		readRows(b, &h.Changes, "changes", selectChanges+`
			AND e.number > 1 ORDER BY e.made_at DESC, e.digest LIMIT @most`, pgx.StrictNamedArgs{"most": changes})
	})
	return h, err
}

// selectFeatured returns the guide that the home page shows in short: on the largest shelf, the one with most sources, for it is
// the best example of what a guide is. It changes only when guides are added or rewritten, so returning readers find it again. A
// guide of two options goes before others, because two fit into the first screen side by side.
const selectFeatured = `
	SELECT e.document, e.made_at
	FROM editions e
	WHERE e.digest = (
		SELECT g.edition
		FROM (SELECT *, count(*) OVER (PARTITION BY field) AS on_shelf FROM guides WHERE edition IS NOT NULL) g
		ORDER BY g.on_shelf DESC, g.field, (SELECT count(*) FROM guide_options c WHERE c.guide_id = g.id) > 2, g.sources DESC, g.slug
		LIMIT 1)`

type storedEdition struct {
	Document []byte
	MadeAt   time.Time
}

func (h *Home) feature(found []storedEdition) (err error) {
	for _, e := range found {
		h.Featured, err = guide.ReadEdition(e.Document, e.MadeAt)
	}
	return err
}

// selectPublications returns the days on which published guides had their first edition, the latest first.
const selectPublications = `
	SELECT max(e.made_at) AS made_at, count(*) AS guides, count(DISTINCT g.field) AS fields,
	       to_json((array_agg(json_build_object('slug', g.slug, 'title', g.title) ORDER BY e.made_at, g.slug))[:@named]) AS first
	FROM guides g
	JOIN editions e ON e.guide_id = g.id AND e.number = 1
	WHERE g.edition IS NOT NULL
	GROUP BY (e.made_at AT TIME ZONE 'UTC')::date
	ORDER BY made_at DESC
	LIMIT @most`
