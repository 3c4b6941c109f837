package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"text/tabwriter"
	"time"

	"tiebreak/internal/config"
	"tiebreak/internal/lead"
	"tiebreak/internal/postgres"
)

type leadListCommand struct {
	JSON bool `name:"json" help:"One JSON array."`
}

// leadLine is a lead as "lead list --json" prints it. Its names are an interface.
type leadLine struct {
	Reference  string      `json:"reference"`
	ReceivedAt time.Time   `json:"received_at"`
	DueAt      time.Time   `json:"due_at"`
	Status     lead.Status `json:"status"`
	Suspect    bool        `json:"suspect"`
	Place      lead.Place  `json:"place"`
	Month      string      `json:"month"` // whose place is held, otherwise that of the arrival, in the site's time zone
	Guide      string      `json:"guide"`
	Edition    string      `json:"edition"`
	Option     string      `json:"option"`
	Ticks      []lead.Tick `json:"ticks"`
	Name       string      `json:"name"`
	Email      string      `json:"email"`
}

// Run lists the leads, newest first.
func (l leadListCommand) Run(ctx context.Context, around surroundings, c config.Config) (err error) {
	db, err := openDatabase(ctx, c, "lead list", c.Logger(around.stderr))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()

	leads, err := db.Leads(ctx)
	if err != nil {
		return err
	}
	settings, err := db.Settings(ctx)
	if err != nil {
		return err
	}
	if !l.JSON {
		return printLeads(around, leads, settings)
	}
	lines := make([]leadLine, len(leads))
	for i, lead := range leads {
		lines[i] = line(lead, settings)
	}
	out := json.NewEncoder(around.stdout)
	out.SetIndent("", "  ")
	return out.Encode(lines)
}

func line(l lead.Lead, s postgres.Settings) leadLine {
	month := l.Month
	if l.Place != lead.Held {
		month = l.ReceivedAt.In(s.Promise.Location())
	}
	return leadLine{
		Reference: l.Reference, ReceivedAt: l.ReceivedAt.UTC(), DueAt: l.DueAt.UTC(), Status: l.Status, Place: l.Place, Suspect: l.Suspect,
		Month: month.Format("2006-01"),
		Guide: l.Guide, Edition: l.Edition, Option: l.Option, Ticks: l.Ticks, Name: l.Name, Email: l.Email,
	}
}

func printLeads(around surroundings, leads []lead.Lead, s postgres.Settings) error {
	table := tabwriter.NewWriter(around.stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "REFERENCE\tREPLY DUE\tSTATUS\tPLACE\tNAME\tGUIDE")
	for _, l := range leads {
		due := l.DueAt.In(s.Promise.Location()).Format("2006-01-02 15:04 MST")
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%s\n", l.Reference, due, l.Status, l.Place, l.Name, l.Guide)
	}
	return table.Flush()
}
