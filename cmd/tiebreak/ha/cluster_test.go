//go:build rigs

package ha

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"tiebreak/internal/pgtest"
)

// node is one PostgreSQL server.
type node struct {
	name    string
	port    int
	data    string
	process *process
}

// cluster is a primary with two standbys. One of them has to have a commit before the primary confirms it.
type cluster struct {
	t       *testing.T
	bin     string // folder of PostgreSQL's programs
	dir     string
	nodes   []*node
	primary *node
}

// newCluster starts a cluster with an empty database for the site.
func newCluster(t *testing.T) *cluster {
	t.Helper()
	c := &cluster{t: t, bin: postgresPrograms(t), dir: folder(t)}
	for _, name := range []string{"a", "b", "c"} {
		c.nodes = append(c.nodes, &node{name: name, port: port(t), data: filepath.Join(c.dir, name)})
	}
	c.primary = c.nodes[0]
	run(t, asPostgres(t, c.program("initdb"), "-D", c.primary.data, "-U", "postgres", "--auth=trust", "-E", "UTF8",
		"--locale=C.UTF-8", "--no-sync"))
	file, err := os.OpenFile(filepath.Join(c.primary.data, "postgresql.conf"), os.O_APPEND|os.O_WRONLY, 0)
	must(t, err)
	_, err = file.WriteString("\n" + manualBlock(t, "postgresql.conf") + "dynamic_shared_memory_type = mmap\n")
	must(t, err)
	must(t, file.Close())
	c.start(c.primary)
	for _, sql := range []string{"CREATE ROLE site LOGIN", "CREATE DATABASE site OWNER site"} {
		c.exec(c.primary, "SET synchronous_commit = local", sql) // there is no standby yet
	}
	for _, n := range c.others() {
		c.copyPrimary(n)
	}
	c.awaitStandbys()
	return c
}

// postgresPrograms returns the folder of PostgreSQL's newest programs.
func postgresPrograms(t *testing.T) string {
	t.Helper()
	if set := os.Getenv("PG_BIN"); set != "" {
		return set
	}
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if err != nil || len(found) == 0 {
		path, err := exec.LookPath("initdb")
		must(t, err)
		found = []string{path}
	}
	return filepath.Dir(found[len(found)-1])
}

func (c *cluster) program(name string) string { return filepath.Join(c.bin, name) }

// others returns all nodes but the primary.
func (c *cluster) others() (list []*node) {
	for _, n := range c.nodes {
		if n != c.primary {
			list = append(list, n)
		}
	}
	return list
}

// start starts the node and waits until it answers.
func (c *cluster) start(n *node) {
	c.t.Helper()
	cmd := asPostgres(c.t, c.program("postgres"), "-D", n.data, "-p", fmt.Sprint(n.port), "-c", "cluster_name="+n.name,
		"-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=",
		"-c", "wal_retrieve_retry_interval=500ms")
	p := start(c.t, cmd, filepath.Join(c.dir, n.name+".log"))
	c.t.Cleanup(func() { p.thaw(); p.stop(syscall.SIGQUIT) }) // a kill would leave shared memory behind
	n.process = p
	pgtest.Eventually(c.t, timeout, "PostgreSQL "+n.name+" answers", func() bool {
		conn, err := c.connect(n)
		if err != nil {
			return false
		}
		return conn.Close(context.Background()) == nil
	})
}

// address returns where the database is. The first of several nodes is tried first.
func (c *cluster) address(role string, nodes ...*node) string {
	var hosts []string
	for _, n := range nodes {
		hosts = append(hosts, fmt.Sprintf("127.0.0.1:%d", n.port))
	}
	return fmt.Sprintf("postgres://%s@%s/site?sslmode=disable&target_session_attrs=%s", role, strings.Join(hosts, ","),
		map[bool]string{true: "read-write", false: "any"}[len(nodes) > 1])
}

func (c *cluster) connect(n *node) (*pgx.Conn, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	return pgx.Connect(ctx, fmt.Sprintf("postgres://postgres@127.0.0.1:%d/postgres?sslmode=disable", n.port))
}

// exec runs statements on the node, each in a transaction of its own.
func (c *cluster) exec(n *node, statements ...string) {
	c.t.Helper()
	conn, err := c.connect(n)
	must(c.t, err)
	defer conn.Close(context.Background())
	for _, sql := range statements {
		if _, err := conn.Exec(context.Background(), sql); err != nil {
			c.t.Fatalf("%s: %s: %v", n.name, sql, err)
		}
	}
}

// value returns what the query returns on the node.
func value[T any](c *cluster, n *node, query string) (v T) {
	c.t.Helper()
	conn, err := c.connect(n)
	must(c.t, err)
	defer conn.Close(context.Background())
	must(c.t, conn.QueryRow(context.Background(), query).Scan(&v))
	return v
}

