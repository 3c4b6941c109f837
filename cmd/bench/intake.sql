-- What one intake does in the database (internal/postgres/lead_intake.go), for pgbench; a test compares the two.
\set client random(1, 1000000000)
BEGIN;
WITH kept AS (
    INSERT INTO leads (token, key_digest, keyless, body_digest, guide_id, edition, guide_title, option, option_name, due_at, place,
                       text_digest, stamp_digest, client_digest)
    SELECT gen_random_uuid()::text, gen_random_uuid()::text::bytea, false, 'body', guides.id, guides.edition,
           'Django vs FastAPI', 'django', 'Django',
           clock() + make_interval(hours => reply_hours), 'waitlist',
           NULL, NULL, (:client)::text::bytea
    FROM promise LEFT JOIN guides ON slug = 'django-vs-fastapi'
    ON CONFLICT (key_digest) DO UPDATE SET repeated_at = clock()
    RETURNING id, token, body_digest
), contents AS (
    INSERT INTO lead_contents (lead_id, name, email, company, project, timeline, budget, ticks, consent, words, form)
    SELECT id, 'Sample Person', 'sample@example.org', '', 'A sample project', '', '', '[]', 'Keep these details.',
           'a example org person project sample', 2 FROM kept
), told AS (
    INSERT INTO lead_history (lead_id, kind, status) SELECT id, 'received', 'new' FROM kept
)
SELECT id AS lead, token, body_digest FROM kept \gset
SELECT (SELECT count(*) FROM leads WHERE text_digest = NULL::bytea AND received_at > clock() - interval '7 days' AND id <> :lead),
       (SELECT count(*) FROM leads WHERE stamp_digest = NULL::bytea AND id <> :lead),
       (SELECT count(*) FROM leads WHERE client_digest = (:client)::text::bytea AND received_at > clock() - interval '1 hour' AND id <> :lead);
INSERT INTO confirmations AS c (address_digest) VALUES (gen_random_uuid()::text::bytea)
    ON CONFLICT (address_digest) DO UPDATE SET at = clock() WHERE c.at <= clock() - interval '24 hours';
WITH made AS (
    INSERT INTO deliveries (lead_id, kind) SELECT :lead, unnest('{new,confirmation}'::text[]) RETURNING id
)
SELECT min(id) AS notice, max(id) AS confirmation FROM made \gset
INSERT INTO river_job (args, kind, max_attempts, metadata, priority, queue, state, tags)
    SELECT jsonb_build_object('delivery', id), 'delivery', 25, '{}', 1, 'bench', 'available', '{}'
    FROM unnest(ARRAY[:notice, :confirmation]::bigint[]) AS id
    RETURNING *;
SELECT granted FROM settle_places() WHERE granted <> :lead ORDER BY received, granted;
COMMIT;
