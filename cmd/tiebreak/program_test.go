package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"strings"
	"testing"

	"tiebreak/internal/acmetest"
	"tiebreak/internal/pgtest"
)

// TestMain has the test binary also act as the program, which tests start and kill, and as a flood of requests.
func TestMain(m *testing.M) {
	if host := os.Getenv("TIEBREAK_TEST_FLOODS"); host != "" {
		if err := floodFromInput(untilStopped(), host); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	if os.Getenv("TIEBREAK_TEST_RUNS_PROGRAM") != "" {
		if address := os.Getenv("TIEBREAK_TEST_DNS"); address != "" {
			net.DefaultResolver = acmetest.Resolver(address)
		}
		os.Exit(run(os.Args[1:]))
	}
	os.Exit(runTests(m))
}

// shared is the folder of what all tests share.
var shared string

func runTests(m *testing.M) int {
	var err error
	if shared, err = pgtest.NewFolder(); err != nil {
		panic(err)
	}
	defer os.RemoveAll(shared)
	var endChromium func()
	chromium, endChromium = newBrowser()
	defer endChromium()
	return m.Run()
}

// command returns a command of the program, not started yet, on the data folder.
func command(t *testing.T, folder string, args ...string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	must(t, err)
	cmd := exec.Command(self, args...)
	cmd.Env = append(os.Environ(), "TIEBREAK_TEST_RUNS_PROGRAM=1", "TIEBREAK_DATA="+folder, "TIEBREAK_ADDR=127.0.0.1:0",
		"DATABASE_URL=")
	return cmd
}

// result is what a finished command printed.
type result struct {
	code           int
	stdout, stderr string
}

// tiebreak runs a command of the program on the data folder.
func tiebreak(t *testing.T, folder, stdin string, args ...string) result {
	t.Helper()
	return finish(t, command(t, folder, args...), stdin)
}

// mustRun runs a command that has to succeed and returns what it prints.
func mustRun(t *testing.T, folder, stdin string, args ...string) (stdout string) {
	t.Helper()
	got := tiebreak(t, folder, stdin, args...)
	if got.code != exitDone {
		t.Fatalf("%v: %+v", args, got)
	}
	return got.stdout
}

// runOn runs a command on the PostgreSQL at the address, with more set in its environment.
func runOn(t *testing.T, address string, args []string, more ...string) result {
	t.Helper()
	cmd := command(t, t.TempDir(), args...)
	cmd.Env = append(append(cmd.Env, "DATABASE_URL="+address), more...)
	return finish(t, cmd, "")
}

// finish runs a command to its end.
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

// wantDone checks that a command succeeded and printed the words.
func wantDone(t *testing.T, got result, words ...string) {
	t.Helper()
	for _, word := range append(words, "") {
		if got.code != exitDone || !strings.Contains(got.stdout, word) {
			t.Errorf("%+v, want exit code 0 and %q", got, word)
		}
	}
}

// wantOneLine checks that a command failed with one line that has the words in it.
func wantOneLine(t *testing.T, got result, want string) {
	t.Helper()
	line := strings.TrimSuffix(got.stderr, "\n")
	if got.code != exitFailed || strings.Contains(line, "\n") || !strings.Contains(line, want) {
		t.Errorf("exit code %d, said %q; want %d and one line with %q", got.code, got.stderr, exitFailed, want)
	}
}

// wantUsage checks that a command refused its arguments, with the words.
func wantUsage(t *testing.T, got result, want string) {
	t.Helper()
	if got.code != exitUsage || !strings.Contains(got.stderr, want) {
		t.Errorf("exit code %d, said %q; want %d and %q", got.code, got.stderr, exitUsage, want)
	}
}

// password is that of the members that tests add.
const password = "a sample password"

// addMember adds a member with the password.
func addMember(t *testing.T, folder, email, role string) {
	t.Helper()
	mustRun(t, folder, password+"\n", "staff", "add", "--email", email, "--name", "Sample", "--role", role)
}

// listedLead is what tests read of a line of "lead list --json".
type listedLead struct {
	Reference, Email string
	DueAt            string `json:"due_at"`
	Suspect          bool
}

// leadsIn reads the output of "lead list --json".
func leadsIn(t *testing.T, got result) (leads []listedLead) {
	t.Helper()
	if err := json.Unmarshal([]byte(got.stdout), &leads); err != nil {
		t.Fatalf("%v: %+v", err, got)
	}
	return leads
}

func readFile(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	must(t, err)
	return string(text)
}

func writeFile(t *testing.T, path, text string) {
	t.Helper()
	must(t, os.WriteFile(path, []byte(text), 0o644))
}

// edit replaces words in a file.
func edit(t *testing.T, path, from, to string) {
	t.Helper()
	text := readFile(t, path)
	if !strings.Contains(text, from) {
		t.Fatalf("%s does not hold %q", path, from)
	}
	writeFile(t, path, strings.Replace(text, from, to, 1))
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
