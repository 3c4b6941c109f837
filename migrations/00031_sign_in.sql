-- +goose Up

CREATE TABLE member_browsers (
    member_id bigint NOT NULL REFERENCES members ON DELETE CASCADE,
    browser   text NOT NULL,
    seen_at   timestamptz NOT NULL DEFAULT clock(),
    PRIMARY KEY (member_id, browser)
);
CREATE INDEX member_browsers_by_time ON member_browsers (seen_at);
COMMENT ON TABLE member_browsers IS 'Browsers that a member signed in with in the last year: a sign-in with another one is announced to the member by mail';
COMMENT ON COLUMN member_browsers.browser IS 'Plain name, such as Firefox on Linux';
COMMENT ON COLUMN member_browsers.seen_at IS 'Time of the last sign-in with it';
INSERT INTO member_browsers (member_id, browser, seen_at) SELECT member_id, browser, max(made_at) FROM sessions GROUP BY member_id, browser;

ALTER TABLE sessions RENAME COLUMN proved_at TO reauthenticated_at;
COMMENT ON COLUMN sessions.reauthenticated_at IS 'When the member last re-authenticated, as a change of a second factor asks for; null is not yet';
ALTER TABLE sessions ADD COLUMN mfa_pending_until timestamptz;
COMMENT ON COLUMN sessions.mfa_pending_until IS 'Until when the second factor may be given; the session opens nothing before that. Null once it is given, or if none is needed';
INSERT INTO sessions (token_digest, member_id, browser, made_at, seen_at, mfa_pending_until)
SELECT token_digest, member_id, browser, made_at, made_at, made_at + interval '10 minutes' FROM half_sessions;
DROP TABLE half_sessions;
COMMENT ON TABLE sessions IS 'Browsers that are signed in, or in which the password was right and the second factor is pending, by the digest of their cookie; a row is made by signing in and by nothing else';

DROP TABLE sign_in_failures;
CREATE TABLE throttle_attempts (
    id  bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    key text NOT NULL,
    at  timestamptz NOT NULL DEFAULT clock()
);
CREATE INDEX throttle_attempts_by_key ON throttle_attempts (key, at);
CREATE INDEX throttle_attempts_by_time ON throttle_attempts (at);
COMMENT ON TABLE throttle_attempts IS 'Attempts of the last hour to sign in, re-authenticate or reset a password that are under way or failed. One that succeeds is deleted at once, the others by the sweep';
COMMENT ON COLUMN throttle_attempts.key IS 'What is tried, and a digest of the network address with a key of the day, the member''s or the session''s number';

-- +goose Down
CREATE TABLE half_sessions (
    token_digest bytea PRIMARY KEY,
    member_id    bigint NOT NULL REFERENCES members,
    browser      text NOT NULL,
    known        boolean NOT NULL,
    made_at      timestamptz NOT NULL DEFAULT clock()
);
CREATE INDEX half_sessions_by_member ON half_sessions (member_id);
COMMENT ON TABLE half_sessions IS 'Browsers in which the password was right and the second factor is still owed; they open nothing';
COMMENT ON COLUMN half_sessions.known IS 'The member has signed in with the browser before';
INSERT INTO half_sessions (token_digest, member_id, browser, known, made_at)
SELECT token_digest, member_id, browser, false, made_at FROM sessions WHERE mfa_pending_until IS NOT NULL;
DELETE FROM sessions WHERE mfa_pending_until IS NOT NULL;
ALTER TABLE sessions DROP COLUMN mfa_pending_until;
ALTER TABLE sessions RENAME COLUMN reauthenticated_at TO proved_at;
COMMENT ON COLUMN sessions.proved_at IS 'When the member last showed once more that it is them, which changing a second factor asks for; null is not yet';
COMMENT ON TABLE sessions IS 'Signed-in browsers, by the digest of their cookie; a row is made by signing in and by nothing else';

DROP TABLE throttle_attempts;
CREATE TABLE sign_in_failures (
    id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at             timestamptz NOT NULL DEFAULT clock(),
    account_digest bytea NOT NULL,
    client_digest  bytea NOT NULL
);
CREATE INDEX sign_in_failures_by_account ON sign_in_failures (account_digest, at);
CREATE INDEX sign_in_failures_by_client ON sign_in_failures (client_digest, at);
CREATE INDEX sign_in_failures_by_time ON sign_in_failures (at);
COMMENT ON TABLE sign_in_failures IS 'Attempts of the last hour that are under way or failed: passwords, codes and other proofs, and resets that were asked for. One that succeeds takes its row away, the sweep the others';
COMMENT ON COLUMN sign_in_failures.account_digest IS 'Signed digest of the address that was typed, whether anybody has it or not';
COMMENT ON COLUMN sign_in_failures.client_digest IS 'Digest of the network address with a key of the day, of a browser that the member has signed in with before, or of the session';
DROP TABLE member_browsers;
