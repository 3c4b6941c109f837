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

type worker struct {
	river.WorkerDefaults[postgres.DeliveryJob]
	service *Service
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
	err = s.deliver(ctx, d, l)
	if err == nil {
		return s.sent(context.WithoutCancel(ctx), id)
	}
	if errors.Is(err, fault.Unavailable) {
		return err // the database is away: nothing was tried
	}
	problem, code := problemOf(err)
	s.Log.Warn("mail not delivered", "delivery", id, "kind", d.Kind, "lead", l.Reference, "problem", problem, "code", code)
	attempts, err := s.DB.DeliveryFailed(context.WithoutCancel(ctx), id, problem, code)
	if err != nil {
		return err
	}
	if waited > giveUpAfter {
		return s.DB.EndDelivery(context.WithoutCancel(ctx), id, lead.Failed)
	}
	return river.JobSnooze(delay(attempts))
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
	limited, cancel := context.WithTimeout(ctx, sendTime)
	defer cancel()
	return s.post.send(limited, m)
}

// Timeout leaves room for the conversation with the server and for saying how it went.
func (w *worker) Timeout(*river.Job[postgres.DeliveryJob]) time.Duration { return jobTime }

// NextRetry is for what the queue itself counts as failed: the database was away, or the program died.
func (w *worker) NextRetry(job *river.Job[postgres.DeliveryJob]) time.Time {
	return time.Now().Add(delay(job.Attempt))
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
