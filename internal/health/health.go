// Package health holds what checks of a running site find.
package health

import (
	"cmp"
	"slices"
)

// Level is how bad a finding is.
type Level string

// The levels. A check that could not be made, or does not apply, is "not checked".
const (
	OK         Level = "ok"
	NotChecked Level = "not checked"
	Warning    Level = "warning"
	Problem    Level = "problem"
)

var levels = []Level{OK, NotChecked, Warning, Problem}

// Finding is what a check found. Programs read its JSON form.
type Finding struct {
	Check  string `json:"check"` // the stable name of the check; "" outside a report of the doctor
	Level  Level  `json:"level"`
	What   string `json:"finding"` // one sentence about how it is
	Advice string `json:"advice"`  // what to do about it; "" if there is nothing to do
	Page   string `json:"-"`       // path of the staff page where members deal with it; "" for none
	Link   string `json:"-"`       // what the link to the page says; words of Advice are that link
}

// Bad reports whether someone has to do something.
func (f Finding) Bad() bool { return f.Level == Warning || f.Level == Problem }

// Good returns a finding that all is well.
func Good(what string) Finding { return Finding{Level: OK, What: what} }

// Skipped returns a finding that a check was not made, and why.
func Skipped(why, advice string) Finding {
	return Finding{Level: NotChecked, What: why, Advice: advice}
}

// Warn returns a finding that someone should look at soon.
func Warn(what, advice string) Finding {
	return Finding{Level: Warning, What: what, Advice: advice}
}

// Fail returns a finding that stops something from working.
func Fail(what, advice string) Finding {
	return Finding{Level: Problem, What: what, Advice: advice}
}

// On returns the finding with the path of the staff page where members deal with it, and what the link to it says.
func (f Finding) On(page, link string) Finding {
	f.Page, f.Link = page, link
	return f
}

// WorstFirst sorts the findings by their level. Those of one level keep their order.
func WorstFirst(findings []Finding) []Finding {
	sorted := slices.Clone(findings)
	slices.SortStableFunc(sorted, func(a, b Finding) int {
		return cmp.Compare(slices.Index(levels, b.Level), slices.Index(levels, a.Level))
	})
	return sorted
}

// Count returns how many findings have the level.
func Count(findings []Finding, level Level) (n int) {
	for _, f := range findings {
		if f.Level == level {
			n++
		}
	}
	return n
}
