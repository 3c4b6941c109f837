// Package mail sends deliveries, the emails about leads, members' accounts and invitations: it works the queue, speaks SMTP and
// records how each fared. A mail is sent twice only where the server did not say whether it took it, or the program died in
// between, and then under the same Message-ID. Start with worker.Work.
package mail

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/url"
	"sync"
	"time"

	"github.com/riverqueue/river"

	"tiebreak/internal/email"
	"tiebreak/internal/lead"
	"tiebreak/internal/mailcheck"
	"tiebreak/internal/postgres"
)

const (
	// atOnce is how many mails are sent at once: fewer than the pool has connections, so that a queue of mails leaves some to
	// the requests that come in. If the server takes minutes for each mail, the others wait.
	atOnce       = 10
	jobTime      = endTime + 8*stepTime // more than all steps of one conversation take together
	beatEvery    = 15 * time.Second
	rescueAfter  = time.Minute // a killed worker's jobs are taken up again after this and the half minute between two looks
	erasureTime  = 30 * time.Second
	poll         = 500 * time.Millisecond
	sweepEvery   = time.Minute
	sweepTime    = 30 * time.Second
	stopTimeout  = 10 * time.Second // for mails that are being sent when the program stops
	restartAfter = time.Second
)

// Config is what a Service needs.
type Config struct {
	DB       *postgres.DB
	BaseURL  *url.URL // the public address of the site, for links
	SMTP     string   // smtp:// or smtps:// with an optional user and password; "" writes files into Folder
	Folder   string   // for .eml files
	From     string   // sender address
	FromName string   // sender of what no member wrote; empty for the site's name
	Reply    string   // address for answers, to which the token of a lead is added; empty for the member's own
	Staff    []string // who is told of leads; empty for every editor and admin
	Log      *slog.Logger
	Erased   func(ctx context.Context) error // if set, is called once a lead was erased
	// if set, is told of refusals that are final, about our settings or for a sending limit
	Refused  func(lead.Problem)
	Resolver *net.Resolver // asks DNS for a test email; nil is the system's
	// if set, signs in to the mailbox that answers arrive in, for a test email
	TryMailbox func(ctx context.Context) mailcheck.Mailbox
}

// Service sends what is due until it is stopped.
type Service struct {
	Config
	post   post
	secret []byte
}

// post takes a message to where it can be read, or says why not. It records what is said in heard, which may be nil.
type post interface {
	send(ctx context.Context, m message, heard *conversation) error
}

// New prepares a Service; what is wrong with its settings is said here.
func New(ctx context.Context, c Config) (*Service, error) {
	s := &Service{Config: c}
	var err error
	for _, address := range []*string{&s.From, &s.Reply} {
		if ascii, err := email.ForServer(*address); err == nil {
			*address = ascii
		}
	}
	if s.secret, err = c.DB.Secret(ctx); err != nil {
		return nil, err
	}
	if c.SMTP == "" {
		s.post, err = newFolder(c.Folder)
	} else {
		s.post, err = newServer(c.SMTP)
	}
	return s, err
}

// Run works the queue, and sweeps each minute, until ctx ends. Emails that are being sent then have stopTimeout to go out. A
// queue that cannot be worked, as while the database is away, is taken up again.
func (s *Service) Run(ctx context.Context) {
	var wait sync.WaitGroup
	defer wait.Wait()
	wait.Go(func() { s.sweepUntil(ctx) })
	for ctx.Err() == nil {
		if err := s.work(ctx); err != nil && ctx.Err() == nil && !s.DB.Away() {
			s.Log.Warn("the queue of mails is not worked", "error", err)
		}
		select {
		case <-ctx.Done():
		case <-time.After(restartAfter):
		}
	}
}

// work takes jobs from the queue until ctx ends, or the queue's client gives up.
func (s *Service) work(ctx context.Context) error {
	workers := river.NewWorkers()
	river.AddWorker(workers, &worker{service: s})
	river.AddWorker(workers, &eraser{folder: s.Folder, erased: s.Erased})
	client, done, err := s.DB.Workers(ctx, &river.Config{
		Queues: map[string]river.QueueConfig{
			river.QueueDefault: {MaxWorkers: atOnce}, postgres.ErasureQueue: {MaxWorkers: 1},
		},
		Workers:              workers,
		Logger:               slog.New(newQueueLog(s.Log.Handler(), s.DB.Away)),
		JobTimeout:           erasureTime,
		RescueStuckJobsAfter: rescueAfter,
		FetchPollInterval:    poll,
		SoftStopTimeout:      stopTimeout,
	})
	if err != nil {
		return err
	}
	defer done()
	working := context.WithoutCancel(ctx)
	if err := client.Start(working); err != nil {
		return err
	}
	select {
	case <-client.Stopped():
		return errors.New("the queue's client has stopped")
	case <-ctx.Done():
	}
	return client.Stop(working)
}

// sweepUntil sweeps at once, for what came due while nobody ran, and then each minute.
func (s *Service) sweepUntil(ctx context.Context) {
	tick := time.NewTicker(sweepEvery)
	defer tick.Stop()
	for {
		limited, cancel := context.WithTimeout(ctx, sweepTime)
		if err := errors.Join(s.DB.Sweep(limited), s.forgetErased(limited)); err != nil && ctx.Err() == nil && !s.DB.Away() {
			s.Log.Warn("sweep", "error", err)
		}
		cancel()
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}
