package pgtest

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/jackc/pgx/v5"
)

// Digests are digests of all rows of each table in the database at url, but for the column.
func Digests(t testing.TB, url, column string) map[string]string {
	t.Helper()
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(ctx)
	rows, _ := conn.Query(ctx, `SELECT tablename::text FROM pg_tables WHERE schemaname = 'public'`)
	tables, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil || len(tables) == 0 {
		t.Fatalf("tables %v (%v)", tables, err)
	}
	digests := map[string]string{}
	for _, table := range tables {
		var digest string
		sql := fmt.Sprintf(`SELECT count(*) || ' ' || md5(coalesce(string_agg(line, '' ORDER BY line), ''))
			FROM (SELECT (to_jsonb(r) - $1::text)::text AS line FROM %s r) lines`, pgx.Identifier{table}.Sanitize())
		if err := conn.QueryRow(ctx, sql, column).Scan(&digest); err != nil {
			t.Fatal(err)
		}
		digests[table] = digest
	}
	return digests
}

// Changed are the tables whose digests differ, in the order of their names.
func Changed(before, after map[string]string) (tables []string) {
	for _, table := range slices.Sorted(maps.Keys(after)) {
		if before[table] != after[table] {
			tables = append(tables, table)
		}
	}
	return tables
}
