package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"tiebreak/internal/pgtest"
)

// startLimit is the promise: however it ended, the program answers again within this time.
const startLimit = 10 * time.Second

// firstStart is for a start that makes a database and fills it, beside all the other tests.
const firstStart = time.Minute

// TestMain lets the test binary be the program too, so that tests can start, kill and start it again, and a flood of requests.
func TestMain(m *testing.M) {
	if host := os.Getenv("TIEBREAK_TEST_FLOODS"); host != "" {
		if err := floodFromInput(untilStopped(), host); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	if os.Getenv("TIEBREAK_TEST_RUNS_PROGRAM") != "" {
		os.Exit(run(os.Args[1:]))
	}
	os.Exit(m.Run())
}

// dataFolder is a folder of the test's own that PostgreSQL's user may enter.
func dataFolder(t *testing.T) string {
	t.Helper()
	folder, err := pgtest.Folder()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(folder); err != nil {
			t.Error(err)
		}
	})
	return folder
}

func command(t *testing.T, folder string, args ...string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self, args...)
	cmd.Env = append(os.Environ(), "TIEBREAK_TEST_RUNS_PROGRAM=1", "TIEBREAK_DATA="+folder, "TIEBREAK_ADDR=127.0.0.1:0",
		"DATABASE_URL=")
	return cmd
}

// result is what a finished command said.
type result struct {
	code           int
	stdout, stderr string
}

func tiebreak(t *testing.T, folder, stdin string, args ...string) result {
	t.Helper()
	return finish(t, command(t, folder, args...), stdin)
}

func finish(t *testing.T, cmd *exec.Cmd, stdin string) result {
	t.Helper()
	var stdout, stderr bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(stdin), &stdout, &stderr
	var exit *exec.ExitError
	if err := cmd.Run(); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return result{cmd.ProcessState.ExitCode(), stdout.String(), stderr.String()}
}

// server is a running "tiebreak serve".
type server struct {
	t     *testing.T
	cmd   *exec.Cmd
	base  string // http://localhost:PORT
	setup string // the link that makes the first member; "" when there is one
}

// serveOn starts the site on the folder, with more set in its environment, and waits until it is ready.
func serveOn(t *testing.T, folder string, more ...string) *server {
	t.Helper()
	s := &server{t: t, cmd: command(t, folder, "serve")}
	s.cmd.Env = append(s.cmd.Env, more...)
	// A file, not a pipe: what the program has printed is there at once.
	said, err := os.CreateTemp(t.TempDir(), "said")
	if err != nil {
		t.Fatal(err)
	}
	defer said.Close()
	var log bytes.Buffer
	s.cmd.Stdout, s.cmd.Stderr = said, &log
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.stop)

	limit := startLimit
	if _, err := os.Stat(filepath.Join(folder, "pg")); err != nil {
		limit = firstStart
	}
	within(t, limit, "the site is up", func() bool {
		words, err := os.ReadFile(said.Name())
		if err != nil {
			t.Fatal(err)
		}
		s.base = wordAfter(string(words), "Site")
		s.setup = wordAfter(string(words), "Set up")
		return s.base != "" && ready(s.base)
	})
	return s
}

// wordAfter is what a start line says after its label.
func wordAfter(words, label string) string {
	_, rest, _ := strings.Cut(words, "  "+label+" ")
	fields := strings.Fields(rest)
	if len(fields) == 0 {
		return ""
	}
	return fields[0]
}

// signal sends the program a signal.
func (s *server) signal(with syscall.Signal) {
	if err := s.cmd.Process.Signal(with); err != nil {
		s.t.Error(err)
	}
}

// stop ends the program as a service manager would.
func (s *server) stop() {
	if s.cmd.ProcessState != nil {
		return
	}
	_ = s.cmd.Process.Signal(syscall.SIGTERM)
	_ = s.cmd.Wait()
}

// kill ends the program as a power cut would.
func (s *server) kill() {
	_ = s.cmd.Process.Kill()
	_ = s.cmd.Wait()
}

// eventually asks again until the condition holds, for as long as the program promises to need at most.
func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	within(t, startLimit, what, holds)
}

func within(t *testing.T, limit time.Duration, what string, holds func() bool) {
	t.Helper()
	deadline := time.After(limit)
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for !holds() {
		select {
		case <-deadline:
			t.Fatalf("not within %v: %s", limit, what)
		case <-tick.C:
		}
	}
}

func ready(base string) bool {
	response, err := http.Get(base + "/readyz")
	if err != nil {
		return false
	}
	defer response.Body.Close()
	return response.StatusCode == http.StatusOK
}

// read is the page at the address.
func read(t *testing.T, address string) string {
	t.Helper()
	response, err := http.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	page, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(page)
}
