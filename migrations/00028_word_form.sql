-- +goose Up

-- A form in place of a flag, so that every change of folding can have the words written anew.
ALTER TABLE lead_contents ADD COLUMN form smallint NOT NULL DEFAULT 0;
COMMENT ON COLUMN lead_contents.form IS 'In which form of folding (text.Form) the words were written; 0 is by a version that had none';
CREATE INDEX lead_contents_by_form ON lead_contents (form);
COMMENT ON INDEX lead_contents_by_form IS 'Leads whose words are of an older form, which a sweep writes anew';
ALTER TABLE lead_contents DROP COLUMN folded;

-- +goose Down
ALTER TABLE lead_contents ADD COLUMN folded boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN lead_contents.folded IS 'Whether the program wrote the words; those of older versions are split and folded differently';
CREATE INDEX lead_contents_unfolded ON lead_contents (lead_id) WHERE NOT folded;
COMMENT ON INDEX lead_contents_unfolded IS 'Leads whose words are still to be written; empty once that is done';
ALTER TABLE lead_contents DROP COLUMN form;
