package pgtest

import (
	"context"
	"math/rand/v2"
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
