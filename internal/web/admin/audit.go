package admin

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"tiebreak/internal/fault"
	"tiebreak/internal/lead"
	"tiebreak/internal/postgres"
	"tiebreak/internal/staff"
	"tiebreak/internal/text"
	"tiebreak/internal/web/page"
	"tiebreak/templates/admin"
)

// ShowAudit shows what members did, newest first: its filter and part of it stand in its address.
func (h *Handlers) ShowAudit(w http.ResponseWriter, r *http.Request) error {
	p, query, err := h.readAuditQuery(r)
	if err != nil {
		return err
	}
	var at postgres.AuditCursor
	if p.Wrong == nil {
		if at, err = auditCursor(query); err != nil {
			return err
		}
	}
	read, err := h.DB.AuditPage(r.Context(), p.Filter, at)
	if err != nil {
		return err
	}
	if p.Page, err = h.StaffFrameWith(r, "Audit", read.Queue); err != nil {
		return err
	}
	p.Members, p.Failed, p.Throttled = read.Members, read.Failed, read.Throttled
	if p.Wrong != nil {
		return page.Render(w, r, http.StatusUnprocessableEntity, p.View())
	}
	p.Entries = read.Entries
	if n := len(read.Entries); n > 0 && read.Before {
		p.Before = auditPageURL(query, "before", read.Entries[0])
	}
	if n := len(read.Entries); n > 0 && read.After {
		p.After = auditPageURL(query, "after", read.Entries[n-1])
	}
	return page.Render(w, r, http.StatusOK, p.View())
}

// ExportAudit sends the same as a table. The audit records that it was exported.
func (h *Handlers) ExportAudit(w http.ResponseWriter, r *http.Request) error {
	p, _, err := h.readAuditQuery(r)
	if err != nil {
		return err
	}
	if p.Wrong != nil {
		return p.Wrong
	}
	if err := h.DB.RecordList(r.Context(), page.Member(r).ID, staff.AuditExported); err != nil {
		return err
	}
	return h.Stream(w, r, "audit-"+h.Settings.Load().Today.String()+".csv", "text/csv; charset=utf-8",
		func(ctx context.Context, out io.Writer, next func() error) error {
			table, err := text.NewTable(out, "entry", "at", "member_id", "member", "kind", "object", "object_id", "reference",
				"object_name")
			if err != nil {
				return err
			}
			err = h.DB.EachEntry(ctx, p.Filter, func(e staff.Entry) error {
				if err := next(); err != nil {
					return err
				}
				return table.Row(fmt.Sprint(e.ID), e.At.UTC().Format(time.RFC3339), number(e.MemberID), e.Member, string(e.Kind),
					e.Object, number(e.ObjectID), e.Reference, e.Subject)
			})
			if err != nil {
				return err
			}
			return table.Flush()
		})
}

// number writes an id, of which 0 is none.
func number(id int64) string {
	if id == 0 {
		return ""
	}
	return strconv.FormatInt(id, 10)
}

// readAuditQuery reads the filter, and the address's query without what leaves nothing out.
func (h *Handlers) readAuditQuery(r *http.Request) (p admin.AuditPage, query url.Values, err error) {
	settings, err := h.SiteState(r.Context())
	if err != nil {
		return p, nil, err
	}
	query = r.URL.Query()
	for name, values := range query {
		if values[0] == "" {
			delete(query, name)
		}
	}
	p.From, p.To = page.Text(query, "from"), page.Text(query, "to")
	p.Filter, p.Wrong, err = staff.ReadAuditFilter(query, settings.Promise.Location())
	if reference, ok := lead.ReadReference(p.Filter.Reference); ok {
		p.Filter.Reference = reference
	}
	kept := onlyFilter(query)
	p.Narrowed, p.Export = len(kept) > 0, page.WithQuery("/staff/audit.csv", kept)
	return p, query, err
}

// onlyFilter returns the query without the part of the list that it shows.
func onlyFilter(query url.Values) url.Values {
	kept := url.Values{}
	for _, name := range []string{"member", "kind", "reference", "from", "to"} {
		if value := query.Get(name); value != "" {
			kept.Set(name, value)
		}
	}
	return kept
}

func auditCursor(query url.Values) (at postgres.AuditCursor, err error) {
	for _, direction := range []string{"before", "after"} {
		if entry := query.Get(direction); entry != "" {
			at.Back = direction == "before"
			if at.Entry, err = strconv.ParseInt(entry, 10, 64); err != nil {
				return at, fault.NotFound
			}
			return at, nil
		}
	}
	return at, nil
}

// auditPageURL returns the address of the part of the list that begins or ends at the entry.
func auditPageURL(query url.Values, direction string, e staff.Entry) string {
	kept := onlyFilter(query)
	kept.Set(direction, number(e.ID))
	return page.WithQuery("/staff/audit", kept)
}
