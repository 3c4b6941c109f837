-- +goose Up

CREATE TABLE notices (
    id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    member_id bigint NOT NULL REFERENCES members,
    kind      text NOT NULL CHECK (kind ~ '^[a-z]+(-[a-z]+)*$'),
    browser   text NOT NULL DEFAULT '',
    made_at   timestamptz NOT NULL DEFAULT clock(),
    sent_at   timestamptz,
    attempts  integer NOT NULL DEFAULT 0,
    problem   text NOT NULL DEFAULT '',
    code      integer NOT NULL DEFAULT 0
);
CREATE INDEX notices_by_time ON notices (made_at);
COMMENT ON TABLE notices IS 'Mails to a member about their own account; the sweep takes them away after 30 days';
COMMENT ON COLUMN notices.kind IS 'A word of staff.NoticeKind';
COMMENT ON COLUMN notices.browser IS 'A plain word for where it was done, such as Firefox on Linux; empty is the command line';
COMMENT ON COLUMN notices.sent_at IS 'When the mail went out; attempts, problem and code tell of it until then';

COMMENT ON TABLE sign_in_failures IS 'Passwords that are being tried or were wrong, at the door and for a change of one''s own, within the last hour: one that is right takes its row away, the sweep the others';
COMMENT ON COLUMN sign_in_failures.client_digest IS 'Digest of the network address with a key of the day, of a browser that the member has signed in with before, or of the session';

-- +goose Down
DROP TABLE notices;
