package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"tiebreak/internal/config"
	"tiebreak/internal/lead"
	"tiebreak/internal/postgres"
	"tiebreak/internal/staff"
)

type leadListCommand struct {
	JSON bool `name:"json" help:"One JSON array."`
}

// Run lists the leads, newest first.
func (l leadListCommand) Run(ctx context.Context, around surroundings, c config.Config) error {
	return leadWriter{
		"lead list", staff.LeadsListed,
		lead.Filter{Tab: lead.All, Sort: lead.Newest},
		func(w io.Writer, zone *time.Location) (lead.Export, error) {
			if l.JSON {
				return lead.NewJSON(w), nil
			}
			return newLeadTable(w, zone)
		},
	}.write(ctx, around, c)
}

type leadExportCommand struct {
	CSV    bool   `name:"csv" help:"CSV, safe to open in a spreadsheet (default)."`
	JSON   bool   `name:"json" help:"One JSON array."`
	Filter string `placeholder:"QUERY" help:"Only the leads of one list: its link on the Leads page, or the part after the ?, such as tab=closed&month=2026-11. Default: all leads."`
}

// Run writes the leads as a file: those of the filter in its order, without one all of them, the newest first.
func (l leadExportCommand) Run(ctx context.Context, around surroundings, c config.Config) error {
	filter := lead.Filter{Tab: lead.All, Sort: lead.Newest}
	if l.Filter != "" {
		var err error
		if filter, err = lead.ReadListAddress(l.Filter); err != nil {
			return fmt.Errorf("--filter: %w", err)
		}
	}
	return leadWriter{"lead export", staff.LeadsExported, filter, func(w io.Writer, _ *time.Location) (lead.Export, error) {
		if l.JSON {
			return lead.NewJSON(w), nil
		}
		return lead.NewCSV(w)
	}}.write(ctx, around, c)
}

// leadWriter writes the leads of a filter to standard output.
type leadWriter struct {
	command string
	act     staff.ActKind // what the audit holds of it
	filter  lead.Filter
	begin   func(io.Writer, *time.Location) (lead.Export, error)
}

// write writes them as they come, once the audit has it.
func (l leadWriter) write(ctx context.Context, around surroundings, c config.Config) (err error) {
	db, err := openDatabase(ctx, c, l.command, c.Logger(around.stderr))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	settings, err := db.Settings(ctx)
	if err != nil {
		return err
	}
	if err := db.RecordList(ctx, postgres.CommandLine, l.act); err != nil {
		return err
	}
	out := bufio.NewWriter(around.stdout)
	zone := settings.Promise.Location()
	export, err := l.begin(out, zone)
	if err != nil {
		return err
	}
	err = db.EachLead(ctx, l.filter, zone, func(one lead.Lead) error { return export.Add(lead.LineOf(one, zone)) })
	if err != nil {
		return err
	}
	return errors.Join(export.Close(), out.Flush())
}

// leadTable is for people.
type leadTable struct {
	table
	zone *time.Location
}

func newLeadTable(w io.Writer, zone *time.Location) (lead.Export, error) {
	t, err := newTable(w, "REFERENCE", "REPLY DUE", "STATUS", "PLACE", "NAME", "GUIDE")
	return leadTable{t, zone}, err
}

func (t leadTable) Add(l lead.Line) error {
	return t.row(l.Reference, l.DueAt.In(t.zone).Format("2006-01-02 15:04 MST"), string(l.Status), string(l.Place), l.Name,
		l.Guide)
}

func (t leadTable) Close() error { return t.flush() }
