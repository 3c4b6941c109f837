package pgtest

import (
	"fmt"
	"io/fs"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"testing"

	"tiebreak/internal/postgres"
	"tiebreak/migrations"
)

// Migrate brings the database of the store to the program's schema.
func Migrate(t testing.TB, db *postgres.DB) {
	t.Helper()
	must(t, db.Migrate(t.Context(), slog.New(slog.DiscardHandler)))
}

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

// Upgrade has the database at url look as after the migrations of a newer program: it has the schema now, and programs that know
// fewer migrations than oldest cannot work with it.
func Upgrade(t testing.TB, url string, schema, oldest int64) {
	t.Helper()
	must(t, Exec(t, url, fmt.Sprintf(`
		INSERT INTO goose_db_version (version_id, is_applied) VALUES (%d, true);
		UPDATE schema_compatibility SET oldest = %d`, schema, oldest)))
}
