-- +goose Up

-- Compatible: the program before publishes nothing at a time; what it publishes itself stops the schedule of the guide.
CREATE TABLE guide_schedules (
    guide_id  bigint PRIMARY KEY REFERENCES guides,
    revision  integer NOT NULL,
    at        timestamptz NOT NULL,
    replaces  integer,
    options   json NOT NULL,
    member_id bigint NOT NULL REFERENCES members,
    made_at   timestamptz NOT NULL DEFAULT clock(),
    problem   text NOT NULL DEFAULT '',
    FOREIGN KEY (guide_id, revision) REFERENCES revisions (guide_id, number)
);
COMMENT ON TABLE guide_schedules IS 'Revisions that the sweep publishes at a time; a row goes once it is published or cancelled';
COMMENT ON COLUMN guide_schedules.revision IS 'What is published: the draft as the member saw it';
COMMENT ON COLUMN guide_schedules.at IS 'When';
COMMENT ON COLUMN guide_schedules.replaces IS 'The revision that was published when it was scheduled, null for none: if it is another one by then, nothing is published';
COMMENT ON COLUMN guide_schedules.options IS 'The options with their facts as the member saw them: what changes until then is under review on the published page';
COMMENT ON COLUMN guide_schedules.member_id IS 'Who scheduled it';
COMMENT ON COLUMN guide_schedules.made_at IS 'When they did';
COMMENT ON COLUMN guide_schedules.problem IS 'Why it was not published at its time, in words, a line each; empty while it waits';

-- +goose Down
DROP TABLE guide_schedules;
