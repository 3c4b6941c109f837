package main

import (
	"net/url"
	"strings"
	"testing"

	"tiebreak/internal/pgtest"
)

// serverFor is a PostgreSQL on which the SQL was run, and the address of its database "other" for the role.
func serverFor(t *testing.T, role string, sql ...string) string {
	t.Helper()
	cluster := pgtest.Start(t, dataFolder(t))
	for _, one := range sql {
		if err := pgtest.Exec(t, cluster.URLFor("postgres"), one); err != nil {
			t.Fatal(err)
		}
	}
	u, err := url.Parse(cluster.URLFor("other"))
	if err != nil {
		t.Fatal(err)
	}
	if role != "" {
		q := u.Query()
		q.Set("options", "-c role="+role)
		u.RawQuery = strings.ReplaceAll(q.Encode(), "+", "%20")
	}
	return u.String()
}

func TestRoleThatOwnsNothingIsToldWhatToDo(t *testing.T) {
	t.Parallel()
	address := serverFor(t, "limited", `CREATE ROLE limited`, `CREATE DATABASE other`)
	cmd := command(t, dataFolder(t), "migrate")
	cmd.Env = append(cmd.Env, "DATABASE_URL="+address)
	got := finish(t, cmd, "")
	if got.code != exitFailed || !strings.Contains(got.stderr, `ALTER DATABASE "other" OWNER TO `) {
		t.Errorf("exit code %d: %s", got.code, got.stderr)
	}
}

func TestRoleWithoutRightsToTheTablesIsToldWhatToDo(t *testing.T) {
	t.Parallel()
	address := serverFor(t, "limited", `CREATE ROLE limited`, `CREATE ROLE studio`, `CREATE DATABASE other`,
		`GRANT ALL ON DATABASE other TO limited, studio`)
	owned := strings.Replace(address, "limited", "studio", 1)
	if err := pgtest.Exec(t, strings.Replace(address, "-c%20role%3Dlimited", "", 1),
		`GRANT ALL ON SCHEMA public TO limited, studio`); err != nil {
		t.Fatal(err)
	}
	for _, one := range []struct {
		address string
		code    int
		said    string
	}{{owned, exitDone, ""}, {address, exitFailed, `GRANT "studio" TO "limited"`}} {
		cmd := command(t, dataFolder(t), "migrate")
		cmd.Env = append(cmd.Env, "DATABASE_URL="+one.address)
		if got := finish(t, cmd, ""); got.code != one.code || !strings.Contains(got.stderr, one.said) {
			t.Errorf("exit code %d: %s", got.code, got.stderr)
		}
	}
}

func TestForeignEncodingIsWarnedOf(t *testing.T) {
	t.Parallel()
	address := serverFor(t, "", `CREATE DATABASE other ENCODING 'SQL_ASCII' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0`)
	cmd := command(t, dataFolder(t), "migrate")
	cmd.Env = append(cmd.Env, "DATABASE_URL="+address)
	if got := finish(t, cmd, ""); got.code != exitDone || !strings.Contains(got.stderr, "encoding is not UTF8") {
		t.Errorf("exit code %d: %s", got.code, got.stderr)
	}
}

func TestPrivatePostgreSQLIsReachedWhateverTheShellSetsForClients(t *testing.T) {
	t.Parallel()
	folder := dataFolder(t)
	cmd := command(t, folder, "migrate")
	cmd.Env = append(cmd.Env, "PGSERVICE=elsewhere", "PGSERVICEFILE=/nowhere", "PGHOST=elsewhere.invalid", "PGPORT=1",
		"PGDATABASE=other", "PGUSER=other",
		"PGOPTIONS=-c search_path=elsewhere", "PGTARGETSESSIONATTRS=standby", "PGREQUIREAUTH=scram-sha-256",
		"PGCHANNELBINDING=require",
		"PGMINPROTOCOLVERSION=3.2", "PGSSLMODE=verify-full", "PGSSLCERTMODE=require", "PGCONNECT_TIMEOUT=soon")
	if got := finish(t, cmd, ""); got.code != exitDone {
		t.Errorf("exit code %d: %s", got.code, got.stderr)
	}

	other := command(t, folder, "migrate")
	other.Env = append(other.Env, "DATABASE_URL=postgres://", "PGHOST=127.0.0.1", "PGPORT=1", "PGSSLMODE=disable")
	wantOneLine(t, finish(t, other, ""), "127.0.0.1:1")
}
