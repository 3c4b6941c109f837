package guide

import (
	"fmt"
	"slices"
	"strings"
)

// Decision is a decision record of the ticked conditions, in the form of Markdown Architectural Decision Records
// (MADR 4, adr.github.io/madr): to be kept beside the code and argued with. Address is where the result can be seen.
func (e *Edition) Decision(t Tally, address string) string {
	var w strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&w, format+"\n", args...) }

	line("# %s\n", EscapeText(e.decisionTitle(t)))
	line("- Status: proposed")
	line("- Date: %s, of edition %s\n", e.MadeAt.UTC().Format(isoDay), e.Digest)
	line("## Context and problem statement\n")
	line("Which of %s fits this project? The reasons below were ticked on %s.\n", EscapeText(inWords(e.Names())),
		link(e.Guide.Title, address))
	line("## Decision drivers\n")
	e.writeDrivers(line, t)
	line("## Considered options\n")
	for _, o := range e.Options {
		line("- %s: %s", EscapeText(o.Name), EscapeText(o.Kind))
	}
	line("\n## Decision outcome\n")
	line("%s\n", e.outcome(t))
	line("### Consequences\n")
	e.writeConsequences(line, t)
	line("### What would change it\n")
	writeFlips(line, t)
	line("## Sources\n")
	e.writeSources(line, t)
	return escapeForOthers(w.String())
}

func (e *Edition) decisionTitle(t Tally) string {
	if o, leads := e.Option(t.Leader); leads {
		return "Use " + o.Name
	}
	return "Choose between " + inWords(e.Names())
}

func (e *Edition) writeDrivers(line func(string, ...any), t Tally) {
	if len(t.Ticked) == 0 {
		line("Nothing was ticked.")
	}
	for _, s := range t.Scores {
		for _, c := range s.Reasons {
			line("- For %s: %s%s", EscapeText(s.Option.Name), c.Text, times(c))
		}
	}
	line("")
}

func (e *Edition) outcome(t Tally) string {
	scores := make([]string, len(t.Scores))
	for i, s := range t.Scores {
		scores[i] = fmt.Sprintf("%s %d", s.Option.Name, s.Score)
	}
	counted := EscapeText(strings.Join(scores, ", "))
	if o, leads := e.Option(t.Leader); leads {
		return fmt.Sprintf("Chosen option: “%s”, because the ticked reasons favour it (%s).", EscapeText(o.Name), counted)
	}
	level, _ := e.Option(e.Guide.Level.Take)
	return fmt.Sprintf("No option leads (%s). If the reasons come out equal, the guide suggests %s: %s", counted,
		EscapeText(level.Name), e.Guide.Level.Why)
}

func (e *Edition) writeConsequences(line func(string, ...any), t Tally) {
	leader, leads := e.Option(t.Leader)
	if !leads {
		line("None yet, because nothing is decided.\n")
		return
	}
	for _, c := range t.Deciding {
		line("- Good, because it decides: %s", c.Text)
	}
	for _, s := range t.Scores {
		for _, c := range s.Reasons {
			if s.Option.Slug != leader.Slug {
				line("- Bad, because this is a reason for %s: %s", EscapeText(s.Option.Name), c.Text)
			}
		}
	}
	line("")
}

func writeFlips(line func(string, ...any), t Tally) {
	if len(t.Flips) == 0 {
		line("Any other reason.\n")
		return
	}
	for _, f := range t.Flips {
		line("- %s", EscapeText(f.Words()))
		for _, c := range f.Adds {
			line("  - %s%s", c.Text, times(c))
		}
	}
	line("")
}

// writeSources lists the facts that the ticked reasons rest on, each with its sources and the day it was checked.
func (e *Edition) writeSources(line func(string, ...any), t Tally) {
	var restOn []string
	for _, s := range t.Scores {
		for _, c := range s.Reasons {
			restOn = append(restOn, c.RestsOn...)
		}
	}
	for _, row := range e.Rows() {
		if len(restOn) > 0 && !slices.Contains(restOn, row.ID) {
			continue
		}
		for _, v := range row.Values {
			for _, s := range v.Sources {
				line("- %s, %s: %s, checked %s", EscapeText(row.Label), EscapeText(v.Option.Name), link(s.Title, s.URL),
					v.Checked)
			}
		}
	}
}

// times says that a condition counts more than once.
func times(c Condition) string {
	switch c.Weight {
	case 2:
		return " (×2)"
	case 3:
		return " (×3)"
	}
	return ""
}

// inWords is a list as a sentence says it: "A, B and C".
func inWords(names []string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:len(names)-1], ", ") + " and " + names[len(names)-1]
}
