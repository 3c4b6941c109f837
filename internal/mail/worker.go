package mail

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/riverqueue/river"

	"tiebreak/internal/fault"
	"tiebreak/internal/lead"
	"tiebreak/internal/postgres"
	"tiebreak/internal/staff"
)

// worker sends deliveries.
type worker struct {
	river.WorkerDefaults[postgres.DeliveryJob]
	service *Service
}

// Timeout leaves room for the conversation with the server and for recording how it went. The queue asks it again before it
// takes up a job that seems left behind: a job whose beat has stopped is left behind, however much of its time is left.
func (w *worker) Timeout(job *river.Job[postgres.DeliveryJob]) time.Duration {
	if w.service.DB.QueueNow().Sub(*job.AttemptedAt) > rescueAfter {
		return rescueAfter
	}
	return jobTime
}

// NextRetry returns when the queue tries a job again that it counts as failed: the database was away, or the program died.
func (w *worker) NextRetry(job *river.Job[postgres.DeliveryJob]) time.Time {
	return w.service.DB.QueueNow().Add(delay(job.Attempt))
}

// delays are the waits after the first attempts that failed; the last one is that after all others.
var delays = []time.Duration{
	time.Second, 5 * time.Second, 15 * time.Second, 30 * time.Second, time.Minute, 2 * time.Minute, 5 * time.Minute,
}

const (
	giveUpAfter  = 7 * 24 * time.Hour // an attempt that fails later than this is the last
	confirmAfter = time.Hour          // the wait before a mail that may have arrived is sent once more
)

// delay returns the wait after so many attempts.
func delay(attempts int) time.Duration {
	return delays[max(0, min(attempts, len(delays))-1)]
}

// Work sends the delivery to its recipient, if it is still to be sent and somebody still needs it.
func (w *worker) Work(ctx context.Context, job *river.Job[postgres.DeliveryJob]) error {
	s := w.service
	m, err := s.DB.ClaimDelivery(ctx, job.Args.Delivery, len(s.Staff))
	switch {
	case errors.Is(err, fault.NotFound):
		return nil
	case err != nil:
		return err
	case m.Delivery.State != lead.Waiting:
		return nil
	}
	to, needed := s.recipient(m)
	if !needed {
		return s.record(ctx, m.Delivery, lead.Dropped, m.Delivery.Problem, m.Delivery.Code)
	}
	msg, err := s.compose(ctx, m, to)
	if err == nil {
		err = s.send(ctx, job.ID, msg)
	}
	if err != nil {
		return s.failed(ctx, m, err)
	}
	return s.record(ctx, m.Delivery, lead.Sent, "", 0)
}

// recipient returns the address that the mail goes to, "" if there is nobody, and whether the mail is still needed.
func (s *Service) recipient(m postgres.Mail) (to string, needed bool) {
	switch d := m.Delivery; {
	case !d.AboutLead() && m.Invitation.State == staff.Open:
		return m.Invitation.Email, true
	case !d.AboutLead():
		return m.Notice.Email, m.Notice.Email != ""
	case !m.Due():
		return "", false
	case d.Kind == lead.TooLargeMail:
		return m.Message.SenderAddress, m.Message.SenderAddress != ""
	case d.Kind.ToProspect():
		return m.Lead.Email, true
	case d.Member != 0:
		return m.Address, m.Address != ""
	case d.StaffAddress > len(s.Staff):
		return "", false
	case d.StaffAddress > 0:
		return s.Staff[d.StaffAddress-1], true
	}
	return "", true
}

// send sends the message and meanwhile shows that the job is being worked on, so a slow server can be told from a program that
// died.
func (s *Service) send(ctx context.Context, job int64, m message) error {
	ctx, over := context.WithCancel(ctx)
	defer over()
	go func() {
		tick := time.NewTicker(beatEvery)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			}
			if err := s.DB.JobBeat(ctx, job); err != nil && ctx.Err() == nil {
				s.Log.Warn("the queue is not told of a mail that is being sent", "job", job, "error", err)
			}
		}
	}()
	return s.post.send(ctx, m, nil)
}

// failed records an attempt that failed. The mail is tried again later, unless another attempt would fail as well.
func (s *Service) failed(ctx context.Context, m postgres.Mail, err error) error {
	d := m.Delivery
	problem, code := problemOf(err)
	wait, last := delay(d.Attempts+1), problem.Permanent() || m.Now.Sub(d.MadeAt) > giveUpAfter
	if problem == lead.Unconfirmed {
		wait, last = confirmAfter, last || d.Problem == lead.Unconfirmed
	}
	s.Log.Warn("mail not delivered", "mail", nameOf(d), "problem", problem, "code", code, "given_up", last)
	ours := []lead.Problem{lead.RefusedConnection, lead.WrongSignIn, lead.SendingLimit}
	if s.Refused != nil && (problem.Permanent() || slices.Contains(ours, problem)) {
		s.Refused(problem)
	}
	if d.Problem == lead.Unconfirmed && !problem.Permanent() {
		problem, code = lead.Unconfirmed, 0 // it may still have arrived
	}
	if last {
		return s.record(ctx, d, lead.Failed, problem, code)
	}
	if err := s.record(ctx, d, lead.Waiting, problem, code); err != nil {
		return err
	}
	return river.JobSnooze(wait)
}

// record notes how the mail fared, even if the program is about to stop. Where the lead was erased in between, the mail's file
// goes too: the erasure may have looked before it was there.
func (s *Service) record(
	ctx context.Context, d lead.Delivery, state lead.DeliveryState, problem lead.Problem, code int,
) error {
	erased, err := s.DB.RecordOutcome(context.WithoutCancel(ctx), d.ID, state, problem, code)
	if err == nil && erased {
		err = Forget(s.Folder, d.Reference)
	}
	return err
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
	if f, ok := errors.AsType[failure](err); ok {
		return f.problem, f.code
	}
	return lead.Unprepared, 0
}
