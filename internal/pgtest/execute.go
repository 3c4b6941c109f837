package pgtest

import (
	"context"
	"testing"

	"github.com/jackc/pgx/v5"
)

// Execute runs statements on the database at the address: for states that take years to come about.
func Execute(t testing.TB, address string, statements ...string) {
	t.Helper()
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, address)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(ctx) }()
	for _, sql := range statements {
		if _, err := conn.Exec(ctx, sql); err != nil {
			t.Fatal(err)
		}
	}
}
