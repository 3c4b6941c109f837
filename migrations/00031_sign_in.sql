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
