package postgres

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"

	"tiebreak/internal/fault"
)

const (
	beatEvery = 15 * time.Second // between two writes
	beatTime  = 4 * time.Second  // for one write

	// BeatBound is how old the last write of a running site may be in a database that takes writes: one may be slow or fail.
	BeatBound = 30 * time.Second
)

// beat writes the row that shows that the database takes writes, and notes in it when the clock has jumped. In the same trip it
// learns whether a newer program has upgraded the database.
func (db *DB) beat(ctx context.Context, conn *pgx.Conn, log *slog.Logger) error {
	limited, cancel := context.WithTimeout(ctx, beatTime)
	defer cancel()
	var now time.Time
	var jumped bool
	var oldest int64
	err := conn.QueryRow(limited, `
		INSERT INTO heartbeat AS h DEFAULT VALUES
		ON CONFLICT (only_row) DO UPDATE SET at = now(), steady_since =
			CASE WHEN h.at BETWEEN now() - interval '1 day' AND now() + interval '1 day' THEN h.steady_since ELSE now() END
		RETURNING clock_timestamp(), steady_since = now(), (SELECT oldest FROM schema_compatibility)`).Scan(&now, &jumped, &oldest)
	if err != nil {
		return fmt.Errorf("heartbeat: %w", mapError(err))
	}
	db.wrote()
	db.clock.set(now)
	db.noteCompatibility(oldest, log)
	if jumped {
		log.Warn("The database's clock is more than a day away from when it was last used. Check it: nothing is deleted "+
			"because of its age for a day.",
			"database", now, "program", time.Now().UTC())
	}
	return nil
}

func (db *DB) wrote() {
	now := time.Now()
	db.written.Store(&now)
}

// LastWrite returns how long ago the heartbeat was last written, or began; 0 if it never began.
func (db *DB) LastWrite() time.Duration {
	if at := db.written.Load(); at != nil {
		return time.Since(*at)
	}
	return 0
}

// DeletionWaits returns until when nothing is deleted because of its age, since the clock may be wrong; zero if it is trusted.
func (db *DB) DeletionWaits(ctx context.Context) (until time.Time, err error) {
	err = db.pool.QueryRow(ctx, `
		SELECT since + interval '1 day'
		FROM heartbeat, LATERAL (
			SELECT CASE WHEN at BETWEEN now() - interval '1 day' AND now() + interval '1 day' THEN steady_since ELSE now() END AS since
		) doubt
		WHERE since > now() - interval '1 day'`).Scan(&until)
	if err = mapError(err); errors.Is(err, fault.NotFound) {
		return time.Time{}, nil
	}
	return until, err
}
