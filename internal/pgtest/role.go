package pgtest

import (
	"fmt"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"
)

// letIn has the tests' PostgreSQL let in roles that are members of "limited" without a password, and those of "locked" with one.
var letIn sync.Once

// AsRole returns the address for a role of the test's own, which may open so many connections, to the database at url. It has
// the rights of the database's owner.
func AsRole(t testing.TB, address string, limit int) (roleAddress, role string) {
	t.Helper()
	run := func(sql string) { must(t, Exec(t, address, sql)) }
	letIn.Do(func() {
		run(`CREATE ROLE limited; CREATE ROLE locked;
			DO $$ BEGIN EXECUTE format('COPY (VALUES (''local all +limited trust''), (''local all +locked scram-sha-256''),
					(''local all all peer map=embedded'')) TO %L',
				current_setting('hba_file')); END $$`)
		run(`ALTER SYSTEM SET checkpoint_warning = '31s'`) // shows when all is read again
		run(`SELECT pg_reload_conf()`)
		Await(t, address, time.Minute, `current_setting('checkpoint_warning') = '31s'`)
	})
	u, err := url.Parse(address)
	must(t, err)
	role = strings.TrimPrefix(u.Path, "/") + "_role"
	run(fmt.Sprintf(`CREATE ROLE %s LOGIN CONNECTION LIMIT %d IN ROLE limited`, role, limit))
	run(fmt.Sprintf(`DO $$ BEGIN EXECUTE format('GRANT %%I TO %s', current_user); END $$`, role))
	t.Cleanup(func() { _ = Exec(t, address, `DROP ROLE `+role) })
	u.User = url.User(role)
	return u.String(), role
}
