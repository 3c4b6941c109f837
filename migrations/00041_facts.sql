-- +goose Up

-- Compatible: the program before names no member for a version, shows a retired option as any other, and lists the new acts
-- of the audit without words.
ALTER TABLE facts ADD COLUMN member_id bigint REFERENCES members;
COMMENT ON COLUMN facts.member_id IS 'Who made the version; null for an import from the command line';

ALTER TABLE options ADD COLUMN retired_at timestamptz;
COMMENT ON COLUMN options.retired_at IS 'Since when visitors no longer see the option; null while they do. No guide that is published or has a draft uses a retired option';

ALTER TABLE audit
    DROP CONSTRAINT audit_object_check,
    ADD CONSTRAINT audit_object_check CHECK (object IN (
        '', 'lead', 'batch', 'template', 'delivery', 'member', 'invitation', 'option', 'guide', 'site'));
COMMENT ON COLUMN audit.object IS 'What kind of thing it was done to; empty where the act says it all';

-- +goose Down
ALTER TABLE audit
    DROP CONSTRAINT audit_object_check,
    ADD CONSTRAINT audit_object_check CHECK (object IN (
        '', 'lead', 'batch', 'template', 'delivery', 'member', 'invitation')) NOT VALID;
ALTER TABLE options DROP COLUMN retired_at;
ALTER TABLE facts DROP COLUMN member_id;
