-- +goose Up

ALTER TABLE members ADD COLUMN disabled_at timestamptz, ADD COLUMN seen_at timestamptz;
COMMENT ON COLUMN members.disabled_at IS 'Since when the member can neither sign in nor be given leads; null is active. Members are never deleted: history names them';
COMMENT ON COLUMN members.seen_at IS 'When the member was last here, to the minute; null is never';

ALTER TABLE sessions ADD COLUMN id bigint GENERATED ALWAYS AS IDENTITY UNIQUE, ADD COLUMN browser text NOT NULL DEFAULT '';
COMMENT ON COLUMN sessions.id IS 'Names a session to its member; nobody can sign in with it';
COMMENT ON COLUMN sessions.browser IS 'A plain word such as Firefox on Linux; neither what the browser sent nor a network address is kept';

CREATE TABLE invitations (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    salt         bytea NOT NULL,
    token_digest bytea NOT NULL UNIQUE,
    role         text NOT NULL CHECK (role IN ('reader', 'editor', 'admin')),
    invited_by   bigint NOT NULL REFERENCES members,
    made_at      timestamptz NOT NULL DEFAULT clock(),
    used_at      timestamptz,
    withdrawn_at timestamptz,
    sent_at      timestamptz,
    attempts     integer NOT NULL DEFAULT 0,
    problem      text NOT NULL DEFAULT '',
    code         integer NOT NULL DEFAULT 0,
    CHECK (used_at IS NULL OR withdrawn_at IS NULL)
);
CREATE INDEX invitations_by_inviter ON invitations (invited_by) WHERE used_at IS NULL AND withdrawn_at IS NULL;
COMMENT ON TABLE invitations IS 'One-time links, sent by mail, that make somebody a member';
COMMENT ON COLUMN invitations.salt IS 'Random; the link''s token is made from it with the site''s secret when the mail is sent, and stored nowhere';
COMMENT ON COLUMN invitations.sent_at IS 'When the mail went out; attempts, problem and code tell of it until then';

CREATE TABLE invitation_contents (
    invitation_id bigint PRIMARY KEY REFERENCES invitations ON DELETE CASCADE,
    email         text NOT NULL
);
CREATE UNIQUE INDEX invitation_contents_by_email ON invitation_contents (lower(email));
COMMENT ON TABLE invitation_contents IS 'Whom an invitation is for; the row goes when it is used or withdrawn, and a month after it expired';
COMMENT ON INDEX invitation_contents_by_email IS 'One open invitation an address: a newer one withdraws the older';

-- +goose Down
DROP TABLE invitation_contents, invitations;
ALTER TABLE sessions DROP COLUMN id, DROP COLUMN browser;
ALTER TABLE members DROP COLUMN disabled_at, DROP COLUMN seen_at;
