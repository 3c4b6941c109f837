-- +goose Up

CREATE TABLE members (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    email         text NOT NULL,
    name          text NOT NULL,
    role          text NOT NULL CHECK (role IN ('reader', 'editor', 'admin')),
    password_hash text NOT NULL,
    made_at       timestamptz NOT NULL DEFAULT clock()
);
CREATE UNIQUE INDEX members_by_email ON members (lower(email));
COMMENT ON TABLE members IS 'The staff';
COMMENT ON INDEX members_by_email IS 'One member an address, however it is capitalised';

CREATE TABLE sessions (
    token_digest bytea PRIMARY KEY,
    member_id    bigint NOT NULL REFERENCES members ON DELETE CASCADE,
    made_at      timestamptz NOT NULL DEFAULT clock(),
    seen_at      timestamptz NOT NULL DEFAULT clock()
);
CREATE INDEX sessions_by_member ON sessions (member_id);
COMMENT ON TABLE sessions IS 'Signed-in browsers, by the digest of their cookie; a row is made by signing in and by nothing else';

CREATE TABLE setup_links (
    token_digest bytea PRIMARY KEY,
    made_at      timestamptz NOT NULL DEFAULT clock()
);
COMMENT ON TABLE setup_links IS 'One-time links that make the first member; good only while there is none';

-- +goose Down
DROP TABLE setup_links, sessions, members;
