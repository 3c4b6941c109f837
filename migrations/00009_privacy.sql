-- +goose Up

ALTER TABLE lead_history DROP CONSTRAINT lead_history_kind_check;
ALTER TABLE lead_history ADD CONSTRAINT lead_history_kind_check
    CHECK (kind IN ('received', 'moved', 'placed', 'note', 'withdrawn', 'erased'));

CREATE TABLE erasures (
    reference text PRIMARY KEY,
    at        timestamptz NOT NULL DEFAULT clock()
);
COMMENT ON TABLE erasures IS 'Which leads were erased and when, and nothing else: whoever restores an older copy of the database erases them again';
CREATE TRIGGER erasures_append_only BEFORE UPDATE OR DELETE ON erasures
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- +goose Down
DROP TABLE erasures;
ALTER TABLE lead_history DROP CONSTRAINT lead_history_kind_check;
ALTER TABLE lead_history ADD CONSTRAINT lead_history_kind_check
    CHECK (kind IN ('received', 'moved', 'placed', 'note', 'withdrawn')) NOT VALID;
