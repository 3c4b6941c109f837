-- +goose Up

CREATE TABLE kept_places (
    lead_id bigint PRIMARY KEY REFERENCES leads,
    place   text NOT NULL CHECK (place IN ('held', 'waitlist')),
    month   date REFERENCES months,
    until   timestamptz NOT NULL,
    CHECK (place = 'waitlist' OR month IS NOT NULL)
);
COMMENT ON TABLE kept_places IS
    'Leads whose place was changed by an act of staff that can still be undone. A place that such a lead gave up goes to nobody else, and a place that it got is told to nobody, until the time is over';
COMMENT ON COLUMN kept_places.place IS 'What the lead had before: a place, or none yet';
COMMENT ON COLUMN kept_places.month IS 'The month whose place is kept for the lead while it has none itself; counted in months.taken';
COMMENT ON COLUMN kept_places.until IS 'When the act can no longer be undone: settle_places then deletes the row';

ALTER TABLE batches ADD COLUMN not_undone bigint[] NOT NULL DEFAULT '{}';
COMMENT ON TABLE batches IS 'What a member did to one lead or to several at once, so that it can be undone';
COMMENT ON COLUMN batches.items IS
    'Ids and states only: [{lead, event, status, answered, assignee, place}] as each lead was before, and the event that changed it';
COMMENT ON COLUMN batches.not_undone IS 'The leads that undoing left as they were: something else had happened to them';
CREATE INDEX batches_by_member ON batches (member_id, at);
COMMENT ON INDEX batches_by_member IS 'What a member can still undo';

-- +goose StatementBegin
CREATE OR REPLACE FUNCTION settle_places() RETURNS TABLE (granted bigint, received timestamptz)
LANGUAGE plpgsql AS $$
DECLARE
    this months;
BEGIN
    -- A transaction that waited here reads below what the one before committed.
    PERFORM lock_places();
    INSERT INTO months (month, capacity)
        SELECT site_month(), CASE WHEN NOT unlimited THEN places END FROM promise
        ON CONFLICT DO NOTHING;
    RETURN QUERY
        WITH past AS (
            DELETE FROM kept_places k USING leads l WHERE l.id = k.lead_id AND k.until <= clock()
            RETURNING l.id, l.received_at, l.place, k.month
        ), freed AS (
            UPDATE months m SET taken = m.taken - f.places
            FROM (SELECT p.month, count(*) AS places FROM past p WHERE p.place = 'none' GROUP BY p.month) f
            WHERE m.month = f.month
        )
        SELECT p.id, p.received_at FROM past p WHERE p.place = 'held';
    SELECT * INTO this FROM months WHERE month = site_month();
    IF this.taken >= this.capacity THEN
        RETURN;
    END IF;
    RETURN QUERY
        WITH waiting AS (
            (SELECT l.id, l.received_at FROM leads l WHERE l.place = 'waitlist'
             ORDER BY l.received_at, l.id LIMIT this.capacity - this.taken)
            UNION ALL
            SELECT l.id, l.received_at FROM kept_places k JOIN leads l ON l.id = k.lead_id WHERE k.month IS NULL AND l.place = 'none'
        ), oldest AS (
            SELECT w.id FROM waiting w ORDER BY w.received_at, w.id LIMIT this.capacity - this.taken
        ), counted AS (
            UPDATE months m SET taken = m.taken + (SELECT count(*) FROM oldest) WHERE m.month = this.month
        ), kept AS (
            UPDATE kept_places k SET month = this.month FROM oldest o JOIN leads l ON l.id = o.id
            WHERE k.lead_id = o.id AND l.place = 'none'
        ), holders AS (
            UPDATE leads l SET place = 'held', month = this.month FROM oldest o WHERE l.id = o.id AND l.place = 'waitlist'
            RETURNING l.id, l.received_at
        )
        SELECT h.id, h.received_at FROM holders h WHERE NOT EXISTS (SELECT FROM kept_places k WHERE k.lead_id = h.id);
END
$$;
-- +goose StatementEnd
COMMENT ON FUNCTION settle_places() IS
    'Frees the places that are no longer kept for an undo, grants this month''s free places, the oldest waiting first, and returns the leads to be told of their place. Every intake, release, change of the promise and the minute sweep call it';

-- +goose Down
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION settle_places() RETURNS TABLE (granted bigint, received timestamptz)
LANGUAGE plpgsql AS $$
DECLARE
    this months;
BEGIN
    -- Whoever waited here reads below what the one before committed.
    PERFORM lock_places();
    INSERT INTO months (month, capacity)
        SELECT site_month(), CASE WHEN NOT unlimited THEN places END FROM promise
        ON CONFLICT DO NOTHING;
    SELECT * INTO this FROM months WHERE month = site_month();
    IF this.taken >= this.capacity THEN
        RETURN;
    END IF;
    RETURN QUERY
        WITH oldest AS (
            SELECT id FROM leads WHERE place = 'waitlist'
            ORDER BY received_at, id LIMIT this.capacity - this.taken FOR NO KEY UPDATE
        )
        UPDATE leads l SET place = 'held', month = this.month FROM oldest WHERE l.id = oldest.id
        RETURNING l.id, l.received_at;
    GET DIAGNOSTICS this.capacity = ROW_COUNT;
    UPDATE months SET taken = taken + this.capacity WHERE month = this.month;
END
$$;
-- +goose StatementEnd
COMMENT ON FUNCTION settle_places() IS
    'Grants this month''s free places, the oldest waiting first, and returns who got one. Every intake, release, change of the promise and the minute sweep call it';
DROP INDEX batches_by_member;
ALTER TABLE batches DROP COLUMN not_undone;
COMMENT ON TABLE batches IS 'What a member did to several leads at once, so that it can be undone';
COMMENT ON COLUMN batches.items IS
    'Ids and states only: [{lead, event, status, answered, assignee}] as each lead was before, and the event that changed it';
UPDATE months m SET taken = m.taken - f.places
FROM (SELECT k.month, count(*) AS places FROM kept_places k JOIN leads l ON l.id = k.lead_id WHERE l.place = 'none' GROUP BY k.month) f
WHERE m.month = f.month;
DROP TABLE kept_places;
