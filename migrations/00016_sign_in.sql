-- +goose Up

CREATE TABLE sign_in_failures (
    id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at             timestamptz NOT NULL DEFAULT clock(),
    account_digest bytea NOT NULL,
    client_digest  bytea NOT NULL
);
CREATE INDEX sign_in_failures_by_account ON sign_in_failures (account_digest, at);
CREATE INDEX sign_in_failures_by_client ON sign_in_failures (client_digest, at);
CREATE INDEX sign_in_failures_by_time ON sign_in_failures (at);
COMMENT ON TABLE sign_in_failures IS 'Attempts to sign in that are under way or failed, within the last hour: one that succeeds takes its row away, the sweep the others';
COMMENT ON COLUMN sign_in_failures.account_digest IS 'Signed digest of the address that was typed, whether anybody has it or not';
COMMENT ON COLUMN sign_in_failures.client_digest IS 'Digest of the network address with a key of the day, or of a browser that the member has signed in with before';

-- +goose Down
DROP TABLE sign_in_failures;
