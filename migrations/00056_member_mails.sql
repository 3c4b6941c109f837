-- +goose Up

-- Compatible: programs before it show a member's email to staff only, as they do with a note.
ALTER TABLE messages
    DROP CONSTRAINT messages_key_check,
    DROP CONSTRAINT messages_mail_check,
    ADD CONSTRAINT messages_key_check CHECK (key_digest IS NOT NULL OR kind IN ('mail', 'member-mail')),
    ADD CONSTRAINT messages_mail_check CHECK (
        kind IN ('mail', 'member-mail', 'team-note')
        OR sender_name = '' AND sender_address = '' AND subject = '' AND quoted = '' AND parts = '[]' AND message_id = '');
COMMENT ON COLUMN messages.kind IS 'A word of lead.MessageKind: reply (a member to the prospect), note (the prospect, on the receipt), mail (the prospect, by email), member-mail (a member, by email: what becomes of it is not decided yet), call (a member writes down what was said), team-note (a member to the team)';
COMMENT ON COLUMN messages.member_id IS 'Who wrote it; null for what the prospect wrote. Of a member-mail the one whose address is in From, which anybody can write there; null if it is no member''s';

-- +goose Down
DELETE FROM messages WHERE kind = 'member-mail';
UPDATE messages SET sender_name = '', sender_address = '', subject = '', quoted = '', parts = '[]', message_id = ''
WHERE kind = 'team-note';
ALTER TABLE messages
    DROP CONSTRAINT messages_key_check,
    DROP CONSTRAINT messages_mail_check,
    ADD CONSTRAINT messages_key_check CHECK (key_digest IS NOT NULL OR kind = 'mail'),
    ADD CONSTRAINT messages_mail_check CHECK (
        kind = 'mail'
        OR sender_name = '' AND sender_address = '' AND subject = '' AND quoted = '' AND parts = '[]' AND message_id = '');
