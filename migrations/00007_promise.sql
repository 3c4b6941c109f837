-- +goose Up

ALTER TABLE promise ADD COLUMN unlimited boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN promise.unlimited IS 'There is no limit on intake; places is then what the limit was';

CREATE TABLE promise_changes (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at          timestamptz NOT NULL DEFAULT clock(),
    member_id   bigint NOT NULL REFERENCES members,
    reply_hours integer NOT NULL,
    places      integer NOT NULL,
    unlimited   boolean NOT NULL,
    time_zone   text NOT NULL
);
COMMENT ON TABLE promise_changes IS 'What was promised from when on, and who changed it';
CREATE TRIGGER promise_changes_append_only BEFORE UPDATE OR DELETE ON promise_changes
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE months (
    month    date PRIMARY KEY CHECK (extract(day FROM month) = 1),
    capacity integer,
    taken    integer NOT NULL DEFAULT 0 CHECK (taken >= 0),
    CHECK (taken <= capacity)
);
COMMENT ON TABLE months IS 'Intake places month by month, in site time; a null capacity is no limit. What is taken never exceeds it, whatever a program does';

ALTER TABLE leads
    ADD COLUMN place      text NOT NULL DEFAULT 'none' CHECK (place IN ('held', 'waitlist', 'none')),
    ADD COLUMN month      date REFERENCES months,
    ADD COLUMN reminded   smallint NOT NULL DEFAULT 0,
    ADD CHECK ((place = 'held') = (month IS NOT NULL));
COMMENT ON COLUMN leads.place IS 'An intake place: held, waited for, or none (withdrawn, lost, or before places were counted)';
COMMENT ON COLUMN leads.month IS 'The month whose place is held';
COMMENT ON COLUMN leads.reminded IS 'The last mark on the way to due_at that staff were reminded of: 0, 75, 92 or 100 percent';
CREATE INDEX leads_waiting ON leads (received_at, id) WHERE place = 'waitlist';
COMMENT ON INDEX leads_waiting IS 'The waitlist, oldest first';
CREATE INDEX leads_unanswered ON leads (due_at) WHERE status = 'new' AND answered_at IS NULL;
COMMENT ON INDEX leads_unanswered IS 'Whom staff are reminded of';

-- +goose StatementBegin
CREATE FUNCTION site_month() RETURNS date
LANGUAGE sql STABLE
RETURN (SELECT date_trunc('month', clock() AT TIME ZONE time_zone)::date FROM promise);
-- +goose StatementEnd
COMMENT ON FUNCTION site_month() IS 'The month that it is in site time, by the database''s clock';

-- +goose StatementBegin
CREATE FUNCTION lock_places() RETURNS void
LANGUAGE sql
BEGIN ATOMIC
    SELECT pg_advisory_xact_lock(74650001);
END;
-- +goose StatementEnd
COMMENT ON FUNCTION lock_places() IS
    'Lets one transaction at a time decide over places, on all instances, until it ends. Whoever changes a lead that is there before it settles places calls it first, so that nobody waits in a ring';

-- +goose StatementBegin
CREATE FUNCTION settle_places() RETURNS TABLE (granted bigint, received timestamptz)
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

ALTER TABLE lead_history DROP CONSTRAINT lead_history_kind_check;
ALTER TABLE lead_history ADD CONSTRAINT lead_history_kind_check
    CHECK (kind IN ('received', 'moved', 'placed', 'note', 'withdrawn'));

CREATE TABLE lead_notes (
    id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    lead_id bigint NOT NULL REFERENCES leads,
    at      timestamptz NOT NULL DEFAULT clock(),
    digest  bytea NOT NULL,
    text    text NOT NULL,
    UNIQUE (lead_id, digest)
);
COMMENT ON TABLE lead_notes IS 'What prospects added to their request; erasure deletes the rows';
COMMENT ON COLUMN lead_notes.digest IS 'Of the form''s key and the text: one press or two, one note';

CREATE TABLE deliveries (
    id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    lead_id  bigint NOT NULL REFERENCES leads,
    kind     text NOT NULL CHECK (kind IN ('confirmation', 'placed', 'new', 'note', 'withdrawn', 'reminder', 'overdue')),
    state    text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'sent', 'dropped', 'failed')),
    made_at  timestamptz NOT NULL DEFAULT clock(),
    tried_at timestamptz,
    ended_at timestamptz,
    attempts integer NOT NULL DEFAULT 0,
    problem  text NOT NULL DEFAULT '',
    code     integer NOT NULL DEFAULT 0,
    CHECK ((state = 'waiting') = (ended_at IS NULL))
);
CREATE INDEX deliveries_by_lead ON deliveries (lead_id, id);
CREATE INDEX deliveries_open ON deliveries (made_at, id) WHERE state IN ('waiting', 'failed');
COMMENT ON TABLE deliveries IS 'Each e-mail that must go out or went out, and how it fared: the queue''s own rows go, these stay. Nothing typed and no address stands here';
COMMENT ON COLUMN deliveries.state IS 'dropped: nobody needs it any more, as when the lead was erased; failed: given up after seven days';
COMMENT ON COLUMN deliveries.problem IS 'What stopped the last attempt, as one word of delivery.Problem';
COMMENT ON COLUMN deliveries.code IS 'The SMTP server''s reply code to the last attempt, 0 without one';
COMMENT ON INDEX deliveries_open IS 'What waits or failed: the staff''s list, the banner, the queue''s age';

CREATE TABLE confirmations (
    address_digest bytea PRIMARY KEY,
    at             timestamptz NOT NULL DEFAULT clock()
);
COMMENT ON TABLE confirmations IS 'Which addresses got an automatic confirmation within the last day, by a signed digest: at most one a day each. The sweep clears it';

-- +goose Down
DROP TABLE confirmations, deliveries, lead_notes, promise_changes;
DROP FUNCTION settle_places();
DROP FUNCTION lock_places();
DROP FUNCTION site_month();
ALTER TABLE lead_history DROP CONSTRAINT lead_history_kind_check;
ALTER TABLE lead_history ADD CONSTRAINT lead_history_kind_check CHECK (kind IN ('received', 'moved')) NOT VALID;
ALTER TABLE leads DROP COLUMN place, DROP COLUMN month, DROP COLUMN reminded;
DROP TABLE months;
ALTER TABLE promise DROP COLUMN unlimited;
