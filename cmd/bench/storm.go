package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"tiebreak/internal/postgres"
	"tiebreak/internal/staff"
)

// changeEvery makes a thousand changes of facts a minute.
const changeEvery = time.Minute / 1000

// compareStorm measures cached guide pages while a member changes facts against the same pages when nobody does: one whose facts
// change, and one whose facts do not.
func (s settings) compareStorm(site *target, folder string) error {
	ctx := context.Background()
	db, err := postgres.Open(ctx, "host="+filepath.Join(folder, "pg", "run")+" user=app dbname=tiebreak")
	if err != nil {
		return err
	}
	defer db.Close()
	if err := db.AddMember(ctx, staff.NewMember{Email: "m@example.org", Name: "Sample", Role: staff.Editor}, "none"); err != nil {
		return err
	}
	members, err := db.Members(ctx)
	if err != nil {
		return err
	}
	fmt.Println("\nCached pages during 1,000 changes of facts a minute, 16 connections\n\n" +
		"                             requests a second       p99                   \n" +
		"                              quiet    storm    quiet    storm  ratio")
	for _, path := range []string{"/compare/django-vs-fastapi", "/compare/go-vs-rust"} {
		if err := s.compareInStorm(site, path, &factChanges{db: db, member: members[0].ID}); err != nil {
			return err
		}
	}
	return nil
}

func (s settings) compareInStorm(site *target, path string, changes *factChanges) error {
	var quiet, storm rounds
	var ratios []float64
	for range s.rounds {
		a, err := measure(site, reading(path), 16, s.round)
		if err != nil {
			return err
		}
		during, stop := context.WithCancel(context.Background())
		ended := make(chan error)
		go func() { ended <- changes.run(during) }()
		b, err := measure(site, reading(path), 16, s.round)
		stop()
		if err := errors.Join(err, <-ended); err != nil {
			return err
		}
		quiet.add(a)
		storm.add(b)
		ratios = append(ratios, float64(b.p99)/float64(a.p99))
	}
	fmt.Printf("%-26s %8.0f %8.0f %8s %8s  %s\n", path, median(quiet.rate), median(storm.rate), short(quiet.p99),
		short(storm.p99),
		spread(ratios))
	return nil
}

// factChanges changes one fact after the other.
type factChanges struct {
	db     *postgres.DB
	member int64
	made   int
}

// run changes facts of Django until ctx ends.
func (c *factChanges) run(ctx context.Context) error {
	tick := time.NewTicker(changeEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
		if err := c.change(context.WithoutCancel(ctx)); err != nil {
			return err
		}
	}
}

func (c *factChanges) change(ctx context.Context) error {
	now, err := c.db.FactPage(ctx, "django", "scope")
	if err != nil {
		return err
	}
	fact := now.Option.Facts["scope"]
	c.made++
	fact.Value = fmt.Sprintf("Sample value %d", c.made)
	return c.db.ChangeFact(ctx, postgres.FactChange{
		Option: "django", Key: "scope", Seen: fact.Version, Member: c.member, Act: staff.FactSaved, Fact: fact,
	})
}
