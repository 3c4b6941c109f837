package main

import (
	"bufio"
	"io"
	"sync"
	"time"
)

// logDelay is how long a log line waits for company: a write to the kernel for each would cost more than the answer that
// it tells of.
const logDelay = 100 * time.Millisecond

// bufferedLog writes log lines in batches, the last of them when it is closed.
type bufferedLog struct {
	mu     sync.Mutex
	buffer *bufio.Writer
	stop   chan struct{}
	ended  chan struct{}
}

func newBufferedLog(to io.Writer) *bufferedLog {
	b := &bufferedLog{buffer: bufio.NewWriterSize(to, 64<<10), stop: make(chan struct{}), ended: make(chan struct{})}
	go b.flushNowAndThen()
	return b
}

func (b *bufferedLog) flushNowAndThen() {
	defer close(b.ended)
	tick := time.NewTicker(logDelay)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			b.flush()
		case <-b.stop:
			b.flush()
			return
		}
	}
}

func (b *bufferedLog) flush() {
	b.mu.Lock()
	defer b.mu.Unlock()
	// Where the log cannot be written there is nowhere to say so.
	_ = b.buffer.Flush()
}

// Write takes one line.
func (b *bufferedLog) Write(line []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buffer.Write(line)
}

// Close writes what is left.
func (b *bufferedLog) Close() error {
	close(b.stop)
	<-b.ended
	return nil
}
