-- +goose Up

CREATE TABLE heartbeat (
    only_row     boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    at           timestamptz NOT NULL DEFAULT now(),
    steady_since timestamptz NOT NULL DEFAULT '-infinity'
);
COMMENT ON TABLE heartbeat IS 'Written every 15 seconds by each instance: shows that the database takes writes and that its clock runs steadily';
COMMENT ON COLUMN heartbeat.at IS 'The last write, by now(): this checks the clock itself, which no setting moves';
COMMENT ON COLUMN heartbeat.steady_since IS 'When the clock was last more than a day away from the write before; -infinity if it never was';
INSERT INTO heartbeat DEFAULT VALUES;

-- +goose Down
DROP TABLE heartbeat;
