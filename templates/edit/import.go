package edit

import (
	"slices"
	"strings"

	"tiebreak/internal/fault"
	"tiebreak/templates/ui"
)

// ImportPage takes files and shows what they would change.
type ImportPage struct {
	ui.Page
	Publish  bool
	Text     string        // pasted
	Wrong    fault.Invalid // in the form for files
	Files    []ImportFile  // none before files were sent
	Mistakes int
	More     int           // findings that are not shown
	Refused  fault.Invalid // why the site does not take the files
	Stale    bool          // the member wanted to import what they saw, and something else is true by now
	Seen     string        // stands for what the page shows
	Guides   []Choice      // published guides whose pages would change
}

// ImportFile is a file with what it would change.
type ImportFile struct {
	Name, Text       string
	Problems         []Problem
	Subject, Address string   // what it is about, and its page
	State            string   // of postgres.ImportState, "" if the file was not compared with the site
	Parts, Notes     []string // that change, and what else there is to know
	IsGuide          bool
}

// wrong reports that the file has a mistake.
func (f ImportFile) wrong() bool { return len(only(f.Problems, false)) > 0 }

// partWords lists what changes, the facts of an option behind one word.
func (f ImportFile) partWords() string {
	var parts, facts []string
	for _, part := range f.Parts {
		if key, is := strings.CutPrefix(part, "fact "); is {
			facts = append(facts, key)
		} else {
			parts = append(parts, part)
		}
	}
	words := strings.Join(parts, ", ")
	switch {
	case len(facts) > 0 && words != "":
		words += "; "
		fallthrough
	case len(facts) > 0:
		words += ui.Count(len(facts), "fact", "facts") + ": " + strings.Join(facts, ", ")
	}
	return words
}

// has reports whether a file is in the state.
func (p ImportPage) has(state string) bool {
	return slices.ContainsFunc(p.Files, func(f ImportFile) bool { return f.State == state })
}

// ready reports that the files can be imported as they are shown.
func (p ImportPage) ready() bool {
	return p.Mistakes == 0 && len(p.Refused) == 0 && !p.has("conflict") && (p.has("new") || p.has("changed"))
}

// hasGuides reports whether a guide would change.
func (p ImportPage) hasGuides() bool {
	return slices.ContainsFunc(p.Files, func(f ImportFile) bool {
		return f.IsGuide && (f.State == "new" || f.State == "changed")
	})
}
