package main

import (
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"tiebreak/internal/pgembed"
	"tiebreak/internal/pgtest"
)

// TestWipedSiteIsRestoredFromABackupMadeUnderLoad makes a backup while leads come in, erases a lead that is in it, loses the data
// folder and restores it.
func TestWipedSiteIsRestoredFromABackupMadeUnderLoad(t *testing.T) {
	t.Parallel()
	folder, backups := siteFolder(t), dataFolder(t)
	settings := []string{"TIEBREAK_BACKUP_DIR=" + backups, "TIEBREAK_TRUSTED_PROXIES=127.0.0.0/8"}
	site := serveOn(t, folder, settings...)
	const words = "a project to be forgotten"
	_, err := tryPost(site.base, url.Values{"email": {"forgotten@example.org"}, "project": {words}})
	must(t, err)
	var oracle oracle
	stop := oracle.load(site.base, 0)
	eventually(t, "leads come in", func() bool { return oracle.inRound.Load() > 20 })
	oracle.mu.Lock()
	acknowledged := slices.Clone(oracle.emails)
	oracle.mu.Unlock()
	file := filepath.Join(backups, "mine.backup")
	mustRun(t, folder, "", "backup", file)
	stop()

	mustRun(t, folder, "", "lead", "erase", "TB-0001")
	eventually(t, "the ledger tells of the erasure", func() bool {
		text, _ := os.ReadFile(filepath.Join(backups, "erasures.log"))
		return strings.Contains(string(text), " TB-0001\n")
	})
	site.kill()
	must(t, os.RemoveAll(folder))
	wantDone(t, tiebreak(t, folder, "", "restore", file, "--drill"), "every table is as it was")
	wantDone(t, tiebreak(t, folder, "", "restore", file), "Every table is as it was in the backup",
		"Leads erased again, as the ledger says: 1.")

	times := map[string]int{}
	for _, l := range leadsIn(t, tiebreak(t, folder, "", "lead", "list", "--json")) {
		times[l.Email]++
	}
	for _, email := range acknowledged {
		if times[email] != 1 {
			t.Errorf("%s is there %d times", email, times[email])
		}
	}
	if times["forgotten@example.org"] != 0 {
		t.Error("the erased lead is back")
	}
	onCluster(t, folder, func(address string) {
		if found := pgtest.TablesWith(t, address, words); len(found) > 0 {
			t.Errorf("the erased words are in %v", found)
		}
	})
}

// onCluster runs the private PostgreSQL of the folder while do works with its database.
func onCluster(t *testing.T, folder string, do func(address string)) {
	t.Helper()
	cluster, err := pgembed.Open(t.Context(), pgembed.Options{
		Folder: folder, Explicit: true, Command: "test", Bin: os.Getenv("PG_BIN"),
	})
	must(t, err)
	defer cluster.Close()
	do(cluster.URL())
}

func TestBackupIsMadeBeforeThePrivateDatabaseIsMigrated(t *testing.T) {
	t.Parallel()
	folder := dataFolder(t)
	mustRun(t, folder, "", "demo", "--guides", "1", "--options", "2", "--leads", "20")
	want := mustRun(t, folder, "", "lead", "list", "--json")
	if made, err := os.ReadDir(filepath.Join(folder, "backup")); err == nil && len(made) > 0 {
		t.Errorf("a new database was backed up: %v", made)
	}
	onCluster(t, folder, func(address string) { pgtest.MigrateBack(t, address, 37) })

	got := tiebreak(t, folder, "", "migrate")
	wantDone(t, got, "up to date")
	file := filepath.Join(folder, "backup", regexp.MustCompile(`tiebreak-[-0-9]+-schema-36\.backup`).FindString(got.stderr))
	again := tiebreak(t, folder, "", "migrate")
	if wantDone(t, again); strings.Contains(again.stderr, "schema-") {
		t.Errorf("a backup was made without a reason: %s", again.stderr)
	}
	restored := dataFolder(t)
	wantDone(t, tiebreak(t, restored, "", "restore", file), "schema 36")
	if got := mustRun(t, restored, "", "lead", "list", "--json"); got != want {
		t.Errorf("the restored leads are %s", got)
	}
}

// TestMigrationThatCannotBeBackedUpIsLeftAlone has no folder for backups.
func TestMigrationThatCannotBeBackedUpIsLeftAlone(t *testing.T) {
	t.Parallel()
	folder := siteFolder(t)
	onCluster(t, folder, func(address string) { pgtest.MigrateBack(t, address, 37) })
	writeFile(t, filepath.Join(folder, "backup"), "a file where the folder should be")
	wantOneLine(t, tiebreak(t, folder, "", "migrate"), "TIEBREAK_BACKUP_DIR")
	onCluster(t, folder, func(address string) {
		pgtest.Await(t, address, 0, `max(version_id) = 36 FROM goose_db_version`)
	})
}

