-- +goose Up

-- Emails to members about their accounts and invitations become deliveries, as those about leads are. All are sent by the same jobs.
ALTER TABLE deliveries
    ALTER COLUMN lead_id DROP NOT NULL,
    ADD COLUMN invitation_id bigint REFERENCES invitations,
    ADD COLUMN browser       text,
    ADD COLUMN salt          bytea,
    ADD COLUMN token_digest  bytea,
    ADD COLUMN used_at       timestamptz,
    ADD COLUMN notice_id     bigint,
    DROP CONSTRAINT deliveries_kind_check,
    ADD CONSTRAINT deliveries_kind_check CHECK (kind ~ '^[a-z]+(-[a-z]+)*$'),
    ADD CONSTRAINT deliveries_subject_check CHECK (num_nonnulls(lead_id, invitation_id, browser) = 1),
    ADD CONSTRAINT deliveries_lead_check CHECK (lead_id IS NOT NULL OR staff_address IS NULL AND reply_id IS NULL),
    ADD CONSTRAINT deliveries_invitation_check CHECK (invitation_id IS NULL OR member_id IS NULL),
    ADD CONSTRAINT deliveries_account_check CHECK (browser IS NULL OR member_id IS NOT NULL),
    ADD CONSTRAINT deliveries_link_check CHECK (
        (salt IS NULL) = (token_digest IS NULL) AND (token_digest IS NULL OR browser IS NOT NULL) AND (used_at IS NULL OR token_digest IS NOT NULL));

INSERT INTO deliveries (member_id, kind, browser, made_at, salt, token_digest, used_at, notice_id, attempts, problem, code, state, tried_at, ended_at)
SELECT n.member_id, n.kind, n.browser, n.made_at, n.salt, n.token_digest, n.used_at, n.id, n.attempts + (s.state = 'sent')::integer, n.problem,
       n.code, s.state, n.sent_at, CASE WHEN s.state <> 'waiting' THEN coalesce(n.sent_at, clock()) END
FROM notices n, LATERAL (
    SELECT CASE
        WHEN n.sent_at IS NOT NULL THEN 'sent'
        WHEN EXISTS (SELECT FROM river_job WHERE kind = 'notice' AND finalized_at IS NULL AND args @> jsonb_build_object('notice', n.id)) THEN 'waiting'
        WHEN n.attempts > 0 THEN 'failed'
        ELSE 'dropped' END AS state) s
ORDER BY n.id;

INSERT INTO deliveries (invitation_id, kind, made_at, attempts, problem, code, state, tried_at, ended_at)
SELECT i.id, 'invitation', i.made_at, i.attempts + (s.state = 'sent')::integer, i.problem, i.code, s.state, i.sent_at,
       CASE WHEN s.state <> 'waiting' THEN coalesce(i.sent_at, clock()) END
FROM invitations i, LATERAL (
    SELECT CASE
        WHEN i.sent_at IS NOT NULL THEN 'sent'
        WHEN EXISTS (SELECT FROM river_job WHERE kind = 'invitation' AND finalized_at IS NULL AND args @> jsonb_build_object('invitation', i.id)) THEN 'waiting'
        WHEN i.attempts > 0 THEN 'failed'
        ELSE 'dropped' END AS state) s
ORDER BY i.id;

UPDATE river_job j SET kind = 'delivery', args = jsonb_build_object('delivery', d.id)
FROM deliveries d
WHERE d.lead_id IS NULL AND j.finalized_at IS NULL
  AND (j.kind = 'notice' AND j.args @> jsonb_build_object('notice', d.notice_id)
    OR j.kind = 'invitation' AND j.args @> jsonb_build_object('invitation', d.invitation_id));
DELETE FROM river_job WHERE kind IN ('notice', 'invitation');

ALTER TABLE deliveries DROP COLUMN notice_id;
ALTER TABLE invitations DROP COLUMN sent_at, DROP COLUMN attempts, DROP COLUMN problem, DROP COLUMN code;
DROP TABLE notices;

CREATE INDEX deliveries_by_member ON deliveries (member_id, made_at) WHERE lead_id IS NULL;
CREATE UNIQUE INDEX deliveries_by_invitation ON deliveries (invitation_id) WHERE invitation_id IS NOT NULL;
CREATE UNIQUE INDEX deliveries_by_token ON deliveries (token_digest) WHERE token_digest IS NOT NULL;
COMMENT ON INDEX deliveries_by_member IS 'Emails about the member''s account';

