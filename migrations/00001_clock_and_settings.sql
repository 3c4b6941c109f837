-- +goose Up

-- +goose StatementBegin
CREATE FUNCTION clock() RETURNS timestamptz
LANGUAGE sql STABLE
RETURN now() + coalesce(nullif(current_setting('tiebreak.clock_shift', true), ''), '0')::interval;
-- +goose StatementEnd
COMMENT ON FUNCTION clock() IS
    'The one clock that decides months, deadlines and sessions: now(), moved by tiebreak.clock_shift, which only tests set on their own database';

-- +goose StatementBegin
CREATE FUNCTION refuse_change() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END
$$;
-- +goose StatementEnd
COMMENT ON FUNCTION refuse_change() IS 'Trigger of append-only tables: rows are added, never changed or removed';

CREATE TABLE site (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    name     text NOT NULL DEFAULT '',
    run_by   text NOT NULL DEFAULT '',
    contact  text NOT NULL DEFAULT '',
    sells    text NOT NULL DEFAULT '',
    address  text NOT NULL DEFAULT ''
);
COMMENT ON TABLE site IS 'The studio''s own identity; a blank part is left out for visitors';
INSERT INTO site DEFAULT VALUES;

CREATE TABLE promise (
    only_row    boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    reply_hours integer NOT NULL DEFAULT 24 CHECK (reply_hours BETWEEN 1 AND 720),
    places      integer NOT NULL DEFAULT 8 CHECK (places >= 0),
    time_zone   text    NOT NULL DEFAULT 'UTC'
);
COMMENT ON TABLE promise IS 'The settings behind the page''s words: reply within reply_hours absolute hours, places a month, months counted in time_zone';
INSERT INTO promise DEFAULT VALUES;

CREATE TABLE site_secret (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    secret   bytea NOT NULL CHECK (length(secret) >= 32)
);
COMMENT ON TABLE site_secret IS 'Signs what the site gives out and takes back; made by the first start, shared by all instances';

-- +goose Down
DROP TABLE site_secret, promise, site;
DROP FUNCTION refuse_change();
DROP FUNCTION clock();
