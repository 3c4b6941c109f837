package demo

// prepare makes the table of texts. The index of the leads' words gathers what is loaded until settleSearch: a million leads,
// sorted in one by one, take three times as long.
const prepare = `
	CREATE TEMP TABLE sample_texts (
		id integer PRIMARY KEY, guide text, edition text, guide_title text, option text, option_name text, ticks jsonb,
		name text, company text, project text, timeline text, budget text, words tsvector, form smallint
	) ON COMMIT DROP;
	ALTER INDEX lead_contents_by_words SET (fastupdate = on);
	SELECT setseed(0.2026)`

const settleSearch = `ALTER INDEX lead_contents_by_words SET (fastupdate = off)`

// addLeads adds the leads from a number to another. They are spread over the five years up to now. The freshest ones arrived
// within the promised time and a quarter, and four in five of them still wait for an answer. Each other lead follows its
// course: the first step mostly comes within the promised time, and one in twelve up to eight times as late. Nobody deals with
// suspects. A lead that would be erased within the day is erased already: the site's own daily run does that one by one.
// Digests stay empty, so that no sample is taken for somebody's, and no mail is due.
const addLeads = `
WITH drawn AS MATERIALIZED (
	SELECT nextval(pg_get_serial_sequence('leads', 'id')) AS id, n, n > @size::int - @fresh::int AS fresh,
	       floor(random() * @texts::int)::int AS text, random() < 0.02 AS suspect, random() AS rest, random() < 0.8 AS idle,
	       (ARRAY['contacted qualified won', 'contacted qualified won', 'contacted qualified won', 'contacted won', 'lost',
	              'contacted lost', 'contacted qualified lost', 'contacted qualified', 'withdrawn', 'contacted withdrawn'
	       ])[1 + floor(random() * 10)] AS course,
	       CASE WHEN random() < 0.08 THEN 1 + 7 * random() ELSE random() ^ 2 END AS pace,
	       random() * 20 * interval '1 day' AS pause,
	       CASE WHEN random() < 0.12 THEN 1 + floor(random() * n)::int ELSE n END AS person,
	       (SELECT array_agg(m.id) FROM members m WHERE role <> 'reader' AND disabled_at IS NULL) AS members, random() AS who,
	       random() < 0.33 AS assigned, (random() * (cardinality(@causes::text[]) - 1))::int AS cause
	FROM generate_series(@first::int, @last::int) n
), met AS (
	SELECT d.*, reply, pace * reply AS wait, suspect OR fresh AND idle AS waits, keep,
	       date_trunc('second', clock() - CASE
	           WHEN fresh THEN 1.25 * reply * (@size - n + rest) / @fresh
	           ELSE 1.25 * reply + interval '1800 days' * (@size - @fresh - n + rest) / nullif(@size - @fresh, 0)
	       END) AS received_at,
	       lpad(person::text, greatest(6, length(person::text)), '0') AS number,
	       CASE WHEN NOT suspect THEN members[1 + floor(who * cardinality(members))] END AS member
	FROM drawn d, (
		SELECT make_interval(hours => reply_hours) AS reply,
		       jsonb_build_object('won', keep_won, 'lost', keep_lost, 'withdrawn', keep_withdrawn,
		                          'suspect', keep_suspect) AS keep
		FROM promise
	) p
), told AS (
	SELECT m.id, step, status, at, CASE WHEN status NOT IN ('new', 'withdrawn') THEN member END AS member
	FROM met m, unnest('{new}' || CASE WHEN NOT waits THEN string_to_array(course, ' ') END) WITH ORDINALITY AS s (status, step),
	     LATERAL (SELECT received_at + CASE WHEN step > 1 THEN wait + (step - 2) * pause ELSE '0' END AS at) t
	WHERE at <= clock()
), stood AS (
	SELECT id, (array_agg(status ORDER BY step DESC))[1] AS status, max(at) AS at,
	       min(at) FILTER (WHERE status NOT IN ('new', 'withdrawn')) AS answered_at
	FROM told GROUP BY id
), ended AS (
	SELECT m.*, status, answered_at, CASE WHEN status IN ('contacted', 'qualified') AND member IS NOT NULL AND random() < 0.3
	           THEN clock()::date - 5 + (random() * 60)::int END AS follow_up_on, until < clock() + interval '1 day' AS gone, least(until, clock()) AS gone_at
	FROM met m JOIN stood s USING (id),
	     LATERAL (SELECT nullif((keep->>CASE WHEN suspect THEN 'suspect' ELSE status END)::int, 0) AS days) k,
	     LATERAL (SELECT s.at + make_interval(days => days) AS until) u
), kept AS (
	INSERT INTO leads (id, token, keyless, body_digest, guide_id, edition, guide_title, option, option_name, status, received_at,
	                   due_at, answered_at, suspect, causes, suspicion_told_on, assignee_id, place, reminded,
	                   follow_up_on, follow_up_reminded_at)
	OVERRIDING SYSTEM VALUE
	SELECT e.id, @prefix || n, false, '', (SELECT g.id FROM guides g WHERE slug = guide), nullif(edition, ''), guide_title,
	       option, option_name,
	       CASE WHEN gone THEN 'erased' ELSE status END, received_at, received_at + reply, answered_at, suspect,
	       CASE WHEN suspect THEN (@causes)[cause:cause + 1] ELSE '{}' END, CASE WHEN suspect THEN received_at::date END,
	       CASE WHEN assigned THEN member END,
	       CASE WHEN status = 'new' AND NOT suspect AND n > @size - 300 THEN 'waitlist' ELSE 'none' END, 100,
	       follow_up_on, CASE WHEN follow_up_on IS NOT NULL THEN clock() END
	FROM ended e JOIN sample_texts t ON t.id = e.text
	RETURNING id, reference
), contents AS (
	INSERT INTO lead_contents (lead_id, name, email, company, project, timeline, budget, ticks, consent, words, form)
	SELECT e.id, name || ' ' || number, 'sample-' || number || '@example.org', company, project, timeline, budget, ticks,
	       @consent,
	       words || array_to_tsvector(ARRAY[number]), form
	FROM ended e JOIN sample_texts t ON t.id = e.text
	WHERE gone IS NOT TRUE
), follow_ups AS (
	INSERT INTO follow_ups (lead_id, member_id, note)
	SELECT id, member, 'Ask how the project goes' FROM ended WHERE follow_up_on IS NOT NULL
), history AS (
	INSERT INTO lead_history (lead_id, at, kind, status, member_id, assignee_id)
	SELECT id, at, kind, status, member, assignee FROM (
		SELECT id, step, at, CASE status WHEN 'new' THEN 'received' WHEN 'withdrawn' THEN status ELSE 'moved' END AS kind, status,
		       member, NULL::bigint AS assignee
		FROM told
		UNION ALL
		SELECT id, 1, received_at + least(wait, clock() - received_at) / 2, 'assigned', 'new', member, member
		FROM met WHERE assigned AND member IS NOT NULL
		UNION ALL
		SELECT id, 9, gone_at, 'erased', 'erased', NULL, NULL FROM ended WHERE gone
	) h
	WHERE kind <> 'moved' OR member IS NOT NULL
	ORDER BY id, step, at
)
INSERT INTO erasures (reference, at) SELECT reference, gone_at FROM kept JOIN ended USING (id) WHERE gone`

// givePlaces gives this month's places to new leads, givePastPlaces those of past months to leads that were answered. They come
// last, for their lock holds others up until the commit.
const givePlaces = `SELECT settle_places()`

const givePastPlaces = `
WITH line AS (
	SELECT id, date_trunc('month', received_at AT TIME ZONE time_zone)::date AS month, unlimited, places
	FROM leads, promise
	WHERE status IN ('contacted', 'qualified', 'won') AND NOT suspect
), counted AS (
	SELECT *, row_number() OVER (PARTITION BY month ORDER BY id) AS nth FROM line WHERE month < site_month()
), held AS (
	SELECT * FROM counted WHERE unlimited OR nth <= places
), opened AS (
	INSERT INTO months (month, capacity, taken)
	SELECT month, CASE WHEN NOT unlimited THEN places END, count(*) FROM held GROUP BY 1, 2
	ON CONFLICT DO NOTHING
	RETURNING month
)
UPDATE leads l SET place = 'held', month = h.month FROM held h JOIN opened USING (month) WHERE l.id = h.id`
