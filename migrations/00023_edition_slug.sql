-- +goose Up

ALTER TABLE editions ADD COLUMN slug text;
ALTER TABLE editions DISABLE TRIGGER editions_append_only;
UPDATE editions SET slug = document->'guide'->>'guide';
ALTER TABLE editions ENABLE TRIGGER editions_append_only;
ALTER TABLE editions ALTER COLUMN slug SET NOT NULL;
COMMENT ON COLUMN editions.slug IS 'Under which the guide stood then: ids of feed entries are made from it, so a rename does not change them';

-- +goose Down
ALTER TABLE editions DROP COLUMN slug;
