-- +goose Up

-- Each new kind needed the whole list anew, and a check of all rows under a lock. The program has the list: lead.EventKind.
ALTER TABLE lead_history DROP CONSTRAINT lead_history_kind_check;
ALTER TABLE lead_history ADD CONSTRAINT lead_history_kind_check CHECK (kind ~ '^[a-z]+(-[a-z]+)*$');
COMMENT ON COLUMN lead_history.kind IS 'What happened, a word of lead.EventKind';

-- +goose Down
COMMENT ON COLUMN lead_history.kind IS NULL;
ALTER TABLE lead_history DROP CONSTRAINT lead_history_kind_check;
ALTER TABLE lead_history ADD CONSTRAINT lead_history_kind_check
    CHECK (kind IN ('received', 'moved', 'placed', 'note', 'withdrawn', 'erased', 'suspected', 'cleared',
                    'replied', 'assigned', 'team-note', 'undone')) NOT VALID;
