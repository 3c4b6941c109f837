-- +goose Up

-- Compatible: programs before it keep what their form receives, which is the default.
ALTER TABLE leads ADD COLUMN channel text NOT NULL DEFAULT 'form' CHECK (channel ~ '^[a-z]+(-[a-z]+)*$');
COMMENT ON COLUMN leads.channel IS 'How it reached us: the site''s form, or a call, an email or a meeting that a member entered';

-- +goose Down
ALTER TABLE leads DROP COLUMN channel;
