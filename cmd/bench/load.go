package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// sample is one round against one target.
type sample struct {
	rate     float64 // requests a second
	p50, p99 time.Duration
	cpu      time.Duration // of the server, a request
	memory   int           // of the server, bytes
}

// asking is what a client sends over and over.
type asking struct {
	request func() []byte
	status  int // of the answer that it wants
}

// measure keeps the connections busy for the time of a round.
func measure(t *target, a asking, connections int, round time.Duration) (sample, error) {
	host := strings.TrimPrefix(t.base, "http://")
	before, err := t.cpu()
	if err != nil {
		return sample{}, err
	}
	var mu sync.Mutex
	var times []time.Duration
	var failed error
	var wait sync.WaitGroup
	began := time.Now()
	for range connections {
		wait.Go(func() {
			own, err := a.keepAsking(host, began.Add(round))
			mu.Lock()
			defer mu.Unlock()
			times, failed = append(times, own...), errors.Join(failed, err)
		})
	}
	wait.Wait()
	took := time.Since(began)
	after, err := t.cpu()
	if err := errors.Join(failed, err); err != nil {
		return sample{}, err
	}
	slices.Sort(times)
	n := len(times)
	return sample{
		rate: float64(n) / took.Seconds(), memory: t.memory(),
		p50: times[n/2], p99: times[n*99/100], cpu: (after - before) / time.Duration(n),
	}, nil
}

// keepAsking sends one request after the other on one connection of its own: an http.Client would take more of the two cores than
// the servers do.
func (a asking) keepAsking(host string, until time.Time) ([]time.Duration, error) {
	conn, err := net.Dial("tcp", host)
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	answers := bufio.NewReaderSize(conn, 64<<10)
	var times []time.Duration
	for {
		began := time.Now()
		if began.After(until) {
			return times, nil
		}
		if _, err := conn.Write(a.request()); err != nil {
			return times, err
		}
		if err := a.readAnswer(answers); err != nil {
			return times, err
		}
		times = append(times, time.Since(began))
	}
}

func (a asking) readAnswer(answers *bufio.Reader) error {
	answer, err := http.ReadResponse(answers, nil)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if answer.StatusCode != a.status {
		return fmt.Errorf("answered %s", answer.Status)
	}
	_, err = io.Copy(io.Discard, answer.Body)
	return err
}
