-- +goose Up

ALTER TABLE leads
    ADD COLUMN suspect       boolean NOT NULL DEFAULT false,
    ADD COLUMN causes        text[]  NOT NULL DEFAULT '{}',
    ADD COLUMN text_digest   bytea,
    ADD COLUMN stamp_digest  bytea,
    ADD COLUMN client_digest bytea,
    ADD CHECK (NOT (suspect AND place <> 'none'));
COMMENT ON COLUMN leads.suspect IS 'May be spam: kept, told to nobody by mail, without a place, until a member says otherwise';
COMMENT ON COLUMN leads.causes IS 'Why it was suspected, as words of lead.Cause; kept when it is cleared';
COMMENT ON COLUMN leads.text_digest IS 'Signed digest of what they are building: tells whether others sent the same';
COMMENT ON COLUMN leads.stamp_digest IS 'Digest of the stamp of the form: tells a form that is sent again with other words';
COMMENT ON COLUMN leads.client_digest IS 'Digest of the network address with a key of the day; the address itself is not stored';
CREATE INDEX leads_by_text ON leads (text_digest, received_at) WHERE text_digest IS NOT NULL;
CREATE INDEX leads_by_stamp ON leads (stamp_digest) WHERE stamp_digest IS NOT NULL;
CREATE INDEX leads_by_client ON leads (client_digest, received_at) WHERE client_digest IS NOT NULL;
COMMENT ON INDEX leads_by_client IS 'How much one client address sends, for its limit; the other two likewise, for suspicion';

DROP INDEX leads_unanswered;
CREATE INDEX leads_unanswered ON leads (due_at) WHERE status = 'new' AND answered_at IS NULL AND NOT suspect;
COMMENT ON INDEX leads_unanswered IS 'Whom staff are reminded of';

ALTER TABLE lead_history DROP CONSTRAINT lead_history_kind_check;
ALTER TABLE lead_history ADD CONSTRAINT lead_history_kind_check
    CHECK (kind IN ('received', 'moved', 'placed', 'note', 'withdrawn', 'erased', 'suspected', 'cleared'));

-- +goose Down
ALTER TABLE lead_history DROP CONSTRAINT lead_history_kind_check;
ALTER TABLE lead_history ADD CONSTRAINT lead_history_kind_check
    CHECK (kind IN ('received', 'moved', 'placed', 'note', 'withdrawn', 'erased')) NOT VALID;
DROP INDEX leads_unanswered;
CREATE INDEX leads_unanswered ON leads (due_at) WHERE status = 'new' AND answered_at IS NULL;
ALTER TABLE leads DROP COLUMN suspect, DROP COLUMN causes, DROP COLUMN text_digest, DROP COLUMN stamp_digest, DROP COLUMN client_digest;
