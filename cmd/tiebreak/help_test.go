package main

import (
	"strings"
	"testing"
)

func TestCommandHelpShowsItsOwnFlagsFirst(t *testing.T) {
	t.Parallel()
	help := tiebreak(t, t.TempDir(), "", "guide", "import", "--help").stdout
	own, shared := strings.Index(help, "--publish"), strings.Index(help, "--database-url")
	if own < 0 || shared < 0 || own > shared {
		t.Errorf("--publish stands at %d, --database-url at %d of:\n%s", own, shared, help)
	}
	if whole := tiebreak(t, t.TempDir(), "", "--help").stdout; strings.Index(whole, "guide import") > strings.Index(whole, "--database-url") {
		t.Error("the settings stand before the commands")
	}
}
