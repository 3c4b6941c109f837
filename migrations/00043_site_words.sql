-- +goose Up

-- Compatible: the program before shows its own words and no imprint, and leaves these columns as they are. A request that it
-- takes keeps its own consent sentence, also where the form was drawn by this program with another one.
ALTER TABLE site
    ADD COLUMN imprint          text NOT NULL DEFAULT '',
    ADD COLUMN consent_sentence text NOT NULL DEFAULT '',
    ADD COLUMN project_hint     text NOT NULL DEFAULT '',
    ADD COLUMN name_hint        text NOT NULL DEFAULT '',
    ADD COLUMN email_hint       text NOT NULL DEFAULT '',
    ADD COLUMN timeline_hint    text NOT NULL DEFAULT '',
    ADD COLUMN budget_hint      text NOT NULL DEFAULT '',
    ADD COLUMN budgets          text NOT NULL DEFAULT '',
    ADD COLUMN thanks           text NOT NULL DEFAULT '';
COMMENT ON TABLE site IS 'The studio''s own identity, of which a blank part is left out for visitors, and the words of its intake form, of which a blank one is the program''s';
COMMENT ON COLUMN site.imprint IS 'Web address of the imprint, linked in the foot of every public page';
COMMENT ON COLUMN site.consent_sentence IS 'What a prospect agrees to. Each lead keeps the sentence that its form showed: lead_contents.consent';
COMMENT ON COLUMN site.project_hint IS 'Below the label of the field project in the intake form, as the other hints below theirs';
COMMENT ON COLUMN site.name_hint IS 'Hint of the field name';
COMMENT ON COLUMN site.email_hint IS 'Hint of the field email';
COMMENT ON COLUMN site.timeline_hint IS 'Hint of the field timeline';
COMMENT ON COLUMN site.budget_hint IS 'Hint of the field budget';
COMMENT ON COLUMN site.budgets IS 'Suggestions for the field budget with their currency, one a line';
COMMENT ON COLUMN site.thanks IS 'Thanks on the receipt of an open request';

-- +goose Down
ALTER TABLE site
    DROP COLUMN imprint,
    DROP COLUMN consent_sentence,
    DROP COLUMN project_hint,
    DROP COLUMN name_hint,
    DROP COLUMN email_hint,
    DROP COLUMN timeline_hint,
    DROP COLUMN budget_hint,
    DROP COLUMN budgets,
    DROP COLUMN thanks;
COMMENT ON TABLE site IS 'The studio''s own identity; a blank part is left out for visitors';
