package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"syscall"
)

// floodFromInput asks host for the paths on standard input, again and again, on many connections of one client, until ctx ends.
// It stands back behind all other processes, as a client on a machine of its own would.
func floodFromInput(ctx context.Context, host string) error {
	if err := syscall.Setpriority(syscall.PRIO_PROCESS, 0, 10); err != nil {
		return err
	}
	connections, err := strconv.Atoi(os.Getenv("TIEBREAK_TEST_CONNECTIONS"))
	if err != nil {
		return err
	}
	text, err := io.ReadAll(os.Stdin)
	if err != nil {
		return err
	}
	paths := strings.Split(string(text), "\n")
	statuses := make([]map[int]int, connections)
	var wait sync.WaitGroup
	for i := range connections {
		statuses[i] = map[int]int{}
		wait.Go(func() {
			for n := i; ctx.Err() == nil; {
				n = ask(ctx, host, paths, n, statuses[i])
			}
		})
	}
	wait.Wait()
	all := map[int]int{}
	for _, own := range statuses {
		for status, n := range own {
			all[status] += n
		}
	}
	fmt.Print(all)
	return nil
}

// ask goes through the paths from the n-th on, on one connection, for as long as that lasts, and returns where it stopped.
func ask(ctx context.Context, host string, paths []string, n int, statuses map[int]int) int {
	conn, err := net.Dial("tcp", host)
	if err != nil {
		return n
	}
	defer context.AfterFunc(ctx, func() { _ = conn.Close() })()
	defer conn.Close()
	answers := bufio.NewReaderSize(conn, 16<<10)
	for {
		n += 7
		_, _ = fmt.Fprintf(conn, "GET %s HTTP/1.1\r\nHost: site\r\nAccept-Encoding: gzip\r\nX-Forwarded-For: 192.0.2.1\r\n\r\n",
			paths[n%len(paths)])
		answer, err := http.ReadResponse(answers, nil)
		if err != nil {
			return n
		}
		statuses[answer.StatusCode]++
		if _, err := io.Copy(io.Discard, answer.Body); err != nil {
			return n
		}
	}
}