// ask returns what the query returns in the site's database.
func ask[T any](c *cluster, query string) (v T) {
	c.t.Helper()
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, c.address("site", c.primary))
	must(c.t, err)
	defer conn.Close(ctx)
	must(c.t, conn.QueryRow(ctx, query).Scan(&v))
	return v
}

// copyPrimary has the node begin anew as a standby, with a copy of the primary.
func (c *cluster) copyPrimary(n *node) {
	c.t.Helper()
	n.removeSharedMemory()
	must(c.t, os.RemoveAll(n.data))
	run(c.t, asPostgres(c.t, c.program("pg_basebackup"), "-D", n.data, "-d", c.source(), "-R", "-X", "stream", "-c", "fast",
		"--no-sync"))
	c.start(n)
}

// removeSharedMemory removes what a killed server left: its next start would have done so.
func (n *node) removeSharedMemory() {
	pid, err := os.ReadFile(filepath.Join(n.data, "postmaster.pid"))
	if lines := strings.Split(string(pid), "\n"); err == nil && len(lines) > 6 {
		if keys := strings.Fields(lines[6]); len(keys) == 2 {
			_ = exec.Command("ipcrm", "-m", keys[1]).Run()
		}
	}
}

// rewind has a former primary follow the one of now, without a new copy.
func (c *cluster) rewind(n *node) {
	c.t.Helper()
	c.exec(c.primary, "CHECKPOINT") // until it has made one, pg_rewind takes it for a server of before the promotion
	run(c.t, asPostgres(c.t, c.program("pg_rewind"), "-D", n.data, "--source-server", c.source()+" dbname=postgres", "-R",
		"--no-sync"))
	c.start(n)
}

// source returns how a standby connects to the primary.
func (c *cluster) source() string {
	return fmt.Sprintf("host=127.0.0.1 port=%d user=postgres", c.primary.port)
}

// awaitStandbys waits until both standbys follow the primary.
func (c *cluster) awaitStandbys() {
	c.t.Helper()
	pgtest.Eventually(c.t, timeout, "two standbys follow "+c.primary.name, func() bool {
		return value[int](c, c.primary, `SELECT count(*)::int FROM pg_stat_replication WHERE state = 'streaming'`) == 2
	})
}

// promote makes the standby that has received most the primary, and has the other one follow it. It returns when that began.
func (c *cluster) promote() (began time.Time) {
	c.t.Helper()
	received := func(n *node) int64 {
		return value[int64](c, n, `SELECT pg_wal_lsn_diff(pg_last_wal_receive_lsn(), '0/0')::bigint`)
	}
	next, other := c.others()[0], c.others()[1]
	if received(other) > received(next) {
		next, other = other, next
	}
	began = time.Now()
	old := c.primary
	c.primary = next
	c.exec(other, fmt.Sprintf(`ALTER SYSTEM SET primary_conninfo = '%s'`, c.source()), `SELECT pg_reload_conf()`)
	if !value[bool](c, next, `SELECT pg_promote(true, 30)`) {
		c.t.Fatalf("%s does not become the primary", next.name)
	}
	c.t.Logf("%s takes over from %s", next.name, old.name)
	return began
}

// awaitNoReceiver waits until the standbys have noticed that the primary is gone: what they received before is all that is left.
func (c *cluster) awaitNoReceiver() {
	c.t.Helper()
	for _, n := range c.others() {
		pgtest.Eventually(c.t, timeout, n.name+" is not connected any more", func() bool {
			return value[int](c, n, `SELECT count(*)::int FROM pg_stat_wal_receiver WHERE status = 'streaming'`) == 0
		})
	}
}

// makeReadOnly has the primary refuse writes while its connections stay open, and waits until both standbys have everything.
func (c *cluster) makeReadOnly() {
	c.t.Helper()
	c.exec(c.primary, `ALTER SYSTEM SET default_transaction_read_only = on`, `SELECT pg_reload_conf()`)
	quiet := 0
	pgtest.Eventually(c.t, timeout, "the standbys have everything", func() bool {
		same := value[bool](c, c.primary, `SELECT count(*) = 2 AND bool_and(replay_lsn = pg_current_wal_lsn())
			AND NOT EXISTS (SELECT FROM pg_stat_activity WHERE backend_xid IS NOT NULL) FROM pg_stat_replication`)
		quiet++
		if !same {
			quiet = 0
		}
		return quiet > 10
	})
}

// halt stops the node as an administrator does.
func (n *node) halt() { n.process.stop(syscall.SIGINT) }
