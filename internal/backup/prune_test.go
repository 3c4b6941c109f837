package backup

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

func TestSevenDaysFourWeeksAndSixMonthsAreKept(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	today := time.Date(2026, 11, 29, 0, 0, 0, 0, time.UTC) // a Sunday
	write := func(name string) {
		if err := os.WriteFile(filepath.Join(folder, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{
		LedgerName, "my own.backup", "tiebreak-copy.backup", "tiebreak-2025-01-01-of-mine.backup",
		"tiebreak-2026-06-01-schema-34.backup", "tiebreak-2026-04-01-schema-33.backup.age",
		"tiebreak-2026-11-28.backup.part", "tiebreak-2026-11-20.backup.part",
	} {
		write(name)
	}
	// A year of nights, pruned each day.
	for night := today.AddDate(-1, 0, 0); !night.After(today); night = night.AddDate(0, 0, 1) {
		write(nightlyName(night, Key{}))
		if err := prune(folder, night); err != nil {
			t.Fatal(err)
		}
	}
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, entry := range entries {
		got = append(got, entry.Name())
	}
	want := []string{
		LedgerName, "my own.backup",
		"tiebreak-2025-01-01-of-mine.backup",
		"tiebreak-2026-06-01-schema-34.backup",
		"tiebreak-2026-06-30.backup", "tiebreak-2026-07-31.backup", "tiebreak-2026-08-31.backup", "tiebreak-2026-09-30.backup",
		"tiebreak-2026-10-31.backup",
		"tiebreak-2026-11-08.backup", "tiebreak-2026-11-15.backup", "tiebreak-2026-11-22.backup",
		"tiebreak-2026-11-23.backup", "tiebreak-2026-11-24.backup", "tiebreak-2026-11-25.backup", "tiebreak-2026-11-26.backup",
		"tiebreak-2026-11-27.backup", "tiebreak-2026-11-28.backup", "tiebreak-2026-11-28.backup.part",
		"tiebreak-2026-11-29.backup",
		"tiebreak-copy.backup",
	}
	if !slices.Equal(got, want) {
		t.Errorf("kept are\n%q, want\n%q", got, want)
	}
}

func TestOldBackupsGoThoughNoNewOnesCome(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	for _, name := range []string{"tiebreak-2026-01-05.backup", "tiebreak-2026-02-05.backup.age"} {
		if err := os.WriteFile(filepath.Join(folder, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := prune(folder, time.Date(2026, 2, 5, 0, 0, 0, 0, time.UTC).Add(Longest)); err != nil {
		t.Fatal(err)
	}
	left, err := os.ReadDir(folder)
	if err != nil || len(left) != 1 || left[0].Name() != "tiebreak-2026-02-05.backup.age" {
		t.Errorf("left are %v (%v)", left, err)
	}
}

func TestBackupLeavesSpaceOnTheDisk(t *testing.T) {
	t.Parallel()
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Skip("this system has no /dev/full")
	}
	defer full.Close()
	k := spaceKeeper{file: full, unchecked: checkEvery}
	if _, err := k.Write([]byte("text")); err != ErrNoSpace {
		t.Errorf("got %v", err)
	}
}
