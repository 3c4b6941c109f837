package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"tiebreak/internal/guide"
)

// GuideList says which published guides to list.
type GuideList struct {
	Field  string // of one shelf; "" for all
	Option string // slug of an option that they compare; "" for any
	Most   int    // on each shelf
	Share  int    // if it is more than Most, each shelf lists its equal share of so many guides
}

// Guides lists published guides, shelf by shelf. It reads no editions: a list of many would take seconds.
func (db *DB) Guides(ctx context.Context, list GuideList) (guides []guide.Teaser, err error) {
	defer wrap(&err, "guides")
	rows, _ := db.pool.Query(ctx, selectGuides, list.args())
	return pgx.CollectRows(rows, pgx.RowToStructByName[guide.Teaser])
}

// selectGuides returns the list, the shelves with most guides first; GuideList.args has its arguments.
const selectGuides = `
	SELECT l.field, l.on_shelf, l.slug, l.title, (
		SELECT json_agg(json_build_object('slug', o.slug, 'name', o.name, 'answer', coalesce(l.answer->>o.slug, ''),
		                                  'short', coalesce(l.short->>o.slug, ''))
		                ORDER BY c.position)
		FROM guide_options c
		JOIN options o ON o.id = c.option_id
		WHERE c.guide_id = l.id) AS options, l.labels, l.sources, l.checked
	FROM (
		SELECT g.*, count(*) OVER (PARTITION BY g.field) AS on_shelf,
		       (SELECT count(DISTINCT field) FROM guides WHERE edition IS NOT NULL) AS shelves,
		       row_number() OVER (PARTITION BY g.field ORDER BY g.slug) AS place
		FROM guides g
		WHERE g.edition IS NOT NULL AND (@field = '' OR g.field = @field)
		  AND (@option = '' OR g.id IN (
		      SELECT c.guide_id FROM guide_options c JOIN options o ON o.id = c.option_id WHERE o.slug = @option))
	) l
	WHERE l.place <= greatest(@most, @share / l.shelves)
	ORDER BY l.on_shelf DESC, l.field, l.slug`

func (l GuideList) args() pgx.StrictNamedArgs {
	return pgx.StrictNamedArgs{"field": l.Field, "option": l.Option, "most": l.Most, "share": l.Share}
}

// Published is a guide by name, for lists without its page.
type Published struct {
	Slug, Title, Subtitle, Field string
	MadeAt                       time.Time // of the edition served
}

// PublishedGuides names the published guides, shelf by shelf.
func (db *DB) PublishedGuides(ctx context.Context, most int) (guides []Published, err error) {
	defer wrap(&err, "published guides")
	rows, _ := db.pool.Query(ctx, `
		SELECT g.slug, g.title, g.subtitle, g.field, e.made_at
		FROM guides g
		JOIN editions e ON e.digest = g.edition
		ORDER BY g.field, g.slug
		LIMIT $1`, most)
	return pgx.CollectRows(rows, pgx.RowToStructByName[Published])
}

// ComparedOptions returns the slugs of the options that a published guide compares.
func (db *DB) ComparedOptions(ctx context.Context, most int) (slugs []string, err error) {
	defer wrap(&err, "compared options")
	rows, _ := db.pool.Query(ctx, `
		SELECT o.slug FROM options o
		WHERE EXISTS (
			SELECT FROM guide_options c JOIN guides g ON g.id = c.guide_id WHERE c.option_id = o.id AND g.edition IS NOT NULL)
		ORDER BY o.slug
		LIMIT $1`, most)
	return pgx.CollectRows(rows, pgx.RowTo[string])
}

// Listed is a guide in the list of all, whatever its state.
type Listed struct {
	Slug, Title string
	Published   bool
	Field       string     // the shelf it stands on
	DraftNewer  bool       // its draft says something else than what is published
	Now         string     // slug of the guide that its address leads to, if it is retired
	Former      bool       // it is only an address that a guide had
	Unpublished bool       // it was published once and is no longer
	ScheduledAt *time.Time // when a revision of it is to be published; nil for none
	Problem     string     // why the scheduled revision was not published
	MadeAt      *time.Time // of the edition served; nil while none is
	ChangedBy   string     // who changed it or its draft last, "" for a file
	ChangedAt   *time.Time // when; nil for an address that leads elsewhere
}

// State returns in words what visitors see of the guide and whether it has a draft.
func (g Listed) State() string {
	switch {
	case g.Former:
		return "former address: leads to " + g.Now
	case g.Now != "":
		return "unpublished: leads to " + g.Now
	case g.Unpublished:
		return "unpublished"
	case g.Published && g.DraftNewer:
		return "published, with a draft"
	case g.Published:
		return "published"
	}
	return "draft"
}

