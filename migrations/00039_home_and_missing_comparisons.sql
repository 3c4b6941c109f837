-- +goose Up

-- Compatible: the program before reads none of this. It leaves the new columns of a guide that it publishes as they are, and the
-- next start of this program fills them in.
ALTER TABLE guides
    ADD COLUMN short   json NOT NULL DEFAULT '{}',
    ADD COLUMN sources integer NOT NULL DEFAULT 0,
    ADD COLUMN checked date;
COMMENT ON COLUMN guides.short IS 'Of the edition served, for lists: the answer in a few words, by option';
COMMENT ON COLUMN guides.sources IS 'Of the edition served, for lists: how many sources it cites';
COMMENT ON COLUMN guides.checked IS 'Of the edition served, for lists: when its oldest fact was checked; null if it has none';

CREATE TABLE missing_comparisons (
    day   date NOT NULL,
    names text NOT NULL CHECK (length(names) BETWEEN 1 AND 200),
    times integer NOT NULL CHECK (times > 0),
    PRIMARY KEY (day, names)
);
COMMENT ON TABLE missing_comparisons IS 'Comparisons that visitors looked for and that no guide has: how many looked each day, and nothing about who. guide.MaxMissing bounds the rows of a day, guide.KeepMissing says for how long they are kept';
COMMENT ON COLUMN missing_comparisons.day IS 'In the time zone of the site';
COMMENT ON COLUMN missing_comparisons.names IS 'What was to be compared, in small letters and in alphabetical order: fastapi vs litestar';
COMMENT ON COLUMN missing_comparisons.times IS 'How many clients looked for it, each counted once a day by each instance';

-- +goose Down
DROP TABLE missing_comparisons;
ALTER TABLE guides DROP COLUMN short, DROP COLUMN sources, DROP COLUMN checked;
