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

// notifier sends members what they are to know about their account.
type notifier struct{ mailer[postgres.NoticeJob] }

// Work sends the mail, if it is still to be sent; as inviter.
func (w *notifier) Work(ctx context.Context, job *river.Job[postgres.NoticeJob]) error {
	s, id := w.service, job.Args.Notice
	n, err := s.DB.NoticeToSend(ctx, id)
	if errors.Is(err, fault.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	name := fmt.Sprintf("notice-%d", id)
	link := s.BaseURL.JoinPath("/staff/account").String()
	switch n.Kind {
	case staff.ResetNotice:
		link = s.BaseURL.JoinPath("/staff/reset/", staff.ResetToken(s.secret, n.Salt)).String()
	case staff.AdminNotice:
		link = s.BaseURL.JoinPath("/staff/team").String()
	}
	return s.attempt(ctx, mailing{
		name: name, job: job.ID, before: lead.Problem(n.Problem),
		send: func(ctx context.Context) error {
			return s.mail(ctx, name, n.Email, func(p ui.Page) mail.Email { return mail.NoticeEmail(n, p, link) })
		},
		sent: func(ctx context.Context) error { return s.DB.NoticeSent(ctx, id) },
		failed: func(ctx context.Context, problem lead.Problem, code int, _ bool) (int, error) {
			return s.DB.NoticeFailed(ctx, id, problem, code)
		},
	})
}
