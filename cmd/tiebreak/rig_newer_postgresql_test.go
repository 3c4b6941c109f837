//go:build rigs

package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestSiteMovesToANewerPostgreSQL follows what the program says when it meets data of an older major version.
// TIEBREAK_NEWER_PG_BIN is the folder of the newer programs.
func TestSiteMovesToANewerPostgreSQL(t *testing.T) {
	newer := os.Getenv("TIEBREAK_NEWER_PG_BIN")
	old, backups := dataFolder(t), t.TempDir()
	want := withLeads(t, old, 500)
	refused := command(t, old, "lead", "list")
	refused.Env = append(refused.Env, "PG_BIN="+newer)
	got := finish(t, refused, "")
	wantOneLine(t, got, "tiebreak backup")
	if !strings.Contains(got.stderr, "tiebreak restore") {
		t.Errorf("the second command is missing: %s", got.stderr)
	}

	file := filepath.Join(backups, "move.backup")
	mustRun(t, old, "", "backup", file)
	moved := dataFolder(t)
	onNewer := func(args ...string) result {
		cmd := command(t, moved, args...)
		cmd.Env = append(cmd.Env, "PG_BIN="+newer)
		return finish(t, cmd, "")
	}
	wantDone(t, onNewer("restore", file), "Every table is as it was")
	if got := onNewer("lead", "list", "--json"); got.stdout != want {
		t.Errorf("the leads are %.1000s%s", got.stdout, got.stderr)
	}
	wantDone(t, onNewer("backup", filepath.Join(backups, "newer.backup")), "500 leads")
	wantDone(t, onNewer("restore", filepath.Join(backups, "newer.backup"), "--drill"), "can be restored")
	if got := mustRun(t, old, "", "lead", "list", "--json"); got != want {
		t.Errorf("the old folder was touched: %.1000s", got)
	}
}
