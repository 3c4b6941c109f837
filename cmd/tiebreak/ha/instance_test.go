//go:build rigs

package ha

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"tiebreak/internal/pgtest"
)

// instance is a running "tiebreak serve".
type instance struct {
	*process
	base string // http://127.0.0.1:PORT
}

// site is what its instances share.
type site struct {
	t        *testing.T
	dir      string
	settings []string
	ports    []int
}

// staffMail is who is told of each lead.
const staffMail = "staff@example.org"

// newSite returns a site of two instances on the database.
func newSite(t *testing.T, database string, settings ...string) *site {
	t.Helper()
	settings = append([]string{
		"DATABASE_URL=" + database, "TIEBREAK_BASE_URL=http://localhost", "TIEBREAK_TRUSTED_PROXIES=127.0.0.0/8",
		"TIEBREAK_STAFF_MAIL=" + staffMail,
	}, settings...)
	return &site{t: t, dir: folder(t), settings: settings, ports: []int{port(t), port(t)}}
}

// command returns a command of the program on the site, not started yet.
func (s *site) command(program string, args ...string) *exec.Cmd {
	cmd := exec.Command(program, args...)
	cmd.Env = append(append(os.Environ(), "TIEBREAK_DATA="+s.dir), s.settings...)
	return cmd
}

// serve starts the instance with that number and returns when it is ready.
func (s *site) serve(program string, number int) *instance {
	s.t.Helper()
	i := s.begin(program, number)
	pgtest.Eventually(s.t, timeout, i.base+" is ready", i.ready)
	return i
}

// begin starts the instance with that number.
func (s *site) begin(program string, number int) *instance {
	s.t.Helper()
	address := fmt.Sprintf("127.0.0.1:%d", s.ports[number])
	cmd := s.command(program, "serve")
	cmd.Env = append(cmd.Env, "TIEBREAK_ADDR="+address, "TIEBREAK_DATA="+filepath.Join(s.dir, fmt.Sprint(number)))
	log := filepath.Join(s.dir, fmt.Sprintf("%d.log", number))
	i := &instance{process: start(s.t, cmd, log), base: "http://" + address}
	s.t.Cleanup(func() {
		i.stop(syscall.SIGTERM)
	})
	return i
}

// both starts both instances.
func (s *site) both(program string) []*instance {
	s.t.Helper()
	return []*instance{s.serve(program, 0), s.serve(program, 1)}
}

func (i *instance) ready() bool {
	select {
	case <-i.ended:
		i.t.Fatalf("%s has ended: see %s", i.base, i.log)
	default:
	}
	status, _ := get(i.base + "/readyz")
	return status == http.StatusOK
}

// get returns the status and the page, 0 if there is no answer.
func get(address string) (status int, page string) {
	client := http.Client{Transport: anyCertificate(), Timeout: 10 * time.Second}
	defer client.CloseIdleConnections()
	response, err := client.Get(address)
	if err != nil {
		return 0, err.Error()
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return 0, err.Error()
	}
	return response.StatusCode, string(body)
}

// logged returns the lines of the instance's log with the words in them that were written between the times.
func (i *instance) logged(words string, from, to time.Time) (lines []string) {
	i.t.Helper()
	file, err := os.Open(i.log)
	must(i.t, err)
	defer file.Close()
	scanner := bufio.NewScanner(file)
	scanner.Buffer(nil, 1<<20)
	for scanner.Scan() {
		line := scanner.Text()
		_, rest, _ := strings.Cut(line, "time=")
		stamp, _, _ := strings.Cut(rest, " ")
		at, err := time.Parse(time.RFC3339, stamp)
		if err == nil && strings.Contains(line, words) && !at.Before(from) && !at.After(to) {
			lines = append(lines, line)
		}
	}
	must(i.t, scanner.Err())
	return lines
}

// program returns the program of this source.
func program(t *testing.T) string {
	t.Helper()
	path, err := built()
	must(t, err)
	return path
}

var built = sync.OnceValues(func() (string, error) {
	path := filepath.Join(builds, "tiebreak")
	out, err := exec.Command("go", "build", "-o", path, "..").CombinedOutput()
	if err != nil {
		err = fmt.Errorf("%w: %s", err, out)
	}
	return path, err
})

// builds is the folder of the programs that the rigs build.
var builds string

func TestMain(m *testing.M) {
	os.Exit(func() int {
		var err error
		if builds, err = os.MkdirTemp("", "tiebreak-ha"); err != nil {
			panic(err)
		}
		defer os.RemoveAll(builds)
		return m.Run()
	}())
}
