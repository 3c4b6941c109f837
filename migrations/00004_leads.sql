-- +goose Up

CREATE TABLE leads (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    reference     text NOT NULL GENERATED ALWAYS AS ('TB-' || lpad(id::text, greatest(4, length(id::text)), '0')) STORED UNIQUE,
    token         text NOT NULL UNIQUE,
    key_digest    bytea UNIQUE,
    keyless       boolean NOT NULL,
    body_digest   bytea NOT NULL,
    repeated_at   timestamptz,
    guide_id      bigint REFERENCES guides,
    edition       text REFERENCES editions,
    guide_title   text NOT NULL,
    option        text NOT NULL,
    option_name   text NOT NULL,
    status        text NOT NULL DEFAULT 'new' CHECK (status IN ('new', 'contacted', 'qualified', 'won', 'lost', 'withdrawn', 'erased')),
    received_at   timestamptz NOT NULL DEFAULT clock(),
    due_at        timestamptz NOT NULL,
    answered_at   timestamptz,
    CHECK (due_at > received_at)
);
CREATE INDEX leads_by_arrival ON leads (received_at DESC, id DESC);
COMMENT ON TABLE leads IS 'Project requests, without anything typed: that is in lead_contents';
COMMENT ON COLUMN leads.token IS 'The receipt''s address';
COMMENT ON COLUMN leads.key_digest IS 'Digest of the form''s key: one key, one lead. Null once a keyless post''s day is over';
COMMENT ON COLUMN leads.keyless IS 'The key was derived from what was typed, and holds for 24 hours';
COMMENT ON COLUMN leads.body_digest IS 'Signed digest of everything typed: tells a repeat from other words under the same key';
COMMENT ON COLUMN leads.repeated_at IS 'Written by each repeat, so that its answer waits for replication as the first did';
COMMENT ON COLUMN leads.guide_title IS 'As the guide was called then; empty for a general request';
COMMENT ON COLUMN leads.option IS 'The slug of the option they lean to, or undecided';
COMMENT ON COLUMN leads.option_name IS 'As that option was called then; empty for undecided';
COMMENT ON COLUMN leads.due_at IS 'received_at and the promised hours, as promised then';
COMMENT ON COLUMN leads.answered_at IS 'When the clock stopped; set once';
COMMENT ON INDEX leads_by_arrival IS 'The staff list, newest first';

CREATE TABLE lead_contents (
    lead_id  bigint PRIMARY KEY REFERENCES leads,
    name     text NOT NULL,
    email    text NOT NULL,
    company  text NOT NULL,
    project  text NOT NULL,
    timeline text NOT NULL,
    budget   text NOT NULL,
    ticks    jsonb NOT NULL,
    consent  text NOT NULL
);
COMMENT ON TABLE lead_contents IS 'Everything typed by a prospect; erasure deletes the row';
COMMENT ON COLUMN lead_contents.ticks IS 'The ticked conditions as worded then: [{id, option, name, text, weight}]';
COMMENT ON COLUMN lead_contents.consent IS 'The wording that was agreed to';

CREATE TABLE lead_history (
    id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    lead_id   bigint NOT NULL REFERENCES leads,
    at        timestamptz NOT NULL DEFAULT clock(),
    kind      text NOT NULL CHECK (kind IN ('received', 'moved')),
    status    text NOT NULL,
    member_id bigint REFERENCES members
);
CREATE INDEX lead_history_by_lead ON lead_history (lead_id, id);
COMMENT ON TABLE lead_history IS 'What happened to each lead: kinds, ids, times and numbers only, so that it outlives erasure';
COMMENT ON COLUMN lead_history.status IS 'The status that it led to';
COMMENT ON INDEX lead_history_by_lead IS 'A lead''s page and receipt tell its story in order';
CREATE TRIGGER lead_history_append_only BEFORE UPDATE OR DELETE ON lead_history
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- +goose Down
DROP TABLE lead_history, lead_contents, leads;
