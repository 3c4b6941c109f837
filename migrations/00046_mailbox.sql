-- +goose Up

-- Programs before this migration cannot word the emails of the kind too-large.
UPDATE schema_compatibility SET oldest = 46;

CREATE TABLE mailboxes (
    id            bytea PRIMARY KEY,
    since         timestamptz NOT NULL DEFAULT clock() - interval '7 days',
    uid_validity  bigint NOT NULL DEFAULT 0,
    last_uid      bigint NOT NULL DEFAULT 0,
    read_at       timestamptz,
    problem       text NOT NULL DEFAULT '',
    failing_since timestamptz,
    CONSTRAINT mailboxes_failing_check CHECK ((problem = '') = (failing_since IS NULL))
);
COMMENT ON TABLE mailboxes IS 'The mailbox that is read, and how far. There is more than one row if it was another one earlier';
COMMENT ON COLUMN mailboxes.id IS 'Digest of server, user and folder, made with the site''s secret';
COMMENT ON COLUMN mailboxes.since IS 'Emails that arrived before are not read: a mailbox that was in use does not fill the inbox';
COMMENT ON COLUMN mailboxes.uid_validity IS 'UIDVALIDITY of the folder (RFC 9051): with another one all numbers are new';
COMMENT ON COLUMN mailboxes.last_uid IS 'UID of the last email that was taken or passed over';
COMMENT ON COLUMN mailboxes.read_at IS 'When reading last worked';
COMMENT ON COLUMN mailboxes.problem IS 'Why it cannot be read, as a word of lead.MailboxProblem; empty if it can';
COMMENT ON COLUMN mailboxes.failing_since IS 'Since when it cannot be read';

CREATE TABLE received_mails (
    digest      bytea PRIMARY KEY,
    received_at timestamptz NOT NULL DEFAULT clock()
);
COMMENT ON TABLE received_mails IS 'Emails that were taken, so that each is taken once; the rows stay when a lead is erased, and tell nobody what it was';
COMMENT ON COLUMN received_mails.digest IS 'Of the lead and the Message-ID, or of the whole email if it has none, made with the site''s secret';

CREATE INDEX messages_unclaimed ON messages (id) WHERE lead_id IS NULL;
COMMENT ON INDEX messages_unclaimed IS 'The inbox';

ALTER TABLE audit
    DROP CONSTRAINT audit_object_check,
    ADD CONSTRAINT audit_object_check CHECK (object IN (
        '', 'lead', 'batch', 'template', 'delivery', 'member', 'invitation', 'option', 'guide', 'site', 'email'));

-- +goose Down
ALTER TABLE audit
    DROP CONSTRAINT audit_object_check,
    ADD CONSTRAINT audit_object_check CHECK (object IN (
        '', 'lead', 'batch', 'template', 'delivery', 'member', 'invitation', 'option', 'guide', 'site')) NOT VALID;
DROP INDEX messages_unclaimed;
DELETE FROM deliveries WHERE kind = 'too-large';
DROP TABLE mailboxes, received_mails;
