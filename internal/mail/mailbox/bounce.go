package mailbox

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"tiebreak/internal/digest"
	"tiebreak/internal/fault"
	"tiebreak/internal/lead"
	"tiebreak/internal/mail/inbound"
	"tiebreak/internal/postgres"
)

// takeBounce marks the delivery that came back.
func (s *session) takeBounce(ctx context.Context, mail listed, m inbound.Mail, raw []byte) error {
	var ours []string
	for _, id := range m.Failure.MessageIDs {
		local, _, _ := strings.Cut(id, "@")
		ours = append(ours, strings.ToLower(local))
	}
	toProspect := slices.DeleteFunc(slices.Concat(m.Failure.ReplyTo, m.To), lead.IsTeamAddress)
	found, err := s.DB.TakeBounce(ctx, s.at(mail), postgres.Bounce{
		Leads: s.leads(toProspect), Problem: lead.ProblemOfBounce(m.Failure.Status), Digest: s.key(0, m, raw),
		Is: func(delivery int64) bool { return slices.Contains(ours, lead.DeliveryMessageID(s.secret, delivery)) },
	})
	if err != nil {
		return err
	}
	if found {
		s.took(mail.uid, Bounced)
	} else {
		s.took(mail.uid, Automatic)
	}
	return nil
}

// key returns the digest that the email is known by: of the lead and its Message-ID or, without one, of all of it. The inbox also
// asks for the sender, since broken programs give all their emails the same Message-ID.
func (w *Watcher) key(id int64, m inbound.Mail, raw []byte) []byte {
	name := m.MessageID
	switch {
	case name == "":
		name = digest.Hex(raw, 32)
	case id == 0:
		name += "\n" + m.Address
	}
	return digest.Keyed(w.secret, fmt.Sprintf("email:%d:%s", id, name))
}

// isOutage reports whether the database was away, so that the same email may be stored later.
func isOutage(ctx context.Context, err error) bool {
	return ctx.Err() != nil || errors.Is(err, fault.Unavailable) || errors.Is(err, context.DeadlineExceeded)
}
