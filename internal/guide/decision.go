package guide

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Decision returns a decision record of the ticked conditions, in the form of Markdown Architectural Decision Records
// (MADR 4, adr.github.io/madr), to be kept with the code and argued about. Day is that of the decision, address is where the
// result can be seen.
func (e *Edition) Decision(t Tally, day Date, address string) string {
	d := document{edition: e, notes: e.Footnotes()}
	d.line("# %s\n", EscapeText(e.DecisionTitle(t)))
	d.line("- Status: proposed\n- Date: %s", day)
	d.line("- Guide: version of %s, edition %s\n", e.MadeAt.UTC().Format(time.DateOnly), e.Digest)
	d.line("## Context and problem statement\n")
	d.line("Which of %s fits this project? The reasons below were ticked on %s.\n", EscapeText(InWords(e.Names())),
		link(e.Guide.Title, address))
	d.line("## Decision drivers\n")
	d.drivers(t)
	d.line("## Considered options\n")
	for _, o := range e.Options {
		d.line("- %s (%s): %s", EscapeText(o.Name), EscapeText(o.Kind), d.cited(e.Guide.Answer[o.Slug], nil))
	}
	d.line("\n## Decision outcome\n")
	d.ruledOut(t)
	d.line("%s\n", e.outcome(t))
	d.line("### Consequences\n")
	d.consequences(t)
	d.line("### What would change it\n")
	d.flips(t)
	d.line("## Values behind the reasons\n")
	evidence := e.Evidence(t)
	d.values(evidence)
	d.line("## Sources\n")
	for _, n := range NotesOf(evidence, d.notes) {
		d.source(n)
	}
	return escapeForOthers(d.out.String())
}

// DecisionTitle returns the decision in a few words: "Use Django".
func (e *Edition) DecisionTitle(t Tally) string {
	if o, leads := e.Option(t.Leader); leads {
		return "Use " + o.Name
	}
	if t.Leader == Both {
		return "Use " + InWords(namesOf(t.MustUse())) + " together"
	}
	return "Choose between " + InWords(e.Names())
}

func (d *document) drivers(t Tally) {
	if len(t.Ticked) == 0 {
		d.line("Nothing was ticked.")
	}
	for _, s := range t.Scores {
		for _, c := range s.Reasons {
			notes := times(c)
			if t.Must[c.ID] {
				notes += " (must have)"
			}
			if !s.Counts(c) {
				notes += " (counted once, with another reason)"
			}
			d.line("- For %s: %s%s", EscapeText(s.Option.Name), c.Text, notes)
		}
	}
	d.line("")
}

// ruledOut says which options are impossible and why.
func (d *document) ruledOut(t Tally) {
	exclusions := t.Exclusions()
	for _, x := range exclusions {
		are := "is"
		if len(x.Options) > 1 {
			are = "are"
		}
		for _, c := range x.By {
			d.line("- %s %s ruled out, because this applies: %s", EscapeText(InWords(namesOf(x.Options))), are, c.Text)
		}
	}
	if len(exclusions) > 0 {
		d.line("")
	}
}

func (e *Edition) outcome(t Tally) string {
	scores := make([]string, len(t.Scores))
	for i, s := range t.Scores {
		scores[i] = fmt.Sprintf("%s %d", s.Option.Name, s.Score)
	}
	counted := EscapeText(strings.Join(scores, ", "))
	leader, leads := e.Option(t.Leader)
	switch {
	case leads && len(t.Left()) == 1:
		return fmt.Sprintf("Chosen option: “%s”, because no other is left (%s).", EscapeText(leader.Name), counted)
	case leads && t.Margin == 1:
		return fmt.Sprintf("Chosen option: “%s”, because the ticked reasons favour it slightly (%s).", EscapeText(leader.Name),
			counted)
	case leads:
		return fmt.Sprintf("Chosen option: “%s”, because the ticked reasons favour it (%s).", EscapeText(leader.Name), counted)
	case t.Leader == Both:
		return fmt.Sprintf("Use %s together, because no option alone has all that the project must have (%s). %s",
			EscapeText(InWords(namesOf(t.MustUse()))), counted, e.Guide.Both.Text)
	case len(t.Left()) == 0:
		return fmt.Sprintf("Every option is ruled out (%s).", counted)
	}
	advice, given := e.Advice(t)
	if !given {
		return fmt.Sprintf("No option leads (%s).", counted)
	}
	return fmt.Sprintf("No option leads (%s). If the reasons come out equal, the guide suggests %s: %s", counted,
		EscapeText(advice.Name), e.Guide.Level.Why)
}

// NoConsequences and NothingGivenUp stand where a record has no consequences, or none that is a loss.
const (
	NoConsequences = "Nothing is decided yet, so there are no consequences."
	NothingGivenUp = "None of the ticked reasons speaks for another option."
)

// Consequence is a ticked reason that a decision serves or gives up, and what the chosen options have in the rows behind it.
type Consequence struct {
	Reason Condition
	For    Option // that the reason speaks for
	Values []ValueBehind
}

