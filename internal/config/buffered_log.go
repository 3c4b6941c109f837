package config

import (
	"bufio"
	"context"
	"io"
	"log/slog"
	"sync"
	"time"
)

// logDelay is how long an entry below the level of warnings may wait to be written with others: a system call for each would
// cost more than the answer that it records.
const logDelay = 100 * time.Millisecond

// bufferedLog is a log handler that writes entries in batches. Warnings and errors are written at once, with all that came
// before them: they must not be lost in a crash.
type bufferedLog struct {
	slog.Handler
	out *delayedWriter
}

// BufferedLogger returns a logger that writes to w in batches and in the chosen format, and what writes the rest at the end.
func (c Config) BufferedLogger(w io.Writer) (log *slog.Logger, flush func()) {
	out := &delayedWriter{buffer: bufio.NewWriterSize(w, 64<<10)}
	return slog.New(bufferedLog{c.Logger(out).Handler(), out}), out.flush
}

// Handle writes the entry.
func (b bufferedLog) Handle(ctx context.Context, entry slog.Record) error {
	err := b.Handler.Handle(ctx, entry)
	if entry.Level >= slog.LevelWarn {
		b.out.flush()
	}
	return err
}

// WithAttrs returns a handler that adds the attributes to each entry.
func (b bufferedLog) WithAttrs(attrs []slog.Attr) slog.Handler {
	return bufferedLog{b.Handler.WithAttrs(attrs), b.out}
}

// WithGroup returns a handler that puts the attributes of each entry into the group.
func (b bufferedLog) WithGroup(name string) slog.Handler {
	return bufferedLog{b.Handler.WithGroup(name), b.out}
}

// delayedWriter writes what it is given at most logDelay later.
type delayedWriter struct {
	mu     sync.Mutex
	buffer *bufio.Writer
}

func (d *delayedWriter) Write(entry []byte) (int, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.buffer.Buffered() == 0 {
		time.AfterFunc(logDelay, d.flush)
	}
	return d.buffer.Write(entry)
}

func (d *delayedWriter) flush() {
	d.mu.Lock()
	defer d.mu.Unlock()
	// A log that cannot be written leaves no place to report it.
	_ = d.buffer.Flush()
}
