-- +goose Up

-- Compatible: they count each promise from the arrival, as they did, and never read the new table and column.
CREATE TABLE closures (
    id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    first_day date NOT NULL,
    last_day  date NOT NULL,
    sentence  text NOT NULL DEFAULT '',
    member_id bigint NOT NULL REFERENCES members,
    made_at   timestamptz NOT NULL DEFAULT clock(),
    CHECK (first_day <= last_day),
    CONSTRAINT closures_apart EXCLUDE USING gist (daterange(first_day, last_day, '[]') WITH &&)
);
COMMENT ON TABLE closures IS 'Days on which the site is closed, in site time. Past ones stay as a record';
COMMENT ON COLUMN closures.first_day IS 'The first closed day';
COMMENT ON COLUMN closures.last_day IS 'The last closed day';
COMMENT ON COLUMN closures.sentence IS 'What visitors read during these days, in the studio''s own words; blank is nothing';
COMMENT ON COLUMN closures.member_id IS 'The member who entered or last changed it';
COMMENT ON COLUMN closures.made_at IS 'When that was';
COMMENT ON CONSTRAINT closures_apart ON closures IS 'No day is closed twice';

ALTER TABLE leads ADD COLUMN counted_from timestamptz;
COMMENT ON COLUMN leads.counted_from IS 'The promised time counts from then: the reopening, if it arrived while the site was closed; null is the arrival';

-- In plpgsql, so that its statements are planned once a connection: each intake calls it.
-- +goose StatementBegin
CREATE FUNCTION reopening(at timestamptz DEFAULT clock()) RETURNS timestamptz
LANGUAGE plpgsql STABLE AS $$
DECLARE
    zone text := (SELECT time_zone FROM promise);
    today date := (at AT TIME ZONE zone)::date;
    day date := today;
    until date;
    moment timestamptz;
BEGIN
    LOOP
        SELECT last_day INTO until FROM closures WHERE daterange(first_day, last_day, '[]') @> day;
        EXIT WHEN NOT FOUND;
        day := until + 1;
    END LOOP;
    IF day = today THEN
        RETURN NULL;
    END IF;
    -- Where the clocks go back over midnight, 00:00 comes twice, and PostgreSQL takes the second one.
    moment := day::timestamp AT TIME ZONE zone;
    IF ((moment - interval '1 hour') AT TIME ZONE zone)::date = day THEN
        moment := moment - interval '1 hour';
    END IF;
    RETURN moment;
END
$$;
-- +goose StatementEnd
COMMENT ON FUNCTION reopening(timestamptz) IS
    'The first moment, in site time, of the next day that is not closed; null if the site is open at the time';

-- +goose StatementBegin
CREATE FUNCTION reply_due(hours integer, at timestamptz DEFAULT clock()) RETURNS timestamptz
LANGUAGE sql STABLE
RETURN coalesce(reopening(at), at) + make_interval(hours => hours);
-- +goose StatementEnd
COMMENT ON FUNCTION reply_due(integer, timestamptz) IS
    'By when we promise to answer what arrives at the time: the hours after it, or after the reopening if the site is closed then';

-- +goose Down
DROP FUNCTION reply_due(integer, timestamptz);
DROP FUNCTION reopening(timestamptz);
ALTER TABLE leads DROP COLUMN counted_from;
DROP TABLE closures;
