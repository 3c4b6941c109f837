package mailbox

import (
	"context"
	"fmt"
	"slices"

	"tiebreak/internal/email"
	"tiebreak/internal/lead"
	"tiebreak/internal/mail/inbound"
	"tiebreak/internal/postgres"
)

// take reads the email and stores what has to be stored of it.
func (s *session) take(ctx context.Context, mail listed, raw []byte) error {
	m, err := s.parse(mail, raw)
	if err != nil {
		s.Log.Error("an email cannot be read", "number", mail.uid, "error", err)
		return s.note(ctx, mail, inbound.ReadHeader(raw, mail.size, s.site), raw)
	}
	leads := s.leads(m.To)
	switch {
	case m.Kind == inbound.Own, m.Kind == inbound.Automatic, m.Kind == inbound.Receipt,
		m.Kind == inbound.Warning, m.List && len(leads) == 0:
		what := Automatic
		if m.Kind == inbound.Own {
			what = Own
		}
		if what == Automatic && m.Kind != inbound.Warning && !toTeam(m.To) {
			event := lead.AutoAnswered
			if m.Kind == inbound.Receipt {
				event = lead.ReadReceipt
			}
			err = s.DB.TakeAutomatic(ctx, s.at(mail), leads, event)
		} else {
			err = s.DB.PassMail(ctx, s.at(mail))
		}
		if err == nil {
			s.took(mail.uid, what)
		}
		return err
	case m.Kind == inbound.Bounce:
		return s.takeBounce(ctx, mail, m, raw)
	}
	return s.keep(ctx, mail, postgres.IncomingMail{
		Message: messageOf(m, mail.arrived), Keys: s.keys(leads, m, raw), AnswerTo: s.answer(mail, m), Team: toTeam(m.To),
	})
}

// toTeam reports whether the email is for the address of the team.
func toTeam(addresses []string) bool { return slices.ContainsFunc(addresses, lead.IsTeamAddress) }

// parse reads the email. A mistake of ours must not stop the program, which would meet the same email again.
func (s *session) parse(mail listed, raw []byte) (m inbound.Mail, err error) {
	defer func() {
		if wrong := recover(); wrong != nil {
			err = fmt.Errorf("panic: %v", wrong)
		}
	}()
	if mail.size > inbound.MaxSize {
		return inbound.ReadHeader(raw, mail.size, s.site), nil
	}
	return inbound.Read(raw, s.site), nil
}

// answer returns what counts the emails to the address that is told that its email was too large, or nil if nobody is. Other
// automatic emails to the address, such as the confirmation of its request, are counted apart.
func (s *session) answer(mail listed, m inbound.Mail) []byte {
	address := email.Clean(m.Address)
	if mail.size <= inbound.MaxSize || !m.MayAnswer || email.PublicProblem(address) != "" {
		return nil
	}
	return lead.TooLargeDigest(s.secret, address)
}

// keep stores an email that a person wrote. If the database does not take what it says, less of it is stored.
func (s *session) keep(ctx context.Context, mail listed, m postgres.IncomingMail) error {
	took, err := s.DB.TakeMail(ctx, s.at(mail), m)
	if err != nil && !isOutage(ctx, err) {
		s.Log.Error("an email cannot be stored", "number", mail.uid, "error", err)
		bare := m
		bare.Message = lead.Message{Kind: lead.MailMessage, At: m.At, Parts: lead.UnreadMail(mail.size)}
		if took, err = s.DB.TakeMail(ctx, s.at(mail), bare); err == nil {
			s.took(mail.uid, Unreadable)
			return nil
		}
	}
	if err != nil {
		return err
	}
	switch {
	case took.Leads > 0:
		s.took(mail.uid, OnLead)
	case took.Inbox > 0:
		s.took(mail.uid, InInbox)
	default:
		s.took(mail.uid, Repeated)
	}
	return nil
}

// note stores that there is an email of which nothing is known but what m holds.
func (s *session) note(ctx context.Context, mail listed, m inbound.Mail, raw []byte) error {
	m.Parts = lead.UnreadMail(mail.size)
	if raw == nil {
		raw = fmt.Appendf(nil, "%x %d %d", s.id, s.validity, mail.uid)
	}
	_, err := s.DB.TakeMail(ctx, s.at(mail), postgres.IncomingMail{
		Message: messageOf(m, mail.arrived), Keys: s.keys(s.leads(m.To), m, raw), Team: toTeam(m.To),
	})
	if err == nil {
		s.took(mail.uid, Unreadable)
	}
	return err
}

// leads returns the leads that the addresses are for, each once.
func (w *Watcher) leads(addresses []string) (leads []int64) {
	for _, address := range addresses {
		if id, ok := lead.ReadReplyAddress(w.secret, address); ok {
			leads = append(leads, id)
		}
	}
	slices.Sort(leads)
	return slices.Compact(leads)
}

// keys returns what the email is known by on each lead or, if it is for none, in the inbox.
func (w *Watcher) keys(leads []int64, m inbound.Mail, raw []byte) (keys []postgres.MailKey) {
	if len(leads) == 0 {
		return []postgres.MailKey{{Digest: w.key(0, m, raw)}}
	}
	for _, id := range leads {
		keys = append(keys, postgres.MailKey{Lead: id, Digest: w.key(id, m, raw)})
	}
	return keys
}
