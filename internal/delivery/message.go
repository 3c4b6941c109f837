package delivery

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/mail"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"

	"tiebreak/internal/lead"
	"tiebreak/templates"
)

// message is an e-mail on its way, with a name for its file.
type message struct {
	*gomail.Msg
	name string
}

// compose makes the mail from the lead as it stands now. Whoever it is for, it can be made again, under the same
// Message-ID.
func (s *Service) compose(ctx context.Context, d lead.Delivery, l lead.Lead) (message, error) {
	m := message{gomail.NewMsg(gomail.WithNoDefaultUserAgent()), fmt.Sprintf("%s-%s-%d", l.Reference, d.Kind, d.ID)}
	settings, err := s.DB.Settings(ctx)
	if err != nil {
		return m, err
	}
	notes, err := s.DB.LeadNotes(ctx, l.Reference)
	if err != nil {
		return m, err
	}
	now, err := s.DB.Now(ctx)
	if err != nil {
		return m, err
	}
	to, err := s.recipients(ctx, d, l)
	if err != nil {
		return m, err
	}
	letter := templates.LetterOf(d.Kind, templates.About{
		Lead: l, Notes: notes, Now: now, Site: settings.Site, Promise: settings.Promise, Places: settings.Places,
		Receipt: s.BaseURL.JoinPath("/requests/", l.Token).String(),
		Desk:    s.BaseURL.JoinPath("/staff/leads/", l.Reference).String(),
		Home:    s.BaseURL.JoinPath("/").String(),
	})
	return m, s.write(ctx, m, d, letter, to, now)
}

func (s *Service) recipients(ctx context.Context, d lead.Delivery, l lead.Lead) ([]string, error) {
	to := s.Staff
	switch {
	case d.Kind.ToProspect():
		to = []string{l.Email}
	case len(to) == 0:
		var err error
		if to, err = s.DB.StaffAddresses(ctx); err != nil {
			return nil, err
		}
	}
	if len(to) == 0 {
		return nil, failure{lead.NoAddress, 0, errors.New("no address")}
	}
	return to, nil
}

// write puts the letter into the message. Addresses go in as parsed, never as text, so that none can bring a header or a
// second recipient along.
func (s *Service) write(ctx context.Context, m message, d lead.Delivery, letter templates.Letter, to []string, now time.Time) error {
	m.FromMailAddress(&mail.Address{Name: letter.Brand, Address: s.From})
	for _, address := range to {
		parsed, err := mail.ParseAddress(address)
		if err != nil || strings.ContainsAny(parsed.Address, "\r\n\x00<> ") {
			return failure{lead.NoAddress, 0, errors.New("an address that cannot be written to")}
		}
		m.AddToMailAddress(&mail.Address{Address: parsed.Address})
	}
	m.Subject(strings.Join(strings.Fields(letter.Subject), " "))
	m.SetMessageIDWithValue(s.messageID(d.ID))
	m.SetDateWithValue(now)
	m.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834: no automatic answers, please
	m.SetBodyString(gomail.TypeTextPlain, letter.Text())
	var html bytes.Buffer
	if err := letter.HTML().Render(ctx, &html); err != nil {
		return err
	}
	m.AddAlternativeString(gomail.TypeTextHTML, html.String())
	return nil
}

// messageID is the same for each attempt of a delivery, and tells strangers nothing of how many there are.
func (s *Service) messageID(delivery int64) string {
	mac := hmac.New(sha256.New, s.secret)
	fmt.Fprintf(mac, "delivery:%d", delivery)
	_, domain, _ := strings.Cut(s.From, "@")
	return hex.EncodeToString(mac.Sum(nil)[:16]) + "@" + domain
}