// draftNewer is the condition that the draft of a guide g says something else than what is published: r is the latest revision,
// p the published one. A draft that was discarded leaves a revision that says the same.
const draftNewer = `(r.number > coalesce(g.published, 0) AND r.document::text IS DISTINCT FROM p.document::text
	OR EXISTS (SELECT FROM draft_sections d WHERE d.guide_id = g.id))`

// GuidesPerPage is how many guides a page of the staff's list shows.
const GuidesPerPage = 100

// GuidesCursor says which part of the staff's list is meant: what follows or what precedes the slug. The zero is its beginning.
type GuidesCursor struct {
	Slug string
	Back bool
}

// GuidesPart is a part of the staff's list.
type GuidesPart struct {
	Guides        []Listed
	Before, After bool // there are guides before these and after
}

// ListGuides returns a part of the guides, drafts and former slugs whose slug and title contain all of the words, by slug.
func (db *DB) ListGuides(ctx context.Context, words []string, at GuidesCursor) (part GuidesPart, err error) {
	beyond, order := `slug > @slug`, `slug`
	if at.Back {
		beyond, order = `slug < @slug`, `slug DESC`
	}
	guides, err := db.listed(ctx, beyond+` AND NOT EXISTS (
			SELECT FROM unnest(@words::text[]) AS word WHERE strpos(lower(slug || ' ' || title), lower(word)) = 0)
		ORDER BY `+order+` LIMIT @most`, pgx.StrictNamedArgs{"slug": at.Slug, "words": words, "most": GuidesPerPage + 1})
	more := max(0, len(guides)-GuidesPerPage)
	if at.Back {
		return GuidesPart{guides[more:], more > 0, true}, err
	}
	return GuidesPart{guides[:len(guides)-more], at.Slug != "", more > 0}, err
}

// EveryGuide returns all guides and drafts, and the former slugs with where they lead, by slug.
func (db *DB) EveryGuide(ctx context.Context) ([]Listed, error) {
	return db.listed(ctx, `true`, pgx.StrictNamedArgs{})
}

// listed returns the guides, drafts and former slugs that the condition selects, by slug. It looks for them first, and then reads
// what stands around the few that a page shows.
func (db *DB) listed(ctx context.Context, condition string, args pgx.StrictNamedArgs) (guides []Listed, err error) {
	defer wrap(&err, "list of guides")
	args["replaced"] = replacedFirst
	rows, _ := db.pool.Query(ctx, `
		WITH chosen AS (
			SELECT * FROM (
				SELECT g.id, g.slug, false AS former, CASE WHEN g.published IS NOT NULL THEN g.title ELSE (
					SELECT document->>'title' FROM revisions WHERE guide_id = g.id ORDER BY number DESC LIMIT 1
				) END AS title
				FROM guides g
				UNION ALL
				SELECT g.id, f.slug, true, g.title
				FROM former_slugs f
				JOIN guides g ON g.id = f.guide_id
				WHERE NOT EXISTS (SELECT FROM guides here WHERE here.slug = f.slug)
			) named
			WHERE `+condition+`
		)
		SELECT chosen.slug, chosen.title, g.published IS NOT NULL AS published, `+draftNewer+` AS draft_newer,
		       coalesce(heir.slug, '') AS now,
		       false AS former, g.edition IS NULL AND EXISTS (SELECT FROM editions WHERE guide_id = g.id) AS unpublished,
		       e.made_at, g.field, coalesce(m.name, '') AS changed_by, coalesce(s.at, r.made_at) AS changed_at,
		       waits.at AS scheduled_at,
		       CASE WHEN waits.problem = '' AND waits.replaces IS DISTINCT FROM g.published THEN @replaced
		            ELSE coalesce(waits.problem, '') END AS problem
		FROM chosen
		JOIN guides g ON g.id = chosen.id
		JOIN LATERAL (SELECT * FROM revisions WHERE guide_id = g.id ORDER BY number DESC LIMIT 1) r ON true
		LEFT JOIN LATERAL (SELECT * FROM draft_sections WHERE guide_id = g.id ORDER BY at DESC LIMIT 1) s ON true
		LEFT JOIN members m ON m.id = coalesce(s.member_id, r.member_id)
		LEFT JOIN revisions p ON p.guide_id = g.id AND p.number = g.published
		LEFT JOIN editions e ON e.digest = g.edition
		LEFT JOIN guide_schedules waits ON waits.guide_id = g.id
		LEFT JOIN former_slugs f ON f.slug = g.slug AND f.guide_id <> g.id
		LEFT JOIN guides heir ON heir.id = f.guide_id
		WHERE NOT chosen.former
		UNION ALL
		SELECT chosen.slug, chosen.title, false, false, g.slug, true, false, NULL, g.field, '', NULL, NULL, ''
		FROM chosen
		JOIN guides g ON g.id = chosen.id
		WHERE chosen.former
		ORDER BY slug`, args)
	return pgx.CollectRows(rows, pgx.RowToStructByName[Listed])
}
