package pgembed

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"syscall"
	"time"
)

// server is one run of postgres.
type server struct {
	process *os.Process
	exited  chan struct{}
	reason  error // how it ended; read after exited
}

// startServer runs postgres and returns when it takes connections.
func (k *keeper) startServer(ctx context.Context) (*server, error) {
	out, err := k.home.openLog()
	if err != nil {
		return nil, err
	}
	defer out.Close()
	before, err := out.Seek(0, io.SeekEnd)
	if err != nil {
		return nil, err
	}
	cmd := k.home.account.command(k.binaries.path("postgres"), k.arguments()...)
	cmd.Stdout, cmd.Stderr = out, out
	s, err := run(cmd)
	if err != nil {
		return nil, err
	}
	return s, k.waitReady(ctx, s, before)
}

// arguments settle what must hold whatever postgresql.conf says. What people type stays out of the log:
// no statement, and of an error only its first line.
func (k *keeper) arguments() []string {
	args := []string{"-D", k.home.data(), "-p", port}
	settings := []string{
		"listen_addresses=",
		"unix_socket_directories=" + quoteFolder(k.socket),
		"unix_socket_permissions=0700",
		"log_error_verbosity=terse",
		"log_min_error_statement=panic",
		"log_min_messages=warning",
		"log_checkpoints=off",
	}
	if k.fast {
		settings = append(settings, "fsync=off", "synchronous_commit=off", "full_page_writes=off")
	}
	for _, setting := range settings {
		args = append(args, "-c", setting)
	}
	return args
}

// quoteFolder keeps a comma in a path from looking like a second folder.
func quoteFolder(path string) string {
	return `"` + strings.ReplaceAll(path, `"`, `""`) + `"`
}

// run starts postgres in a goroutine that stays until it exits: the signal that stops postgres when we
// are killed follows the thread that forked, so that thread must live as long.
func run(cmd *exec.Cmd) (*server, error) {
	// SIGINT is postgres's fast stop.
	dieWithParent(cmd.SysProcAttr, syscall.SIGINT)
	s := &server{exited: make(chan struct{})}
	started := make(chan error)
	go func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := cmd.Start()
		started <- err
		if err == nil {
			s.reason = cmd.Wait()
			close(s.exited)
		}
	}()
	if err := <-started; err != nil {
		return nil, err
	}
	s.process = cmd.Process
	return s, nil
}

// waitReady waits as long as postgres needs: after a crash it first replays its log.
func (k *keeper) waitReady(ctx context.Context, s *server, logged int64) error {
	for {
		if file, ok := readPidFile(k.home.data()); ok && file.ready && file.pid == s.process.Pid {
			return nil
		}
		select {
		case <-time.After(10 * time.Millisecond):
		case <-s.exited:
			return fmt.Errorf("PostgreSQL does not start in %s: it says: %s", k.home.shown, k.home.logSince(logged))
		case <-ctx.Done():
			s.stop()
			return ctx.Err()
		}
	}
}

// stop stops postgres, ever more firmly: a fast stop, an immediate one, the kernel's.
func (s *server) stop() error {
	for _, step := range []struct {
		signal   syscall.Signal
		patience time.Duration
	}{
		{syscall.SIGINT, 15 * time.Second},
		{syscall.SIGQUIT, 10 * time.Second},
		{syscall.SIGKILL, 5 * time.Second},
	} {
		// It fails only when postgres is gone already.
		s.process.Signal(step.signal)
		select {
		case <-s.exited:
			return nil
		case <-time.After(step.patience):
		}
	}
	return fmt.Errorf("PostgreSQL (process %d) does not stop", s.process.Pid)
}
