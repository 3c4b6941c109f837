-- +goose Up

ALTER TABLE leads ADD COLUMN suspicion_told_on date;
COMMENT ON COLUMN leads.suspicion_told_on IS 'On which day, in site time, staff were told by mail that the lead is a suspect; null is not yet';
CREATE INDEX leads_by_suspicion ON leads (suspicion_told_on) WHERE suspect;
COMMENT ON INDEX leads_by_suspicion IS 'Suspects of which staff are still to be told, and those of one mail';

CREATE TABLE suspicion_days (
    day date PRIMARY KEY,
    at  timestamptz NOT NULL DEFAULT clock()
);
COMMENT ON TABLE suspicion_days IS 'On which days, in site time, staff were told of new suspects: one mail a day';

ALTER TABLE deliveries DROP CONSTRAINT deliveries_kind_check;
ALTER TABLE deliveries ADD CONSTRAINT deliveries_kind_check
    CHECK (kind IN ('confirmation', 'placed', 'new', 'note', 'withdrawn', 'reminder', 'overdue', 'reply', 'suspects'));
COMMENT ON COLUMN deliveries.lead_id IS 'The lead that it is about; of the kind suspects, the newest of them';

-- +goose Down
DELETE FROM deliveries WHERE kind = 'suspects';
ALTER TABLE deliveries DROP CONSTRAINT deliveries_kind_check;
ALTER TABLE deliveries ADD CONSTRAINT deliveries_kind_check
    CHECK (kind IN ('confirmation', 'placed', 'new', 'note', 'withdrawn', 'reminder', 'overdue', 'reply'));
COMMENT ON COLUMN deliveries.lead_id IS NULL;
DROP TABLE suspicion_days;
DROP INDEX leads_by_suspicion;
ALTER TABLE leads DROP COLUMN suspicion_told_on;
