-- +goose Up

ALTER TABLE leads ADD COLUMN assignee_id bigint REFERENCES members;
COMMENT ON COLUMN leads.assignee_id IS 'The member who looks after it; null is nobody';

-- The staff's list pages by keys: each of its tabs, and each filter that leaves few of many, has an index in its order.
DROP INDEX leads_unanswered;
CREATE INDEX leads_unanswered ON leads (due_at, id) WHERE status = 'new' AND answered_at IS NULL AND NOT suspect;
CREATE INDEX leads_in_talks ON leads (received_at DESC, id DESC) WHERE status IN ('contacted', 'qualified');
CREATE INDEX leads_closed ON leads (received_at DESC, id DESC) WHERE status IN ('won', 'lost', 'withdrawn', 'erased');
CREATE INDEX leads_suspect ON leads (received_at DESC, id DESC) WHERE suspect AND status <> 'erased';
CREATE INDEX leads_mine ON leads (assignee_id, (answered_at IS NOT NULL), due_at, id)
    WHERE assignee_id IS NOT NULL AND status IN ('new', 'contacted', 'qualified') AND NOT suspect;
CREATE INDEX leads_by_assignee ON leads (assignee_id, received_at DESC, id DESC) WHERE assignee_id IS NOT NULL;
CREATE INDEX leads_by_guide ON leads (guide_id, received_at DESC, id DESC);
CREATE INDEX leads_by_option ON leads (option, received_at DESC, id DESC);
COMMENT ON INDEX leads_unanswered IS 'Whom staff answer first and are reminded of';

ALTER TABLE lead_contents ADD COLUMN words tsvector GENERATED ALWAYS AS (
    to_tsvector('simple', translate(name || ' ' || email || ' ' || company || ' ' || project || ' ' || timeline || ' ' || budget,
                                    './@:_-+#&=?''', '            '))) STORED;
COMMENT ON COLUMN lead_contents.words IS 'For the staff''s search: in any language, so whole words and their beginnings';
CREATE INDEX lead_contents_by_words ON lead_contents USING gin (words) WITH (fastupdate = off);
CREATE INDEX lead_contents_by_email ON lead_contents (lower(email));
COMMENT ON INDEX lead_contents_by_words IS 'Kept exact at each intake: a list of pending words would slow each search down';
COMMENT ON INDEX lead_contents_by_email IS 'What else came from the same address';

ALTER TABLE lead_history ADD COLUMN assignee_id bigint REFERENCES members;
COMMENT ON COLUMN lead_history.assignee_id IS 'To whom it was given, of the kind assigned; null is to nobody';
ALTER TABLE lead_history DROP CONSTRAINT lead_history_kind_check;
ALTER TABLE lead_history ADD CONSTRAINT lead_history_kind_check
    CHECK (kind IN ('received', 'moved', 'placed', 'note', 'withdrawn', 'erased', 'suspected', 'cleared',
                    'replied', 'assigned', 'team-note', 'undone'));

CREATE TABLE replies (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    lead_id    bigint NOT NULL REFERENCES leads,
    member_id  bigint NOT NULL REFERENCES members,
    key_digest bytea NOT NULL UNIQUE,
    at         timestamptz NOT NULL DEFAULT clock(),
    text       text NOT NULL
);
CREATE INDEX replies_by_lead ON replies (lead_id, id);
COMMENT ON TABLE replies IS 'What members wrote to prospects, as Markdown; erasure deletes the rows';
COMMENT ON COLUMN replies.key_digest IS 'Digest of the form''s key: one press or two, one reply';

ALTER TABLE deliveries ADD COLUMN reply_id bigint REFERENCES replies ON DELETE SET NULL;
COMMENT ON COLUMN deliveries.reply_id IS 'What it carries, of the kind reply; null once that is erased';
CREATE INDEX deliveries_by_reply ON deliveries (reply_id) WHERE reply_id IS NOT NULL;
ALTER TABLE deliveries DROP CONSTRAINT deliveries_kind_check;
ALTER TABLE deliveries ADD CONSTRAINT deliveries_kind_check
    CHECK (kind IN ('confirmation', 'placed', 'new', 'note', 'withdrawn', 'reminder', 'overdue', 'reply'));

