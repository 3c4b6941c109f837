package pgembed

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
)

// ownerVariable makes the test binary a process that opens a cluster, for tests that kill one or need
// another user. It carries the Options; the process answers on stdout and ends when stdin does.
const ownerVariable = "PGEMBED_TEST_OWNER"

// answer is what such a process says after Open.
type answer struct {
	URL, Folder, Error, Log string
	Owned                   bool
}

func runOwner() {
	var o Options
	if err := json.Unmarshal([]byte(os.Getenv(ownerVariable)), &o); err != nil {
		panic(err)
	}
	var log strings.Builder
	o.Log = slog.New(slog.NewTextHandler(&log, nil))
	c, err := Open(context.Background(), o)
	if err != nil {
		json.NewEncoder(os.Stdout).Encode(answer{Error: err.Error()})
		return
	}
	json.NewEncoder(os.Stdout).Encode(answer{URL: c.URL(), Folder: c.Folder(), Log: log.String(), Owned: c.Owned()})
	io.Copy(io.Discard, os.Stdin)
	if err := c.Close(); err != nil {
		panic(err)
	}
}

// ownerProcess is a process of its own that opens a cluster.
type ownerProcess struct {
	cmd   *exec.Cmd
	stdin io.Closer
	out   *bufio.Reader
}

// startOwner starts the process, as another user if credential is not nil.
func startOwner(t *testing.T, o Options, credential *syscall.Credential) *ownerProcess {
	t.Helper()
	text, err := json.Marshal(o)
	must(t, err)
	cmd := exec.Command(binaryForAll(t))
	cmd.Dir = "/"
	cmd.Env = append(os.Environ(), ownerVariable+"="+string(text))
	cmd.Stderr = os.Stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: credential}
	stdin, err := cmd.StdinPipe()
	must(t, err)
	stdout, err := cmd.StdoutPipe()
	must(t, err)
	must(t, cmd.Start())
	p := &ownerProcess{cmd: cmd, stdin: stdin, out: bufio.NewReader(stdout)}
	t.Cleanup(func() { p.finish(t) })
	return p
}

// answer waits for the process to say how Open went.
func (p *ownerProcess) answer(t *testing.T) answer {
	t.Helper()
	line, err := p.out.ReadBytes('\n')
	must(t, err)
	var a answer
	must(t, json.Unmarshal(line, &a))
	return a
}

// finish lets the process close its cluster and end.
func (p *ownerProcess) finish(t *testing.T) {
	t.Helper()
	p.stdin.Close()
	var exit *exec.ExitError
	if err := p.cmd.Wait(); errors.As(err, &exit) && exit.Exited() {
		t.Errorf("the process of the owner failed: %v", err)
	}
}

// kill kills the process and leaves it a zombie, as some containers do.
func (p *ownerProcess) kill(t *testing.T) {
	t.Helper()
	must(t, p.cmd.Process.Kill())
}

// binaryForAll is a copy of the test binary where every user may run it.
func binaryForAll(t *testing.T) string {
	t.Helper()
	path := scratch + "/pgembed.test"
	if _, err := os.Stat(path); err == nil {
		return path
	}
	name, err := os.Executable()
	must(t, err)
	self, err := os.ReadFile(name)
	must(t, err)
	file, err := os.CreateTemp(scratch, "binary")
	must(t, err)
	_, err = file.Write(self)
	must(t, errors.Join(err, file.Chmod(0o755), file.Close()))
	must(t, os.Rename(file.Name(), path))
	return path
}

// wantError is an error of one line that says all of the given.
func wantError(t *testing.T, got string, parts ...string) {
	t.Helper()
	if strings.Contains(got, "\n") {
		t.Errorf("the error has more than one line: %q", got)
	}
	for _, part := range parts {
		if !strings.Contains(got, part) {
			t.Errorf("the error does not say %q: %q", part, got)
		}
	}
}