func TestRestoreThatIsRefusedSaysWhatToDo(t *testing.T) {
	t.Parallel()
	folder, backups := siteFolder(t), t.TempDir()
	file := filepath.Join(backups, "mine.backup")
	mustRun(t, folder, "", "backup", file)
	wantOneLine(t, tiebreak(t, folder, "", "backup", file), "choose another name")
	wantOneLine(t, tiebreak(t, folder, "", "backup", "-"), "name one")
	wantOneLine(t, tiebreak(t, folder, "", "backup", filepath.Join(backups, "missing", "a")),
		backups+"/missing: no such file or directory: name a file in another folder")
	inFolder := command(t, folder, "backup", "missing/a")
	inFolder.Dir = backups
	wantOneLine(t, finish(t, inFolder, ""), backups+"/missing: no such file or directory")
	refused := tiebreak(t, folder, "", "restore", file)
	wantOneLine(t, refused, "set TIEBREAK_DATA to a new folder")
	if want := "No erasures.log was found in " + backups + " or " + filepath.Join(folder, "backup") + "."; !strings.Contains(
		refused.stdout, want) {
		t.Errorf("before anything was changed it said %q, not %q", refused.stdout, want)
	}
	wantOneLine(t, tiebreak(t, folder, "", "restore", filepath.Join(backups, "other")), "no such file")
	writeFile(t, filepath.Join(backups, "erasures.log"), "not a ledger\n")
	empty := dataFolder(t)
	wantOneLine(t, tiebreak(t, empty, "", "restore", file), "erasures.log: line 1")
	if _, err := os.Stat(filepath.Join(empty, "pg")); err == nil {
		t.Error("a database was made")
	}
}

// TestDatabaseThatARestoreWasMakingIsNotFilledByOthers has the restore die before there is a database that could say so.
func TestDatabaseThatARestoreWasMakingIsNotFilledByOthers(t *testing.T) {
	t.Parallel()
	folder, restored := siteFolder(t), dataFolder(t)
	file := filepath.Join(t.TempDir(), "mine.backup")
	mustRun(t, folder, "", "backup", file)
	must(t, markRestore(restored))
	wantOneLine(t, tiebreak(t, restored, "", "serve"), "run tiebreak restore again")
	mustRun(t, restored, "", "restore", file)
	wantDone(t, tiebreak(t, restored, "", "lead", "list"))
}

func TestErasureFromTheCommandLineIsInTheLedgerAtOnce(t *testing.T) {
	t.Parallel()
	folder := siteFolder(t)
	mustRun(t, folder, "", "demo", "--guides", "1", "--options", "2", "--leads", "3")
	mustRun(t, folder, "", "lead", "erase", "TB-0002")
	if ledger := readFile(t, filepath.Join(folder, "backup", "erasures.log")); !strings.Contains(ledger, " TB-0002\n") {
		t.Errorf("the ledger is %q", ledger)
	}
}

func TestFolderForBackupsThatIsNotThereIsNotMade(t *testing.T) {
	t.Parallel()
	cmd := command(t, dataFolder(t), "serve")
	cmd.Env = append(cmd.Env, "TIEBREAK_BACKUP_DIR=/nowhere/backups")
	wantUsage(t, finish(t, cmd, ""), "mount its disk")
}

// TestSiteMovesToADatabaseURLAndBack moves a site as the manual says, to a role that owns nothing but its database.
func TestSiteMovesToADatabaseURLAndBack(t *testing.T) {
	t.Parallel()
	folder, backups := siteFolder(t), t.TempDir()
	mustRun(t, folder, "", "demo", "--guides", "2", "--options", "4", "--leads", "50")
	want := mustRun(t, folder, "", "lead", "list", "--json")
	first, second := filepath.Join(backups, "first.backup"), filepath.Join(backups, "second.backup")
	mustRun(t, folder, "", "backup", first)

	server := foreignServer(t, `CREATE ROLE plain`, `CREATE DATABASE other OWNER plain ENCODING 'UTF8' TEMPLATE template0`)
	must(t, pgtest.Exec(t, server, `CREATE EXTENSION pg_trgm`)) // as an administrator, whose it then is
	address := as("plain", server)
	wantDone(t, runOn(t, address, []string{"restore", first}), "Every table is as it was")
	if got := runOn(t, address, []string{"lead", "list", "--json"}); got.stdout != want {
		t.Errorf("on the server the leads are %+v", got)
	}
	wantDone(t, runOn(t, address, []string{"backup", second}), "50 leads")
	back := dataFolder(t)
	mustRun(t, back, "", "restore", second)
	if got := mustRun(t, back, "", "lead", "list", "--json"); got != want {
		t.Errorf("back again the leads are %s", got)
	}
}
