package mailbox_test

import (
	"bytes"
	"context"
	"testing"

	"tiebreak/internal/lead"
	"tiebreak/internal/staff"
)

// hire makes a member with the address.
func (s *studio) hire(address string) {
	s.t.Helper()
	n := staff.NewMember{Email: address, Name: "Mara Lind", Password: "a sample password", Role: staff.Editor}
	if err := s.db.AddMember(context.Background(), n, "sample hash"); err != nil {
		s.t.Fatal(err)
	}
}

func TestEmailOfAMemberIsNeverTheProspects(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		from, to string // "to" has a + before the token
		want     lead.MessageKind
		members  int // of the message
	}{
		"the prospect":                      {"prospect1@example.org", "reply+", lead.MailMessage, 0},
		"a colleague of the prospect":       {"else@example.org", "reply+", lead.MailMessage, 0},
		"a member":                          {"Mara@Studio.example", "reply+", lead.MemberMail, 1},
		"a member who answers a notice":     {"mara@studio.example", "reply+team+", lead.MemberMail, 1},
		"a private address with the notice": {"mara@home.example", "reply+team+", lead.MemberMail, 0},
		"a disabled member":                 {"gone@studio.example", "reply+", lead.MailMessage, 0},
		"a member who tests as a prospect":  {"prospect2@example.org", "reply+", lead.MailMessage, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := open(t, 2)
			for _, address := range []string{"mara@studio.example", "gone@studio.example", "prospect2@example.org"} {
				s.hire(address)
			}
			if _, err := s.db.Conns().Exec(t.Context(),
				`UPDATE members SET disabled_at = clock() WHERE email = 'gone@studio.example'`); err != nil {
				t.Fatal(err)
			}
			number := int64(1)
			if c.from == "prospect2@example.org" {
				number = 2
			}
			if _, err := s.db.Conns().Exec(t.Context(),
				`UPDATE leads SET status = 'contacted', answered_at = clock() WHERE id = $1`, number); err != nil {
				t.Fatal(err)
			}
			raw := s.mail("once", number, "")
			raw = bytes.ReplaceAll(raw, []byte("ada@example.org"), []byte(c.from))
			s.imap.Add(t, bytes.ReplaceAll(raw, []byte("To: reply+"), []byte("To: "+c.to)))
			s.watch()
			s.settled(1)
			var kind lead.MessageKind
			var members, told, noted int
			var awaits bool
			err := s.db.Conns().QueryRow(t.Context(), `
				SELECT m.kind, count(m.member_id) OVER (), l.awaiting_since IS NOT NULL,
				       (SELECT count(*) FROM deliveries d WHERE d.message_id = m.id AND d.kind = 'note'),
				       (SELECT count(*) FROM lead_history h WHERE h.lead_id = l.id AND h.kind = 'note')
				FROM messages m JOIN leads l ON l.id = m.lead_id`).Scan(&kind, &members, &awaits, &told, &noted)
			if err != nil {
				t.Fatal(err)
			}
			prospect := c.want == lead.MailMessage
			if kind != c.want || members != c.members || awaits != prospect || (noted == 1) != prospect || told != 1 {
				t.Errorf("it is a %s of %d members; an answer is due: %t, events: %d, notices: %d",
					kind, members, awaits, noted, told)
			}
		})
	}
}
