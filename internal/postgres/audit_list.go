package postgres

import (
	"context"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"tiebreak/internal/lead"
	"tiebreak/internal/staff"
)

// EntriesPerPage is how many entries a page of the audit shows.
const EntriesPerPage = 100

// AuditPage is what a page of the audit shows.
type AuditPage struct {
	Entries       []staff.Entry // newest first
	Before, After bool          // there are entries before these and after
	Members       []staff.Member
	Failed        int // sign-ins that failed in the last 24 hours
	Throttled     int // networks whose sign-ins by password are refused now
	Queue         lead.Queue
}

// AuditCursor says which part is meant: what follows or precedes the entry. The zero is the beginning.
type AuditCursor struct {
	Entry int64
	Back  bool
}

// AuditPage returns the page of the audit with a part of the entries that the filter selects. It returns fault.NotFound if the
// cursor's entry does not exist.
func (db *DB) AuditPage(ctx context.Context, f staff.AuditFilter, at AuditCursor) (p AuditPage, err error) {
	defer wrap(&err, "audit")
	var moment *time.Time
	err = db.read(ctx, func(b *pgx.Batch) {
		if at.Entry != 0 {
			readValue(b, &moment, "cursor", `SELECT at FROM audit WHERE id = @id`, pgx.StrictNamedArgs{"id": at.Entry})
		}
		readMembers(b, &p.Members)
		readFailedSignIns(b, &p.Failed)
		readThrottled(b, &p.Throttled)
		readQueue(b, &p.Queue)
	})
	if err != nil {
		return p, err
	}
	order, beyond := latestFirst, ` AND (@entry::bigint = 0 OR (a.at, a.id) < (@moment, @entry))`
	if at.Back {
		order, beyond = ` ORDER BY a.at, a.id`, ` AND (a.at, a.id) > (@moment, @entry::bigint)`
	}
	part := order + ` LIMIT @most`
	args := auditArgs(f)
	args["moment"], args["entry"], args["most"] = moment, at.Entry, EntriesPerPage+1
	rows, _ := db.pool.Query(ctx, selectEntries(f, beyond+part)+part, pgx.QueryExecModeCacheDescribe, args)
	p.Entries, err = pgx.CollectRows(rows, pgx.RowToStructByName[staff.Entry])
	more := len(p.Entries) > EntriesPerPage
	p.Entries = p.Entries[:min(len(p.Entries), EntriesPerPage)]
	p.Before, p.After = at.Entry != 0, more
	if at.Back {
		slices.Reverse(p.Entries)
		p.Before, p.After = more, true
	}
	return p, err
}

// EachEntry calls do with every entry that the filter means, newest first, as they come.
func (db *DB) EachEntry(ctx context.Context, f staff.AuditFilter, do func(staff.Entry) error) error {
	rows, _ := db.pool.Query(ctx, selectEntries(f, ``)+latestFirst, pgx.QueryExecModeCacheDescribe, auditArgs(f))
	return eachRow(rows, "audit", do)
}

const latestFirst = ` ORDER BY a.at DESC, a.id DESC`

// selectEntries reads what the filter means, or the part of it. What a member did and what was done to them are read each by
// its own index, which has the page's order: no index has both. It is planned for its own arguments, so that what a filter
// leaves open costs nothing.
func selectEntries(f staff.AuditFilter, part string) string {
	entries := func(whose string) string {
		return `(SELECT * FROM audit a WHERE ` + whose + `
			AND (@kind::text = '' OR a.kind = @kind)
			AND (@reference::text = '' OR a.object = 'lead' AND a.object_id = (SELECT id FROM leads WHERE reference = @reference))
			AND (@from::timestamptz IS NULL OR a.at >= @from)
			AND (@until::timestamptz IS NULL OR a.at < @until)` + part + `)`
	}
	found := entries(`@member::bigint = 0`)
	if f.Member != 0 {
		found = entries(`a.member_id = @member`) + ` UNION ALL ` +
			entries(`a.object = 'member' AND a.object_id = @member AND a.member_id IS DISTINCT FROM @member`)
	}
	return `
		SELECT a.id, a.at, coalesce(a.member_id, 0) AS member_id, coalesce(m.name, '') AS member, a.kind, a.object,
		       coalesce(a.object_id, 0) AS object_id, coalesce(l.reference, '') AS reference, coalesce(w.name, o.name, g.slug, '') AS subject
		FROM (` + found + `) a
		LEFT JOIN members m ON m.id = a.member_id
		LEFT JOIN leads l ON a.object = 'lead' AND l.id = a.object_id
		LEFT JOIN members w ON a.object = 'member' AND w.id = a.object_id
		LEFT JOIN options o ON a.object = 'option' AND o.id = a.object_id
		LEFT JOIN guides g ON a.object = 'guide' AND g.id = a.object_id`
}

func auditArgs(f staff.AuditFilter) pgx.StrictNamedArgs {
	return pgx.StrictNamedArgs{"member": f.Member, "kind": f.Kind, "reference": f.Reference, "from": f.From, "until": f.Until}
}