CREATE TABLE reply_drafts (
    lead_id   bigint NOT NULL REFERENCES leads,
    member_id bigint NOT NULL REFERENCES members,
    at        timestamptz NOT NULL DEFAULT clock(),
    text      text NOT NULL,
    PRIMARY KEY (lead_id, member_id)
);
COMMENT ON TABLE reply_drafts IS 'Replies that members have begun; sending one or erasing its lead deletes it';

CREATE TABLE reply_templates (
    id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name      text NOT NULL UNIQUE,
    text      text NOT NULL,
    member_id bigint NOT NULL REFERENCES members,
    at        timestamptz NOT NULL DEFAULT clock()
);
COMMENT ON TABLE reply_templates IS 'Words that staff begin replies with; fields such as {name} are filled in from the lead';
COMMENT ON COLUMN reply_templates.member_id IS 'Who changed it last';

CREATE TABLE team_notes (
    id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    lead_id   bigint NOT NULL REFERENCES leads,
    member_id bigint NOT NULL REFERENCES members,
    key_digest bytea NOT NULL UNIQUE,
    at        timestamptz NOT NULL DEFAULT clock(),
    text      text NOT NULL
);
CREATE INDEX team_notes_by_lead ON team_notes (lead_id, id);
COMMENT ON TABLE team_notes IS 'What members tell each other about a lead, never the prospect; erasure deletes the rows';

ALTER TABLE members ADD COLUMN signature text NOT NULL DEFAULT '';
COMMENT ON COLUMN members.signature IS 'Stands under each reply that the member sends; empty is their name';

CREATE TABLE saved_views (
    id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    member_id bigint NOT NULL REFERENCES members ON DELETE CASCADE,
    name      text NOT NULL,
    query     text NOT NULL,
    UNIQUE (member_id, name)
);
COMMENT ON TABLE saved_views IS 'Filters of the list that a member keeps under a name';
COMMENT ON COLUMN saved_views.query IS 'Of the list''s address, without words that were searched for: they may name a person';

CREATE TABLE batches (
    id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    member_id bigint NOT NULL REFERENCES members,
    at        timestamptz NOT NULL DEFAULT clock(),
    undone_at timestamptz,
    kind      text NOT NULL CHECK (kind IN ('moved', 'assigned', 'suspected')),
    items     jsonb NOT NULL
);
COMMENT ON TABLE batches IS 'What a member did to several leads at once, so that it can be undone';
COMMENT ON COLUMN batches.items IS 'Ids and states only: [{lead, event, status, answered, assignee}] as each lead was before, and the event that changed it';

-- +goose Down
DROP TABLE batches, saved_views, team_notes, reply_templates, reply_drafts;
DROP INDEX deliveries_by_reply;
DELETE FROM deliveries WHERE kind = 'reply';
ALTER TABLE deliveries DROP COLUMN reply_id, DROP CONSTRAINT deliveries_kind_check;
ALTER TABLE deliveries ADD CONSTRAINT deliveries_kind_check
    CHECK (kind IN ('confirmation', 'placed', 'new', 'note', 'withdrawn', 'reminder', 'overdue'));
DROP TABLE replies;
ALTER TABLE members DROP COLUMN signature;
ALTER TABLE lead_history DROP CONSTRAINT lead_history_kind_check;
ALTER TABLE lead_history ADD CONSTRAINT lead_history_kind_check
    CHECK (kind IN ('received', 'moved', 'placed', 'note', 'withdrawn', 'erased', 'suspected', 'cleared')) NOT VALID;
ALTER TABLE lead_history DROP COLUMN assignee_id;
DROP INDEX lead_contents_by_email;
ALTER TABLE lead_contents DROP COLUMN words;
DROP INDEX leads_by_option, leads_by_guide, leads_by_assignee, leads_mine, leads_suspect, leads_closed, leads_in_talks, leads_unanswered;
CREATE INDEX leads_unanswered ON leads (due_at) WHERE status = 'new' AND answered_at IS NULL AND NOT suspect;
ALTER TABLE leads DROP COLUMN assignee_id;
