package main

import (
	"context"
	"fmt"
	"os"
	"slices"
	"time"

	"tiebreak/internal/config"
	"tiebreak/internal/pgembed"
	"tiebreak/internal/postgres"
)

// makers are the commands that create a missing database. The other commands would only find an empty one, most likely in the
// wrong folder.
var makers = []string{"serve", "migrate", "guide import", "demo", "staff add", "restore"}

// open connects to PostgreSQL and prepares the database for this version.
func (p *program) open(ctx context.Context, command string) error {
	if err := p.connect(ctx, command); err != nil {
		return err
	}
	return p.prepare(ctx)
}

// connect connects to PostgreSQL, starting our own if none is set, and leaves the database as it is. It sets p.db and p.cluster,
// which stay open until the command has ended.
func (p *program) connect(ctx context.Context, command string) (err error) {
	url := p.DatabaseURL
	if url == "" {
		folder, chosen := p.DataFolder()
		if _, err := os.Stat(restoreMark(folder)); err == nil && command != "restore" {
			return postgres.ErrUnfinishedRestore
		}
		p.cluster, err = pgembed.Open(ctx, pgembed.Options{
			Folder: folder, Explicit: chosen, Existing: !slices.Contains(makers, command), Bin: p.PGBin, Command: command,
			Saving: config.LittleMemory(), Log: p.log,
		})
		if err != nil {
			return err
		}
		url = p.cluster.URL()
	}
	if p.db, err = postgres.Open(ctx, url); err != nil && command == "serve" && p.cluster == nil {
		p.db, err = p.awaitDatabase(ctx, url, err)
	}
	if err != nil {
		return fmt.Errorf("cannot use %s: %w", p.databasePlace(), err)
	}
	return nil
}

const (
	connectEvery = time.Second
	waitingEvery = 5 * time.Second // between two lines of the log
)

// awaitDatabase tries to connect until the database answers and takes writes, after the first try failed with err. It gives up
// if waiting does not help, as with a wrong password.
func (p *program) awaitDatabase(ctx context.Context, url string, err error) (db *postgres.DB, _ error) {
	began := time.Now()
	var logged time.Time
	for postgres.MayComeBack(err) {
		if time.Since(logged) >= waitingEvery {
			logged = time.Now()
			p.log.Warn("The database cannot be used yet. Waiting for it.", "waited", time.Since(began).Round(time.Second),
				"error", err)
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(connectEvery):
		}
		if db, err = postgres.Open(ctx, url); err == nil {
			return db, nil
		}
	}
	return nil, err
}

// prepare brings the schema and the search to this version. It refuses a schema that this version is too old for, and a restore
// that has not finished.
func (p *program) prepare(ctx context.Context) error {
	if err := p.db.CheckRestore(ctx); err != nil {
		return err
	}
	p.service.SetStatus("Updating the schema of the database")
	if err := p.backUpBeforeMigration(ctx); err != nil {
		return err
	}
	if err := p.db.Migrate(ctx, p.log); err != nil {
		return err
	}
	if err := p.warnOfEncoding(ctx); err != nil {
		return err
	}
	p.service.SetStatus("Reading the guides")
	indexed, err := p.db.Index(ctx)
	if indexed > 0 {
		p.log.Info("search renewed", "guides", indexed)
	}
	return err
}

// warnOfEncoding logs that other programs will misread the database, if that is so.
func (p *program) warnOfEncoding(ctx context.Context) error {
	encoding, err := p.db.Encoding(ctx)
	if err != nil {
		return err
	}
	if encoding != "UTF8" {
		p.log.Warn("The database's encoding is not UTF8: psql, pg_dump and other programs misread its texts. Create a database "+
			"with ENCODING 'UTF8' TEMPLATE template0 and move the data there.", "encoding", encoding)
	}
	return nil
}

// close closes the database, then stops the PostgreSQL that we started.
func (p *program) close() error {
	if p.db != nil {
		p.db.Close()
	}
	if p.cluster == nil {
		return nil
	}
	return p.cluster.Close()
}

// databasePlace returns where the data is, for the start lines.
func (p *program) databasePlace() string {
	if p.cluster == nil {
		return "the PostgreSQL of DATABASE_URL"
	}
	return fmt.Sprintf("%s (a private PostgreSQL)", p.cluster.Folder())
}
