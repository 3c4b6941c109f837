package pgtest

import (
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"strings"
	"testing"

	"tiebreak/migrations"
)

// MigrateBack brings the database at url back to how it was before the migration.
func MigrateBack(t testing.TB, url string, migration int) {
	t.Helper()
	names, err := fs.Glob(migrations.FS, "*.sql")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range slices.Backward(names) {
		number, err := strconv.Atoi(name[:5])
		if err != nil || number < migration {
			continue
		}
		text, err := fs.ReadFile(migrations.FS, name)
		if err != nil {
			t.Fatal(err)
		}
		_, down, _ := strings.Cut(string(text), "-- +goose Down")
		if err := Exec(t, url, fmt.Sprintf("%s; DELETE FROM goose_db_version WHERE version_id = %d", down, number)); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
	}
}
