package backup

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"time"
)

// How many nightly backups are kept: the last of each of so many days, weeks and months.
const (
	days   = 7
	weeks  = 4
	months = 6
)

const day = 24 * time.Hour

// Longest is how long a backup that the program made by itself is kept at most.
const Longest = 7 * 31 * day

// abandoned is how old a file is that will not be finished any more.
const abandoned = 2 * day

// nightlyName returns the file name of the backup of a night.
func nightlyName(night time.Time, key Key) string {
	return "tiebreak-" + night.Format(time.DateOnly) + suffix(key)
}

// BeforeMigration returns the file name of the backup that is made before the schema is updated. It is the same for all of a day:
// a program that is started again and again because a migration fails must not fill the disk.
func BeforeMigration(now time.Time, schema int64, key Key) string {
	return fmt.Sprintf("tiebreak-%s-schema-%d%s", now.Format(time.DateOnly), schema, suffix(key))
}

func suffix(key Key) string {
	if key.Set() {
		return ".backup.age"
	}
	return ".backup"
}

// ownName has the date, the rest of the name of a backup before a migration, and the end of the name of a file that is being
// written. An operator's own files have other names and are left alone.
var ownName = regexp.MustCompile(`^tiebreak-(\d{4}-\d\d-\d\d)(-schema-\d+)?\.backup(?:\.age)?(\.part)?$`)

// prune deletes the files that are not kept any more on that day.
func prune(folder string, today time.Time) error {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return err
	}
	var nights []time.Time
	files := map[string]time.Time{} // not nightly: when each may go
	nightly := map[string]time.Time{}
	for _, entry := range entries {
		name := ownName.FindStringSubmatch(entry.Name())
		if name == nil {
			continue
		}
		date, err := time.Parse(time.DateOnly, name[1])
		switch {
		case err != nil:
		case name[3] != "":
			files[entry.Name()] = date.Add(abandoned)
		case name[2] != "":
			files[entry.Name()] = date.Add(Longest)
		default:
			nightly[entry.Name()] = date
			nights = append(nights, date)
		}
	}
	kept := keep(nights)
	for name, date := range nightly {
		if files[name] = date.Add(Longest); !kept[date] {
			files[name] = date
		}
	}
	var failed []error
	for name, until := range files {
		if until.Before(today) {
			failed = append(failed, os.Remove(filepath.Join(folder, name)))
		}
	}
	return errors.Join(failed...)
}

// keep returns which of the nights are kept.
func keep(nights []time.Time) map[time.Time]bool {
	slices.SortFunc(nights, func(a, b time.Time) int { return b.Compare(a) })
	kept := map[time.Time]bool{}
	for _, period := range []struct {
		most int
		name func(time.Time) string
	}{
		{days, func(t time.Time) string { return t.Format(time.DateOnly) }},
		{weeks, func(t time.Time) string { year, week := t.ISOWeek(); return fmt.Sprint(year, " ", week) }},
		{months, func(t time.Time) string { return t.Format("2006-01") }},
	} {
		seen := map[string]bool{}
		for _, night := range nights {
			if name := period.name(night); !seen[name] && len(seen) < period.most {
				seen[name], kept[night] = true, true
			}
		}
	}
	return kept
}
