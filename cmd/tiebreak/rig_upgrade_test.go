//go:build rigs

package main

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"tiebreak/internal/pgtest"
	"tiebreak/migrations"
)

// oldestUpgraded is the oldest schema that the test upgrades from: the first with the queue.
const oldestUpgraded = 9

// TestUpgradeThatIsKilledIsCompletedByTheNextStart kills an upgrade of the private database at a random moment: once, or
// TIEBREAK_UPGRADE_ROUNDS times. Every second one is of a database that pg_dump wrote under the first version, the others of one
// with any schema since the first with a queue. The backup made before the upgrade can be restored.
func TestUpgradeThatIsKilledIsCompletedByTheNextStart(t *testing.T) {
	t.Parallel()
	rounds, random := pgtest.Rounds(t, "TIEBREAK_UPGRADE_ROUNDS", 1), pgtest.Random(t)
	for round := range rounds {
		folder := dataFolder(t)
		want := []string{"TB-0001", "TB-0002", "TB-0003", "TB-0004"}
		version := []string{"4da7af5", "7b5402b"}[round%2]
		onCluster(t, folder, func(address string) { restoreDump(t, address, version) })
		if version == "7b5402b" {
			mustRun(t, folder, "", "migrate")
			must(t, os.RemoveAll(filepath.Join(folder, "backup")))
			older := oldestUpgraded + random.IntN(int(migrations.Newest())-oldestUpgraded)
			t.Logf("round %d: from schema %d", round, older)
			onCluster(t, folder, func(address string) { pgtest.MigrateBack(t, address, older+1) })
		}
		upgrade := command(t, folder, "migrate")
		must(t, upgrade.Start())
		time.Sleep(time.Duration(random.IntN(1500)) * time.Millisecond) // the moment is what is random
		_ = upgrade.Process.Kill()
		_ = upgrade.Wait()

		wantDone(t, tiebreak(t, folder, "", "migrate"), "up to date")
		if got := references(t, folder); !slices.Equal(got, want) {
			t.Errorf("round %d: the leads are %v", round, got)
		}
		made, err := filepath.Glob(filepath.Join(folder, "backup", "*.backup"))
		must(t, err)
		if len(made) == 0 {
			t.Errorf("round %d: no backup was made", round)
		}
		for _, file := range made {
			restored := dataFolder(t)
			mustRun(t, restored, "", "restore", file)
			if got := references(t, restored); !slices.Equal(got, want) {
				t.Errorf("round %d: %s holds %v", round, file, got)
			}
		}
	}
}

// references returns the references of all leads, in order.
func references(t *testing.T, folder string) (list []string) {
	t.Helper()
	for _, l := range leadsIn(t, tiebreak(t, folder, "", "lead", "list", "--json")) {
		list = append(list, l.Reference)
	}
	slices.Sort(list)
	return list
}
