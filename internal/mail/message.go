package mail

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"net/mail"
	"strings"

	gomail "github.com/wneessen/go-mail"

	"tiebreak/internal/digest"
	"tiebreak/internal/email"
	"tiebreak/internal/lead"
	"tiebreak/internal/postgres"
	"tiebreak/internal/staff"
	templates "tiebreak/templates/mail"
	"tiebreak/templates/ui"
)

// message is an e-mail on its way, with a name for its file.
type message struct {
	*gomail.Msg
	name string
}

// nameOf returns a name for a delivery. It begins with the lead's reference, if the delivery is about one: see Forget.
func nameOf(d lead.Delivery) string {
	name := fmt.Sprintf("%s-%d", d.Kind, d.ID)
	if d.AboutLead() {
		name = d.Reference + "-" + name
	}
	return name
}

// compose makes the message from what was read for it. It can be made again, under the same Message-ID.
func (s *Service) compose(ctx context.Context, mail postgres.Mail, to string) (message, error) {
	m := message{gomail.NewMsg(gomail.WithNoDefaultUserAgent()), nameOf(mail.Delivery)}
	letter := s.letter(mail)
	if err := s.address(m, letter, to); err != nil {
		return m, err
	}
	if mail.Delivery.Kind == lead.ReplyMail {
		if err := s.answerable(m, mail); err != nil {
			return m, err
		}
	} else {
		m.SetGenHeader(automatic, "auto-generated")
	}
	m.Subject(strings.Join(strings.Fields(letter.Subject), " "))
	m.SetMessageIDWithValue(s.messageID(mail.Delivery.ID))
	m.SetDateWithValue(mail.Now)
	m.SetBodyString(gomail.TypeTextPlain, letter.Text())
	var html bytes.Buffer
	if err := letter.HTML().Render(ctx, &html); err != nil {
		return m, err
	}
	m.AddAlternativeString(gomail.TypeTextHTML, html.String())
	return m, nil
}

// address says from whom to whom the message goes. The address goes in as parsed, never as text, so that it cannot bring a
// header or a second recipient along.
func (s *Service) address(m message, letter templates.Email, to string) error {
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
	return nil
}

// letter words the mail.
func (s *Service) letter(m postgres.Mail) templates.Email {
	page := ui.Page{Site: m.Site, Promise: m.Promise, Home: s.link("/")}
	switch {
	case m.Invitation.ID != 0:
		token := staff.InvitationToken(s.secret, m.Invitation.Salt)
		return templates.InvitationEmail(m.Invitation, page, s.link("/staff/invitations/", token))
	case m.Notice.Kind == staff.ResetNotice:
		return templates.NoticeEmail(m.Notice, page, s.link("/staff/reset/", staff.ResetToken(s.secret, m.Notice.Salt)))
	case m.Notice.Kind == staff.AdminNotice:
		return templates.NoticeEmail(m.Notice, page, s.link("/staff/team"))
	case m.Notice.Kind != "":
		return templates.NoticeEmail(m.Notice, page, s.link("/staff/account"))
	}
	return templates.LeadEmail(m.Delivery.Kind, templates.LeadData{
		Lead: m.Lead, Message: m.Message, Now: m.Now, Site: m.Site, Promise: m.Promise, Places: m.Places,
		Suspects: m.Suspects, SuspectsTab: s.link("/staff/leads") + "?tab=" + string(lead.Suspects),
		Receipt: s.link("/requests/", m.Lead.Token), Desk: s.link("/staff/leads/", m.Lead.Reference), Home: page.Home,
	})
}

// link returns the absolute address of a page.
func (s *Service) link(path ...string) string { return s.BaseURL.JoinPath(path...).String() }

// automatic asks for no automatic answers (RFC 3834).
const automatic gomail.Header = "Auto-Submitted"

// answerable has answers to a reply go to its member. Mail readers put it below what went out to the prospect before.
func (s *Service) answerable(m message, mail postgres.Mail) error {
	address, err := email.ForServer(mail.Message.Email)
	if err == nil {
		err = m.ReplyTo(address)
	}
	if err != nil {
		return err
	}
	var before []string
	for _, other := range mail.Mails {
		if other.ID < mail.Delivery.ID && other.State == lead.Sent &&
			(other.Kind == lead.ConfirmationMail || other.Kind == lead.ReplyMail) {
			before = append(before, "<"+s.messageID(other.ID)+">")
		}
	}
	if n := len(before); n > 0 {
		m.SetGenHeader(gomail.HeaderInReplyTo, before[n-1])
		m.SetGenHeader(gomail.HeaderReferences, strings.Join(before, " "))
	}
	return nil
}

// messageID returns the same for each attempt to send the delivery, and tells strangers nothing of how many there are.
func (s *Service) messageID(delivery int64) string {
	_, domain, _ := strings.Cut(s.From, "@")
	return hex.EncodeToString(digest.Keyed(s.secret, fmt.Sprintf("delivery:%d", delivery))[:16]) + "@" + domain
}
