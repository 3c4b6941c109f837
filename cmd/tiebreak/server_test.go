package main

import (
	"io"
	"net/http"
	"os"
	"os/exec"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"tiebreak/internal/mailtest"
	"tiebreak/internal/pgtest"
)

// startLimit is promised: however the program ended, it answers again within this time.
const startLimit = 10 * time.Second

// firstStart limits the start of a test, which may have to wait for other tests.
const firstStart = time.Minute

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
	return serveWithin(t, firstStart, folder, more...)
}

// serveWithin is serveOn with a limit for the start.
func serveWithin(t *testing.T, limit time.Duration, folder string, more ...string) *server {
	t.Helper()
	cmd := command(t, folder, "serve")
	cmd.Env = append(cmd.Env, more...)
	return startWithin(t, limit, cmd)
}

// startWithin starts the site by the command, and waits until it is ready.
func startWithin(t *testing.T, limit time.Duration, cmd *exec.Cmd) *server {
	t.Helper()
	s := &server{t: t, cmd: cmd}
	// A file, not a pipe: what the program has printed is there at once.
	printed, err := os.CreateTemp(t.TempDir(), "printed")
	must(t, err)
	defer printed.Close()
	s.cmd.Stdout = printed
	must(t, s.cmd.Start())
	t.Cleanup(s.stop)

	pgtest.Eventually(t, limit, "the site is up", func() bool {
		words := readFile(t, printed.Name())
		s.base, s.setup = wordAfter(words, "Site"), wordAfter(words, "Set up")
		return s.base != "" && ready(s.base)
	})
	return s
}

// serveWithMail starts the site on a folder of its own, with a mail server that takes everything.
func serveWithMail(t *testing.T, more ...string) (*server, *mailtest.Mailbox) {
	t.Helper()
	box := mailtest.New(t)
	return serveOn(t, siteFolder(t), append(more, "TIEBREAK_SMTP_URL=smtp://"+box.Address)...), box
}

// mailTo waits for a mail to the address that has the words in it, and returns its text.
func mailTo(t *testing.T, box *mailtest.Mailbox, email, words string) (text string) {
	t.Helper()
	eventually(t, email+" has got a mail with "+words, func() bool {
		return slices.ContainsFunc(box.Got(), func(mail mailtest.Letter) bool {
			text = strings.ReplaceAll(mail.Text, "=\r\n", "") // where the encoding breaks a line
			return mail.To[0] == email && strings.Contains(text, words)
		})
	})
	return text
}

// wordAfter returns the word that follows the label in a start line.
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

// eventually waits until the condition holds, for at most the time that the program may take to answer.
func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	pgtest.Eventually(t, startLimit, what, holds)
}

func ready(base string) bool {
	response, err := http.Get(base + "/readyz")
	if err != nil {
		return false
	}
	defer response.Body.Close()
	return response.StatusCode == http.StatusOK
}

// read returns the page at the address.
func read(t *testing.T, address string) string {
	t.Helper()
	response, err := http.Get(address)
	must(t, err)
	defer response.Body.Close()
	page, err := io.ReadAll(response.Body)
	must(t, err)
	return string(page)
}