// ValueBehind is a value of a chosen option in one row.
type ValueBehind struct {
	Row Row
	Value
}

// Name returns what the value is of: "Admin interface with Django".
func (v ValueBehind) Name() string { return v.Row.Label + " with " + v.Option.Name }

// Consequences returns the reasons that decide for the chosen options, and all that speak for others. It returns nothing while
// nothing is decided.
func (e *Edition) Consequences(t Tally) (served, givenUp []Consequence) {
	chosen := e.chosen(t)
	if len(chosen) == 0 {
		return nil, nil
	}
	rows := e.Rows()
	for _, s := range t.Scores {
		serves := slices.Contains(chosen, s.Option.Slug)
		for _, c := range s.Reasons {
			switch {
			case !serves:
				givenUp = append(givenUp, Consequence{c, s.Option, valuesBehind(rows, c, chosen)})
			case t.Leader == Both && t.Must[c.ID] || holds(t.Deciding, c.ID):
				served = append(served, Consequence{c, s.Option, valuesBehind(rows, c, []string{s.Option.Slug})})
			}
		}
	}
	return served, givenUp
}

// chosen returns the slugs of the options that the record decides for.
func (e *Edition) chosen(t Tally) (slugs []string) {
	if t.Leader == Both {
		for _, o := range t.MustUse() {
			slugs = append(slugs, o.Slug)
		}
	} else if o, leads := e.Option(t.Leader); leads {
		slugs = append(slugs, o.Slug)
	}
	return slugs
}

// valuesBehind returns what the options have in the rows that the condition rests on.
func valuesBehind(rows []Row, c Condition, options []string) (values []ValueBehind) {
	for _, row := range rows {
		for _, v := range row.Values {
			if slices.Contains(c.RestsOn, row.ID) && slices.Contains(options, v.Option.Slug) {
				values = append(values, ValueBehind{row, v})
			}
		}
	}
	return values
}

// consequences writes them in the words of MADR.
func (d *document) consequences(t Tally) {
	served, givenUp := d.edition.Consequences(t)
	if len(served)+len(givenUp) == 0 {
		d.line("%s\n", NoConsequences)
		return
	}
	for _, c := range served {
		d.line("- Good, because this applies: %s", c.Reason.Text)
		d.behind(c.Values)
	}
	for _, c := range givenUp {
		d.line("- Bad, because this is a reason for %s: %s", EscapeText(c.For.Name), c.Reason.Text)
		d.behind(c.Values)
	}
	if len(givenUp) == 0 {
		d.line("- Neutral: %s", NothingGivenUp)
	}
	d.line("")
}

func (d *document) behind(values []ValueBehind) {
	for _, v := range values {
		words := v.Fact.Value
		if v.Confidence == Unknown {
			words = string(Unknown)
		}
		d.line("  - %s: %s", EscapeText(v.Name()), words)
	}
}

func (d *document) flips(t Tally) {
	if len(t.Flips) == 0 {
		d.line("Any other reason.\n")
		return
	}
	for _, f := range t.Flips {
		d.line("- %s", EscapeText(f.Words()))
		for _, c := range f.Changes() {
			d.line("  - %s%s", c.Text, times(c))
		}
	}
	d.line("")
}

// Evidence is a row of the summary with the ticked reasons that rest on it.
type Evidence struct {
	Row
	Reasons []Condition
}

// Evidence returns the rows that the ticked reasons rest on, in the table's order.
func (e *Edition) Evidence(t Tally) []Evidence {
	var evidence []Evidence
	for _, row := range e.Rows() {
		behind := Evidence{Row: row}
		for _, s := range t.Scores {
			for _, c := range s.Reasons {
				if slices.Contains(c.RestsOn, row.ID) {
					behind.Reasons = append(behind.Reasons, c)
				}
			}
		}
		if len(behind.Reasons) > 0 {
			evidence = append(evidence, behind)
		}
	}
	return evidence
}

// values lists the rows that the ticked reasons rest on, with each option's value.
func (d *document) values(evidence []Evidence) {
	if len(evidence) == 0 {
		d.line("None: the ticked reasons rest on no row of the table.")
	}
	for _, row := range evidence {
		d.line("- **%s** (%s)", EscapeText(row.Label), EscapeText(d.edition.edgeWords(row.Edge)))
		for _, v := range row.Values {
			d.line("  - %s: %s", EscapeText(v.Option.Name), d.value(v))
		}
	}
	d.line("")
}

// times returns how often a condition counts, or "" for once.
func times(c Condition) string {
	if c.Weight < 2 {
		return ""
	}
	return fmt.Sprintf(" (×%d)", c.Weight)
}

func namesOf(options []Option) []string {
	names := make([]string, len(options))
	for i, o := range options {
		names[i] = o.Name
	}
	return names
}

// InWords returns a list as a sentence says it: "A, B and C".
func InWords(names []string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:len(names)-1], ", ") + " and " + names[len(names)-1]
}
