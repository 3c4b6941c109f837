-- +goose Up

CREATE TABLE notices (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    member_id    bigint NOT NULL REFERENCES members,
    kind         text NOT NULL CHECK (kind ~ '^[a-z]+(-[a-z]+)*$'),
    browser      text NOT NULL DEFAULT '',
    made_at      timestamptz NOT NULL DEFAULT clock(),
    salt         bytea,
    token_digest bytea UNIQUE,
    used_at      timestamptz,
    sent_at      timestamptz,
    attempts     integer NOT NULL DEFAULT 0,
    problem      text NOT NULL DEFAULT '',
    code         integer NOT NULL DEFAULT 0,
    CHECK ((salt IS NULL) = (token_digest IS NULL)),
    CHECK (used_at IS NULL OR token_digest IS NOT NULL)
);
CREATE INDEX notices_by_member ON notices (member_id, made_at);
CREATE INDEX notices_by_time ON notices (made_at);
COMMENT ON TABLE notices IS 'Mails to a member about their own account; the sweep takes them away after 30 days';
COMMENT ON COLUMN notices.kind IS 'A word of staff.NoticeKind';
COMMENT ON COLUMN notices.browser IS 'A plain word for where it was done, such as Firefox on Linux; empty is the command line';
COMMENT ON COLUMN notices.salt IS 'Random, of a mail with a link to choose a new password: the link''s token is made from it with the site''s secret when the mail is sent, and stored nowhere';
COMMENT ON COLUMN notices.used_at IS 'When the link was used up: by itself, or by another change of the password';
COMMENT ON COLUMN notices.sent_at IS 'When the mail went out; attempts, problem and code tell of it until then';

COMMENT ON TABLE sign_in_failures IS 'Attempts of the last hour that are under way or failed: passwords, codes and other proofs, and resets that were asked for. One that succeeds takes its row away, the sweep the others';
COMMENT ON COLUMN sign_in_failures.client_digest IS 'Digest of the network address with a key of the day, of a browser that the member has signed in with before, or of the session';

-- +goose Down
DROP TABLE notices;
