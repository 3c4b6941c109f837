-- +goose Up

ALTER TABLE promise
    ADD COLUMN keep_won       integer NOT NULL DEFAULT 0   CHECK (keep_won >= 0),
    ADD COLUMN keep_lost      integer NOT NULL DEFAULT 180 CHECK (keep_lost >= 0),
    ADD COLUMN keep_withdrawn integer NOT NULL DEFAULT 30  CHECK (keep_withdrawn >= 0),
    ADD COLUMN keep_suspect   integer NOT NULL DEFAULT 30  CHECK (keep_suspect >= 0);
COMMENT ON COLUMN promise.keep_won IS 'Days for which a lead is kept after it was won, then it is erased; 0 is until somebody erases it. So are the other three';

ALTER TABLE promise_changes
    ADD COLUMN keep_won       integer NOT NULL DEFAULT 0,
    ADD COLUMN keep_lost      integer NOT NULL DEFAULT 0,
    ADD COLUMN keep_withdrawn integer NOT NULL DEFAULT 0,
    ADD COLUMN keep_suspect   integer NOT NULL DEFAULT 0;

CREATE TABLE retention_runs (
    day    date PRIMARY KEY,
    at     timestamptz NOT NULL DEFAULT clock(),
    erased integer NOT NULL
);
COMMENT ON TABLE retention_runs IS 'On which days leads were looked through for those kept long enough, and how many were erased';

-- +goose Down
DROP TABLE retention_runs;
ALTER TABLE promise_changes DROP COLUMN keep_won, DROP COLUMN keep_lost, DROP COLUMN keep_withdrawn, DROP COLUMN keep_suspect;
ALTER TABLE promise DROP COLUMN keep_won, DROP COLUMN keep_lost, DROP COLUMN keep_withdrawn, DROP COLUMN keep_suspect;
