package pgtest

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/jackc/pgx/v5"
)

// Digests returns a digest of all rows of each table in the database at url, without the column.
func Digests(t testing.TB, url, column string) map[string]string {
	t.Helper()
	ctx := context.Background()
	conn := connect(t, url)
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
		must(t, conn.QueryRow(ctx, sql, column).Scan(&digest))
		digests[table] = digest
	}
	return digests
}

// Changed returns the tables whose digests differ, in the order of their names.
func Changed(before, after map[string]string) (tables []string) {
	for _, table := range slices.Sorted(maps.Keys(after)) {
		if before[table] != after[table] {
			tables = append(tables, table)
		}
	}
	return tables
}
