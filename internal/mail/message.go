package mail

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"net/mail"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"

	"tiebreak/internal/digest"
	"tiebreak/internal/email"
	"tiebreak/internal/lead"
	"tiebreak/internal/postgres"
	templates "tiebreak/templates/mail"
)

// message is an e-mail on its way, with a name for its file.
type message struct {
	*gomail.Msg
	name string
}

func newMessage(name string) message {
	return message{gomail.NewMsg(gomail.WithNoDefaultUserAgent()), name}
}

// nameOf a delivery begins with the lead's reference: see Forget.
func nameOf(d lead.Delivery, l lead.Lead) string {
	return fmt.Sprintf("%s-%s-%d", l.Reference, d.Kind, d.ID)
}

// compose makes the mail from the lead as it stood when the mail was read. It can be made again, under the same Message-ID.
func (s *Service) compose(ctx context.Context, mail postgres.Mail, to string) (message, error) {
	d, l := mail.Delivery, mail.Lead
	m := newMessage(nameOf(d, l))
	if d.Kind == lead.ReplyMail {
		if err := s.answerable(m, mail); err != nil {
			return m, err
		}
	} else {
		m.SetGenHeader(automatic, "auto-generated")
	}
	letter := templates.LeadEmail(d.Kind, templates.LeadData{
		Suspects: mail.Suspects, SuspectsTab: s.BaseURL.JoinPath("/staff/leads").String() + "?tab=" + string(lead.Suspects),
		Lead: l, Notes: mail.Notes, Reply: mail.Reply, Now: mail.Now, Site: mail.Site, Promise: mail.Promise, Places: mail.Places,
		Receipt: s.BaseURL.JoinPath("/requests/", l.Token).String(),
		Desk:    s.BaseURL.JoinPath("/staff/leads/", l.Reference).String(),
		Home:    s.BaseURL.JoinPath("/").String(),
	})
	return m, s.write(ctx, m, fmt.Sprintf("delivery:%d", d.ID), letter, to, mail.Now)
}

// automatic asks for no automatic answers (RFC 3834).
const automatic gomail.Header = "Auto-Submitted"

// answerable has answers to a reply go to its member. Mail readers put it below what went out to the prospect before.
func (s *Service) answerable(m message, mail postgres.Mail) error {
	address, err := email.ForServer(mail.Reply.Email)
	if err != nil {
		return failure{lead.Unprepared, 0, err}
	}
	if err := m.ReplyTo(address); err != nil {
		return failure{lead.Unprepared, 0, err}
	}
	var before []string
	for _, other := range mail.Mails {
		if other.ID < mail.Delivery.ID && other.State == lead.Sent &&
			(other.Kind == lead.ConfirmationMail || other.Kind == lead.ReplyMail) {
			before = append(before, "<"+s.messageID(fmt.Sprintf("delivery:%d", other.ID))+">")
		}
	}
	if n := len(before); n > 0 {
		m.SetGenHeader(gomail.HeaderInReplyTo, before[n-1])
		m.SetGenHeader(gomail.HeaderReferences, strings.Join(before, " "))
	}
	return nil
}

// write puts the letter into the message, under an id of what it is. The address goes in as parsed, never as text, so that
// it cannot bring a header or a second recipient along.
func (s *Service) write(ctx context.Context, m message, id string, letter templates.Email, to string, now time.Time) error {
	if to == "" {
		return failure{lead.NoAddress, 0, errors.New("no address")}
	}
	address, err := email.ForServer(to)
	if err != nil {
		return failure{lead.BadAddress, 0, err}
	}
	name := letter.Sender
	if name == letter.Brand && s.FromName != "" {
		name = s.FromName
	}
	m.FromMailAddress(&mail.Address{Name: name, Address: s.From})
	m.ToMailAddress(&mail.Address{Address: address})
	m.Subject(strings.Join(strings.Fields(letter.Subject), " "))
	m.SetMessageIDWithValue(s.messageID(id))
	m.SetDateWithValue(now)
	m.SetBodyString(gomail.TypeTextPlain, letter.Text())
	var html bytes.Buffer
	if err := letter.HTML().Render(ctx, &html); err != nil {
		return err
	}
	m.AddAlternativeString(gomail.TypeTextHTML, html.String())
	return nil
}

// messageID returns the same for each attempt to send the mail, and tells strangers nothing of how many there are.
func (s *Service) messageID(id string) string {
	_, domain, _ := strings.Cut(s.From, "@")
	return hex.EncodeToString(digest.Keyed(s.secret, id)[:16]) + "@" + domain
}
