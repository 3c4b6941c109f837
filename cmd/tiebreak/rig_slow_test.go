//go:build rigs

package main

import (
	"context"
	"fmt"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"tiebreak/internal/pgtest"
)

// TestSlowClientsStarveNobody has slowhttptest hold 1,000 connections, in turn with heads, with forms and with answers that
// hardly move, while others read guides and send requests (research/trust.md, row 24).
func TestSlowClientsStarveNobody(t *testing.T) {
	site := serveOn(t, siteFolder(t), "TIEBREAK_TRUSTED_PROXIES=127.0.0.0/8")
	guide := site.base + "/compare/django-vs-fastapi"
	quiet := visit(t, site.base, 5*time.Second)
	before := site.memory(t)
	for name, slow := range map[string][]string{
		"heads":   {"-H", "-u", guide, "-i", "10", "-x", "24"},
		"forms":   {"-B", "-u", site.base + "/intake", "-i", "10", "-x", "10", "-s", "8192"},
		"answers": {"-X", "-u", guide, "-w", "512", "-y", "1024", "-n", "5", "-z", "32", "-k", "3"},
	} {
		stop := slowly(t, slow)
		pgtest.Eventually(t, firstStart, "the slow connections are there", func() bool { return site.connections(t) > 900 })
		loud := visit(t, site.base, 10*time.Second)
		grown := site.memory(t) - before
		stop()
		t.Logf("%-7s guide p99 %v (quiet %v), form at most %v (quiet %v), %d MB more", name, loud.guides.at(99),
			quiet.guides.at(99), loud.forms.at(100), quiet.forms.at(100), grown>>10)
		if loud.guides.at(99) > 500*time.Millisecond || loud.forms.at(99) > 500*time.Millisecond {
			t.Errorf("%s: others wait for more than 500 ms", name)
		}
		if grown > 100<<10 {
			t.Errorf("%s: %d kB more", name, grown)
		}
	}
}

// slowly starts slowhttptest with 1,000 connections until stop is called.
func slowly(t *testing.T, args []string) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	cmd := exec.CommandContext(ctx, "slowhttptest", append(args, "-c", "1000", "-r", "500", "-l", "60", "-p", "5", "-v", "0")...)
	must(t, cmd.Start())
	return func() { cancel(); _ = cmd.Wait() }
}

// memory returns how much memory the program takes, in kilobytes.
func (s *server) memory(t *testing.T) int {
	t.Helper()
	_, rest, _ := strings.Cut(readFile(t, fmt.Sprintf("/proc/%d/status", s.cmd.Process.Pid)), "VmRSS:")
	n, err := strconv.Atoi(strings.Fields(rest)[0])
	must(t, err)
	return n
}

// connections returns how many connections of others the program holds.
func (s *server) connections(t *testing.T) int {
	t.Helper()
	_, port, _ := strings.Cut(strings.TrimPrefix(s.base, "http://"), ":")
	number, err := strconv.Atoi(port)
	must(t, err)
	return strings.Count(readFile(t, "/proc/net/tcp"), fmt.Sprintf("0100007F:%04X 0100007F:", number))
}
