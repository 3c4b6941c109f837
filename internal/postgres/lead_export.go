package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"tiebreak/internal/lead"
)

// EachLead calls do with every lead of the filter, whole, one after the other as they come, in one snapshot; zone is the
// site's.
func (db *DB) EachLead(ctx context.Context, f lead.Filter, zone *time.Location, do func(lead.Lead) error) error {
	return eachRow(db.queryLeads(ctx, f, zone, exportedLead), "leads", do)
}

// EachLine is EachLead for a file; a whole line has all that was written and done about its lead.
func (db *DB) EachLine(ctx context.Context, f lead.Filter, zone *time.Location, whole bool, do func(lead.Line) error) error {
	if !whole {
		return db.EachLead(ctx, f, zone, func(l lead.Lead) error { return do(lead.LineOf(l, zone)) })
	}
	type row struct {
		lead.Lead
		Messages []lead.ExportedMessage
		Events   []lead.ExportedEvent
	}
	return eachRow(db.queryLeads(ctx, f, zone, wholeExport), "leads with their messages", func(r row) error {
		for i := range r.Messages {
			r.Messages[i].At = r.Messages[i].At.UTC()
		}
		for i := range r.Events {
			r.Events[i].At = r.Events[i].At.UTC()
		}
		line := lead.LineOf(r.Lead, zone)
		line.Conversation = &lead.Conversation{
			ArrivedBy: r.Channel, Consent: r.Consent, FollowUpNote: r.FollowUpNote, Messages: r.Messages, Events: r.Events,
		}
		return do(line)
	})
}

// conversationColumns are what was written and done about a lead l.
const conversationColumns = `,
	(SELECT coalesce(jsonb_agg(jsonb_build_object(
		'at', m.at, 'kind', m.kind, 'member', coalesce(w.name, ''), 'sender_name', m.sender_name,
		'sender_address', m.sender_address, 'subject', m.subject, 'text', m.text, 'quoted', m.quoted, 'attachments', m.parts
	) ORDER BY m.at, m.id), '[]')
	FROM messages m LEFT JOIN members w ON w.id = m.member_id WHERE m.lead_id = l.id) AS messages,
	(SELECT coalesce(jsonb_agg(jsonb_build_object(
		'at', h.at, 'kind', h.kind, 'status', h.status, 'member', coalesce(w.name, ''), 'assignee', coalesce(o.name, '')
	) ORDER BY h.id), '[]')
	FROM lead_history h LEFT JOIN members w ON w.id = h.member_id LEFT JOIN members o ON o.id = h.assignee_id
	WHERE h.lead_id = l.id) AS events`

// queryLeads asks for all leads of the filter.
func (db *DB) queryLeads(ctx context.Context, f lead.Filter, zone *time.Location, columns leadColumns) pgx.Rows {
	q := newLeadQuery(f, Cursor{}, zone)
	if len(q.words) > 0 {
		q.and(`c.words @@ ?::text::tsquery`, beginning(q.words, " & "))
	}
	rows, _ := db.pool.Query(ctx, selectLeads(`leads`, columns)+q.conditions()+` ORDER BY `+q.ordered(), q.args)
	return rows
}
