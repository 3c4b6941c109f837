package main

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os/signal"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestStopDrainsBeforeItCloses has a balancer see that the program stops while it still serves, and a second signal end it.
func TestStopDrainsBeforeItCloses(t *testing.T) {
	t.Parallel()
	site := serveOn(t, siteFolder(t), "TIEBREAK_DRAIN=5m")
	first := syscall.SIGHUP
	if signal.Ignored(first) { // as under nohup
		first = syscall.SIGTERM
	}
	site.signal(first)
	eventually(t, "/readyz says no", func() bool { return !ready(site.base) })

	page, err := http.Get(site.base + guidePath)
	must(t, err)
	defer page.Body.Close()
	if page.StatusCode != http.StatusOK || page.Close {
		t.Errorf("a guide is answered with %d while it drains; connection closed: %v", page.StatusCode, page.Close)
	}
	if receipt, err := tryPost(site.base, url.Values{"email": {"drain@example.org"}}); err != nil || receipt == "" {
		t.Errorf("a request is not taken while it drains: %v", err)
	}

	site.signal(syscall.SIGTERM)
	ended := make(chan error, 1)
	go func() { ended <- site.cmd.Wait() }()
	select {
	case <-ended:
	case <-time.After(startLimit):
		t.Fatal("the second signal does not end it")
	}
}

// TestFormUnderWayAtAStopIsTaken has the program stop while a form takes longer to arrive than the work on it may.
func TestFormUnderWayAtAStopIsTaken(t *testing.T) {
	t.Parallel()
	folder := siteFolder(t)
	site := serveOn(t, folder)
	form := url.Values{
		"name": {"Sample Person"}, "email": {"slow@example.org"}, "project": {"A sample project"}, "consent": {"yes"},
		"option": {"undecided"},
	}.Encode()
	conn, err := net.Dial("tcp", strings.TrimPrefix(site.base, "http://"))
	must(t, err)
	defer conn.Close()
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	head := fmt.Sprintf("POST /intake HTTP/1.1\r\nHost: localhost\r\nContent-Type: "+
		"application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n", len(form))
	for i, piece := range []string{head, form[:10], form[10:20], form[20:30], form[30:40], form[40:50], form[50:]} {
		if i == 2 {
			site.signal(syscall.SIGTERM)
		}
		send(t, conn, piece)
		<-tick.C
	}
	answer, err := http.ReadResponse(bufio.NewReader(conn), nil)
	must(t, err)
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusSeeOther {
		t.Errorf("status %d", answer.StatusCode)
	}
	_ = site.cmd.Wait()
	wantDone(t, tiebreak(t, folder, "", "lead", "list", "--json"), "slow@example.org")
}
