-- +goose Up

CREATE TABLE member_browsers (
    member_id bigint NOT NULL REFERENCES members ON DELETE CASCADE,
    browser   text NOT NULL,
    seen_at   timestamptz NOT NULL DEFAULT clock(),
    PRIMARY KEY (member_id, browser)
);
CREATE INDEX member_browsers_by_time ON member_browsers (seen_at);
COMMENT ON TABLE member_browsers IS 'Browsers that a member signed in with in the last year: a sign-in with another one is announced to the member by mail';
COMMENT ON COLUMN member_browsers.browser IS 'Plain name, such as Firefox on Linux';
COMMENT ON COLUMN member_browsers.seen_at IS 'Time of the last sign-in with it';
INSERT INTO member_browsers (member_id, browser, seen_at) SELECT member_id, browser, max(made_at) FROM sessions GROUP BY member_id, browser;

-- +goose Down
DROP TABLE member_browsers;
