-- +goose Up

-- Programs before this migration would leave what was typed when they erase a lead, and could not withdraw a lead with a date.
UPDATE schema_compatibility SET oldest = 48;

ALTER TABLE leads
    ADD COLUMN follow_up_on          date,
    ADD COLUMN follow_up_reminded_at timestamptz,
    ADD CONSTRAINT leads_follow_up_check CHECK (follow_up_on IS NULL OR status NOT IN ('withdrawn', 'erased')),
    ADD CONSTRAINT leads_follow_up_reminded_check CHECK (follow_up_reminded_at IS NULL OR follow_up_on IS NOT NULL);
COMMENT ON COLUMN leads.follow_up_on IS 'The day, in site time, on which a member means to come back to it; null is none';
COMMENT ON COLUMN leads.follow_up_reminded_at IS 'When a mail about that day was made; null before';
CREATE INDEX leads_follow_up ON leads (follow_up_on, id) WHERE follow_up_on IS NOT NULL AND NOT suspect;
CREATE INDEX leads_follow_up_unreminded ON leads (follow_up_on) WHERE follow_up_on IS NOT NULL AND follow_up_reminded_at IS NULL;
COMMENT ON INDEX leads_follow_up IS 'The tab of follow-ups, those due first';
COMMENT ON INDEX leads_follow_up_unreminded IS 'What the sweep reminds of';

CREATE TABLE follow_ups (
    lead_id   bigint PRIMARY KEY REFERENCES leads,
    member_id bigint NOT NULL REFERENCES members,
    note      text NOT NULL DEFAULT '',
    made_at   timestamptz NOT NULL DEFAULT clock()
);
COMMENT ON TABLE follow_ups IS 'What leads.follow_up_on is for, in the words of the member who set it; withdrawal and erasure delete the row';

-- +goose Down
DROP TABLE follow_ups;
DROP INDEX leads_follow_up, leads_follow_up_unreminded;
ALTER TABLE leads DROP COLUMN follow_up_on, DROP COLUMN follow_up_reminded_at;
