package pgtest

import (
	"os"
	"strconv"
	"testing"

	"tiebreak/internal/pgembed"
)

// Start runs a PostgreSQL of the test's own in the folder, so that the test can stop it.
func Start(t testing.TB, folder string) *pgembed.Cluster {
	t.Helper()
	cluster, err := openCluster(folder)
	must(t, err)
	t.Cleanup(func() {
		if err := cluster.Close(); err != nil {
			t.Error(err)
		}
	})
	return cluster
}

// Rounds returns how often a test repeats: few times in "make test", as often as the variable says in "make test-long".
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
