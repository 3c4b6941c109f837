-- +goose Up

-- Programs before this migration read the tables replies, lead_notes and team_notes.
UPDATE schema_compatibility SET oldest = 45;

ALTER TABLE replies RENAME TO messages;
ALTER SEQUENCE replies_id_seq RENAME TO messages_id_seq;
ALTER INDEX replies_pkey RENAME TO messages_pkey;
ALTER TABLE messages RENAME CONSTRAINT replies_lead_id_fkey TO messages_lead_id_fkey;
ALTER TABLE messages RENAME CONSTRAINT replies_member_id_fkey TO messages_member_id_fkey;
DROP INDEX replies_by_lead;
ALTER TABLE messages
    DROP CONSTRAINT replies_key_digest_key,
    ALTER COLUMN lead_id DROP NOT NULL,
    ALTER COLUMN member_id DROP NOT NULL,
    ALTER COLUMN key_digest DROP NOT NULL,
    ADD COLUMN kind           text NOT NULL DEFAULT 'reply' CHECK (kind ~ '^[a-z]+(-[a-z]+)*$'),
    ADD COLUMN sender_name    text NOT NULL DEFAULT '',
    ADD COLUMN sender_address text NOT NULL DEFAULT '',
    ADD COLUMN subject        text NOT NULL DEFAULT '',
    ADD COLUMN quoted         text NOT NULL DEFAULT '',
    ADD COLUMN parts          jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(parts) = 'array'),
    ADD COLUMN message_id     text NOT NULL DEFAULT '';
ALTER TABLE messages ALTER COLUMN kind DROP DEFAULT;

INSERT INTO messages (lead_id, kind, key_digest, at, text) SELECT lead_id, 'note', digest, at, text FROM lead_notes ORDER BY id;
INSERT INTO messages (lead_id, kind, member_id, key_digest, at, text)
    SELECT lead_id, 'team-note', member_id, key_digest, at, text FROM team_notes ORDER BY id;
DROP TABLE lead_notes, team_notes;

ALTER TABLE messages
    ADD CONSTRAINT messages_lead_check CHECK (lead_id IS NOT NULL OR kind = 'mail'),
    ADD CONSTRAINT messages_member_check CHECK (
        CASE WHEN kind IN ('reply', 'call', 'team-note') THEN member_id IS NOT NULL
             WHEN kind IN ('note', 'mail') THEN member_id IS NULL ELSE true END),
    ADD CONSTRAINT messages_key_check CHECK (key_digest IS NOT NULL OR kind = 'mail'),
    ADD CONSTRAINT messages_mail_check CHECK (
        kind = 'mail'
        OR sender_name = '' AND sender_address = '' AND subject = '' AND quoted = '' AND parts = '[]' AND message_id = ''),
    ADD CONSTRAINT messages_key UNIQUE (lead_id, kind, key_digest);
CREATE INDEX messages_by_lead ON messages (lead_id, at, id);
COMMENT ON TABLE messages IS 'Everything that prospects and members wrote about a lead after its form; erasure deletes the rows';
COMMENT ON COLUMN messages.lead_id IS 'Null for an email that no lead claims';
COMMENT ON COLUMN messages.kind IS 'A word of lead.MessageKind: reply (a member to the prospect), note (the prospect, on the receipt), mail (the prospect, by email), call (a member writes down what was said), team-note (a member to the team)';
COMMENT ON COLUMN messages.member_id IS 'Who wrote it; null for what the prospect wrote';
COMMENT ON COLUMN messages.at IS 'When it was sent from here, or reached us';
COMMENT ON COLUMN messages.key_digest IS 'Digest of the form''s key and of what was typed: one press or two, one message. Null for an email';
COMMENT ON COLUMN messages.text IS 'Markdown in a reply, plain text otherwise; of an email without what it quotes';
COMMENT ON COLUMN messages.sender_name IS 'Of an email: the name in From; empty if there is none';
COMMENT ON COLUMN messages.sender_address IS 'Of an email: the address in From';
COMMENT ON COLUMN messages.subject IS 'Of an email';
COMMENT ON COLUMN messages.quoted IS 'Of an email: the part of its text that quotes earlier emails';
COMMENT ON COLUMN messages.parts IS 'Of an email: what else it holds, which stays in the mailbox: [{name, type, size}], the size in bytes';
COMMENT ON COLUMN messages.message_id IS 'Of an email: its Message-ID (RFC 5322), empty if it has none';
COMMENT ON INDEX messages_by_lead IS 'The conversation of a lead, in order';

ALTER TABLE deliveries RENAME COLUMN reply_id TO message_id;
ALTER TABLE deliveries RENAME CONSTRAINT deliveries_reply_id_fkey TO deliveries_message_id_fkey;
ALTER INDEX deliveries_by_reply RENAME TO deliveries_by_message;
COMMENT ON COLUMN deliveries.message_id IS 'The message that it carries, of the kind reply, or that it tells staff of, of the kind note; null once that is erased';
-- A note and the email about it were made in one transaction, so they have the same time.
UPDATE deliveries d SET message_id = m.id FROM messages m
WHERE d.kind = 'note' AND m.kind = 'note' AND m.lead_id = d.lead_id AND m.at = d.made_at;

ALTER TABLE promise ADD COLUMN answer_hours integer NOT NULL DEFAULT 24 CHECK (answer_hours BETWEEN 1 AND 720);
COMMENT ON COLUMN promise.answer_hours IS 'Absolute hours within which we aim to answer a message from a prospect whose request was answered before';
ALTER TABLE promise_changes ADD COLUMN answer_hours integer;
COMMENT ON COLUMN promise_changes.answer_hours IS 'Null in changes from before there was this setting';

