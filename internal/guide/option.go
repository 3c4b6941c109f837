// Package guide holds what Tiebreak publishes: options and their facts, the guides that compare them, and the editions
// that readers see. It knows the rules, and nothing of files, databases or HTTP. Start with Guide and Edition.
package guide

import (
	"database/sql/driver"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"time"
)

// Option is one thing that can be compared, with what is known of it.
type Option struct {
	Slug     string `yaml:"option" json:"option"`
	BasedOn  string `yaml:"based_on,omitempty" json:"-"` // written by an export: the Digest that it was made from
	Name     string `yaml:"name" json:"name"`
	Kind     string `yaml:"kind" json:"kind"`
	Homepage string `yaml:"homepage" json:"homepage"`

	// Retired says that visitors no longer see the option. A file can retire an option; only a member brings it back.
	Retired bool `yaml:"retired,omitempty" json:"retired,omitempty"`

	Facts map[string]Fact `yaml:"facts" json:"facts"` // by key
}

// Fact is one value of one option. It is stored once and shown on every guide that uses it.
type Fact struct {
	Value      string     `yaml:"value" json:"value"`
	Detail     string     `yaml:"detail,omitempty" json:"detail,omitempty"`
	Confidence Confidence `yaml:"confidence" json:"confidence"`
	Checked    Date       `yaml:"checked,omitempty" json:"checked,omitzero"`
	Review     Date       `yaml:"review,omitempty" json:"review,omitzero"`
	Sources    []Source   `yaml:"sources,omitempty" json:"sources,omitempty"`

	// Version counts the changes of this fact from 1. It belongs to the database, not to the file.
	Version int `yaml:"-" json:"version,omitzero"`
}

// Overdue reports whether the fact had to be looked at again before today.
func (f Fact) Overdue(today Date) bool {
	return !f.Review.IsZero() && f.Review.Before(today)
}

// CheckedAgain returns the fact as checked today: the next check moves by as many days as it stood after the last one.
func (f Fact) CheckedAgain(today Date) Fact {
	switch {
	case f.Review.IsZero():
	case f.Checked.IsZero():
		f.Review = Date{today.Day.AddDate(1, 0, 0)}
	default:
		f.Review = Date{today.Day.Add(f.Review.Day.Sub(f.Checked.Day))}
	}
	f.Checked = today
	return f
}

// SameClaim reports whether two versions of a fact tell a reader the same, whenever each was checked and by whichever sources.
func (f Fact) SameClaim(other Fact) bool {
	return f.Value == other.Value && f.Detail == other.Detail && f.Confidence == other.Confidence
}

// Same reports whether two versions of a fact say the same.
func (f Fact) Same(other Fact) bool {
	return f.SameClaim(other) && f.Checked == other.Checked && f.Review == other.Review &&
		slices.EqualFunc(f.Sources, other.Sources, Source.Same)
}

// Confidence says how a value is known.
type Confidence string

// Facts carry one of the first three; Judgement marks a guide's own values.
const (
	Verified  Confidence = "verified"
	Estimated Confidence = "estimated"
	Unknown   Confidence = "unknown"
	Judgement Confidence = "judgement"
)

// Source is a page that carries a claim. Copy is the date of the stored copy that was read, where it was not the live page.
type Source struct {
	Title string `yaml:"title" json:"title"`
	URL   string `yaml:"url" json:"url"`
	Copy  Date   `yaml:"copy,omitempty" json:"copy,omitzero"`

	// Find lists figures, names and short terms that must be on the page for the claim to hold.
	Find []string `yaml:"find,omitempty,flow" json:"find,omitempty"`
}

// Site returns the host of the source's address without "www.": "docs.djangoproject.com".
func (s Source) Site() string {
	u, err := url.Parse(s.URL)
	if err != nil {
		return ""
	}
	return strings.TrimPrefix(u.Hostname(), "www.")
}

// Same reports whether two sources are the same page, read for the same words.
func (s Source) Same(other Source) bool {
	return s.Title == other.Title && s.URL == other.URL && s.Copy == other.Copy && slices.Equal(s.Find, other.Find)
}

// Date is a calendar day without a time or a zone. The zero Date is "no date".
type Date struct{ Day time.Time }

// Day returns the calendar day of t in its zone.
func Day(t time.Time) Date {
	return Date{time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC)}
}

// IsZero reports whether there is no date.
func (d Date) IsZero() bool { return d.Day.IsZero() }

// Before reports whether d is an earlier day than other.
func (d Date) Before(other Date) bool { return d.Day.Before(other.Day) }

// String returns the day as in ISO 8601, "2026-11-22", or "".
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	return d.Day.Format(time.DateOnly)
}

// Words returns the day as a reader's page shows it, "22 Nov 2026".
func (d Date) Words() string { return d.Day.Format("2 Jan 2006") }

// MarshalText writes the ISO form.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads the ISO form; empty means no date.
func (d *Date) UnmarshalText(text []byte) error {
	*d = Date{}
	if len(text) == 0 {
		return nil
	}
	day, err := time.Parse(time.DateOnly, string(text))
	if err != nil {
		return fmt.Errorf("%s is not a date: write it as 2026-11-22", Quoted(string(text)))
	}
	d.Day = day
	return nil
}

// Value passes the day to a database/sql driver; no date is NULL.
func (d Date) Value() (driver.Value, error) {
	if d.IsZero() {
		return nil, nil
	}
	return d.Day, nil
}

// Scan takes the day from a database/sql driver.
func (d *Date) Scan(value any) error {
	switch v := value.(type) {
	case nil:
		*d = Date{}
		return nil
	case time.Time:
		d.Day = v.UTC()
		return nil
	}
	return fmt.Errorf("a date cannot be read from %T", value)
}

// Lacks returns a message that the option has no such fact, and which it has.
func (o Option) Lacks(key string) string {
	return fmt.Sprintf("%s has no fact %s: it has %s", o.Slug, Quoted(key), strings.Join(slices.Sorted(maps.Keys(o.Facts)), ", "))
}

// Undefined returns a message for each option and fact that the guide names and the options do not have: it cannot be
// published before they are there.
func (g Guide) Undefined(options []Option) []string {
	var undefined []string
	for _, slug := range g.Options {
		o, ok := find(options, slug)
		if !ok {
			undefined = append(undefined, fmt.Sprintf("there is no option %s: import its file too", slug))
			continue
		}
		if o.Retired {
			undefined = append(undefined, fmt.Sprintf("the option %s is retired: bring it back first", slug))
		}
		for _, c := range g.Summary {
			if _, has := o.Facts[c.Fact]; c.Fact != "" && !has {
				undefined = append(undefined, o.Lacks(c.Fact))
			}
		}
	}
	return undefined
}
