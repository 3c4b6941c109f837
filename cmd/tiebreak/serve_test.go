package main

import (
	"bufio"
	"io"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// TestHeadOfARequestMayPauseAsAFormMay uses a clock of its own: it waits for nothing.
func TestHeadOfARequestMayPauseAsAFormMay(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		conn := connectTo(t, newServer(http.NotFoundHandler(), slog.New(slog.DiscardHandler)))
		send(t, conn, "POST /intake HTTP/1.1\r\nHost: ")
		time.Sleep(10 * time.Second)
		send(t, conn, "a.example\r\nContent-Length: 0\r\n\r\n")
		answer, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil {
			t.Fatalf("no answer: %v", err)
		}
		_ = answer.Body.Close()
	})
}

func TestConnectionThatNeverSendsAWholeHeadIsClosed(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		conn := connectTo(t, newServer(http.NotFoundHandler(), slog.New(slog.DiscardHandler)))
		began := time.Now()
		var writing sync.WaitGroup
		writing.Go(func() {
			for { // a piece each second, as an attacker would send it
				if _, err := io.WriteString(conn, "X"); err != nil {
					return
				}
				time.Sleep(time.Second)
			}
		})
		_, _ = io.ReadAll(conn)
		if open := time.Since(began); open > 15*time.Second {
			t.Errorf("the connection stayed open for %v", open)
		}
		writing.Wait()
	})
}

func send(t *testing.T, conn net.Conn, text string) {
	t.Helper()
	_, err := io.WriteString(conn, text)
	must(t, err)
}

// connectTo returns a connection to the server in memory, whose time is that of the test.
func connectTo(t *testing.T, server *http.Server) net.Conn {
	t.Helper()
	ours, theirs := net.Pipe()
	listener := &oneConnection{conns: make(chan net.Conn, 1)}
	listener.conns <- theirs
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(func() {
		_ = ours.Close()
		_ = server.Close()
	})
	return ours
}

// oneConnection listens for the connections that it is given.
type oneConnection struct{ conns chan net.Conn }

func (l *oneConnection) Accept() (net.Conn, error) {
	conn, open := <-l.conns
	if !open {
		return nil, net.ErrClosed
	}
	return conn, nil
}

func (l *oneConnection) Close() error   { close(l.conns); return nil }
func (l *oneConnection) Addr() net.Addr { return &net.TCPAddr{} }
