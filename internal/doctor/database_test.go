package doctor_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"tiebreak/internal/health"
	"tiebreak/internal/pgtest"
)

// with returns the address of a database with a setting for its connections.
func with(address, setting string) string {
	return address + "&options=" + strings.ReplaceAll(url.QueryEscape("-c "+setting), "+", "%20")
}

// role makes a role named after the database at the address, and returns its name.
func role(t *testing.T, address, suffix string) string {
	t.Helper()
	name := parse(t, address).Path[1:] + suffix
	must(t, pgtest.Exec(t, address, `CREATE ROLE `+name))
	t.Cleanup(func() { _ = pgtest.Exec(t, address, `DROP OWNED BY `+name+`; DROP ROLE `+name) })
	return name
}

func TestRoleWithoutRightsIsFoundWithTheStatementThatGivesThem(t *testing.T) {
	t.Parallel()
	address := pgtest.NewURL(t)
	limited := role(t, address, "_limited")
	f := on(t, with(address, "role="+limited))
	f.want("database-rights", health.Problem, "belong to the role", `TO "`+limited+`";`)

	empty := pgtest.EmptyURL(t)
	limited = role(t, empty, "_limited")
	f = on(t, with(empty, "role="+limited))
	f.want("database-rights", health.Problem, "may not create",
		`ALTER DATABASE "`+parse(t, empty).Path[1:]+`" OWNER TO "`+limited+`";`)
	must(t, pgtest.Exec(t, empty, fmt.Sprintf(`ALTER DATABASE %s OWNER TO %s`, parse(t, empty).Path[1:], limited)))
	t.Cleanup(func() {
		_ = pgtest.Exec(t, empty, fmt.Sprintf(`ALTER DATABASE %s OWNER TO CURRENT_USER`, parse(t, empty).Path[1:]))
	})
	on(t, with(empty, "role="+limited)).want("database-rights", health.OK)
}

func TestReadOnlyDatabaseIsFound(t *testing.T) {
	t.Parallel()
	address := pgtest.NewURL(t)
	name := parse(t, address).Path[1:]
	must(t, pgtest.Exec(t, address, fmt.Sprintf(`ALTER DATABASE %s SET default_transaction_read_only = on`, name)))
	f := on(t, address)
	f.want("database-writes", health.Problem, "read-only", `ALTER DATABASE "`+name+`" RESET default_transaction_read_only;`)
	f.want("database", health.OK)
}

func TestEncodingOtherThanUTF8IsFound(t *testing.T) {
	t.Parallel()
	address := pgtest.EmptyURL(t)
	name := parse(t, address).Path[1:] + "_ascii"
	must(t, pgtest.Exec(t, address, fmt.Sprintf(
		`CREATE DATABASE %s ENCODING 'SQL_ASCII' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0`, name)))
	t.Cleanup(func() { must(t, pgtest.Exec(t, address, `DROP DATABASE `+name+` WITH (FORCE)`)) })
	u := parse(t, address)
	u.Path = "/" + name
	f := on(t, u.String())
	f.want("database-encoding", health.Warning, "SQL_ASCII", "ENCODING 'UTF8'")
	f.want("schema", health.Warning, "empty")
	f.want("email-waiting", health.NotChecked, "no tables")
}

func TestFewConnectionsAreFoundWithTheStatementThatAllowsMore(t *testing.T) {
	t.Parallel()
	address := pgtest.NewURL(t)
	name := parse(t, address).Path[1:]
	limited, role := pgtest.AsRole(t, address, 7)
	f := on(t, limited)
	f.want("database-connections", health.Warning, "allows 7", `ALTER ROLE "`+role+`" CONNECTION LIMIT 39`)
	f.want("database", health.OK)
	must(t, pgtest.Exec(t, address, fmt.Sprintf(`ALTER DATABASE %s CONNECTION LIMIT 5`, name)))
	on(t, limited).want("database-connections", health.Warning, "allows 5", `ALTER DATABASE "`+name+`" CONNECTION LIMIT 39`)
}

func TestSchemaOfAnotherVersionIsFound(t *testing.T) {
	t.Parallel()
	address := pgtest.NewURL(t)
	must(t, pgtest.Exec(t, address, `INSERT INTO goose_db_version (version_id, is_applied) VALUES (90000, true)`))
	on(t, address).want("schema", health.Warning, "90000", "newer")
	must(t, pgtest.Exec(t, address, `UPDATE schema_compatibility SET oldest = 90000`))
	on(t, address).want("schema", health.Problem, "90000", "newer program")
	must(t, pgtest.Exec(t, address, `DELETE FROM goose_db_version WHERE version_id > 40`))
	on(t, address).want("schema", health.Warning, "tiebreak migrate")
}

func TestClockThatJumpedIsFound(t *testing.T) {
	t.Parallel()
	address := pgtest.NewURL(t)
	must(t, pgtest.Exec(t, address, `UPDATE heartbeat SET at = now() - interval '40 days'`))
	f := on(t, address)
	f.want("clock-jump", health.Warning, "check the clock of the database's server")
	f.want("serve", health.Problem, "960 h ago")
}
