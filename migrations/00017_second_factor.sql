-- +goose Up

ALTER TABLE members ADD COLUMN handle uuid NOT NULL DEFAULT gen_random_uuid() UNIQUE;
COMMENT ON COLUMN members.handle IS 'Names the member to their passkeys (WebAuthn user handle): random, so that an authenticator learns nothing';

ALTER TABLE sessions ADD COLUMN proved_at timestamptz;
COMMENT ON COLUMN sessions.proved_at IS 'When the member last showed once more that it is them, which changing a second factor asks for; null is not yet';

CREATE TABLE team_rules (
    only_row               boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    second_factor_required boolean NOT NULL DEFAULT false
);
COMMENT ON TABLE team_rules IS 'What an admin asks of all members';
INSERT INTO team_rules DEFAULT VALUES;

CREATE TABLE authenticators (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    member_id    bigint NOT NULL REFERENCES members,
    seed         bytea NOT NULL,
    made_at      timestamptz NOT NULL DEFAULT clock(),
    confirmed_at timestamptz,
    last_step    bigint NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX authenticators_by_member ON authenticators (member_id, (confirmed_at IS NULL));
COMMENT ON TABLE authenticators IS 'Apps that show one-time codes (TOTP, RFC 6238): at most one in force a member, and one that is being set up';
COMMENT ON COLUMN authenticators.confirmed_at IS 'Since when it is in force; null until its first code was typed';
COMMENT ON COLUMN authenticators.last_step IS 'Time step of the last code that was taken: no code is taken twice';

CREATE TABLE passkeys (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    member_id     bigint NOT NULL REFERENCES members,
    credential_id bytea NOT NULL UNIQUE,
    credential    jsonb NOT NULL,
    name          text NOT NULL,
    made_at       timestamptz NOT NULL DEFAULT clock(),
    used_at       timestamptz
);
CREATE INDEX passkeys_by_member ON passkeys (member_id);
COMMENT ON TABLE passkeys IS 'Public keys of the members'' devices (WebAuthn); nobody can sign in with what is here';
COMMENT ON COLUMN passkeys.credential IS 'The credential record of the WebAuthn library, without the attestation';

CREATE TABLE spent_challenges (
    digest bytea PRIMARY KEY,
    at     timestamptz NOT NULL DEFAULT clock()
);
COMMENT ON TABLE spent_challenges IS 'Signed challenges that a passkey has answered, kept until they are over: none is taken twice';

CREATE TABLE recovery_codes (
    digest    bytea PRIMARY KEY,
    member_id bigint NOT NULL REFERENCES members
);
CREATE INDEX recovery_codes_by_member ON recovery_codes (member_id);
COMMENT ON TABLE recovery_codes IS 'Digests of the codes that stand in for a lost device; a row goes when its code is used';

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

-- +goose Down
DROP TABLE half_sessions, recovery_codes, spent_challenges, passkeys, authenticators, team_rules;
ALTER TABLE sessions DROP COLUMN proved_at;
ALTER TABLE members DROP COLUMN handle;
