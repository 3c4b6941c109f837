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

// A fast stop of postgres may take up to killAfter; then the kernel ends it.
const (
	killAfter = 25 * time.Second
	stopLimit = killAfter + 5*time.Second
)

// postgres is one run of the server.
type postgres struct {
	cmd    *exec.Cmd
	cancel context.CancelFunc
	exited chan struct{}
	reason error // how it ended; read after exited
}

// startPostgres removes what an earlier run left, runs postgres and returns when it takes connections.
func (c *Cluster) startPostgres(ctx context.Context) (*postgres, error) {
	if err := c.removeLeftovers(); err != nil {
		return nil, err
	}
	out, err := c.location.openLog()
	if err != nil {
		return nil, err
	}
	defer out.Close()
	logged, err := out.Seek(0, io.SeekEnd)
	if err != nil {
		return nil, err
	}
	p, err := c.run(ctx, out)
	if err != nil {
		return nil, err
	}
	// After a crash postgres first replays its log, for as long as it needs.
	for {
		if file, ok := readPidFile(c.location.data()); ok && file.ready && file.pid == p.cmd.Process.Pid {
			return p, nil
		}
		select {
		case <-time.After(10 * time.Millisecond):
		case <-p.exited:
			if ctx.Err() != nil {
				return nil, ctx.Err()
			}
			return nil, fmt.Errorf("PostgreSQL does not start in %s: it says: %s", c.location.shown, c.location.logSince(logged))
		}
	}
}

// arguments returns settings that hold whatever postgresql.conf says. What people type stays out of the log: no statement, and
// of an error only its first line.
func (c *Cluster) arguments() []string {
	args := []string{"-D", c.location.data(), "-p", port}
	settings := []string{
		"listen_addresses=",
		// Quoted, so that a comma in the path does not separate two folders.
		`unix_socket_directories="` + strings.ReplaceAll(c.socket, `"`, `""`) + `"`,
		"unix_socket_permissions=0700",
		"log_error_verbosity=terse",
		"log_min_error_statement=panic",
		"log_min_messages=warning",
		"log_checkpoints=off",
	}
	if c.saving {
		settings = append(settings, "shared_buffers=32MB")
	}
	if c.fast {
		settings = append(settings, "fsync=off", "synchronous_commit=off", "full_page_writes=off")
	}
	for _, setting := range settings {
		args = append(args, "-c", setting)
	}
	return args
}

// run starts postgres, which stops when ctx ends. The goroutine that starts it stays until postgres exits: the signal that
// stops postgres when we are killed follows the thread that forked, so that thread must live as long.
func (c *Cluster) run(ctx context.Context, out *os.File) (*postgres, error) {
	ctx, cancel := context.WithCancel(ctx)
	cmd := c.location.account.command(ctx, c.binaries.path("postgres"), c.arguments()...)
	cmd.Stdout, cmd.Stderr = out, out
	const fastStop = syscall.SIGINT
	cmd.Cancel = func() error { return cmd.Process.Signal(fastStop) }
	cmd.WaitDelay = killAfter
	dieWithParent(cmd.SysProcAttr, fastStop)

	p := &postgres{cmd: cmd, cancel: cancel, exited: make(chan struct{})}
	started := make(chan error)
	go func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		defer cancel()
		err := cmd.Start()
		started <- err
		if err == nil {
			p.reason = cmd.Wait()
			close(p.exited)
		}
	}()
	return p, <-started
}

// stop stops postgres and returns when it has exited.
func (p *postgres) stop() {
	p.cancel()
	<-p.exited
}
