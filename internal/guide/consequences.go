package guide

import "slices"

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
