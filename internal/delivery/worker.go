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

// Timeout leaves room for the conversation with the server and for saying how it went. The queue asks it again before it takes
// up a job that seems left behind: one whose beat has stopped is, however much of its time is left.
func (m mailer[job]) Timeout(j *river.Job[job]) time.Duration {
	if m.service.DB.QueueNow().Sub(*j.AttemptedAt) > rescueAfter {
		return rescueAfter
	}
	return jobTime
}

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

// confirmAfter is the wait before a mail that may have arrived is sent once more.
const confirmAfter = time.Hour

// mailing is a mail that is due, and where it is kept how sending it went.
type mailing struct {
	name   string       // for the log
	job    int64        // that sends it
	before lead.Problem // of the attempt before, "" for none
	late   bool         // it has been tried long enough: this attempt is the last
	send   func(context.Context) error
	sent   func(context.Context) error
	failed func(ctx context.Context, problem lead.Problem, code int, last bool) (attempts int, err error)
}

// attempt sends the mail and has it kept how that went, even if the program is about to stop. A mail that failed is tried
// again later, unless another attempt would fail as well.
func (s *Service) attempt(ctx context.Context, m mailing) error {
	err := s.beating(ctx, m.job, m.send)
	if err == nil {
		return m.sent(context.WithoutCancel(ctx))
	}
	if errors.Is(err, fault.Unavailable) {
		return err // the database is away: nothing was tried
	}
	problem, code := problemOf(err)
	wait, last := time.Duration(0), m.late || problem.Permanent()
	if problem == lead.Unconfirmed {
		wait, last = confirmAfter, last || m.before == lead.Unconfirmed
	}
	s.Log.Warn("mail not delivered", "mail", m.name, "problem", problem, "code", code, "given_up", last)
	if problem.Permanent() || problem == lead.RefusedConnection || problem == lead.SendingLimit {
		s.countRefusal(problem)
	}
	if m.before == lead.Unconfirmed && !problem.Permanent() {
		problem, code = lead.Unconfirmed, 0 // it may still have arrived
	}
	attempts, err := m.failed(context.WithoutCancel(ctx), problem, code, last)
	if err != nil || last {
		return err
	}
	return river.JobSnooze(max(wait, delay(attempts)))
}

func (s *Service) countRefusal(problem lead.Problem) {
	if s.Refused != nil {
		s.Refused(problem)
	}
}

// beating sends while it shows that the job is being worked on. A slow server is so told from a program that died.
func (s *Service) beating(ctx context.Context, job int64, send func(context.Context) error) error {
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
	return send(ctx)
}

// worker sends the mails about leads.
type worker struct{ mailer[postgres.DeliveryJob] }

// Work sends the delivery to its recipient, if it is still to be sent and the recipient is still told of leads.
func (w *worker) Work(ctx context.Context, job *river.Job[postgres.DeliveryJob]) error {
	s, id := w.service, job.Args.Delivery
	d, l, waited, err := s.due(ctx, id)
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
	to, err := s.recipient(ctx, d, l)
	switch {
	case errors.Is(err, fault.NotFound):
		return s.DB.EndDelivery(ctx, id, lead.Dropped)
	case err != nil:
		return err
	}
	return s.attempt(ctx, mailing{
		name: nameOf(d, l), job: job.ID, before: d.Problem,
		late: waited > giveUpAfter,
		send: func(ctx context.Context) error { return s.deliver(ctx, d, l, to) },
		sent: func(ctx context.Context) error { return s.sent(ctx, id) },
		failed: func(ctx context.Context, problem lead.Problem, code int, last bool) (int, error) {
			return s.DB.DeliveryFailed(ctx, id, problem, code, last)
		},
	})
}

// due reads a delivery and its lead. One to all staff is first made one for each of them: what becomes of one must not
// depend on another.
func (s *Service) due(ctx context.Context, id int64) (d lead.Delivery, l lead.Lead, waited time.Duration, err error) {
	d, l, waited, err = s.DB.Delivery(ctx, id)
	if err != nil || d.State != lead.Waiting || !d.ToAllStaff() || !d.Kind.StillNeeded(l) {
		return d, l, waited, err
	}
	if err := s.DB.AddressToStaff(ctx, id, len(s.Staff)); err != nil {
		return d, l, waited, err
	}
	return s.DB.Delivery(ctx, id)
}

// recipient returns the address that the delivery goes to, "" if there is nobody, or fault.NotFound if who it was for is not
// told of leads any more.
func (s *Service) recipient(ctx context.Context, d lead.Delivery, l lead.Lead) (string, error) {
	switch {
	case d.Kind.ToProspect():
		return l.Email, nil
	case d.Member != 0:
		return s.DB.StaffAddress(ctx, d.Member)
	case d.StaffAddress > len(s.Staff):
		return "", fault.NotFound
	case d.StaffAddress > 0:
		return s.Staff[d.StaffAddress-1], nil
	}
	return "", nil
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

func (s *Service) deliver(ctx context.Context, d lead.Delivery, l lead.Lead, to string) error {
	m, err := s.compose(ctx, d, l, to)
	if err != nil {
		return err
	}
	return s.post.send(ctx, m)
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
