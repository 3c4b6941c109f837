-- +goose Up

-- Compatible: the program before makes no backups by itself and does not read the table.
CREATE TABLE backups (
    id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind     text NOT NULL CHECK (kind ~ '^[a-z]+(-[a-z]+)*$'),
    ended_at timestamptz NOT NULL DEFAULT clock(),
    problem  text NOT NULL DEFAULT '' CHECK (problem ~ '^([a-z]+(-[a-z]+)*)?$')
);
COMMENT ON TABLE backups IS 'How the nightly backups and the drills of restoring them went, for a year';
COMMENT ON COLUMN backups.kind IS 'What was done, a word of postgres.BackupKind';
COMMENT ON COLUMN backups.problem IS 'Why it failed, a word of postgres.BackupProblem; empty if it did not';
CREATE INDEX backups_by_kind ON backups (kind, ended_at DESC);
COMMENT ON INDEX backups_by_kind IS 'The last of each kind';

-- +goose Down
DROP TABLE backups;
