-- +goose Up

CREATE EXTENSION IF NOT EXISTS pg_trgm;

ALTER TABLE guides
    ADD COLUMN title    text NOT NULL DEFAULT '',
    ADD COLUMN subtitle text NOT NULL DEFAULT '',
    ADD COLUMN indexed  text NOT NULL DEFAULT '';
COMMENT ON COLUMN guides.title IS 'Of the published revision, for lists; so is subtitle';
COMMENT ON COLUMN guides.indexed IS 'Which edition search_entries hold, and in which form; the program renews what differs when it starts';
UPDATE guides g SET title = r.document->>'title', subtitle = r.document->>'subtitle' FROM revisions r WHERE r.guide_id = g.id AND r.number = g.published;

ALTER TABLE editions ADD COLUMN changes text[] NOT NULL DEFAULT '{}';
COMMENT ON COLUMN editions.changes IS 'What a reader finds changed since the edition before, a sentence each; empty for a mere re-check';
ALTER TABLE editions DISABLE TRIGGER editions_append_only;
UPDATE editions SET changes = '{First published.}' WHERE number = 1;
ALTER TABLE editions ENABLE TRIGGER editions_append_only;
CREATE INDEX editions_told ON editions (made_at DESC, digest) WHERE changes <> '{}';
COMMENT ON INDEX editions_told IS 'The newest changes of the whole site, for the home page and the feed';

CREATE TABLE former_slugs (
    slug     text PRIMARY KEY,
    guide_id bigint NOT NULL REFERENCES guides
);
CREATE INDEX former_slugs_by_guide ON former_slugs (guide_id);
COMMENT ON TABLE former_slugs IS 'Old addresses of guides: they lead to the new ones for ever';

CREATE TABLE search_entries (
    id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind      text NOT NULL CHECK (kind IN ('guide', 'option', 'criterion', 'question')),
    guide_id  bigint REFERENCES guides,
    option_id bigint REFERENCES options,
    address   text NOT NULL,
    place     text NOT NULL,
    title     text NOT NULL,
    words     text NOT NULL,
    lexemes   tsvector NOT NULL GENERATED ALWAYS AS (
        setweight(to_tsvector('english', title), 'A') ||
        setweight(to_tsvector('english', place), 'B') ||
        setweight(to_tsvector('english', words), 'C')) STORED,
    CHECK (num_nonnulls(guide_id, option_id) = 1)
);
COMMENT ON TABLE search_entries IS 'What a reader can search for: one row an answer, made anew with each edition. Place is the title of the guide in which it stands';
CREATE INDEX search_entries_by_guide ON search_entries (guide_id);
CREATE INDEX search_entries_by_option ON search_entries (option_id);
CREATE INDEX search_entries_pages ON search_entries USING gin (lexemes) WHERE kind IN ('guide', 'option');
CREATE INDEX search_entries_parts ON search_entries USING gin (lexemes) WHERE kind IN ('criterion', 'question');
COMMENT ON INDEX search_entries_pages IS 'Guides and options apart from their many parts, so that neither is crowded out of the candidates';

CREATE TABLE search_words (word text PRIMARY KEY);
COMMENT ON TABLE search_words IS 'Every word that was ever found in an entry: what a misspelt word may have meant';
CREATE INDEX search_words_alike ON search_words USING gist (word gist_trgm_ops(siglen = 64));

-- +goose Down
DROP TABLE search_words, search_entries, former_slugs;
ALTER TABLE editions DROP COLUMN changes;
ALTER TABLE guides DROP COLUMN title, DROP COLUMN subtitle, DROP COLUMN indexed;
