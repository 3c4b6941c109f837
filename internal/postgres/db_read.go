package postgres

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
)

// Options of transactions that see one snapshot from beginning to end.
var (
	snapshot  = pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}
	recording = pgx.TxOptions{IsoLevel: pgx.RepeatableRead}
)

// read sends the queued queries in one round trip and reads all of them from one snapshot.
func (db *DB) read(ctx context.Context, queue func(b *pgx.Batch)) error {
	return db.send(ctx, snapshot, queue)
}

// readTx runs reads, of which each may need what the one before returned, in one transaction that sees one snapshot. It maps
// errors as inTx does.
func (db *DB) readTx(ctx context.Context, work func(tx pgx.Tx) error) error {
	return mapError(pgx.BeginTxFunc(ctx, db.pool, snapshot, work))
}

// send sends a whole transaction in one round trip.
func (db *DB) send(ctx context.Context, options pgx.TxOptions, queue func(b *pgx.Batch)) error {
	var b pgx.Batch
	b.BeginTx(options)
	queue(&b)
	b.Queue(`COMMIT`)
	results := db.pool.SendBatch(ctx, &b)
	err := results.Close()
	_ = results.Tx().Rollback(ctx) // what failed; otherwise there is nothing left to end
	return mapError(err)
}

// queueRows queues a query and has take receive its rows. what names them in an error.
func queueRows[T any](
	b *pgx.Batch, what string, scan pgx.RowToFunc[T], take func(rows []T) error, sql string, args pgx.StrictNamedArgs,
) {
	b.Queue(sql, args).Fn = func(results pgx.BatchResults) error {
		rows, _ := results.Query()
		found, err := pgx.CollectRows(rows, scan)
		if err == nil {
			err = take(found)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", what, err)
		}
		return nil
	}
}

// readRows queues a query whose rows become the list, by the names of their columns.
func readRows[T any](b *pgx.Batch, list *[]T, what, sql string, args pgx.StrictNamedArgs) {
	queueRows(b, what, pgx.RowToStructByName[T], func(rows []T) error { *list = rows; return nil }, sql, args)
}

// readList queues a query whose rows have one column and become the list.
func readList[T any](b *pgx.Batch, list *[]T, what, sql string, args pgx.StrictNamedArgs) {
	queueRows(b, what, pgx.RowTo[T], func(rows []T) error { *list = rows; return nil }, sql, args)
}

// readRow queues a query whose first row becomes the value, by the names of its columns. If there is no row, the
// read returns pgx.ErrNoRows.
func readRow[T any](b *pgx.Batch, value *T, what, sql string, args pgx.StrictNamedArgs) {
	queueRows(b, what, pgx.RowToStructByName[T], first(value, pgx.ErrNoRows), sql, args)
}

// readMaybe is readRow, but leaves the value as it is where there is no row.
func readMaybe[T any](b *pgx.Batch, value *T, what, sql string, args pgx.StrictNamedArgs) {
	queueRows(b, what, pgx.RowToStructByName[T], first(value, nil), sql, args)
}

// readValue queues a query whose first row has one column, which becomes the value. If there is no row, the read
// returns pgx.ErrNoRows.
func readValue[T any](b *pgx.Batch, value *T, what, sql string, args pgx.StrictNamedArgs) {
	queueRows(b, what, pgx.RowTo[T], first(value, pgx.ErrNoRows), sql, args)
}

// eachRow calls do with each of the rows, read by the names of its columns, as they come. Its memory does not grow with their
// number. what names the rows in an error of the database.
func eachRow[T any](rows pgx.Rows, what string, do func(T) error) error {
	defer rows.Close()
	for rows.Next() {
		row, err := pgx.RowToStructByName[T](rows)
		if err != nil {
			return fmt.Errorf("%s: %w", what, mapError(err))
		}
		if err := do(row); err != nil {
			return err
		}
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("%s: %w", what, mapError(err))
	}
	return nil
}

// first puts the first of the rows into the value; without one it returns the error.
func first[T any](value *T, none error) func(rows []T) error {
	return func(rows []T) error {
		if len(rows) == 0 {
			return none
		}
		*value = rows[0]
		return nil
	}
}

// sqlList returns words of ours as SQL lists them: ('new', 'contacted').
func sqlList[T ~string](words []T) string {
	list := ""
	for _, word := range words {
		list += ", '" + string(word) + "'"
	}
	return "(" + strings.TrimPrefix(list, ", ") + ")"
}
