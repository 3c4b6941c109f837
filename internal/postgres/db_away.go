package postgres

import (
	"log/slog"
	"slices"
	"strings"
	"time"
)

// Away reports whether the last heartbeat failed: the database does not answer, or takes no writes. It is false in a program
// that writes none.
func (db *DB) Away() bool { return db.away.Load() }

// absence logs once that the database is away, and once that it is back.
type absence struct {
	db    *DB
	log   *slog.Logger
	since time.Time // of the first heartbeat that failed; zero while they succeed
	said  bool      // whether the log says so
}

// failed notes that a heartbeat failed. A single one is not logged: a connection may break where the next one is made at once.
func (a *absence) failed(err error) {
	a.db.away.Store(true)
	switch {
	case a.since.IsZero():
		a.since = time.Now()
	case !a.said:
		a.said = true
		a.log.Warn("The database is away: it does not answer, or takes no writes.", "error", Words(err))
	}
}

// over notes that a heartbeat succeeded.
func (a *absence) over() {
	if a.said {
		a.log.Info("The database is back.", "away", time.Since(a.since).Round(time.Second))
	}
	a.db.away.Store(false)
	a.since, a.said = time.Time{}, false
}

// Words returns the text of the error in one line, in which each part is said once: the driver tries each address with and
// without TLS, and says twice that nothing listens there.
func Words(err error) string {
	var parts []string
	for line := range strings.Lines(err.Error()) {
		if line = strings.TrimSpace(line); line != "" && !slices.Contains(parts, line) {
			parts = append(parts, line)
		}
	}
	return strings.Join(parts, " ")
}
