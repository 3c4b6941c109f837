package delivery

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/riverqueue/river"
	gomail "github.com/wneessen/go-mail"

	"tiebreak/internal/fault"
	"tiebreak/internal/postgres"
	"tiebreak/internal/staff"
	"tiebreak/templates"
)

// inviter sends the mails of invitations.
type inviter struct {
	river.WorkerDefaults[postgres.InvitationJob]
	service *Service
}

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
	err = s.invite(ctx, i, salt)
	if err == nil {
		return s.DB.InvitationSent(context.WithoutCancel(ctx), id)
	}
	if errors.Is(err, fault.Unavailable) {
		return err // the database is away: nothing was tried
	}
	problem, code := problemOf(err)
	s.Log.Warn("invitation not delivered", "invitation", id, "problem", problem, "code", code)
	attempts, err := s.DB.InvitationFailed(context.WithoutCancel(ctx), id, problem, code)
	if err != nil {
		return err
	}
	return river.JobSnooze(delay(attempts))
}

// invite makes the mail, and the link's token in it, and sends it.
func (s *Service) invite(ctx context.Context, i staff.Invitation, salt []byte) error {
	settings, err := s.DB.Settings(ctx)
	if err != nil {
		return err
	}
	now, err := s.DB.Now(ctx)
	if err != nil {
		return err
	}
	letter := templates.InvitationLetter(i, templates.Page{
		Site: settings.Site, Promise: settings.Promise, Home: s.BaseURL.JoinPath("/").String(),
	}, s.BaseURL.JoinPath("/staff/invitations/", staff.InvitationToken(s.secret, salt)).String())
	name := fmt.Sprintf("invitation-%d", i.ID)
	m := message{gomail.NewMsg(gomail.WithNoDefaultUserAgent()), name}
	m.SetGenHeader(automatic, "auto-generated")
	if err := s.write(ctx, m, name, letter, []string{i.Email}, now); err != nil {
		return err
	}
	limited, cancel := context.WithTimeout(ctx, sendTime)
	defer cancel()
	return s.post.send(limited, m)
}

// Timeout is that of other mails.
func (w *inviter) Timeout(*river.Job[postgres.InvitationJob]) time.Duration { return jobTime }

// NextRetry is that of other mails.
func (w *inviter) NextRetry(job *river.Job[postgres.InvitationJob]) time.Time {
	return time.Now().Add(delay(job.Attempt))
}
