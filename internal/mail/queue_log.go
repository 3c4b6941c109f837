package mail

import (
	"context"
	"log/slog"
	"strings"
	"sync"
	"time"
)

// repeatAfter is how long an error of the queue is not logged again: while it lasts, the queue meets it twice a second.
const repeatAfter = 5 * time.Minute

// queueLog is a log handler that takes from the queue's own log what tells nothing new: its counts of jobs, everything while the
// database is away, and errors that repeat.
type queueLog struct {
	slog.Handler
	away func() bool
	last *lastLogged
}

// lastLogged holds when each error was last logged, by its words.
type lastLogged struct {
	mu sync.Mutex
	at map[string]time.Time
}

func newQueueLog(to slog.Handler, away func() bool) queueLog {
	return queueLog{to, away, &lastLogged{at: map[string]time.Time{}}}
}

// Handle passes the entry on if it tells something new.
func (q queueLog) Handle(ctx context.Context, entry slog.Record) error {
	counts := strings.HasSuffix(entry.Message, ": Producer job counts")
	if counts || q.away() || entry.Level >= slog.LevelError && q.last.repeats(entry) {
		return nil
	}
	return q.Handler.Handle(ctx, entry)
}

// repeats reports whether an entry with the same words was logged a short while ago.
func (l *lastLogged) repeats(entry slog.Record) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if entry.Time.Sub(l.at[entry.Message]) < repeatAfter {
		return true
	}
	l.at[entry.Message] = entry.Time
	return false
}

// WithAttrs returns a handler that adds the attributes to each entry.
func (q queueLog) WithAttrs(attrs []slog.Attr) slog.Handler {
	return queueLog{q.Handler.WithAttrs(attrs), q.away, q.last}
}

// WithGroup returns a handler that puts the attributes of each entry into the group.
func (q queueLog) WithGroup(name string) slog.Handler {
	return queueLog{q.Handler.WithGroup(name), q.away, q.last}
}
