-- What one intake does in the database (internal/postgres/lead_intake.go), for pgbench; a test compares the two.
\set client random(1, 1000000000)
BEGIN;
WITH kept AS (
    INSERT INTO leads (token, key_digest, keyless, body_digest, guide_id, edition, guide_title, option, option_name, due_at,
                       counted_from, place, text_digest, stamp_digest, client_digest)
    SELECT gen_random_uuid()::text, gen_random_uuid()::text::bytea, false, 'body', guides.id, guides.edition,
           'Django vs FastAPI', 'django', 'Django',
           reply_due(reply_hours), reopening(), 'waitlist',
           NULL, NULL, (:client)::text::bytea
    FROM promise LEFT JOIN guides ON slug = 'django-vs-fastapi'
    ON CONFLICT (key_digest) DO UPDATE SET repeated_at = clock()
    RETURNING id, CASE WHEN keyless THEN
        coalesce((SELECT r.token FROM replaced_receipts r WHERE r.lead_id = leads.id ORDER BY r.at LIMIT 1), token) ELSE token
        END AS token, body_digest
), contents AS (
    INSERT INTO lead_contents (lead_id, name, email, company, project, timeline, budget, ticks, consent, words, form)
    SELECT id, 'Sample Person', 'sample@example.org', '', 'A sample project', '', '', '[]', 'Keep these details.',
           'a example org person project sample', 2 FROM kept
), told AS (
    INSERT INTO lead_history (lead_id, kind, status) SELECT id, 'received', 'new' FROM kept
)
SELECT kept.id AS lead, kept.token, kept.body_digest, text.*, stamp.*,
       (SELECT count(*) FROM leads WHERE client_digest = (:client)::text::bytea AND received_at > clock() - interval '1 hour')
FROM kept, (
    SELECT count(*), count(*) FILTER (WHERE own) FROM (
        SELECT l.client_digest = (:client)::text::bytea OR l.stamp_digest = NULL::bytea AND c.name = 'Sample Person' AS own
        FROM leads l LEFT JOIN lead_contents c ON c.lead_id = l.id
        WHERE l.text_digest = NULL::bytea AND l.received_at > clock() - interval '7 days' LIMIT 20
    ) found
) text, (
    SELECT count(*), count(*) FILTER (WHERE own) FROM (
        SELECT l.client_digest = (:client)::text::bytea OR l.stamp_digest = NULL::bytea AND c.name = 'Sample Person' AS own
        FROM leads l LEFT JOIN lead_contents c ON c.lead_id = l.id
        WHERE l.stamp_digest = NULL::bytea LIMIT 20
    ) found
) stamp \gset
WITH confirmed AS (
    INSERT INTO confirmations AS c (address_digest) SELECT unnest(ARRAY[gen_random_uuid()::text::bytea]) ORDER BY 1
    ON CONFLICT (address_digest) DO UPDATE SET at = clock() WHERE c.at <= clock() - interval '24 hours'
    RETURNING address_digest
), made AS (
    INSERT INTO deliveries (lead_id, kind) SELECT :lead::bigint, 'new' UNION ALL SELECT :lead, 'confirmation' FROM confirmed
    RETURNING id
)
SELECT min(id) AS notice, max(id) AS confirmation FROM made \gset
INSERT INTO river_job (args, kind, max_attempts, metadata, priority, queue, state, tags)
    SELECT jsonb_build_object('delivery', id), 'delivery', 25, '{}', 1, 'bench', 'available', '{}'
    FROM unnest(ARRAY[:notice, :confirmation]::bigint[]) AS id
    RETURNING *;
SELECT granted FROM settle_places() WHERE granted <> :lead ORDER BY received, granted;
COMMIT;
