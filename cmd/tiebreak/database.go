package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"

	"tiebreak/internal/config"
	"tiebreak/internal/pgembed"
	"tiebreak/internal/postgres"
)

// database is the store and, where we run it ourselves, the PostgreSQL under it.
type database struct {
	*postgres.DB
	cluster *pgembed.Cluster // nil with DATABASE_URL
}

// makers are the commands that create a missing database. The other commands would only find an empty one, most likely in the
// wrong folder.
var makers = []string{"serve", "migrate", "guide import", "demo", "staff add"}

// openDatabase reaches PostgreSQL, starting our own if none is named, and brings the schema to this version.
func openDatabase(ctx context.Context, c config.Config, command string, log *slog.Logger) (*database, error) {
	d := &database{}
	url := c.DatabaseURL
	if url == "" {
		folder, chosen := c.DataFolder()
		var err error
		d.cluster, err = pgembed.Open(ctx, pgembed.Options{
			Folder: folder, Explicit: chosen, Existing: !slices.Contains(makers, command), Bin: c.PGBin, Command: command,
			Log: log,
		})
		if err != nil {
			return nil, err
		}
		url = d.cluster.URL()
	}
	var err error
	if d.DB, err = postgres.Open(ctx, url); err != nil {
		return nil, errors.Join(fmt.Errorf("cannot use %s: %w", d.where(), err), d.stop())
	}
	if err := d.Migrate(ctx); err != nil {
		return nil, errors.Join(err, d.Close())
	}
	if err := warnOfEncoding(ctx, d, log); err != nil {
		return nil, errors.Join(err, d.Close())
	}
	indexed, err := d.Index(ctx)
	if err != nil {
		return nil, errors.Join(err, d.Close())
	}
	if indexed > 0 {
		log.Info("search renewed", "guides", indexed)
	}
	return d, nil
}

// warnOfEncoding says that other programs will misread the texts in a database that is not in UTF-8.
func warnOfEncoding(ctx context.Context, d *database, log *slog.Logger) error {
	encoding, err := d.Encoding(ctx)
	if err == nil && encoding != "UTF8" {
		log.Warn("The database's encoding is not UTF8: psql, pg_dump and other programs misread its texts. Create a database "+
			"with ENCODING 'UTF8' TEMPLATE template0 and move the data there.",
			"encoding", encoding)
	}
	return err
}

// Close lets go of the store, then stops the PostgreSQL that we started.
func (d *database) Close() error {
	d.DB.Close()
	return d.stop()
}

func (d *database) stop() error {
	if d.cluster == nil {
		return nil
	}
	return d.cluster.Close()
}

// where says for the start lines where the data is.
func (d *database) where() string {
	if d.cluster == nil {
		return "the PostgreSQL of DATABASE_URL"
	}
	return fmt.Sprintf("%s (a private PostgreSQL)", d.cluster.Folder())
}
