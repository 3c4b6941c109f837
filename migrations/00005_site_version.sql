-- +goose Up

CREATE TABLE site_version (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    version  bigint NOT NULL DEFAULT 1
);
COMMENT ON TABLE site_version IS 'Counts what changes a visitor''s page: each edition, each change of promise or site. Instances compare it to know that a page they keep is still good';
INSERT INTO site_version DEFAULT VALUES;

-- +goose Down
DROP TABLE site_version;
