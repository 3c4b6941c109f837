//go:build rigs

// Package ha holds the rigs of a site with several instances: real PostgreSQL servers that replicate, programs and balancers,
// which the tests kill, freeze and replace under load. "make test-ha" runs them.
package ha

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"tiebreak/internal/pgtest"
)

// timeout limits what has no limit of its own that is promised.
const timeout = time.Minute

// process is a program that runs until the test ends, at the latest.
type process struct {
	t     *testing.T
	cmd   *exec.Cmd
	log   string // path of what it prints
	ended chan struct{}
}

// start starts the command, which adds to the log. It dies with the test's own process.
func start(t *testing.T, cmd *exec.Cmd, log string) *process {
	t.Helper()
	out, err := os.OpenFile(log, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	must(t, err)
	defer out.Close()
	cmd.Stdout, cmd.Stderr = out, out
	if cmd.SysProcAttr == nil {
		cmd.SysProcAttr = &syscall.SysProcAttr{}
	}
	cmd.SysProcAttr.Pdeathsig = syscall.SIGKILL
	p := &process{t: t, cmd: cmd, log: log, ended: make(chan struct{})}
	started := make(chan error)
	go func() {
		runtime.LockOSThread() // the signal follows the thread that started it
		defer runtime.UnlockOSThread()
		err := cmd.Start()
		started <- err
		if err == nil {
			_ = cmd.Wait()
			close(p.ended)
		}
	}()
	must(t, <-started)
	t.Cleanup(func() {
		p.kill()
		if t.Failed() {
			text, _ := os.ReadFile(log)
			t.Logf("the end of %s:\n%s", log, text[max(0, len(text)-endOfLog):])
		}
	})
	return p
}

// endOfLog is how much of a log a test that fails shows.
const endOfLog = 4000

// family returns the process and its children.
func (p *process) family() []int {
	pid := p.cmd.Process.Pid
	list := []int{pid}
	children, _ := os.ReadFile(fmt.Sprintf("/proc/%d/task/%d/children", pid, pid)) // none once it has ended
	for _, child := range strings.Fields(string(children)) {
		if n, err := strconv.Atoi(child); err == nil {
			list = append(list, n)
		}
	}
	return list
}

// freeze stops the process and its children where they are, until thaw.
func (p *process) freeze() {
	_ = p.cmd.Process.Signal(syscall.SIGSTOP) // it makes no more children
	for _, pid := range p.family() {
		_ = syscall.Kill(pid, syscall.SIGSTOP)
	}
}

func (p *process) thaw() {
	for _, pid := range p.family() {
		_ = syscall.Kill(pid, syscall.SIGCONT)
	}
}

// kill ends the process and its children at once, as if their machine had died.
func (p *process) kill() {
	p.freeze()
	for _, pid := range p.family() {
		_ = syscall.Kill(pid, syscall.SIGKILL)
	}
	<-p.ended
}

// stop asks the process to end and waits until it has.
func (p *process) stop(with syscall.Signal) {
	_ = p.cmd.Process.Signal(with)
	select {
	case <-p.ended:
	case <-time.After(timeout):
		p.t.Errorf("%v does not end within %v", p.cmd, timeout)
		p.kill()
	}
}

// folder returns an empty folder of the test's own that PostgreSQL's user owns.
func folder(t *testing.T) string {
	t.Helper()
	dir := pgtest.Folder(t)
	if credential := postgresUser(t); credential != nil {
		must(t, os.Chown(dir, int(credential.Uid), int(credential.Gid)))
	}
	return dir
}

// postgresUser returns the user that runs PostgreSQL and PgBouncer, which refuse root; nil for the user of this process.
func postgresUser(t *testing.T) *syscall.Credential {
	t.Helper()
	if os.Geteuid() != 0 {
		return nil
	}
	account, err := user.Lookup("postgres")
	must(t, err)
	uid, err := strconv.Atoi(account.Uid)
	must(t, err)
	gid, err := strconv.Atoi(account.Gid)
	must(t, err)
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
}

// asPostgres returns a command of the user that runs PostgreSQL.
func asPostgres(t *testing.T, name string, args ...string) *exec.Cmd {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Dir, cmd.Env = "/", []string{"PATH=" + os.Getenv("PATH"), "LC_ALL=C", "TZ=UTC"}
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: postgresUser(t)}
	return cmd
}

// installed returns the path of a program that the Makefile installs.
func installed(t *testing.T, name string) string {
	t.Helper()
	for _, dir := range append(filepath.SplitList(os.Getenv("PATH")), "/usr/sbin", "/usr/local/sbin") {
		if path, err := exec.LookPath(filepath.Join(dir, name)); err == nil {
			return path
		}
	}
	t.Fatalf("%s is not installed: \"make test-ha\" installs it, or says how", name)
	return ""
}

// nextPort counts ports from 21000 to 21999. They are below those that connections from this machine are given, so that nothing
// takes one while its server is down.
var nextPort atomic.Int32

// port returns a port on which nothing listens.
func port(t *testing.T) int {
	t.Helper()
	for {
		number := 21000 + (os.Getpid()*16+int(nextPort.Add(1)))%1000 // elsewhere than another run of the rigs
		listener, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", number))
		if err == nil {
			must(t, listener.Close())
			return number
		}
		if nextPort.Load() > 1000 {
			t.Fatal(err)
		}
	}
}

// run runs the command to its end and returns what it prints.
func run(t *testing.T, cmd *exec.Cmd) string {
	t.Helper()
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %v\n%s", cmd, err, out)
	}
	return string(out)
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
