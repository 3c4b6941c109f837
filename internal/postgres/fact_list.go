package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"

	"tiebreak/internal/guide"
)

// MaxListedFacts bounds each list of facts.
const MaxListedFacts = 200

// DueFacts returns facts whose date of review is over, and changed facts of which published guides still say that they are
// under review. Those that a guide shows come first, the longest wait before the others.
func (db *DB) DueFacts(ctx context.Context) (due guide.DueFacts, err error) {
	defer wrap(&err, "due facts")
	args := pgx.StrictNamedArgs{"most": MaxListedFacts}
	err = db.read(ctx, func(b *pgx.Batch) {
		readRows(b, &due.Overdue, "overdue facts", `
			SELECT o.slug, o.name, f.key, f.version, f.value, f.detail, f.confidence, f.checked, f.review, f.sources,
			       coalesce(u.labels[1], '') AS label, u.guides, u.titles
			FROM (
				SELECT DISTINCT ON (option_id, key) * FROM facts ORDER BY option_id, key, version DESC
			) f
			JOIN options o ON o.id = f.option_id
			CROSS JOIN LATERAL (`+guidesThatShow+`) u
			WHERE o.retired_at IS NULL AND f.review < (`+siteToday+`)
			ORDER BY cardinality(u.guides) = 0, f.review, cardinality(u.guides) DESC, o.slug, f.key
			LIMIT @most`, args)
		readRows(b, &due.Changed, "changed facts", `
			SELECT o.slug, o.name, f.key, f.version, f.value, f.detail, f.confidence, f.checked, f.review, f.sources,
			       (array_agg(g.labels->>f.key ORDER BY g.slug))[1] AS label, array_agg(g.slug ORDER BY g.slug) AS guides,
			       array_agg(g.title ORDER BY g.slug) AS titles
			FROM `+guidesUnderReview+`
			JOIN LATERAL (
				SELECT * FROM facts WHERE option_id = o.id AND key = split_part(changed.fact, '/', 2)
				ORDER BY version DESC LIMIT 1
			) f ON true
			GROUP BY o.slug, o.name, f.key, f.version, f.value, f.detail, f.confidence, f.checked, f.review, f.sources, f.made_at
			ORDER BY count(*) DESC, f.made_at, o.slug, f.key
			LIMIT @most`, args)
		readRows(b, &due.UnderReview, "guides under review", `
			SELECT g.slug, g.title, e.digest AS edition, array_agg(DISTINCT o.name ORDER BY o.name) AS options
			FROM `+guidesUnderReview+`
			GROUP BY g.slug, g.title, e.digest
			ORDER BY g.slug
			LIMIT @most`, args)
	})
	return due, err
}

// FindFacts returns the facts in force that contain all of the words, in the name of their option, their key, value or detail.
func (db *DB) FindFacts(ctx context.Context, words []string) (facts []guide.DueFact, err error) {
	defer wrap(&err, "find facts")
	rows, _ := db.pool.Query(ctx, `
		SELECT o.slug, o.name, f.key, f.version, f.value, f.detail, f.confidence, f.checked, f.review, f.sources,
		       coalesce(u.labels[1], '') AS label, u.guides, u.titles
		FROM (
			SELECT DISTINCT ON (option_id, key) * FROM facts ORDER BY option_id, key, version DESC
		) f
		JOIN options o ON o.id = f.option_id
		CROSS JOIN LATERAL (`+guidesThatShow+`) u
		WHERE NOT EXISTS (
			SELECT FROM unnest(@words::text[]) AS word
			WHERE strpos(lower(concat_ws(' ', o.name, o.slug, f.key, translate(f.key, '-', ' '), f.value, f.detail)), lower(word)) = 0)
		ORDER BY o.retired_at, lower(o.name), o.slug, f.key
		LIMIT @most`, pgx.StrictNamedArgs{"words": words, "most": MaxListedFacts})
	return pgx.CollectRows(rows, pgx.RowToStructByName[guide.DueFact])
}

// guidesUnderReview joins guides g that say that facts are under review, their editions e, those facts as "option/key" and the
// options o of the facts. Only a guide that has had an edition since its revision was published can say so: no other document
// is read.
const guidesUnderReview = `
	guides g
	JOIN editions e ON e.digest = g.edition AND e.number > (
		SELECT min(number) FROM editions WHERE guide_id = g.id AND revision = e.revision)
	CROSS JOIN LATERAL json_array_elements_text(
		CASE WHEN json_typeof(e.document->'reread') = 'array' THEN e.document->'reread' ELSE '[]' END) AS changed (fact)
	JOIN options o ON o.slug = split_part(changed.fact, '/', 1)`

// guidesThatShow selects the published guides that show fact f: what they call it, their slugs and titles.
const guidesThatShow = `
	SELECT coalesce(array_agg(g.labels->>f.key ORDER BY g.slug), '{}') AS labels,
	       coalesce(array_agg(g.slug ORDER BY g.slug), '{}') AS guides,
	       coalesce(array_agg(g.title ORDER BY g.slug), '{}') AS titles
	FROM guide_options c
	JOIN guides g ON g.id = c.guide_id
	WHERE c.option_id = f.option_id AND g.edition IS NOT NULL AND g.labels->>f.key IS NOT NULL`