COMMENT ON TABLE deliveries IS 'Each email that must go out or went out, to one recipient, and how it fared: about a lead, about a member''s account, or an invitation. The queue''s own rows go, these stay; the sweep deletes those about accounts after 30 days. Nothing typed and no address stands here';
COMMENT ON COLUMN deliveries.kind IS 'A word of lead.DeliveryKind or staff.NoticeKind';
COMMENT ON COLUMN deliveries.lead_id IS 'The lead that it is about; of the kind suspects, the newest of them; null for an email about an account and for an invitation';
COMMENT ON COLUMN deliveries.member_id IS 'The member it goes to. An email about a lead to staff begins without a recipient; the first attempt makes one row for each';
COMMENT ON COLUMN deliveries.invitation_id IS 'The invitation that it sends';
COMMENT ON COLUMN deliveries.browser IS 'Of an email about an account: a plain word for where it was done, such as Firefox on Linux; empty is the command line';
COMMENT ON COLUMN deliveries.salt IS 'Random, of an email with a link to choose a new password: the link''s token is made from it with the site''s secret when the email is sent, and stored nowhere';
COMMENT ON COLUMN deliveries.token_digest IS 'Digest of that link''s token';
COMMENT ON COLUMN deliveries.used_at IS 'When that link was used up: by itself, or by another change of the account';

-- +goose Down
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
    delivery_id  bigint,
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
ALTER TABLE invitations
    ADD COLUMN sent_at  timestamptz,
    ADD COLUMN attempts integer NOT NULL DEFAULT 0,
    ADD COLUMN problem  text NOT NULL DEFAULT '',
    ADD COLUMN code     integer NOT NULL DEFAULT 0;
COMMENT ON COLUMN invitations.sent_at IS 'When the mail went out; attempts, problem and code tell of it until then';

INSERT INTO notices (member_id, kind, browser, made_at, salt, token_digest, used_at, sent_at, attempts, problem, code, delivery_id)
SELECT member_id, kind, browser, made_at, salt, token_digest, used_at, CASE WHEN state = 'sent' THEN ended_at END,
       attempts - (state = 'sent')::integer, problem, code, id
FROM deliveries WHERE browser IS NOT NULL ORDER BY id;
UPDATE invitations i
SET sent_at = CASE WHEN d.state = 'sent' THEN d.ended_at END, attempts = d.attempts - (d.state = 'sent')::integer, problem = d.problem, code = d.code
FROM deliveries d WHERE d.invitation_id = i.id;
UPDATE river_job j SET kind = 'notice', args = jsonb_build_object('notice', n.id)
FROM notices n WHERE j.kind = 'delivery' AND j.finalized_at IS NULL AND j.args @> jsonb_build_object('delivery', n.delivery_id);
UPDATE river_job j SET kind = 'invitation', args = jsonb_build_object('invitation', d.invitation_id)
FROM deliveries d
WHERE j.kind = 'delivery' AND j.finalized_at IS NULL AND d.invitation_id IS NOT NULL AND j.args @> jsonb_build_object('delivery', d.id);

ALTER TABLE notices DROP COLUMN delivery_id;
DELETE FROM deliveries WHERE lead_id IS NULL;
ALTER TABLE deliveries
    DROP CONSTRAINT deliveries_kind_check,
    DROP CONSTRAINT deliveries_subject_check,
    DROP CONSTRAINT deliveries_lead_check,
    DROP CONSTRAINT deliveries_invitation_check,
    DROP CONSTRAINT deliveries_account_check,
    DROP CONSTRAINT deliveries_link_check,
    DROP COLUMN invitation_id,
    DROP COLUMN browser,
    DROP COLUMN salt,
    DROP COLUMN token_digest,
    DROP COLUMN used_at,
    ALTER COLUMN lead_id SET NOT NULL,
    ADD CONSTRAINT deliveries_kind_check
        CHECK (kind IN ('confirmation', 'placed', 'new', 'note', 'withdrawn', 'reminder', 'overdue', 'reply', 'suspects'));
DROP INDEX deliveries_by_member;
COMMENT ON TABLE deliveries IS 'Each email that must go out or went out, to one recipient, and how it fared: the queue''s own rows go, these stay. Nothing typed and no address stands here';
COMMENT ON COLUMN deliveries.kind IS NULL;
COMMENT ON COLUMN deliveries.lead_id IS 'The lead that it is about; of the kind suspects, the newest of them';
COMMENT ON COLUMN deliveries.member_id IS 'The member it goes to. A mail to staff begins without a recipient; the first attempt makes one row for each';
