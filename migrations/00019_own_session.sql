-- +goose Up

-- What was begun before is begun once more.
DELETE FROM authenticators WHERE confirmed_at IS NULL;
ALTER TABLE authenticators
    ADD COLUMN session_id bigint REFERENCES sessions (id) ON DELETE CASCADE,
    ADD CHECK ((session_id IS NULL) = (confirmed_at IS NOT NULL));
CREATE INDEX authenticators_by_session ON authenticators (session_id);
COMMENT ON COLUMN authenticators.session_id IS 'Where it is being set up; no other session gets to see the seed, and with the session it ends';

-- +goose Down
DELETE FROM authenticators WHERE confirmed_at IS NULL;
ALTER TABLE authenticators DROP COLUMN session_id;
