package backup_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tiebreak/internal/backup"
	"tiebreak/internal/pgtest"
)

// TestDamagedBackupIsRefused damages backups at random, plain ones and encrypted ones: a byte, a cut, something added. What
// is refused when the file is opened is never restored in part.
func TestDamagedBackupIsRefused(t *testing.T) {
	t.Parallel()
	random := pgtest.Random(t)
	db := pgtest.New(t)
	receive(t, db, 3)
	key := identity(t).String()
	whole := map[string][]byte{}
	for _, key := range []string{"", key} {
		text, err := os.ReadFile(write(t, db, key))
		must(t, err)
		whole[key] = text
	}
	for range 25 {
		for key, text := range whole {
			damaged := append([]byte(nil), text...)
			at := random.IntN(len(damaged))
			what := "a byte"
			switch random.IntN(4) {
			case 0:
				damaged[at] ^= 1 << random.IntN(8)
			case 1:
				damaged[random.IntN(min(2000, len(damaged)))] ^= 1 << random.IntN(8)
			case 2:
				damaged, what = damaged[:at], "a cut"
			case 3:
				damaged, what = append(damaged, text[at:]...), "something added"
			}
			wantRefused(t, damaged, key, what, at)
		}
	}
}

// wantRefused checks that the file is refused with words that say what to do.
func wantRefused(t *testing.T, text []byte, key, what string, at int) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "damaged.backup")
	must(t, os.WriteFile(path, text, 0o600))
	_, err := backup.Open(path, config(t, nil, key).Key)
	if err == nil {
		t.Errorf("%s at %d of %d (encrypted: %v) was not noticed", what, at, len(text), key != "")
		return
	}
	message := err.Error()
	if !strings.HasPrefix(message, path) || !strings.Contains(message, "damaged") && !strings.Contains(message, "another key") &&
		!strings.Contains(message, "format") {
		t.Errorf("%s at %d: %v", what, at, err)
	}
}

func TestBackupThatCannotBeReadSaysWhy(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	mine := identity(t)
	plain, encrypted := write(t, db, ""), write(t, db, mine.String())
	other := filepath.Join(t.TempDir(), "other")
	text, err := os.ReadFile(plain)
	must(t, err)
	must(t, os.WriteFile(other, []byte(strings.Replace(string(text), "Tiebreak backup 1", "Tiebreak backup 2", 1)), 0o600))
	empty := filepath.Join(t.TempDir(), "empty")
	must(t, os.WriteFile(empty, nil, 0o600))
	for _, c := range []struct{ path, key, want string }{
		{encrypted, "", "set TIEBREAK_BACKUP_KEY to the identity"},
		{encrypted, mine.Recipient().String(), "can only write"},
		{encrypted, identity(t).String(), "encrypted with another key"},
		{other, "", `has format "2"`},
		{empty, "", "not a Tiebreak backup"},
		{"backup_test.go", "", "not a Tiebreak backup"},
		{filepath.Join(t.TempDir(), "missing"), "", "no such file"},
		{t.TempDir(), "", "is a directory"},
	} {
		if _, err := backup.Open(c.path, config(t, nil, c.key).Key); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("want %q: %v", c.want, err)
		}
	}
}

func TestKeyThatIsNoneIsRefusedWithoutRepeatingIt(t *testing.T) {
	t.Parallel()
	for _, key := range []string{"secret", "AGE-SECRET-KEY-1secret", "age1secret", "AGE-SECRET-KEY-PQ-1secret"} {
		if _, err := backup.ParseKey(key); err == nil || strings.Contains(err.Error(), "secret") {
			t.Errorf("%q: %v", key, err)
		}
	}
}
