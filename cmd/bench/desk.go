package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"time"

	"tiebreak/internal/demo"
	"tiebreak/internal/lead"
	"tiebreak/internal/pgembed"
	"tiebreak/internal/postgres"
	"tiebreak/internal/staff"
)

// Sizes of the two lists that are compared.
const (
	fewLeads  = 1_000
	manyLeads = 1_000_000
)

// deskRounds is how often each of the two databases is asked each question.
const deskRounds = 25

// question is something that the staff's list asks the database.
type question struct {
	what string
	ask  func(ctx context.Context, db *postgres.DB) error
}

// compareDesk measures the staff's list with a million leads against one with a thousand, both kept in the folder.
func compareDesk(folder string) error {
	ctx := context.Background()
	var sides [2]*postgres.DB
	for i, leads := range []int{fewLeads, manyLeads} {
		db, done, err := crowdedDesk(ctx, filepath.Join(folder, strconv.Itoa(leads)), leads)
		if err != nil {
			return err
		}
		defer done()
		sides[i] = db
	}
	fmt.Printf("\nStaff's list, median of %d\n\n%-34s %9s %9s  ratio\n", deskRounds, "", "1,000", "1,000,000")
	for _, q := range deskQuestions() {
		var took [2][]time.Duration
		for range deskRounds {
			for i, db := range sides {
				began := time.Now()
				if err := q.ask(ctx, db); err != nil {
					return fmt.Errorf("%s: %w", q.what, err)
				}
				took[i] = append(took[i], time.Since(began))
			}
		}
		few, many := median(took[0]), median(took[1])
		fmt.Printf("%-34s %6.2f ms %6.2f ms  %.2f\n", q.what, milliseconds(few), milliseconds(many), float64(many)/float64(few))
	}
	return nil
}

// crowdedDesk opens a database with that many sample leads, three members who share them, and sample guides.
func crowdedDesk(ctx context.Context, folder string, leads int) (*postgres.DB, func(), error) {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return nil, nil, err
	}
	cluster, err := pgembed.Open(ctx, pgembed.Options{Folder: folder, Explicit: true, Bin: os.Getenv("PG_BIN"), Command: "bench"})
	if err != nil {
		return nil, nil, err
	}
	done := func() { _ = cluster.Close() }
	db, err := postgres.Open(ctx, cluster.URL())
	if err == nil {
		err = fillDesk(ctx, db, leads)
	}
	if err != nil {
		done()
		return nil, nil, err
	}
	return db, func() { db.Close(); done() }, nil
}

func fillDesk(ctx context.Context, db *postgres.DB, leads int) error {
	if err := db.Migrate(ctx, slog.Default()); err != nil {
		return err
	}
	members, err := db.Members(ctx)
	if err != nil {
		return err
	}
	for n := len(members); n < 3; n++ {
		email, name := fmt.Sprintf("member-%d@example.org", n), fmt.Sprintf("Sample Member %d", n+1)
		if err := db.AddMember(ctx, staff.NewMember{Email: email, Name: name, Role: staff.Admin}, "no password"); err != nil {
			return err
		}
	}
	began, size := time.Now(), demo.Size{Options: 60, Guides: 500, Leads: leads}
	err = demo.Load(ctx, db, size, func(int) {})
	if errors.Is(err, demo.ErrFilled) { // by an earlier run
		return nil
	}
	if err == nil {
		fmt.Printf("%d sample leads loaded in %v\n", leads, time.Since(began).Round(time.Second))
	}
	return err
}

// listQuestion returns the question for the page of the list at the cursor, as member 1 asks it.
func listQuestion(what string, f lead.Filter, at postgres.Cursor) question {
	f.Member = 1
	if f.Sort == "" {
		f.Sort = f.Tab.Sorts()[0]
	}
	return question{what, func(ctx context.Context, db *postgres.DB) error {
		_, err := db.ListLeads(ctx, f, at, time.UTC)
		return err
	}}
}

// deskQuestions returns the tabs, filters, orders, searches and pages of the list.
func deskQuestions() []question {
	questions := []question{{"counts of all tabs", func(ctx context.Context, db *postgres.DB) error {
		_, err := db.Desk(ctx, 1, time.UTC)
		return err
	}}}
	for _, tab := range lead.Tabs {
		for _, sort := range tab.Sorts() {
			questions = append(questions, listQuestion(fmt.Sprintf("tab %s, %s", tab, sort), lead.Filter{Tab: tab, Sort: sort},
				postgres.Cursor{}))
		}
	}
	month := time.Now().UTC().AddDate(-1, 0, 0).Format("2006-01")
	for what, f := range map[string]lead.Filter{
		"status won":              {Status: lead.Won},
		"status qualified":        {Status: lead.Qualified},
		"overdue":                 {Overdue: true},
		"month":                   {Month: month},
		"assignee":                {Assignee: 2},
		"nobody":                  {Assignee: lead.Nobody},
		"general":                 {Guide: lead.NoGuide},
		"undecided":               {Option: lead.Undecided},
		"assignee, month, status": {Assignee: 2, Month: month, Status: lead.Lost},
		"a rare word":             {Words: "000123"},
		"a frequent word":         {Words: "sample"},
		"two words":               {Words: "firewall sensor"},
		"a beginning":             {Words: "arch"},
		"an address":              {Words: "sample-000777@example.org"},
		"no such word":            {Words: "nothinglikeit"},
		"word, status, month":     {Words: "protocol", Status: lead.Won, Month: month},
		"word, assignee":          {Words: "firewall", Assignee: 2},
		"rare word, status":       {Words: "000123", Status: lead.Won},
	} {
		f.Tab = lead.All
		questions = append(questions, listQuestion("all: "+what, f, postgres.Cursor{}))
	}
	slices.SortFunc(questions[1:], func(a, b question) int { return len(a.what) - len(b.what) })
	return append(questions,
		listQuestion("a page in the middle", lead.Filter{Tab: lead.All}, postgres.Cursor{Reference: "TB-0500"}),
		listQuestion("the page before it", lead.Filter{Tab: lead.All}, postgres.Cursor{Reference: "TB-0500", Back: true}),
		listQuestion("the last page", lead.Filter{Tab: lead.All, Sort: lead.Oldest}, postgres.Cursor{Reference: "TB-0990"}))
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
