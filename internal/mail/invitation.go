package mail

import (
	"context"
	"errors"
	"fmt"

	"github.com/riverqueue/river"

	"tiebreak/internal/fault"
	"tiebreak/internal/lead"
	"tiebreak/internal/postgres"
	"tiebreak/internal/staff"
	"tiebreak/templates/mail"
	"tiebreak/templates/ui"
)

// inviter sends the mails of invitations.
type inviter struct{ mailer[postgres.InvitationJob] }

// Work sends the mail, if its link is still good and it has not gone out. An attempt that fails is kept with its reason and
// tried again later.
func (w *inviter) Work(ctx context.Context, job *river.Job[postgres.InvitationJob]) error {
	s, id := w.service, job.Args.Invitation
	i, salt, err := s.DB.InvitationToSend(ctx, id)
	switch {
	case errors.Is(err, fault.NotFound):
		return nil
	case err != nil:
		return err
	case i.State != staff.Open, i.SentAt != nil:
		return nil
	}
	name := fmt.Sprintf("invitation-%d", id)
	link := s.BaseURL.JoinPath("/staff/invitations/", staff.InvitationToken(s.secret, salt)).String()
	return s.attempt(ctx, mailing{
		name: name, job: job.ID, before: lead.Problem(i.Problem),
		send: func(ctx context.Context) error {
			return s.mail(ctx, name, i.Email, func(p ui.Page) mail.Email { return mail.InvitationEmail(i, p, link) })
		},
		sent: func(ctx context.Context) error { return s.DB.InvitationSent(ctx, id) },
		failed: func(ctx context.Context, problem lead.Problem, code int, _ bool) (int, error) {
			return s.DB.InvitationFailed(ctx, id, problem, code)
		},
	})
}

// mail sends a letter to somebody of the staff, or who is to be. Its name is the same for each attempt.
func (s *Service) mail(ctx context.Context, name, to string, letter func(ui.Page) mail.Email) error {
	settings, now, err := s.DB.SettingsNow(ctx)
	if err != nil {
		return err
	}
	page := ui.Page{Site: settings.Site, Promise: settings.Promise, Home: s.BaseURL.JoinPath("/").String()}
	m := newMessage(name)
	m.SetGenHeader(automatic, "auto-generated")
	if err := s.write(ctx, m, name, letter(page), to, now); err != nil {
		return err
	}
	return s.post.send(ctx, m)
}
