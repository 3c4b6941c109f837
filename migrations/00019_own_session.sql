-- +goose Up

-- What was begun before is begun once more.
DELETE FROM authenticators WHERE confirmed_at IS NULL;
ALTER TABLE authenticators
    ADD COLUMN session_id bigint REFERENCES sessions (id) ON DELETE CASCADE,
    ADD CHECK ((session_id IS NULL) = (confirmed_at IS NOT NULL));
CREATE INDEX authenticators_by_session ON authenticators (session_id);
COMMENT ON COLUMN authenticators.session_id IS 'Where it is being set up; no other session gets to see the seed, and with the session it ends';

COMMENT ON COLUMN audit.member_id IS 'Who did it; null for a sign-in that failed or was begun, and for the command line';
COMMENT ON COLUMN audit.object_id IS 'What it was done to. Of a sign-in that failed or was begun, the member whose address was given; null if it is nobody''s';

-- +goose Down
DELETE FROM authenticators WHERE confirmed_at IS NULL;
ALTER TABLE authenticators DROP COLUMN session_id;
