-- +goose Up

-- Compatible: programs before it obtain no certificates.
CREATE TABLE acme_accounts (
    directory text PRIMARY KEY,
    key       bytea NOT NULL
);
COMMENT ON TABLE acme_accounts IS 'Our account at each certificate authority. The three acme_ tables hold private keys and are left out of backups';
COMMENT ON COLUMN acme_accounts.directory IS 'Address of the authority''s ACME directory';
COMMENT ON COLUMN acme_accounts.key IS 'Private key of the account, PKCS 8';

CREATE TABLE acme_certificates (
    directory      text NOT NULL,
    host           text NOT NULL,
    pem            bytea,
    expires_at     timestamptz,
    renew_at       timestamptz,
    failures       integer NOT NULL DEFAULT 0,
    problem        text NOT NULL DEFAULT '',
    next_try_at    timestamptz NOT NULL DEFAULT clock(),
    restart_try_at timestamptz NOT NULL DEFAULT clock(),
    PRIMARY KEY (directory, host),
    CONSTRAINT acme_certificates_pem_check CHECK ((pem IS NULL) = (expires_at IS NULL) AND (pem IS NULL) = (renew_at IS NULL))
);
COMMENT ON TABLE acme_certificates IS 'The certificate of the site from each authority, and when it may be ordered';
COMMENT ON COLUMN acme_certificates.pem IS 'Private key and chain; null before the first order succeeds';
COMMENT ON COLUMN acme_certificates.renew_at IS 'From when on a new one is ordered';
COMMENT ON COLUMN acme_certificates.failures IS 'Orders since the last that succeeded, the one under way too';
COMMENT ON COLUMN acme_certificates.problem IS 'Why the last order failed; empty if it did not';
COMMENT ON COLUMN acme_certificates.next_try_at IS 'No instance orders before. An instance that orders moves it on, so that the others wait';
COMMENT ON COLUMN acme_certificates.restart_try_at IS 'A program that starts may order from then on, even if next_try_at is later';

CREATE TABLE acme_challenges (
    name       text PRIMARY KEY,
    answer     bytea NOT NULL,
    created_at timestamptz NOT NULL DEFAULT clock()
);
COMMENT ON TABLE acme_challenges IS 'Questions by which an authority finds out whether the site is here. Any instance answers them';
COMMENT ON COLUMN acme_challenges.name IS 'Token of an http-01 challenge, or host of a tls-alpn-01 challenge';
COMMENT ON COLUMN acme_challenges.answer IS 'Key authorisation of an http-01 challenge, or private key and certificate of a tls-alpn-01 challenge, PEM';

-- +goose Down
DROP TABLE acme_challenges, acme_certificates, acme_accounts;
