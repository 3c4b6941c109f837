package delivery

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/riverqueue/river"

	"tiebreak/internal/fault"
	"tiebreak/internal/lead"
	"tiebreak/internal/postgres"
)

// mailer is what the workers that send mail have in common.
type mailer[job river.JobArgs] struct {
	river.WorkerDefaults[job]
	service *Service
}

// Timeout leaves room for the conversation with the server and for saying how it went.
func (mailer[job]) Timeout(*river.Job[job]) time.Duration { return jobTime }

// NextRetry is for what the queue itself counts as failed: the database was away, or the program died.
func (m mailer[job]) NextRetry(j *river.Job[job]) time.Time {
	return m.service.DB.QueueNow().Add(delay(j.Attempt))
}

// delays are the waits after the first attempts that failed; the last one is that after all others.
var delays = []time.Duration{
	time.Second, 5 * time.Second, 15 * time.Second, 30 * time.Second, time.Minute, 2 * time.Minute, 5 * time.Minute,
}

// giveUpAfter is how long a delivery is tried.
const giveUpAfter = 7 * 24 * time.Hour

// delay is the wait after so many attempts.
func delay(attempts int) time.Duration {
	return delays[max(0, min(attempts, len(delays))-1)]
}

// mailing is a mail that is due, and where it is kept how sending it went.
type mailing struct {
	name   string // for the log
	send   func(context.Context) error
	sent   func(context.Context) error
	failed func(context.Context, lead.Problem, int) error // returns what the queue is to do
}

// attempt sends the mail and has it kept how that went, even if the program is about to stop.
func (s *Service) attempt(ctx context.Context, m mailing) error {
	err := m.send(ctx)
	if err == nil {
		return m.sent(context.WithoutCancel(ctx))
	}
	if errors.Is(err, fault.Unavailable) {
		return err // the database is away: nothing was tried
	}
	problem, code := problemOf(err)
	s.Log.Warn("mail not delivered", "mail", m.name, "problem", problem, "code", code)
	return m.failed(context.WithoutCancel(ctx), problem, code)
}

// again has the queue wait after so many attempts.
func again(attempts int, err error) error {
	if err != nil {
		return err
	}
	return river.JobSnooze(delay(attempts))
}

// worker sends the mails about leads.
type worker struct{ mailer[postgres.DeliveryJob] }

// Work sends the delivery, if it is still to be sent. An attempt that fails is kept with its reason and tried again later.
func (w *worker) Work(ctx context.Context, job *river.Job[postgres.DeliveryJob]) error {
	s, id := w.service, job.Args.Delivery
	d, l, waited, err := s.DB.Delivery(ctx, id)
	switch {
	case errors.Is(err, fault.NotFound):
		return nil
	case err != nil:
		return err
	case d.State != lead.Waiting:
		return nil
	case !d.Kind.StillNeeded(l):
		return s.DB.EndDelivery(ctx, id, lead.Dropped)
	}
	return s.attempt(ctx, mailing{
		name: nameOf(d, l),
		send: func(ctx context.Context) error { return s.deliver(ctx, d, l) },
		sent: func(ctx context.Context) error { return s.sent(ctx, id) },
		failed: func(ctx context.Context, problem lead.Problem, code int) error {
			attempts, err := s.DB.DeliveryFailed(ctx, id, problem, code)
			if err == nil && waited > giveUpAfter {
				return s.DB.EndDelivery(ctx, id, lead.Failed)
			}
			return again(attempts, err)
		},
	})
}

// sent notes that the mail went out, whatever happens to the queue now. Where the lead was erased in between, its file goes
// too: the erasure may have looked before it was there.
func (s *Service) sent(ctx context.Context, id int64) error {
	if err := s.DB.EndDelivery(ctx, id, lead.Sent); err != nil {
		return err
	}
	_, l, _, err := s.DB.Delivery(ctx, id)
	if err == nil && l.Status == lead.Erased {
		err = Forget(s.Folder, l.Reference)
	}
	return err
}

func (s *Service) deliver(ctx context.Context, d lead.Delivery, l lead.Lead) error {
	m, err := s.compose(ctx, d, l)
	if err != nil {
		return err
	}
	return s.bring(ctx, m)
}

// bring takes the message to where it can be read.
func (s *Service) bring(ctx context.Context, m message) error {
	limited, cancel := context.WithTimeout(ctx, sendTime)
	defer cancel()
	return s.post.send(limited, m)
}

// failure is a problem with its cause.
type failure struct {
	problem lead.Problem
	code    int
	cause   error
}

func (f failure) Error() string { return fmt.Sprintf("%s (%d): %v", f.problem, f.code, f.cause) }
func (f failure) Unwrap() error { return f.cause }

func problemOf(err error) (lead.Problem, int) {
	var f failure
	if errors.As(err, &f) {
		return f.problem, f.code
	}
	return lead.Unprepared, 0
}
