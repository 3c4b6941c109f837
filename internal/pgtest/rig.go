package pgtest

import (
	"context"
	"os"
	"strconv"
	"testing"

	"tiebreak/internal/pgembed"
)

// Start runs a PostgreSQL of the test's own in the folder, so that it can be taken away.
func Start(t testing.TB, folder string) *pgembed.Cluster {
	t.Helper()
	cluster, err := pgembed.Open(context.Background(), pgembed.Options{
		Folder: folder, Explicit: true, Bin: os.Getenv("PG_BIN"), Command: "test", Fast: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := cluster.Close(); err != nil {
			t.Error(err)
		}
	})
	return cluster
}

// Rounds is how often a rig runs: few times in "make test", as often as the variable says in "make test-long".
func Rounds(t testing.TB, variable string, few int) int {
	t.Helper()
	set := os.Getenv(variable)
	if set == "" {
		return few
	}
	many, err := strconv.Atoi(set)
	if err != nil {
		t.Fatalf("%s: %v", variable, err)
	}
	return many
}
