-- +goose Up

CREATE TABLE schema_compatibility (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    oldest   integer NOT NULL
);
COMMENT ON TABLE schema_compatibility IS 'Which programs may run on this database: one that knows fewer migrations than that refuses to start';
COMMENT ON COLUMN schema_compatibility.only_row IS 'Always true: there is one row';
COMMENT ON COLUMN schema_compatibility.oldest IS 'The lowest number of a newest migration that a program may have. A migration that programs before it cannot work with sets its own number here';
INSERT INTO schema_compatibility (oldest) VALUES (35);

-- Programs before this migration sign members in without the second factors that they may have.
ALTER TABLE sessions ADD COLUMN factors_checked boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN sessions.factors_checked IS 'The member gave everything that signing in asks of them: the password, and the second factor if they have one. False while the second factor is pending, and in a session that a program without this column made: it opens nothing';
UPDATE sessions SET factors_checked = true WHERE mfa_pending_until IS NULL;

-- +goose Down
ALTER TABLE sessions DROP COLUMN factors_checked;
DROP TABLE schema_compatibility;
