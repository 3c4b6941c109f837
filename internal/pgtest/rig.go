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

// Rounds returns how often a test repeats: few times in "make test", as often as the variable says in "make test-long".
func Rounds(t testing.TB, variable string, few int) int {
	t.Helper()
	return number(t, variable, few)
}

// Random returns a source of random choices for a test that can be repeated: the test logs its seed, and TIEBREAK_SEED sets one.
func Random(t testing.TB) *rand.Rand {
	t.Helper()
	seed := number(t, "TIEBREAK_SEED", rand.Int())
	t.Logf("TIEBREAK_SEED=%d makes the same random choices", seed)
	return rand.New(rand.NewPCG(uint64(seed), 0))
}

// number returns what the variable says, or the other number if it is not set.
func number(t testing.TB, variable string, other int) int {
	t.Helper()
	set := os.Getenv(variable)
	if set == "" {
		return other
	}
	n, err := strconv.Atoi(set)
	if err != nil {
		t.Fatalf("%s: %v", variable, err)
	}
	return n
}
