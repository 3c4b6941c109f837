-- +goose Up

-- Compatible: the program before has no page for a replaced link, and no words for the two new emails to staff. There a form
-- without a key that is sent again leads to the present link, for the day that such a key holds.
CREATE TABLE replaced_receipts (
    token     text PRIMARY KEY,
    lead_id   bigint NOT NULL REFERENCES leads,
    successor text NOT NULL UNIQUE,
    press     bytea,
    at        timestamptz NOT NULL DEFAULT clock(),
    CHECK (token <> successor)
);
COMMENT ON TABLE replaced_receipts IS 'Links of receipts that no longer work: the prospect corrected their email address, and a stranger may have got the link by email';
COMMENT ON COLUMN replaced_receipts.token IS 'The link that leads.token held before';
COMMENT ON COLUMN replaced_receipts.lead_id IS 'The lead of the receipt';
COMMENT ON COLUMN replaced_receipts.successor IS 'The link that replaced it. It may be replaced itself by now';
COMMENT ON COLUMN replaced_receipts.press IS 'Digest of the form''s random key and of the address in it: the same press again leads to the successor. Null if the form had no key';
COMMENT ON COLUMN replaced_receipts.at IS 'When the link was replaced';
CREATE INDEX replaced_receipts_by_lead ON replaced_receipts (lead_id, at);
COMMENT ON INDEX replaced_receipts_by_lead IS 'The first link of a lead: a repeated form without a key leads there';

COMMENT ON COLUMN leads.due_at IS 'received_at and the promised hours, as promised then, and the time for which an unanswered lead was withdrawn';

-- +goose Down
COMMENT ON COLUMN leads.due_at IS 'received_at and the promised hours, as promised then';
DROP TABLE replaced_receipts;
