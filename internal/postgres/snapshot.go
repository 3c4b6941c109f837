package postgres

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// Snapshot is one moment of the whole database, held by a transaction of its own until Close. Other programs can read the same
// moment by its name.
type Snapshot struct {
	Server
	Name   string // as pg_dump takes it
	At     time.Time
	Schema int64 // number of the newest migration

	conn *pgxpool.Conn
	tx   pgx.Tx
}

// Snapshot begins to hold the present moment. The caller closes it.
func (db *DB) Snapshot(ctx context.Context) (s *Snapshot, err error) {
	defer wrap(&err, "snapshot")
	conn, err := db.pool.Acquire(ctx)
	if err != nil {
		return nil, err
	}
	s = &Snapshot{conn: conn}
	defer func() {
		if err != nil {
			s.Close()
		}
	}()
	if s.tx, err = conn.BeginTx(ctx, snapshot); err != nil {
		return nil, err
	}
	// The transaction waits while another program reads, and the text of rows must not depend on the server's settings.
	_, err = s.tx.Exec(ctx, `
		SET LOCAL idle_in_transaction_session_timeout = 0;
		SET LOCAL statement_timeout = 0;
		SET LOCAL timezone = 'UTC';
		SET LOCAL datestyle = 'ISO';
		SET LOCAL intervalstyle = 'postgres';
		SET LOCAL bytea_output = 'hex'`)
	if err != nil {
		return nil, err
	}
	err = s.tx.QueryRow(ctx, `
		SELECT pg_export_snapshot(), clock(), (SELECT max(version_id) FROM goose_db_version)`).Scan(&s.Name, &s.At, &s.Schema)
	if err == nil {
		s.Server, err = server(conn.Conn())
	}
	return s, err
}

// Close ends the transaction.
func (s *Snapshot) Close() {
	if s.tx != nil {
		_ = s.tx.Rollback(context.Background()) // it changed nothing
	}
	s.conn.Release()
}

// TableDigest says what a table holds.
type TableDigest struct {
	Table  string `json:"table"`
	Rows   int64  `json:"rows"`
	Digest string `json:"digest"` // SHA-256 over the sorted SHA-256 of each row's text; of no rows ""
}

// Tables returns the digest of every table that a backup holds, by name.
func (s *Snapshot) Tables(ctx context.Context) (list []TableDigest, err error) {
	defer wrap(&err, "digests")
	rows, _ := s.tx.Query(ctx, `
		SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace AND relname <> ALL ($1)
		ORDER BY relname COLLATE "C"`, append(slices.Clone(KeyTables), restoreTable))
	names, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		d := TableDigest{Table: name}
		err := s.tx.QueryRow(ctx, `
			SELECT count(*), coalesce(encode(sha256(string_agg(digest, '' ORDER BY digest)), 'hex'), '')
			FROM (SELECT sha256(convert_to(t::text, 'UTF8')) AS digest FROM `+pgx.Identifier{name}.Sanitize()+` t) digests`).
			Scan(&d.Rows, &d.Digest)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		list = append(list, d)
	}
	return list, nil
}
