package main

import (
	"strings"
	"testing"

	"tiebreak/internal/pgtest"
)

// foreignServer starts a PostgreSQL, runs the SQL on it and returns the address of its database "other".
func foreignServer(t *testing.T, sql ...string) string {
	t.Helper()
	cluster := pgtest.Start(t, siteFolder(t))
	for _, one := range sql {
		must(t, pgtest.Exec(t, cluster.URLFor("postgres"), one))
	}
	return cluster.URLFor("other")
}

// as returns the address for a role.
func as(role, address string) string { return address + "&options=-c%20role%3D" + role }

// migrate is the command that each of these tests runs.
var migrate = []string{"migrate"}

func TestRoleThatOwnsNothingIsToldWhatToDo(t *testing.T) {
	t.Parallel()
	address := foreignServer(t, `CREATE ROLE limited`, `CREATE DATABASE other`)
	got := runOn(t, as("limited", address), migrate)
	if got.code != exitFailed || !strings.Contains(got.stderr, `ALTER DATABASE "other" OWNER TO `) {
		t.Errorf("exit code %d: %s", got.code, got.stderr)
	}
}

func TestRoleWithoutRightsToTheTablesIsToldWhatToDo(t *testing.T) {
	t.Parallel()
	address := foreignServer(t, `CREATE ROLE limited`, `CREATE ROLE studio`, `CREATE DATABASE other`,
		`GRANT ALL ON DATABASE other TO limited, studio`)
	must(t, pgtest.Exec(t, address, `GRANT ALL ON SCHEMA public TO limited, studio`))
	wantDone(t, runOn(t, as("studio", address), migrate))
	refused := runOn(t, as("limited", address), migrate)
	if refused.code != exitFailed || !strings.Contains(refused.stderr, `GRANT "studio" TO "limited"`) {
		t.Errorf("exit code %d: %s", refused.code, refused.stderr)
	}
}

func TestEncodingOtherThanUTF8IsWarnedOf(t *testing.T) {
	t.Parallel()
	got := runOn(t, foreignServer(t,
		`CREATE DATABASE other ENCODING 'SQL_ASCII' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0`), migrate)
	if got.code != exitDone || !strings.Contains(got.stderr, "encoding is not UTF8") {
		t.Errorf("exit code %d: %s", got.code, got.stderr)
	}
}

func TestVariablesForPostgreSQLClientsDoNotReachThePrivatePostgreSQL(t *testing.T) {
	t.Parallel()
	cmd := command(t, dataFolder(t), migrate...)
	cmd.Env = append(cmd.Env, "PGSERVICE=elsewhere", "PGSERVICEFILE=/nowhere", "PGHOST=elsewhere.invalid", "PGPORT=1",
		"PGDATABASE=other", "PGUSER=other", "PGOPTIONS=-c search_path=elsewhere", "PGTARGETSESSIONATTRS=standby",
		"PGREQUIREAUTH=scram-sha-256", "PGCHANNELBINDING=require", "PGMINPROTOCOLVERSION=3.2", "PGSSLMODE=verify-full",
		"PGSSLCERTMODE=require", "PGCONNECT_TIMEOUT=soon")
	wantDone(t, finish(t, cmd, ""))

	wantOneLine(t, runOn(t, "postgres://", migrate, "PGHOST=127.0.0.1", "PGPORT=1", "PGSSLMODE=disable"), "127.0.0.1:1")
}
