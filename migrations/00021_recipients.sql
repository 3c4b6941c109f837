-- +goose Up

ALTER TABLE deliveries
    ADD COLUMN member_id       bigint REFERENCES members,
    ADD COLUMN staff_address   smallint CHECK (staff_address > 0),
    ADD COLUMN acknowledged_at timestamptz,
    ADD CHECK (member_id IS NULL OR staff_address IS NULL);
COMMENT ON TABLE deliveries IS 'Each email that must go out or went out, to one recipient, and how it fared: the queue''s own rows go, these stay. Nothing typed and no address stands here';
COMMENT ON COLUMN deliveries.member_id IS 'The member it goes to. A mail to staff begins without a recipient; the first attempt makes one row for each';
COMMENT ON COLUMN deliveries.staff_address IS 'Which address of TIEBREAK_STAFF_MAIL it goes to, counted from 1';
COMMENT ON COLUMN deliveries.state IS 'dropped: nobody needs it any more, as when the lead was erased; failed: refused for good, or given up after seven days';
COMMENT ON COLUMN deliveries.problem IS 'What stopped the last attempt, as one word of lead.Problem';
COMMENT ON COLUMN deliveries.acknowledged_at IS 'When a member saw that it failed and left it so: it is no longer listed';

DROP INDEX deliveries_open;
CREATE INDEX deliveries_open ON deliveries (made_at, id) WHERE state = 'waiting' OR state = 'failed' AND acknowledged_at IS NULL;
COMMENT ON INDEX deliveries_open IS 'What waits, or failed and needs an act: the staff''s list, the banner, the queue''s age';

-- +goose Down
DROP INDEX deliveries_open;
ALTER TABLE deliveries DROP COLUMN member_id, DROP COLUMN staff_address, DROP COLUMN acknowledged_at;
CREATE INDEX deliveries_open ON deliveries (made_at, id) WHERE state IN ('waiting', 'failed');
COMMENT ON INDEX deliveries_open IS 'What waits or failed: the staff''s list, the banner, the queue''s age';
