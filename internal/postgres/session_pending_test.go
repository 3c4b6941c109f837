package postgres_test

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"testing"

	"tiebreak/internal/pgtest"
	"tiebreak/internal/staff"
	"tiebreak/migrations"
)

// undoMigrations takes the database back to before the migration with the number.
func undoMigrations(t *testing.T, url string, number int) {
	t.Helper()
	files, err := fs.Glob(migrations.FS, "*.sql")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range slices.Backward(files) {
		if name < fmt.Sprintf("%05d", number) {
			break
		}
		file, err := migrations.FS.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		_, down, _ := strings.Cut(string(file), "-- +goose Down")
		exec(t, url, down)
	}
	exec(t, url, fmt.Sprintf(`DELETE FROM goose_db_version WHERE version_id >= %d`, number))
}

func TestPendingSignInSurvivesTheMigrationAndOpensNothingOnEitherSide(t *testing.T) {
	t.Parallel()
	url := pgtest.NewURL(t)
	db := pgtest.Open(t, url)
	member, whole, pending := addMember(t, db, staff.Reader), staff.Digest("whole"), staff.Digest("pending")
	signIn(t, db, member, whole)
	exec(t, url, fmt.Sprintf(
		`INSERT INTO authenticators (member_id, seed, confirmed_at) VALUES (%d, 'sample', clock())`, member))
	signIn(t, db, member, pending)

	undoMigrations(t, url, 31)
	pgtest.Await(t, url, 0, `count(*) = 1 FROM sessions`)
	pgtest.Await(t, url, 0, `count(*) = 1 FROM half_sessions`)

	if err := db.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	_, err := pgtest.After(t, url, "9 minutes").MemberBySession(t.Context(), pending)
	if !errors.Is(err, staff.ErrPendingSignIn) {
		t.Errorf("the pending session: %v", err)
	}
	if _, err := db.MemberBySession(t.Context(), whole); err != nil {
		t.Errorf("the whole session: %v", err)
	}
}
