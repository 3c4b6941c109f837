-- +goose Up

-- A digest made before this version could confirm a guess of what was typed. It cannot be made anew, so it goes.
UPDATE leads SET body_digest = '', key_digest = CASE WHEN NOT (keyless AND status = 'erased') THEN key_digest END;
COMMENT ON COLUMN leads.key_digest IS 'Digest of the form''s key: one key, one lead. Null once a keyless post''s day is over or it was erased';
COMMENT ON COLUMN leads.body_digest IS
    'Digest of everything typed, signed with the form''s key too, which is not kept: tells a repeat from other words under the same key and confirms no guess. Empty for a keyless post, whose key tells other words';

-- +goose Down
COMMENT ON COLUMN leads.key_digest IS 'Digest of the form''s key: one key, one lead. Null once a keyless post''s day is over';
COMMENT ON COLUMN leads.body_digest IS 'Signed digest of everything typed: tells a repeat from other words under the same key';
