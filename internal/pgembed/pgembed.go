// Package pgembed runs a private PostgreSQL cluster in a data folder, so that the program works without
// a database server being set up first.
//
// One process owns the cluster: it holds the lock, runs postgres as its direct child, starts it again if
// it dies, and stops it at the end. Every other process on the same folder attaches by the socket. The
// cluster listens on a Unix socket only, and only its owner and root may connect; there is no password.
// Data is never deleted, moved or upgraded here.
//
// Read on in this order: location.go (where it is), account.go (who runs it), lock.go (who owns it),
// supervisor.go (its life), postgres.go (one run of the server), orphans_linux.go (after a crash).
package pgembed

import (
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"net/url"
	"os"
	"strings"
)

// serveCommand is the command that wants the cluster for itself; all others share it.
const serveCommand = "serve"

// databaseName is the database that every cluster has.
const databaseName = "tiebreak"

// databaseUser is the role that everything runs as, the owner of the cluster.
const databaseUser = "app"

// port names the socket file; nothing listens on the network.
const port = "5432"

// Options says where the cluster lives and how to run it.
type Options struct {
	Folder   string       // the data folder; the cluster goes to Folder/pg
	Explicit bool         // the person chose Folder: never put the cluster elsewhere
	Existing bool         // use only a cluster that is there: make none
	Bin      string       // folder of PostgreSQL's binaries; empty to search for them
	Command  string       // what this process is ("serve", "migrate"), shown to others that find the cluster locked
	Fast     bool         // for tests: fast, and a power cut may lose everything
	Saving   bool         // save memory, although reading is then slower
	Scratch  bool         // begin with an empty database, whatever an earlier run left
	Log      *slog.Logger // nil to say nothing
}

// Cluster is a running PostgreSQL cluster, owned by this process or attached to.
type Cluster struct {
	location location
	socket   string // folder of the socket
	binaries binaries
	fast     bool
	saving   bool
	scratch  bool
	log      *slog.Logger
	close    func() error // nil when attached
}

// Open starts the cluster, or attaches to the one that runs on the folder already.
// Ending ctx stops the start, not a cluster that runs: that is Close's work.
func Open(ctx context.Context, o Options) (*Cluster, error) {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	unsetClientVariables()
	l, err := findLocation(o)
	if err != nil {
		return nil, err
	}
	if _, err := os.Stat(l.root); o.Existing && errors.Is(err, fs.ErrNotExist) {
		return nil, noDatabase(o.Folder)
	}
	if err := l.make(); err != nil {
		return nil, err
	}
	taken, socket, err := l.lockOrAttach(ctx, o.Command)
	if err != nil {
		return nil, err
	}
	c := &Cluster{location: l, socket: socket, fast: o.Fast, saving: o.Saving, scratch: o.Scratch, log: o.Log}
	if taken == nil {
		return c, nil
	}
	if err := c.takeOver(ctx, taken, o); err != nil {
		taken.release()
		return nil, err
	}
	return c, nil
}

// unsetClientVariables removes what a shell sets for PostgreSQL's clients (PGSERVICE, PGOPTIONS and the like, but not our own
// PG_BIN) from this process's environment. Clients add them to every address, and none of them is about this cluster.
func unsetClientVariables() {
	for _, variable := range os.Environ() {
		name, _, _ := strings.Cut(variable, "=")
		if strings.HasPrefix(name, "PG") && !strings.HasPrefix(name, "PG_") {
			os.Unsetenv(name)
		}
	}
}

// URL returns the connection URL of the cluster's database, for pgx and for PostgreSQL's own tools.
func (c *Cluster) URL() string {
	return c.URLFor(databaseName)
}

// URLFor returns the connection URL of another database of the cluster.
func (c *Cluster) URLFor(database string) string {
	return connectionURL(c.socket, database)
}

// Owned reports whether this process runs the cluster, so that Close stops it.
func (c *Cluster) Owned() bool {
	return c.close != nil
}

// Folder returns where the cluster really is, which is not below Options.Folder if the user who runs PostgreSQL cannot
// enter that.
func (c *Cluster) Folder() string {
	return c.location.root
}

// Close stops the cluster if this process owns it. Calling it again does nothing.
func (c *Cluster) Close() error {
	if c.close == nil {
		return nil
	}
	return c.close()
}

func connectionURL(socket, database string) string {
	query := url.Values{"host": {socket}, "port": {port}}.Encode()
	u := url.URL{
		Scheme: "postgres",
		User:   url.User(databaseUser),
		Path:   "/" + database,
		// libpq does not read a plus sign as a space.
		RawQuery: strings.ReplaceAll(query, "+", "%20"),
	}
	return u.String()
}
