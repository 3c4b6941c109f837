package systemd

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// timeout limits how long a test waits for a message.
const timeout = 10 * time.Second

// manager listens for the messages of this process, as systemd would.
type manager struct {
	t    *testing.T
	conn *net.UnixConn
}

func newManager(t *testing.T, watchdog string) manager {
	t.Helper()
	path := filepath.Join(t.TempDir(), "notify")
	conn, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: path, Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	t.Setenv("NOTIFY_SOCKET", path)
	t.Setenv("WATCHDOG_USEC", watchdog)
	return manager{t, conn}
}

// next returns the next message, or "" if none comes within the time.
func (m manager) next(within time.Duration) string {
	m.t.Helper()
	if err := m.conn.SetReadDeadline(time.Now().Add(within)); err != nil {
		m.t.Fatal(err)
	}
	message := make([]byte, 4096)
	n, err := m.conn.Read(message)
	if err != nil {
		return ""
	}
	return string(message[:n])
}

func TestStartAsksForMoreTimeWhileItWorks(t *testing.T) {
	m := newManager(t, "")
	failure := errors.New("no database")
	err := New(slog.New(slog.DiscardHandler)).Starting("Waiting", func() error {
		if got := m.next(timeout); got != "EXTEND_TIMEOUT_USEC=30000000\nSTATUS=Waiting" {
			t.Errorf("said %q", got)
		}
		return failure
	})
	if !errors.Is(err, failure) {
		t.Errorf("got %v", err)
	}
}

func TestWatchdogHearsOnlyOfAProgramThatAnswers(t *testing.T) {
	m := newManager(t, "150000") // 0.15 seconds
	var broken atomic.Bool
	broken.Store(true)
	alive := func(context.Context) error {
		if broken.Load() {
			return errors.New("no answer")
		}
		return nil
	}
	go New(slog.New(slog.DiscardHandler)).Watch(t.Context(), func() string { return "Serving" }, alive)
	const silence = 500 * time.Millisecond
	if got := m.next(silence); got != "" {
		t.Fatalf("said %q before it answered", got)
	}
	broken.Store(false)
	for _, want := range []string{"READY=1\nSTATUS=Serving", "WATCHDOG=1", "WATCHDOG=1", "WATCHDOG=1"} {
		if got := m.next(timeout); got != want {
			t.Fatalf("said %q instead of %q", got, want)
		}
	}
	broken.Store(true)
	for heard := 0; m.next(silence) != ""; heard++ {
		if heard > 1 { // one may have been under way
			t.Fatal("it goes on to say that it is alive")
		}
	}
	broken.Store(false)
	if got := m.next(timeout); got != "WATCHDOG=1" {
		t.Errorf("said %q after it had recovered", got)
	}
}

func TestStatusChangesAndChangesBack(t *testing.T) {
	m := newManager(t, "")
	var status atomic.Value
	status.Store("Serving")
	alive := func(context.Context) error { return nil }
	go New(slog.New(slog.DiscardHandler)).Watch(t.Context(), func() string { return status.Load().(string) }, alive)
	if got := m.next(timeout); got != "READY=1\nSTATUS=Serving" {
		t.Fatalf("said %q", got)
	}
	for _, now := range []string{"Serving, without a database", "Serving"} {
		status.Store(now)
		if got := m.next(timeout); got != "STATUS="+now {
			t.Errorf("said %q instead of %q", got, now)
		}
	}
	status.Store("")
	if got := m.next(2 * statusEvery); got != "" {
		t.Errorf("said %q without a status", got)
	}
}

func TestProgramThatSystemdDidNotStartTellsNobody(t *testing.T) {
	t.Setenv("NOTIFY_SOCKET", "")
	var log strings.Builder
	s := New(slog.New(slog.NewTextHandler(&log, nil)))
	s.Stopping("Draining", time.Second)
	if err := s.Starting("Waiting", func() error { return nil }); err != nil || log.Len() > 0 {
		t.Errorf("%v, logged %s", err, log.String())
	}
}
