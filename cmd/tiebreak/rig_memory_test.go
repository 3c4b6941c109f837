//go:build rigs

package main

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"tiebreak/internal/pgtest"
)

// limitedMemory is a group of processes that may use so much memory in all. Only root may make one.
type limitedMemory struct {
	t      *testing.T
	folder string
	second bool // version 2 of cgroups
}

// limitMemory returns a new group. The test removes it at its end.
func limitMemory(t *testing.T, megabytes int) limitedMemory {
	t.Helper()
	root := "/sys/fs/cgroup/memory"
	_, err := os.Stat(root)
	m := limitedMemory{t: t, second: err != nil}
	limit := "memory.limit_in_bytes"
	if m.second {
		root, limit = "/sys/fs/cgroup", "memory.max"
	}
	m.folder = filepath.Join(root, fmt.Sprintf("tiebreak-test-%d", os.Getpid()))
	must(t, os.Mkdir(m.folder, 0o755))
	t.Cleanup(func() { eventually(t, "the group is empty", func() bool { return os.Remove(m.folder) == nil }) })
	must(t, os.WriteFile(filepath.Join(m.folder, limit), []byte(strconv.Itoa(megabytes<<20)), 0o600))
	return m
}

// hold makes the command run in the group, with all that it starts.
func (m limitedMemory) hold(cmd *exec.Cmd) {
	script := `echo $$ >"$0/cgroup.procs" && exec "$@"`
	cmd.Args = append([]string{"/bin/sh", "-c", script, m.folder, cmd.Path}, cmd.Args[1:]...)
	cmd.Path = "/bin/sh"
}

// killed returns how many processes of the group were killed for want of memory.
func (m limitedMemory) killed() int {
	return m.number("memory.events", "memory.oom_control", "oom_kill ")
}

// most returns how many bytes the group used at most, files that could be dropped included.
func (m limitedMemory) most() int { return m.number("memory.peak", "memory.max_usage_in_bytes", "") }

// number returns the number that follows the label in the file that has it in either version of cgroups.
func (m limitedMemory) number(second, first, label string) int {
	m.t.Helper()
	file := first
	if m.second {
		file = second
	}
	_, rest, _ := strings.Cut("\n"+readFile(m.t, filepath.Join(m.folder, file)), "\n"+label)
	word, _, _ := strings.Cut(rest, "\n")
	n, err := strconv.Atoi(word)
	must(m.t, err)
	return n
}

// TestSiteLivesIn256Megabytes runs the program and its PostgreSQL in 256 MB, while sixteen readers at a time ask for everything
// that is drawn and kept of 1,000 guides, and others read and send requests.
func TestSiteLivesIn256Megabytes(t *testing.T) {
	guides := pgtest.Rounds(t, "TIEBREAK_MEMORY_GUIDES", 1000)
	folder := siteFolder(t)
	mustRun(t, folder, "", "demo", "--guides", fmt.Sprint(guides), "--options", "60", "--leads", "200")
	group := limitMemory(t, 256)
	cmd := command(t, folder, "serve")
	cmd.Env = append(cmd.Env, "TIEBREAK_TRUSTED_PROXIES=127.0.0.0/8")
	group.hold(cmd)
	site := startWithin(t, firstStart, cmd)
	statuses := crawl(t, site.base)
	seen := visit(t, site.base, 5*time.Second)
	t.Logf("%v; guide p99 %v, form at most %v; %d MB at most", statuses, seen.guides.at(99), seen.forms.at(100), group.most()>>20)
	if n := group.killed(); n > 0 {
		t.Errorf("%d processes were killed for want of memory", n)
	}
	for status := range statuses {
		if status != http.StatusOK && status != http.StatusServiceUnavailable {
			t.Errorf("status %d", status)
		}
	}
}

// crawl asks for each page of the sitemap, and for the data and the card of each guide, in any order, and counts the statuses.
func crawl(t *testing.T, base string) map[int]int {
	t.Helper()
	var addresses []string
	for _, match := range located.FindAllStringSubmatch(read(t, base+"/sitemap.xml"), -1) {
		addresses = append(addresses, match[1])
		if strings.Contains(match[1], "/compare/") {
			addresses = append(addresses, match[1]+".json", match[1]+".md", match[1]+"/card.png")
		}
	}
	pgtest.Random(t).Shuffle(len(addresses), func(i, j int) { addresses[i], addresses[j] = addresses[j], addresses[i] })
	queue := make(chan string)
	statuses := map[int]int{}
	var mutex sync.Mutex
	var wait sync.WaitGroup
	for range 16 {
		wait.Go(func() {
			for address := range queue {
				answer, err := http.DefaultClient.Do(request(t, "GET", address, nil))
				if err != nil {
					t.Error(err)
					continue
				}
				_, _ = io.Copy(io.Discard, answer.Body)
				_ = answer.Body.Close()
				mutex.Lock()
				statuses[answer.StatusCode]++
				mutex.Unlock()
			}
		})
	}
	for _, address := range addresses {
		queue <- address
	}
	close(queue)
	wait.Wait()
	return statuses
}
