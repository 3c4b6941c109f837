-- +goose Up

-- A lead keeps its number on the waitlist, whenever it arrived: nobody's number rises because another lead joins.
-- Compatible: programs before it call settle_places, which gives each lead that joins its number.
ALTER TABLE leads ADD COLUMN waitlist_order bigint;
COMMENT ON COLUMN leads.waitlist_order IS
    'The order in which leads joined the waitlist; NULL until settle_places has put the lead into it. A lead that joins again is set to NULL first';
WITH waiting AS (
    SELECT l.id, row_number() OVER (ORDER BY l.received_at, l.id) AS waitlist_order
    FROM leads l LEFT JOIN kept_places k ON k.lead_id = l.id
    WHERE l.place = 'waitlist' OR l.place = 'none' AND k.lead_id IS NOT NULL AND k.month IS NULL
)
UPDATE leads l SET waitlist_order = w.waitlist_order FROM waiting w WHERE l.id = w.id;
CREATE INDEX leads_on_waitlist ON leads (waitlist_order) WHERE place = 'waitlist';
COMMENT ON INDEX leads_on_waitlist IS 'The waitlist in its order';

-- +goose StatementBegin
CREATE OR REPLACE FUNCTION settle_places() RETURNS TABLE (granted bigint, received timestamptz)
LANGUAGE plpgsql AS $$
DECLARE
    this months;
    last bigint;
BEGIN
    -- A transaction that waited here reads below what the one before committed.
    PERFORM lock_places();
    IF EXISTS (SELECT FROM kept_places WHERE until <= clock()) THEN
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
    END IF;
    SELECT * INTO this FROM months WHERE month = site_month();
    IF NOT FOUND THEN
        INSERT INTO months (month, capacity)
            SELECT site_month(), CASE WHEN NOT unlimited THEN places END FROM promise
            RETURNING * INTO this;
    END IF;
    IF this.capacity IS NULL OR this.taken < this.capacity THEN
        RETURN QUERY
            WITH waiting AS (
                (SELECT l.id, l.waitlist_order, l.received_at FROM leads l WHERE l.place = 'waitlist'
                 ORDER BY l.waitlist_order, l.received_at, l.id LIMIT this.capacity - this.taken)
                UNION ALL
                SELECT l.id, l.waitlist_order, l.received_at
                FROM kept_places k JOIN leads l ON l.id = k.lead_id WHERE k.month IS NULL AND l.place = 'none'
            ), first AS (
                SELECT w.id FROM waiting w ORDER BY w.waitlist_order, w.received_at, w.id LIMIT this.capacity - this.taken
            ), counted AS (
                UPDATE months m SET taken = m.taken + (SELECT count(*) FROM first) WHERE m.month = this.month
            ), kept AS (
                UPDATE kept_places k SET month = this.month FROM first f JOIN leads l ON l.id = f.id
                WHERE k.lead_id = f.id AND l.place = 'none'
            ), holders AS (
                UPDATE leads l SET place = 'held', month = this.month FROM first f WHERE l.id = f.id AND l.place = 'waitlist'
                RETURNING l.id, l.received_at
            )
            SELECT h.id, h.received_at FROM holders h WHERE NOT EXISTS (SELECT FROM kept_places k WHERE k.lead_id = h.id);
    END IF;
    IF EXISTS (SELECT FROM leads WHERE place = 'waitlist' AND waitlist_order IS NULL) THEN
        SELECT greatest(
            (SELECT max(waitlist_order) FROM leads WHERE place = 'waitlist'),
            (SELECT max(l.waitlist_order) FROM kept_places k JOIN leads l ON l.id = k.lead_id WHERE k.month IS NULL), 0) INTO last;
        UPDATE leads l SET waitlist_order = last + j.number FROM (
            SELECT w.id, row_number() OVER (ORDER BY w.received_at, w.id) AS number
            FROM leads w WHERE w.place = 'waitlist' AND w.waitlist_order IS NULL
        ) j WHERE l.id = j.id;
    END IF;
END
$$;
-- +goose StatementEnd
COMMENT ON FUNCTION settle_places() IS
    'Frees the places that are no longer kept for an undo, grants this month''s free places in the order of the waitlist, puts leads that joined at its end, and returns the leads to be told of their place. Every intake, release, change of the promise and the minute sweep call it';
DROP INDEX leads_waiting;

-- +goose Down
CREATE INDEX leads_waiting ON leads (received_at, id) WHERE place = 'waitlist';
COMMENT ON INDEX leads_waiting IS 'The waitlist, oldest first';
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION settle_places() RETURNS TABLE (granted bigint, received timestamptz)
LANGUAGE plpgsql AS $$
DECLARE
    this months;
BEGIN
    -- A transaction that waited here reads below what the one before committed.
    PERFORM lock_places();
    IF EXISTS (SELECT FROM kept_places WHERE until <= clock()) THEN
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
    END IF;
    SELECT * INTO this FROM months WHERE month = site_month();
    IF NOT FOUND THEN
        INSERT INTO months (month, capacity)
            SELECT site_month(), CASE WHEN NOT unlimited THEN places END FROM promise
            RETURNING * INTO this;
    END IF;
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
ALTER TABLE leads DROP COLUMN waitlist_order;
