package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httputil"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// target is a server in a process of its own.
type target struct {
	cmd  *exec.Cmd
	base string // http://HOST:PORT
}

func listenAnywhere() (net.Listener, error) { return net.Listen("tcp", "127.0.0.1:0") }

// startSite runs the program as a studio would: access log and metrics on.
func startSite(program, folder string) (*target, error) {
	cmd := exec.Command(program, "serve", "--data", folder, "--addr", "127.0.0.1:0", "--metrics-addr", "127.0.0.1:0",
		"--trusted-proxies", "127.0.0.0/8", "--log", "json") // as behind a proxy: the bench is many people
	cmd.Env = append(os.Environ(), "DATABASE_URL=")
	return start(cmd)
}

func startBare(folder, page string) (*target, error) {
	response, err := ask(page, "br")
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	answer, err := httputil.DumpResponse(response, true)
	if err != nil {
		return nil, err
	}
	file := filepath.Join(folder, "answer")
	if err := os.WriteFile(file, answer, 0o644); err != nil {
		return nil, err
	}
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	return start(exec.Command(self, "-bare", file))
}

// start runs the command and waits until it names its address.
func start(cmd *exec.Cmd) (*target, error) {
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	t := &target{cmd: cmd}
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if name, value, _ := strings.Cut(strings.TrimSpace(lines.Text()), " "); name == "Site" {
			t.base = strings.Replace(strings.TrimSpace(value), "localhost", "127.0.0.1", 1)
			break
		}
	}
	if t.base == "" {
		return nil, errors.Join(fmt.Errorf("%s does not start", cmd.Path), cmd.Wait())
	}
	go func() { _, _ = io.Copy(io.Discard, out) }()
	return t, nil
}

func (t *target) stop() {
	_ = t.cmd.Process.Signal(syscall.SIGTERM)
	_ = t.cmd.Wait()
}

// cpu is the processor time that the process has used (proc(5), stat fields 14 and 15).
func (t *target) cpu() (time.Duration, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", t.cmd.Process.Pid))
	if err != nil {
		return 0, err
	}
	fields := strings.Fields(string(text[strings.LastIndexByte(string(text), ')')+1:]))
	user, userErr := strconv.Atoi(fields[11])
	system, systemErr := strconv.Atoi(fields[12])
	const tick = 10 * time.Millisecond // USER_HZ is 100 on every Linux that Go runs on
	return time.Duration(user+system) * tick, errors.Join(userErr, systemErr)
}

// awaitIdle returns once the process has used less than a tenth of a core for a second: all its mails are out.
func (t *target) awaitIdle(atMost time.Duration) error {
	const window = time.Second
	for deadline := time.Now().Add(atMost); time.Now().Before(deadline); {
		before, err := t.cpu()
		if err != nil {
			return err
		}
		time.Sleep(window)
		after, err := t.cpu()
		if err != nil {
			return err
		}
		if after-before < window/10 {
			return nil
		}
	}
	return fmt.Errorf("the site is still busy after %v", atMost)
}

// memory is the resident size of the process in bytes (proc(5), statm field 2).
func (t *target) memory() int {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", t.cmd.Process.Pid))
	if err != nil {
		return 0
	}
	pages, _ := strconv.Atoi(strings.Fields(string(text))[1])
	return pages * os.Getpagesize()
}

// weights are the bytes over the wire of each part of a first view.
type weights map[string]int

func (w weights) sum() (bytes int) {
	for _, n := range w {
		bytes += n
	}
	return bytes
}

var assetAddress = regexp.MustCompile(`/static/[a-z]+\.[0-9a-f]+\.(css|js|svg)`)

// firstView fetches what a browser fetches first, compressed as for a browser, and returns the page's bytes too.
func firstView(base string) (weights, []byte, error) {
	plain, err := fetch(base+path, "identity")
	if err != nil {
		return nil, nil, err
	}
	// The best compression is made a moment after the first request.
	page, err := settled(base + path)
	if err != nil {
		return nil, nil, err
	}
	w := weights{"page": len(page)}
	for _, address := range assetAddress.FindAllString(string(plain), -1) {
		body, err := fetch(base+address, "br")
		if err != nil {
			return nil, nil, err
		}
		w[filepath.Ext(address)] = len(body)
	}
	return w, page, nil
}

// settled fetches until the page has stopped getting smaller.
func settled(address string) ([]byte, error) {
	before, err := fetch(address, "br")
	for range 100 {
		if err != nil {
			return nil, err
		}
		time.Sleep(50 * time.Millisecond)
		var after []byte
		if after, err = fetch(address, "br"); err == nil && len(after) < len(before) {
			return after, nil
		}
	}
	return before, err
}

func fetch(address, coding string) ([]byte, error) {
	response, err := ask(address, coding)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	return io.ReadAll(response.Body)
}

func ask(address, coding string) (*http.Response, error) {
	r, err := http.NewRequest(http.MethodGet, address, nil)
	if err != nil {
		return nil, err
	}
	r.Header.Set("Accept-Encoding", coding)
	response, err := http.DefaultClient.Do(r)
	if err == nil && response.StatusCode != http.StatusOK {
		response.Body.Close()
		return nil, fmt.Errorf("%s: status %d", address, response.StatusCode)
	}
	return response, err
}
