package pgtest

import (
	"math/rand/v2"
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

// Random returns a source of random choices for a test that can be repeated: the test logs its seed, and TIEBREAK_SEED sets one.
func Random(t testing.TB) *rand.Rand {
	t.Helper()
	seed := rand.Uint64()
	if set := os.Getenv("TIEBREAK_SEED"); set != "" {
		var err error
		if seed, err = strconv.ParseUint(set, 10, 64); err != nil {
			t.Fatalf("TIEBREAK_SEED: %v", err)
		}
	}
	t.Logf("TIEBREAK_SEED=%d makes the same random choices", seed)
	return rand.New(rand.NewPCG(seed, 0))
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
