package doctor

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"tiebreak/internal/health"
	"tiebreak/internal/postgres"
)

// The words of checks that need the database and cannot read it.
const (
	noDatabase  = "The database cannot be read."
	seeDatabase = "See the check database."
)

// stateRead is the state of the database, or why it cannot be read.
type stateRead struct {
	postgres.DatabaseState
	err  error
	at   time.Time // by the program's clock
	took time.Duration
}

// stateOnce returns a function that reads the state of the database at the first call, and returns it at each.
func (d *Doctor) stateOnce(ctx context.Context) func() stateRead {
	return sync.OnceValue(func() stateRead {
		if d.DB == nil {
			return stateRead{err: d.DBError}
		}
		limited, cancel := context.WithTimeout(ctx, checkTime)
		defer cancel()
		began := time.Now()
		state, err := d.DB.Probes().DatabaseState(limited)
		return stateRead{state, err, time.Now(), time.Since(began)}
	})
}

// withState returns a check that judges the state of the database, if that can be read.
func withState(state func() stateRead, judge func(stateRead) health.Finding) func(context.Context) health.Finding {
	return func(context.Context) health.Finding {
		s := state()
		if s.err != nil {
			return health.Skipped(noDatabase, seeDatabase)
		}
		return judge(s)
	}
}

// unread says that something in the database could not be read.
func unread(err error) health.Finding {
	what := fmt.Sprintf("The database could not be asked: %s.", postgres.Words(err))
	if errors.Is(err, postgres.ErrNoTable) {
		what = "The database has no tables for this yet."
	}
	return health.Skipped(what, "See the checks database and schema.")
}

const oldestPostgreSQL = 15

func (d *Doctor) checkDatabase(s stateRead) health.Finding {
	if errors.Is(s.err, postgres.ErrUnfinishedRestore) {
		return health.Fail("A restore has not finished.", "Run the same tiebreak restore again: it goes on.")
	}
	if s.err != nil && d.Private {
		return health.Fail(fmt.Sprintf("The private database cannot be used: %s.", postgres.Words(s.err)),
			"See “Choose the database” in: tiebreak help deploy.")
	}
	if s.err != nil {
		return health.Fail(fmt.Sprintf("The database cannot be reached: %s.", postgres.Words(s.err)),
			postgres.ConnectAdvice(s.err))
	}
	if major := s.Version / 10000; major < oldestPostgreSQL {
		return health.Fail(fmt.Sprintf("PostgreSQL %d is too old.", major),
			fmt.Sprintf("Move to version %d or newer: see tiebreak help backup.", oldestPostgreSQL))
	}
	return health.Good(fmt.Sprintf("PostgreSQL %d.%d answers.", s.Version/10000, s.Version%10000))
}

func checkRights(s stateRead) health.Finding {
	lacks, statement := s.RightsRemedy()
	switch {
	case lacks != "":
		return health.Fail(lacks+".", "Have the database's administrator run: "+statement)
	case !s.Trigrams && !s.Available:
		return health.Fail("The extension pg_trgm is not installed on the database's server.",
			"Install PostgreSQL's additional modules there. The package is postgresql-contrib, or is part of PostgreSQL itself.")
	}
	return health.Good(fmt.Sprintf("The role %s has all rights that it needs.", s.Role))
}

func checkEncoding(s stateRead) health.Finding {
	if s.Encoding == "UTF8" {
		return health.Good("The database's encoding is UTF8.")
	}
	return health.Warn(
		fmt.Sprintf("The database's encoding is %s: psql, pg_dump and other programs misread its texts.", s.Encoding),
		"Make a backup, run CREATE DATABASE tiebreak ENCODING 'UTF8' TEMPLATE template0; and restore it there.")
}

func checkWrites(s stateRead) health.Finding {
	switch {
	case s.Standby:
		return health.Fail("The database's server is a standby, which takes no writes.",
			"List all servers in DATABASE_URL and add target_session_attrs=read-write, or run SELECT pg_promote(); on this one.")
	case s.ReadOnly:
		return health.Fail("The database is read-only.",
			"Find out why somebody made it so, then have its administrator run: "+s.ReadOnlyRemedy())
	}
	return health.Good("The database takes writes.")
}

// checkConnections looks whether the site may open as many connections as it uses.
func (d *Doctor) checkConnections(context.Context) health.Finding {
	if d.DB == nil {
		return health.Skipped(noDatabase, seeDatabase)
	}
	short := d.DB.Shortage()
	if short == nil {
		return health.Good("The site may open all database connections that it uses.")
	}
	return health.Warn(fmt.Sprintf("The site opens up to %d database connections, and %s allows %d.", short.Opens, short.By,
		short.Allowed), "Have the database's administrator run: "+short.Remedy)
}

func (d *Doctor) checkSchema(ctx context.Context) health.Finding {
	if d.DB == nil {
		return health.Skipped(noDatabase, seeDatabase)
	}
	from, to, err := d.DB.Probes().PendingMigrations(ctx)
	switch {
	case err != nil && from > to:
		return health.Fail(fmt.Sprintf("The database has schema %d, and this program knows schemas up to %d.", from, to),
			"Start the newer program, or restore a backup made before the upgrade.")
	case err != nil:
		return unread(err)
	case from == 0:
		return health.Warn("The database is empty.", "Start the site: tiebreak serve. It makes the tables.")
	case from < to:
		return health.Warn(fmt.Sprintf("The database has schema %d, and this program brings it to %d.", from, to),
			"Start the site with this program, or run: tiebreak migrate.")
	case from > to:
		return health.Warn(
			fmt.Sprintf("The database has schema %d. This program is older, knows schema %d and still works.", from, to),
			"Replace this program with the newer one.")
	}
	return health.Good(fmt.Sprintf("The database has schema %d, which is this program's.", from))
}

const (
	clockOff   = 5 * time.Second
	clockWrong = 30 * time.Second
)

// checkClock compares the clocks of the program and of the database.
func checkClock(s stateRead) health.Finding {
	off := s.Now.Sub(s.at.Add(-s.took / 2)).Abs().Round(time.Millisecond)
	words := fmt.Sprintf("The clocks of this machine and of the database differ by %v.", off)
	const advice = "Check both with timedatectl, and have both set by NTP. Deadlines follow the database's clock."
	switch {
	case off > clockWrong:
		return health.Fail(words, advice)
	case off > clockOff:
		return health.Warn(words, advice)
	}
	return health.Good("The clocks of this machine and of the database agree.")
}

// checkClockJump looks whether the database's clock was far from where the site last saw it.
func (d *Doctor) checkClockJump(ctx context.Context) health.Finding {
	if d.DB == nil {
		return health.Skipped(noDatabase, seeDatabase)
	}
	until, err := d.DB.Probes().DeletionWaits(ctx)
	if err != nil {
		return unread(err)
	}
	return ClockJump(until)
}

// ClockJump judges until when nothing is deleted because of its age; zero if nothing waits.
func ClockJump(until time.Time) health.Finding {
	if until.IsZero() {
		return health.Good("The database's clock has not jumped.")
	}
	return health.Warn("The database's clock may be wrong: it differs by more than a day from when the site last used it.",
		fmt.Sprintf("If the site was not off that long, check the clock of the database's server. Nothing is deleted because "+
			"of its age before %s UTC.", until.UTC().Format("Mon 2 Jan 2006, 15:04")))
}
