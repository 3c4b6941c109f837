package postgres_test

import (
	"errors"
	"fmt"
	"testing"

	"tiebreak/internal/pgtest"
	"tiebreak/internal/staff"
)

func TestPendingSignInSurvivesTheMigrationAndOpensNothingOnEitherSide(t *testing.T) {
	t.Parallel()
	url := pgtest.NewURL(t)
	db := pgtest.Open(t, url)
	member, whole, pending := addMember(t, db, staff.Reader), staff.Digest("whole"), staff.Digest("pending")
	signIn(t, db, member, whole)
	exec(t, url, fmt.Sprintf(
		`INSERT INTO authenticators (member_id, seed, confirmed_at) VALUES (%d, 'sample', clock())`, member))
	signIn(t, db, member, pending)

	pgtest.MigrateBack(t, url, 31)
	pgtest.Await(t, url, 0, `count(*) = 1 FROM sessions`)
	pgtest.Await(t, url, 0, `count(*) = 1 FROM half_sessions`)

	pgtest.Migrate(t, db)
	_, err := pgtest.After(t, url, "9 minutes").MemberBySession(t.Context(), pending)
	if !errors.Is(err, staff.ErrPendingSignIn) {
		t.Errorf("the pending session: %v", err)
	}
	if _, err := db.MemberBySession(t.Context(), whole); err != nil {
		t.Errorf("the whole session: %v", err)
	}
}
