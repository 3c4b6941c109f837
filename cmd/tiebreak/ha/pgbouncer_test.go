//go:build rigs

package ha

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tiebreak/internal/mailtest"
	"tiebreak/internal/pgtest"
)

// startPgBouncer starts a PgBouncer in front of the primary, with a pool as large as the manual wants it for two instances. It
// returns the address of the database behind it.
func startPgBouncer(t *testing.T, c *cluster, mode string) (database string) {
	t.Helper()
	dir, own := folder(t), port(t)
	users := filepath.Join(dir, "users.txt")
	must(t, os.WriteFile(users, []byte("\"site\" \"\"\n"), 0o644))
	file := filepath.Join(dir, "pgbouncer.ini")
	must(t, os.WriteFile(file, fmt.Appendf(nil, `
[databases]
site = host=127.0.0.1 port=%d dbname=site
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = %d
unix_socket_dir =
auth_type = trust
auth_file = %s
pool_mode = %s
default_pool_size = 80
`, c.primary.port, own, users, mode), 0o644))
	start(t, asPostgres(t, installed(t, "pgbouncer"), "-q", file), filepath.Join(c.dir, "pgbouncer-"+mode+".log"))
	return fmt.Sprintf("postgres://site@127.0.0.1:%d/site?sslmode=disable", own)
}

// TestPgBouncer has two instances work through one in session mode. In any other mode, it is refused.
func TestPgBouncer(t *testing.T) {
	c, box := newCluster(t), mailtest.New(t)
	s := newSite(t, startPgBouncer(t, c, "session"), "TIEBREAK_SMTP_URL=smtp://"+box.Address)
	instances := s.both(program(t))
	p := startProspects(t, instances)
	pgtest.Eventually(t, timeout, "requests are taken", func() bool { return len(p.all()) > 200 })
	for _, mode := range []string{"transaction", "statement"} {
		refused := newSite(t, startPgBouncer(t, c, mode), "TIEBREAK_ADDR=127.0.0.1:0")
		for _, args := range [][]string{{"serve"}, {"lead", "list", "--json"}} {
			out, err := refused.command(program(t), args...).CombinedOutput()
			if err == nil || !strings.Contains(string(out), "Set pool_mode = session for this database in pgbouncer.ini") {
				t.Errorf("%v in %s mode: %v: %s", args, mode, err, out)
			}
		}
	}
	p.stop()
	p.check(c)
	p.repeat()
	p.awaitMails(box)
	t.Logf("a change is seen after %v", s.publishChange(program(t), "A changed subtitle.", instances).Round(time.Millisecond))
}
