package backup_test

import (
	"errors"
	"os"
	"os/exec"
	"syscall"
	"testing"

	"tiebreak/internal/pgtest"
)

// TestRestoreOnAFullDiskLeavesNoFile restores in a process of its own, whose files cannot grow.
func TestRestoreOnAFullDiskLeavesNoFile(t *testing.T) {
	t.Parallel()
	if path := os.Getenv("TIEBREAK_TEST_RESTORES"); path != "" {
		c := config(t, pgtest.Open(t, os.Getenv("DATABASE_URL")), "")
		if _, err := c.Restore(t.Context(), open(t, path, ""), nil); !errors.Is(err, syscall.EFBIG) {
			t.Errorf("got %v", err)
		}
		return
	}
	self, err := os.Executable()
	must(t, err)
	folder := t.TempDir()
	restore := exec.CommandContext(t.Context(), "sh", "-c", `ulimit -f 0 && exec "$0" "$1"`, self, "-test.run=^"+t.Name()+"$")
	restore.Env = append(os.Environ(), "TIEBREAK_TEST_RESTORES="+write(t, pgtest.New(t), ""),
		"DATABASE_URL="+pgtest.EmptyURL(t), "TMPDIR="+folder)
	if said, err := restore.CombinedOutput(); err != nil {
		t.Errorf("%v: %s", err, said)
	}
	if left, err := os.ReadDir(folder); err != nil || len(left) > 0 {
		t.Errorf("%v are left (%v)", left, err)
	}
}
