-- +goose Up

-- Compatible: programs before it count no views.
CREATE TABLE guide_views (
    guide_id bigint NOT NULL REFERENCES guides ON DELETE CASCADE,
    day      date NOT NULL,
    views    integer NOT NULL,
    PRIMARY KEY (guide_id, day)
);
COMMENT ON TABLE guide_views IS 'How often each guide was opened each day, and nothing about who opened it';
COMMENT ON COLUMN guide_views.day IS 'In the time zone of the site';
COMMENT ON COLUMN guide_views.views IS 'Without members and without programs that say what they are';

-- +goose Down
DROP TABLE guide_views;
