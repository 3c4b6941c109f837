-- +goose Up

-- All intakes wait for each other here. The function reads first, and changes kept places and months only if there is something
-- to change.
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

-- +goose Down
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
