-- +goose Up

CREATE TABLE options (
    id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    slug     text NOT NULL UNIQUE,
    name     text NOT NULL,
    kind     text NOT NULL,
    homepage text NOT NULL
);
COMMENT ON TABLE options IS 'Things that can be compared';

CREATE TABLE facts (
    option_id  bigint NOT NULL REFERENCES options,
    key        text NOT NULL,
    version    integer NOT NULL CHECK (version >= 1),
    value      text NOT NULL,
    detail     text NOT NULL,
    confidence text NOT NULL CHECK (confidence IN ('verified', 'estimated', 'unknown')),
    checked    date,
    review     date,
    sources    jsonb NOT NULL DEFAULT '[]',
    made_at    timestamptz NOT NULL DEFAULT clock(),
    PRIMARY KEY (option_id, key, version)
);
COMMENT ON TABLE facts IS 'Every version of each fact of an option; the highest version is the one in force';
CREATE TRIGGER facts_append_only BEFORE UPDATE OR DELETE ON facts
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE guides (
    id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    slug      text NOT NULL UNIQUE,
    field     text NOT NULL,
    published integer,
    edition   text
);
COMMENT ON TABLE guides IS 'Comparisons; published is the revision that the site builds on, edition the snapshot that it serves';

CREATE TABLE guide_options (
    guide_id  bigint NOT NULL REFERENCES guides,
    position  integer NOT NULL,
    option_id bigint NOT NULL REFERENCES options,
    PRIMARY KEY (guide_id, position),
    UNIQUE (guide_id, option_id)
);
CREATE INDEX guide_options_by_option ON guide_options (option_id);
COMMENT ON TABLE guide_options IS 'Which options a guide''s published revision compares, in its order';
COMMENT ON INDEX guide_options_by_option IS 'A changed fact finds the guides that show it';

CREATE TABLE revisions (
    guide_id bigint NOT NULL REFERENCES guides,
    number   integer NOT NULL CHECK (number >= 1),
    document json NOT NULL,
    made_at  timestamptz NOT NULL DEFAULT clock(),
    PRIMARY KEY (guide_id, number)
);
COMMENT ON TABLE revisions IS 'Immutable versions of a guide''s own document; json, not jsonb, to keep it to the byte';
CREATE TRIGGER revisions_append_only BEFORE UPDATE OR DELETE ON revisions
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE editions (
    digest   text PRIMARY KEY,
    guide_id bigint NOT NULL REFERENCES guides,
    number   integer NOT NULL CHECK (number >= 1),
    revision integer NOT NULL,
    document json NOT NULL,
    made_at  timestamptz NOT NULL DEFAULT clock(),
    UNIQUE (guide_id, number),
    FOREIGN KEY (guide_id, revision) REFERENCES revisions (guide_id, number)
);
COMMENT ON TABLE editions IS 'Immutable snapshots of a whole page as shown: a published revision and the facts it used, named by the digest of the document';
CREATE TRIGGER editions_append_only BEFORE UPDATE OR DELETE ON editions
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

ALTER TABLE guides
    ADD FOREIGN KEY (id, published) REFERENCES revisions (guide_id, number),
    ADD FOREIGN KEY (edition) REFERENCES editions;

-- +goose Down
ALTER TABLE guides DROP COLUMN published, DROP COLUMN edition;
DROP TABLE editions, revisions, guide_options, guides, facts, options;