ALTER TABLE leads
    ADD COLUMN awaiting_since timestamptz,
    ADD COLUMN answer_due_at  timestamptz,
    ADD CONSTRAINT leads_awaiting_check CHECK ((awaiting_since IS NULL) = (answer_due_at IS NULL)),
    ADD CONSTRAINT leads_erased_check CHECK (awaiting_since IS NULL OR status <> 'erased');
COMMENT ON COLUMN leads.awaiting_since IS 'When the prospect wrote the oldest message that waits for an answer, once the first reply is no longer due; null if none waits';
COMMENT ON COLUMN leads.answer_due_at IS 'When we aim to have answered that message; null if none waits. It has no part in the record of first replies';
COMMENT ON COLUMN leads.reminded IS 'The last mark on the way to the running deadline that staff were reminded of: 0, 75, 92 or 100 percent';

DROP INDEX leads_unanswered, leads_mine;
CREATE INDEX leads_unanswered ON leads (coalesce(answer_due_at, due_at), id)
    WHERE (status = 'new' AND answered_at IS NULL OR awaiting_since IS NOT NULL AND status NOT IN ('withdrawn', 'erased'))
      AND NOT suspect;
CREATE INDEX leads_mine ON leads
    (assignee_id, (answered_at IS NOT NULL AND awaiting_since IS NULL), coalesce(answer_due_at, due_at), id)
    WHERE assignee_id IS NOT NULL AND status IN ('new', 'contacted', 'qualified') AND NOT suspect;
COMMENT ON INDEX leads_unanswered IS 'Whom staff answer first and are reminded of';

-- +goose Down
DROP INDEX leads_unanswered, leads_mine;
ALTER TABLE leads DROP COLUMN awaiting_since, DROP COLUMN answer_due_at;
CREATE INDEX leads_unanswered ON leads (due_at, id) WHERE status = 'new' AND answered_at IS NULL AND NOT suspect;
CREATE INDEX leads_mine ON leads (assignee_id, (answered_at IS NOT NULL), due_at, id)
    WHERE assignee_id IS NOT NULL AND status IN ('new', 'contacted', 'qualified') AND NOT suspect;
COMMENT ON INDEX leads_unanswered IS 'Whom staff answer first and are reminded of';
COMMENT ON COLUMN leads.reminded IS 'The last mark on the way to due_at that staff were reminded of: 0, 75, 92 or 100 percent';
ALTER TABLE promise_changes DROP COLUMN answer_hours;
ALTER TABLE promise DROP COLUMN answer_hours;

CREATE TABLE lead_notes (
    id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    lead_id bigint NOT NULL REFERENCES leads,
    at      timestamptz NOT NULL DEFAULT clock(),
    digest  bytea NOT NULL,
    text    text NOT NULL,
    UNIQUE (lead_id, digest)
);
COMMENT ON TABLE lead_notes IS 'What prospects added to their request; erasure deletes the rows';
COMMENT ON COLUMN lead_notes.digest IS 'Of the form''s key and the text: one press or two, one note';
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
INSERT INTO lead_notes (lead_id, digest, at, text)
    SELECT lead_id, key_digest, at, text FROM messages WHERE kind = 'note' ORDER BY id;
INSERT INTO team_notes (lead_id, member_id, key_digest, at, text)
    SELECT lead_id, member_id, key_digest, at, text FROM messages WHERE kind = 'team-note' ORDER BY id;
DELETE FROM messages WHERE kind <> 'reply';

ALTER TABLE deliveries RENAME COLUMN message_id TO reply_id;
ALTER TABLE deliveries RENAME CONSTRAINT deliveries_message_id_fkey TO deliveries_reply_id_fkey;
ALTER INDEX deliveries_by_message RENAME TO deliveries_by_reply;
COMMENT ON COLUMN deliveries.reply_id IS 'What it carries, of the kind reply; null once that is erased';

ALTER TABLE messages
    DROP CONSTRAINT messages_key,
    DROP CONSTRAINT messages_lead_check,
    DROP CONSTRAINT messages_member_check,
    DROP CONSTRAINT messages_key_check,
    DROP COLUMN kind, DROP COLUMN sender_name, DROP COLUMN sender_address, DROP COLUMN subject, DROP COLUMN quoted,
    DROP COLUMN parts, DROP COLUMN message_id,
    ALTER COLUMN lead_id SET NOT NULL,
    ALTER COLUMN member_id SET NOT NULL,
    ALTER COLUMN key_digest SET NOT NULL,
    ADD CONSTRAINT replies_key_digest_key UNIQUE (key_digest);
DROP INDEX messages_by_lead;
ALTER TABLE messages RENAME CONSTRAINT messages_lead_id_fkey TO replies_lead_id_fkey;
ALTER TABLE messages RENAME CONSTRAINT messages_member_id_fkey TO replies_member_id_fkey;
ALTER INDEX messages_pkey RENAME TO replies_pkey;
ALTER SEQUENCE messages_id_seq RENAME TO replies_id_seq;
ALTER TABLE messages RENAME TO replies;
CREATE INDEX replies_by_lead ON replies (lead_id, id);
COMMENT ON TABLE replies IS 'What members wrote to prospects, as Markdown; erasure deletes the rows';
COMMENT ON COLUMN replies.lead_id IS NULL;
COMMENT ON COLUMN replies.member_id IS NULL;
COMMENT ON COLUMN replies.at IS NULL;
COMMENT ON COLUMN replies.key_digest IS 'Digest of the form''s key: one press or two, one reply';
COMMENT ON COLUMN replies.text IS NULL;
