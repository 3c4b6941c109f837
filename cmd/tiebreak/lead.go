package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"tiebreak/internal/lead"
	"tiebreak/internal/postgres"
	"tiebreak/internal/staff"
	"tiebreak/templates/ui"
)

// allLeads selects every lead, the newest first.
var allLeads = lead.Filter{Tab: lead.All, Sort: lead.Newest}

type leadListCommand struct {
	JSON bool `name:"json" help:"One JSON array."`
}

// Run lists the leads, newest first.
func (l leadListCommand) Run(ctx context.Context, p *program) error {
	if err := p.open(ctx, "lead list"); err != nil {
		return err
	}
	return p.writeLeads(ctx, staff.LeadsListed, allLeads, false, func(w io.Writer, promise lead.Promise) (lead.Export, error) {
		if l.JSON {
			return lead.NewJSON(w), nil
		}
		return leadTable{newTable(w, "REFERENCE", "REPLY DUE", "STATUS", "PLACE", "NAME", "GUIDE"), promise}, nil
	})
}

type leadExportCommand struct {
	CSV    bool   `name:"csv" help:"CSV, safe to open in a spreadsheet (default)."`
	JSON   bool   `name:"json" help:"One JSON array, with all messages, notes and events of each lead."`
	Filter string `placeholder:"QUERY" help:"Only the leads of one list: its link on the Leads page, or the part after the ?, such as tab=closed&month=2026-11. Default: all leads."`
}

// Run writes the leads as a file: those of the filter in its order, without one all of them, the newest first.
func (l leadExportCommand) Run(ctx context.Context, p *program) error {
	filter := allLeads
	if l.Filter != "" {
		var err error
		if filter, err = lead.ReadListAddress(l.Filter); err != nil {
			return fmt.Errorf("--filter: %w", err)
		}
	}
	if err := p.open(ctx, "lead export"); err != nil {
		return err
	}
	return p.writeLeads(ctx, staff.LeadsExported, filter, l.JSON, func(w io.Writer, _ lead.Promise) (lead.Export, error) {
		if l.JSON {
			return lead.NewJSON(w), nil
		}
		return lead.NewCSV(w)
	})
}

// writeLeads writes the leads of the filter to standard output as they are read, once the audit log holds that they were.
// Whole ones have all that was written and done about them.
func (p *program) writeLeads(ctx context.Context, act staff.ActKind, filter lead.Filter, whole bool,
	begin func(io.Writer, lead.Promise) (lead.Export, error),
) error {
	settings, err := p.db.Settings(ctx)
	if err != nil {
		return err
	}
	if err := p.db.RecordList(ctx, postgres.CommandLine, act); err != nil {
		return err
	}
	out := bufio.NewWriter(os.Stdout)
	zone := settings.Promise.Location()
	export, err := begin(out, settings.Promise)
	if err != nil {
		return err
	}
	if err := p.db.EachLine(ctx, filter, zone, whole, export.Add); err != nil {
		return err
	}
	return errors.Join(export.Close(), out.Flush())
}

// leadTable shows leads on a terminal.
type leadTable struct {
	table
	promise lead.Promise
}

func (t leadTable) Add(l lead.Line) error {
	at := l.DueAt
	if l.AnswerDue != nil {
		at = *l.AnswerDue
	}
	due := ui.ShortDeadline(at, t.promise) + " " + ui.ZoneName(at, t.promise)
	if !l.ReplyDue() {
		due = "none"
	}
	status := string(l.Status)
	if l.Suspect {
		status += ", suspected spam"
	}
	t.row(l.Reference, due, status, string(l.Place), l.Name, l.Guide)
	return nil
}

func (t leadTable) Close() error { return t.flush() }
