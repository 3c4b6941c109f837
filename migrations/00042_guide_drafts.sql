-- +goose Up

-- Compatible: the program before never reads the table or the column, and its imports lose no draft: a section that an import
-- changed too is shown as a conflict.
CREATE TABLE draft_sections (
    guide_id  bigint NOT NULL REFERENCES guides,
    section   text NOT NULL CHECK (section ~ '^[a-z]+$'),
    document  json NOT NULL,
    base      text NOT NULL,
    member_id bigint NOT NULL REFERENCES members,
    at        timestamptz NOT NULL DEFAULT clock(),
    PRIMARY KEY (guide_id, section)
);
COMMENT ON TABLE draft_sections IS 'The sections of a guide that members changed since its latest revision; with that revision they are the guide''s draft';
COMMENT ON COLUMN draft_sections.section IS 'A name of guide.Sections';
COMMENT ON COLUMN draft_sections.document IS 'A guide document of which only the fields of the section count';
COMMENT ON COLUMN draft_sections.base IS 'Digest of the section in the revision that it was changed from: if the latest revision has another one, both changed it';
COMMENT ON COLUMN draft_sections.member_id IS 'Who changed the section last';
COMMENT ON COLUMN draft_sections.at IS 'When they did';

ALTER TABLE revisions ADD COLUMN member_id bigint REFERENCES members;
COMMENT ON COLUMN revisions.member_id IS 'Who published or began it on the site; null if it came from a file';

-- +goose StatementBegin
CREATE FUNCTION keep_published_revisions() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM editions WHERE guide_id = OLD.guide_id) THEN
        RAISE EXCEPTION 'revisions of a guide that was published are kept' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN OLD;
END
$$;
-- +goose StatementEnd
COMMENT ON FUNCTION keep_published_revisions() IS 'Trigger of revisions: only a guide that visitors never saw can be deleted';
DROP TRIGGER revisions_append_only ON revisions;
CREATE TRIGGER revisions_append_only BEFORE UPDATE ON revisions FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER revisions_kept BEFORE DELETE ON revisions FOR EACH ROW EXECUTE FUNCTION keep_published_revisions();

-- +goose Down
DROP TRIGGER revisions_kept ON revisions;
DROP TRIGGER revisions_append_only ON revisions;
CREATE TRIGGER revisions_append_only BEFORE UPDATE OR DELETE ON revisions
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
DROP FUNCTION keep_published_revisions();
ALTER TABLE revisions DROP COLUMN member_id;
DROP TABLE draft_sections;
