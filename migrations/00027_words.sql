-- +goose Up

-- The program folds and splits the words of leads, as it does those of a search. Words of older leads stay as they are until
-- the program has written them anew, a few at a time.
ALTER TABLE lead_contents ALTER COLUMN words DROP EXPRESSION;
ALTER TABLE lead_contents ADD COLUMN folded boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN lead_contents.words IS 'For the staff''s search: folded words of the form, notes and replies';
COMMENT ON COLUMN lead_contents.folded IS 'Whether the program wrote the words; those of older versions are split and folded differently';
CREATE INDEX lead_contents_unfolded ON lead_contents (lead_id) WHERE NOT folded;
COMMENT ON INDEX lead_contents_unfolded IS 'Leads whose words are still to be written; empty once that is done';

ALTER TABLE search_entries ALTER COLUMN lexemes DROP EXPRESSION;
ALTER TABLE search_entries ADD COLUMN name text NOT NULL DEFAULT '';
COMMENT ON COLUMN search_entries.lexemes IS 'Folded words and their English stems, in title (A), place (B) and words (C)';
COMMENT ON COLUMN search_entries.name IS 'The words of the title in alphabetical order: a search for these shows the entry first';
CREATE INDEX search_entries_by_name ON search_entries (name) WHERE kind IN ('guide', 'option');

-- A list of pending entries would slow down each search after many guides were published.
ALTER INDEX search_entries_pages SET (fastupdate = off);
ALTER INDEX search_entries_parts SET (fastupdate = off);

DROP TABLE search_words;
CREATE TABLE search_words (
    word text COLLATE "C" PRIMARY KEY,
    stem text COLLATE "C" NOT NULL,
    name boolean NOT NULL
);
COMMENT ON TABLE search_words IS 'Every word that was ever in an entry: what a misspelt word may have meant';
COMMENT ON COLUMN search_words.name IS 'Whether it was in the name of an option or the title of a guide';
CREATE INDEX search_words_by_stem ON search_words (stem);

ALTER TABLE reply_templates ADD COLUMN name_key text;
UPDATE reply_templates SET name_key = name;
ALTER TABLE reply_templates ALTER COLUMN name_key SET NOT NULL,
    DROP CONSTRAINT reply_templates_name_key, ADD CONSTRAINT reply_templates_by_name UNIQUE (name_key);
COMMENT ON COLUMN reply_templates.name_key IS 'The normalised name: two names that look the same are one';

ALTER TABLE saved_views ADD COLUMN name_key text;
UPDATE saved_views SET name_key = name;
ALTER TABLE saved_views ALTER COLUMN name_key SET NOT NULL,
    DROP CONSTRAINT saved_views_member_id_name_key, ADD CONSTRAINT saved_views_by_name UNIQUE (member_id, name_key);
COMMENT ON COLUMN saved_views.name_key IS 'The normalised name: two names that look the same are one';

-- +goose Down
ALTER TABLE saved_views DROP COLUMN name_key;
ALTER TABLE saved_views ADD UNIQUE (member_id, name);
ALTER TABLE reply_templates DROP COLUMN name_key;
ALTER TABLE reply_templates ADD UNIQUE (name);

DROP TABLE search_words;
CREATE TABLE search_words (word text PRIMARY KEY);
COMMENT ON TABLE search_words IS 'Every word that was ever found in an entry: what a misspelt word may have meant';
CREATE INDEX search_words_alike ON search_words USING gist (word gist_trgm_ops(siglen = 64));

ALTER TABLE search_entries DROP COLUMN name, DROP COLUMN lexemes;
ALTER TABLE search_entries ADD COLUMN lexemes tsvector NOT NULL GENERATED ALWAYS AS (
    setweight(to_tsvector('english', title), 'A') ||
    setweight(to_tsvector('english', place), 'B') ||
    setweight(to_tsvector('english', words), 'C')) STORED;
CREATE INDEX search_entries_pages ON search_entries USING gin (lexemes) WHERE kind IN ('guide', 'option');
CREATE INDEX search_entries_parts ON search_entries USING gin (lexemes) WHERE kind IN ('criterion', 'question');
COMMENT ON INDEX search_entries_pages IS 'Guides and options apart from their many parts, so that neither is crowded out of the candidates';

ALTER TABLE lead_contents DROP COLUMN folded, DROP COLUMN words;
ALTER TABLE lead_contents ADD COLUMN words tsvector GENERATED ALWAYS AS (
    to_tsvector('simple', translate(name || ' ' || email || ' ' || company || ' ' || project || ' ' || timeline || ' ' || budget,
                                    './@:_-+#&=?''', '            '))) STORED;
COMMENT ON COLUMN lead_contents.words IS 'For the staff''s search: in any language, so whole words and their beginnings';
CREATE INDEX lead_contents_by_words ON lead_contents USING gin (words) WITH (fastupdate = off);
COMMENT ON INDEX lead_contents_by_words IS 'Kept exact at each intake: a list of pending words would slow each search down';
