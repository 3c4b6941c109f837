package mail

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/mail"
	"strings"

	gomail "github.com/wneessen/go-mail"

	"tiebreak/internal/email"
	"tiebreak/internal/lead"
	"tiebreak/internal/mail/inbound"
	"tiebreak/internal/postgres"
	"tiebreak/internal/staff"
	templates "tiebreak/templates/mail"
	"tiebreak/templates/ui"
)

// message is an e-mail on its way.
type message struct {
	*gomail.Msg
	name    string // for its file
	bounces string // the address that mail servers send it back to; "" for its sender
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
	m := message{gomail.NewMsg(gomail.WithNoDefaultUserAgent()), nameOf(mail.Delivery), s.bouncesGoTo(mail.Delivery)}
	letter := s.letter(mail)
	if err := s.address(m, letter, to); err != nil {
		return m, err
	}
	if answers := s.answersGoTo(mail); answers != "" {
		if err := m.ReplyTo(answers); err != nil {
			return m, err
		}
	}
	if mail.Delivery.Kind == lead.ReplyMail {
		s.putBelow(m, mail)
	} else {
		m.SetGenHeader(automatic, "auto-generated")
	}
	m.SetGenHeader(inbound.SiteHeader, inbound.SiteMark(s.secret))
	m.SetMessageIDWithValue(s.messageID(mail.Delivery.ID))
	m.SetDateWithValue(mail.Now)
	return m, writeLetter(ctx, m, letter)
}

// writeLetter gives the message the letter's subject and its text, as plain text and as HTML.
func writeLetter(ctx context.Context, m message, letter templates.Email) error {
	m.Subject(strings.Join(strings.Fields(letter.Subject), " "))
	m.SetBodyString(gomail.TypeTextPlain, letter.Text())
	var html bytes.Buffer
	if err := letter.HTML().Render(ctx, &html); err != nil {
		return err
	}
	m.AddAlternativeString(gomail.TypeTextHTML, html.String())
	return nil
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
	case m.Notice.Kind == staff.InboxNotice:
		return templates.NoticeEmail(m.Notice, page, s.link("/staff/inbox"))
	case m.Notice.Kind != "":
		return templates.NoticeEmail(m.Notice, page, s.link("/staff/account"))
	}
	return templates.LeadEmail(m.Delivery.Kind, templates.LeadData{
		Lead: m.Lead, Message: m.Message, Before: m.Before, Now: m.Now, Site: m.Site,
		Promise: m.Promise, Places: m.Places, Closed: m.Closed, FollowUp: m.FollowUp, Suspects: m.Suspects,
		SuspectsTab: s.link("/staff/leads") + "?tab=" + string(lead.SuspectsTab),
		AnswersHere: s.Reply != "",
		Receipt:     s.link("/requests/", m.Lead.Token), Desk: s.link("/staff/leads/", m.Lead.Reference), Home: page.Home,
	})
}

// link returns the absolute address of a page.
func (s *Service) link(path ...string) string { return s.BaseURL.JoinPath(path...).String() }

// automatic asks for no automatic answers (RFC 3834).
const automatic gomail.Header = "Auto-Submitted"

// answersGoTo returns the address that answers to a mail go to: to the lead or, without an address for that, from staff to the
// prospect, and from the prospect to the member or the site's contact. It returns "" for the sender's own.
func (s *Service) answersGoTo(m postgres.Mail) string {
	if address := s.aboutLead(m.Delivery); address != "" {
		return address
	}
	to := ""
	switch kind := m.Delivery.Kind; {
	case kind == lead.ReplyMail:
		to = m.Message.Email
	case kind.ToProspect():
		to = m.Site.Contact
	case m.Delivery.AboutLead() && kind != lead.SuspectsMail:
		to = m.Lead.Email
	}
	address, err := email.ForServer(to)
	if err != nil || email.Problem(to) != "" {
		return ""
	}
	return address
}

// aboutLead returns the address at which Tiebreak knows the lead of the mail, or "" if there is none.
func (s *Service) aboutLead(d lead.Delivery) string {
	switch {
	case s.Reply == "", d.Lead == 0, d.Kind == lead.SuspectsMail:
		return ""
	case d.Kind.ToProspect():
		return lead.ReplyAddress(s.secret, s.Reply, d.Lead)
	}
	return lead.TeamAddress(s.secret, s.Reply, d.Lead)
}

// bouncesGoTo returns the envelope sender of a mail (RFC 5321, 4.4): Tiebreak reads what is sent back to the address for answers.
// It is "" without that address.
func (s *Service) bouncesGoTo(d lead.Delivery) string { return cmp.Or(s.aboutLead(d), s.Reply) }

// putBelow has mail readers put a reply below what went out to the prospect before.
func (s *Service) putBelow(m message, mail postgres.Mail) {
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
}

// messageID returns the Message-ID of the delivery's email.
func (s *Service) messageID(delivery int64) string {
	_, domain, _ := strings.Cut(s.From, "@")
	return lead.DeliveryMessageID(s.secret, delivery) + "@" + domain
}
