-- +goose Up

-- Compatible: the program before neither sends nor lists an email that is on hold.
ALTER TABLE deliveries
    DROP CONSTRAINT deliveries_state_check,
    DROP CONSTRAINT deliveries_check,
    ADD CONSTRAINT deliveries_state_check CHECK (state IN ('waiting', 'on-hold', 'sent', 'dropped', 'failed')),
    ADD CONSTRAINT deliveries_ended_check CHECK ((state IN ('waiting', 'on-hold')) = (ended_at IS NULL));
COMMENT ON COLUMN deliveries.state IS 'waiting: in the queue; on-hold: it was waiting when a backup was made that has been restored, and goes out only if a member says so; dropped: nobody needs it any more, as when the lead was erased, or a member decided that it does not go out; failed: refused for good, or given up after seven days';

DROP INDEX deliveries_open;
CREATE INDEX deliveries_open ON deliveries (made_at, id)
    WHERE state = 'waiting' OR state = 'on-hold' OR state = 'failed' AND acknowledged_at IS NULL;
COMMENT ON INDEX deliveries_open IS 'What waits, is on hold, or failed and needs an act: the staff''s lists, the banners, the queue''s age';

-- +goose Down
UPDATE deliveries SET state = 'dropped', ended_at = clock() WHERE state = 'on-hold';
DROP INDEX deliveries_open;
CREATE INDEX deliveries_open ON deliveries (made_at, id) WHERE state = 'waiting' OR state = 'failed' AND acknowledged_at IS NULL;
COMMENT ON INDEX deliveries_open IS 'What waits, or failed and needs an act: the staff''s list, the banner, the queue''s age';
ALTER TABLE deliveries
    DROP CONSTRAINT deliveries_state_check,
    DROP CONSTRAINT deliveries_ended_check,
    ADD CONSTRAINT deliveries_state_check CHECK (state IN ('waiting', 'sent', 'dropped', 'failed')),
    ADD CONSTRAINT deliveries_check CHECK ((state = 'waiting') = (ended_at IS NULL));
COMMENT ON COLUMN deliveries.state IS 'dropped: nobody needs it any more, as when the lead was erased; failed: refused for good, or given up after seven days';
