package postgres

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"tiebreak/internal/staff"
)

// EntriesPerPage is how many entries a page of the audit shows.
const EntriesPerPage = 100

// AuditPage is a part of the audit, newest first.
type AuditPage struct {
	Entries       []staff.Entry
	Before, After bool // there are entries before these and after
}

// AuditCursor says which part is meant: what follows or precedes the entry. The zero is the beginning.
type AuditCursor struct {
	Entry int64
	Back  bool
}

// Audit reads a page of the entries that the filter means.
func (db *DB) Audit(ctx context.Context, f staff.AuditFilter, at AuditCursor) (AuditPage, error) {
	var moment *time.Time
	if at.Entry != 0 {
		if err := db.pool.QueryRow(ctx, `SELECT at FROM audit WHERE id = $1`, at.Entry).Scan(&moment); err != nil {
			return AuditPage{}, fmt.Errorf("audit at %d: %w", at.Entry, kind(err))
		}
	}
	order, beyond := latestFirst, ` AND ($7::bigint = 0 OR (a.at, a.id) < ($6, $7))`
	if at.Back {
		order, beyond = ` ORDER BY a.at, a.id`, ` AND (a.at, a.id) > ($6, $7::bigint)`
	}
	part := order + ` LIMIT $8`
	rows, _ := db.pool.Query(ctx, selectEntries(f, beyond+part)+part, append(auditArgs(f), moment, at.Entry, EntriesPerPage+1)...)
	entries, err := pgx.CollectRows(rows, pgx.RowToStructByPos[staff.Entry])
	if err != nil {
		return AuditPage{}, fmt.Errorf("audit: %w", kind(err))
	}
	more := len(entries) > EntriesPerPage
	entries = entries[:min(len(entries), EntriesPerPage)]
	if at.Back {
		slices.Reverse(entries)
		return AuditPage{entries, more, true}, nil
	}
	return AuditPage{entries, at.Entry != 0, more}, nil
}

// EachEntry calls do with every entry that the filter means, newest first, as they come.
func (db *DB) EachEntry(ctx context.Context, f staff.AuditFilter, do func(staff.Entry) error) error {
	rows, _ := db.pool.Query(ctx, selectEntries(f, ``)+latestFirst, auditArgs(f)...)
	var e staff.Entry
	_, err := pgx.ForEachRow(rows, []any{
		&e.ID, &e.At, &e.MemberID, &e.Member, &e.Kind, &e.Object, &e.ObjectID, &e.Reference,
		&e.Subject,
	},
		func() error { return do(e) })
	if err != nil {
		return fmt.Errorf("audit: %w", kind(err))
	}
	return nil
}

const latestFirst = ` ORDER BY a.at DESC, a.id DESC`

// selectEntries reads what the filter means, or the part of it. What a member did and what was done to them are read each by
// its own index, which has the page's order: no index has both. It is planned for its own arguments, so that what a filter
// leaves open costs nothing.
func selectEntries(f staff.AuditFilter, part string) string {
	entries := func(whose string) string {
		return `(SELECT * FROM audit a WHERE ` + whose + `
			AND ($2::text = '' OR a.kind = $2)
			AND ($3::text = '' OR a.object = 'lead' AND a.object_id = (SELECT id FROM leads WHERE reference = $3))
			AND ($4::timestamptz IS NULL OR a.at >= $4)
			AND ($5::timestamptz IS NULL OR a.at < $5)` + part + `)`
	}
	found := entries(`$1::bigint = 0`)
	if f.Member != 0 {
		found = entries(`a.member_id = $1`) + ` UNION ALL ` +
			entries(`a.object = 'member' AND a.object_id = $1 AND a.member_id IS DISTINCT FROM $1`)
	}
	return `
		SELECT a.id, a.at, coalesce(a.member_id, 0), coalesce(m.name, ''), a.kind, a.object, coalesce(a.object_id, 0),
		       coalesce(l.reference, ''), coalesce(w.name, '')
		FROM (` + found + `) a
		LEFT JOIN members m ON m.id = a.member_id
		LEFT JOIN leads l ON a.object = 'lead' AND l.id = a.object_id
		LEFT JOIN members w ON a.object = 'member' AND w.id = a.object_id`
}

func auditArgs(f staff.AuditFilter) []any {
	return []any{pgx.QueryExecModeCacheDescribe, f.Member, f.Kind, f.Reference, f.From, f.Until}
}
