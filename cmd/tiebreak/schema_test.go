package main

import (
	"fmt"
	"strings"
	"testing"

	"tiebreak/internal/pgtest"
	"tiebreak/migrations"
)

func TestProgramOlderThanTheSchema(t *testing.T) {
	t.Parallel()
	cluster := pgtest.Start(t, siteFolder(t))
	newest := migrations.Newest()
	pgtest.Upgrade(t, cluster.URL(), newest+1, newest)

	got := runOn(t, cluster.URL(), []string{"guide", "list"})
	if got.code != exitDone || !strings.Contains(got.stderr, fmt.Sprintf("database=%d program=%d", newest+1, newest)) {
		t.Errorf("a schema that allows it: %+v", got)
	}

	pgtest.Upgrade(t, cluster.URL(), newest+2, newest+2)
	refusal := fmt.Sprintf("the database has schema %d. This program knows schemas up to %d. Start the newer program", newest+2,
		newest)
	for _, command := range []string{"serve", "migrate", "guide list", "lead list", "lead erase TB-0001", "staff list"} {
		wantOneLine(t, runOn(t, cluster.URL(), strings.Fields(command)), refusal)
	}
	wantDone(t, runOn(t, cluster.URL(), []string{"migrate", "status"}), "00001_clock_and_settings.sql",
		fmt.Sprintf("%05d (of a newer program)", newest+2))
}

func TestMigrateStatusAppliesNothing(t *testing.T) {
	t.Parallel()
	cluster := pgtest.Start(t, siteFolder(t))
	pgtest.MigrateBack(t, cluster.URL(), 35)

	for range 2 {
		wantDone(t, runOn(t, cluster.URL(), []string{"migrate", "status"}), "pending           00035_schema_compatibility.sql")
	}
}
