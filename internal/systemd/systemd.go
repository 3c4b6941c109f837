// Package systemd tells systemd how the program is doing. If systemd did not start the program, it tells nobody.
//
// "man sd_notify" explains the messages.
package systemd

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/coreos/go-systemd/v22/daemon"
)

const (
	// extension is how much longer a start may take after each message that asks for it.
	extension = 30 * time.Second
	// firstCheck is the pause between two checks until the program answers for the first time.
	firstCheck = 50 * time.Millisecond
	// statusEvery is the pause between two looks whether the status has changed.
	statusEvery = time.Second
)

// Service is the program as systemd sees it.
type Service struct{ log *slog.Logger }

// New returns the service, which logs what systemd cannot be told.
func New(log *slog.Logger) Service { return Service{log} }

// Starting sets the status that "systemctl status" shows, and does the work. Until the work returns, systemd waits for the start
// to end, however long it takes.
func (s Service) Starting(status string, work func() error) error {
	done := make(chan struct{})
	defer close(done)
	longer := fmt.Sprintf("EXTEND_TIMEOUT_USEC=%d", extension.Microseconds())
	s.tell(longer + "\nSTATUS=" + status)
	go func() {
		tick := time.NewTicker(extension / 3)
		defer tick.Stop()
		for {
			select {
			case <-done:
				return
			case <-tick.C:
				s.tell(longer)
			}
		}
	}()
	return work()
}

// Watch tells systemd that the program is ready as soon as alive returns no error, and keeps the status at what status returns;
// "" leaves it as it is. From then on it tells systemd that the program is alive, as often as the unit's WatchdogSec asks for,
// but only while alive returns no error. Watch returns when ctx ends.
func (s Service) Watch(ctx context.Context, status func() string, alive func(context.Context) error) {
	for alive(ctx) != nil {
		if !sleep(ctx, firstCheck) {
			return
		}
	}
	now := status()
	s.tell(daemon.SdNotifyReady + "\nSTATUS=" + now)
	var wait sync.WaitGroup
	defer wait.Wait()
	wait.Go(func() { s.keepStatus(ctx, now, status) })
	limit, err := daemon.SdWatchdogEnabled(false)
	if err != nil {
		s.log.Warn("systemd's watchdog cannot be used", "error", err)
	}
	for limit > 0 {
		checking, cancel := context.WithTimeout(ctx, limit/3)
		err := alive(checking)
		cancel()
		switch {
		case ctx.Err() != nil:
		case err == nil:
			s.tell(daemon.SdNotifyWatchdog)
		default:
			s.log.Error("the program does not answer its own request: systemd restarts it if that goes on", "limit", limit,
				"error", err)
		}
		if !sleep(ctx, limit/3) {
			return
		}
	}
}

// keepStatus sets the status whenever it is another than before, until ctx ends.
func (s Service) keepStatus(ctx context.Context, before string, status func() string) {
	for sleep(ctx, statusEvery) {
		if now := status(); now != "" && now != before {
			s.SetStatus(now)
			before = now
		}
	}
}

// Stopping tells systemd that the program stops, which takes up to the given time, and sets the status.
func (s Service) Stopping(status string, within time.Duration) {
	s.tell(fmt.Sprintf("%s\nEXTEND_TIMEOUT_USEC=%d\nSTATUS=%s", daemon.SdNotifyStopping, within.Microseconds(), status))
}

// SetStatus sets the status that "systemctl status" shows.
func (s Service) SetStatus(status string) { s.tell("STATUS=" + status) }

func (s Service) tell(message string) {
	if _, err := daemon.SdNotify(false, message); err != nil {
		s.log.Warn("systemd cannot be told how the program is doing", "error", err)
	}
}

// sleep returns after the time, or with false when ctx ends.
func sleep(ctx context.Context, wait time.Duration) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(wait):
		return true
	}
}
