-- +goose Up

CREATE TABLE audit (
    id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at        timestamptz NOT NULL DEFAULT clock(),
    member_id bigint REFERENCES members,
    kind      text NOT NULL CHECK (kind ~ '^[a-z]+(-[a-z]+)*$'),
    object    text NOT NULL DEFAULT '' CHECK (object IN ('', 'lead', 'batch', 'template', 'delivery', 'member', 'invitation')),
    object_id bigint
);
CREATE INDEX audit_by_time ON audit (at DESC, id DESC);
CREATE INDEX audit_by_member ON audit (member_id, at DESC, id DESC);
CREATE INDEX audit_by_kind ON audit (kind, at DESC, id DESC);
CREATE INDEX audit_by_object ON audit (object, object_id, at DESC, id DESC);
COMMENT ON TABLE audit IS 'What members did and looked at, and when: kinds and ids, nothing typed. It outlives the erasure of a lead, of which it holds nothing but the number';
COMMENT ON COLUMN audit.member_id IS 'Who did it; null for a sign-in that failed and for the command line';
COMMENT ON COLUMN audit.kind IS 'A word of staff.ActKind';
COMMENT ON COLUMN audit.object_id IS 'What it was done to. Of a failed sign-in, the member whose address was tried; null if it is nobody''s';
COMMENT ON INDEX audit_by_time IS 'The page''s order, which each of the other three repeats for one filter';
CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- +goose Down
DROP TABLE audit;
