-- +goose Up

ALTER TABLE guides
    ADD COLUMN answer json NOT NULL DEFAULT '{}',
    ADD COLUMN labels json NOT NULL DEFAULT '{}';
COMMENT ON COLUMN guides.answer IS 'Of the published revision, by option, for lists; so is labels: what its rows call facts, by key';
UPDATE guides g SET answer = r.document->'answer', labels = coalesce((
    SELECT json_object_agg(c->>'fact', c->>'label') FROM json_array_elements(r.document->'summary') c WHERE c->>'fact' <> ''), '{}')
FROM revisions r WHERE r.guide_id = g.id AND r.number = g.published;

-- +goose Down
ALTER TABLE guides DROP COLUMN answer, DROP COLUMN labels;
