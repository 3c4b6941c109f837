package guide

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"tiebreak/internal/digest"
	"tiebreak/internal/text"
)

// Markdown returns the edition as a document: all that its page says, with every source and date. Address is the page's.
func (e *Edition) Markdown(address string) string {
	d := document{edition: e, notes: e.Footnotes()}
	g := e.Guide
	d.line("# %s\n", EscapeText(g.Title))
	d.line("%s\n", g.Subtitle)
	d.line("- Page: <%s>\n- Edition: %s of %s", address, e.Digest, e.MadeAt.UTC().Format(time.DateOnly))
	if checked := e.CheckedOn(); !checked.IsZero() {
		d.line("- Oldest check of a fact: %s", checked)
	}
	d.line("")
	for _, o := range e.Options {
		d.line("**Choose %s** %s\n", EscapeText(o.Name), d.cited(g.Answer[o.Slug], nil))
	}
	level, _ := e.Option(g.Level.Take.First(g.Options))
	d.line("**If your reasons come out equal, choose %s.** %s [our judgement]\n", EscapeText(level.Name),
		d.cited(g.Level.Why, nil))
	d.line("## Our verdict\n\n%s [our judgement]%s\n\n%s\n", g.Verdict.Headline, reviewMark(e.IsUnderReview(g.Verdict.RestsOn)),
		d.cited(g.Verdict.Text, g.Sources))
	d.line("## When to choose each\n")
	d.conditions()
	d.profiles()
	d.summary()
	d.dimensions()
	d.line("## Frequently asked questions\n")
	for _, q := range g.Questions {
		d.line("### %s\n\n%s\n", EscapeText(q.Question), d.cited(q.Answer, q.Sources))
	}
	d.line("## Sources\n")
	d.sources()
	return escapeForOthers(d.out.String())
}

type document struct {
	edition *Edition
	notes   *Footnotes
	out     strings.Builder
}

func (d *document) line(format string, args ...any) { fmt.Fprintf(&d.out, format+"\n", args...) }

// cited returns the text with its footnotes numbered as on the page.
func (d *document) cited(text string, sources []Source) string {
	for _, n := range slices.Backward(NotesIn(text)) {
		refs := ""
		if s, ok := Cited(n.Note, sources); ok {
			refs = d.refs([]Source{s})
		}
		text = text[:n.place.Start] + refs + text[n.place.Stop:]
	}
	return text
}

func (d *document) refs(sources []Source) string {
	var refs strings.Builder
	for _, s := range sources {
		fmt.Fprintf(&refs, "[^%d]", d.notes.Number(s))
	}
	return refs.String()
}

// reviewMark marks what has to be read again, because a fact below it changed.
func reviewMark(due bool) string {
	if due {
		return " [under review]"
	}
	return ""
}

// summary writes a list, not a table: a value with its detail, date and sources has no room in a column.
func (d *document) summary() {
	d.line("## Head-to-head summary\n\n%s\n", d.cited(d.edition.Guide.Intro, d.edition.Guide.Sources))
	for _, r := range d.edition.Rows() {
		d.line("### %s\n", EscapeText(r.Label))
		for _, v := range r.Values {
			d.line("- %s: %s", EscapeText(v.Option.Name), d.value(v))
		}
		d.line("- %s: %s%s\n", EscapeText(text.Capitalise(d.edition.edgeWords(r.Edge))), r.Why, reviewMark(r.UnderReview))
	}
}

// value returns all of a cell: "Built in. Generated from the models. (estimated) Checked 2026-11-22.[^3]"
func (d *document) value(v Value) string {
	value := "**unknown**"
	if v.Confidence != Unknown {
		value = v.Fact.Value
	}
	if v.Detail != "" {
		value += ". " + strings.TrimSuffix(v.Detail, ".")
	}
	switch v.Confidence {
	case Estimated:
		value += ". [estimated]"
	case Judgement:
		value += ". [our judgement]"
	default:
		value += "."
	}
	if !v.Checked.IsZero() {
		value += fmt.Sprintf(" Checked %s.", v.Checked)
	}
	return value + d.refs(v.Sources)
}

func (d *document) dimensions() {
	d.line("## Detailed comparison\n")
	for _, dimension := range d.edition.Guide.Dimensions {
		d.line("### %s\n", EscapeText(dimension.Title))
		for _, o := range d.edition.Options {
			d.line("#### %s\n\n%s\n", EscapeText(o.Name), d.cited(dimension.Text[o.Slug], dimension.Sources))
		}
		d.line("**In practice.** %s\n", d.cited(dimension.Means, dimension.Sources))
	}
}

func (d *document) conditions() {
	for _, o := range d.edition.Options {
		d.line("### Choose %s when\n", EscapeText(o.Name))
		for _, c := range d.edition.Guide.Conditions[o.Slug] {
			d.line("- [ ] %s%s%s", c.Text, times(c), d.exclusions(c))
		}
		d.line("")
	}
	if both := d.edition.Guide.Both; both.Text != "" {
		d.line("**Use both** when %s %s\n", both.When, both.Text)
	}
}

// exclusions returns what a condition rules out and which it counts with, or "".
func (d *document) exclusions(c Condition) string {
	var words string
	if len(c.RulesOut) > 0 {
		words = fmt.Sprintf(" (rules out %s)", EscapeText(InWords(d.edition.names(c.RulesOut))))
	}
	if c.Group != "" {
		words += fmt.Sprintf(" (only the heaviest of %s counts)", c.Group)
	}
	return words
}

// outcomeWords returns who leads in a checklist.
func (e *Edition) outcomeWords(leader string) string {
	switch leader {
	case Even:
		return "a tie"
	case Both:
		return "several of them together"
	case None:
		return "none of them"
	}
	o, _ := e.Option(leader)
	return o.Name
}

// profiles lists the example projects with what the checklist says for them.
func (d *document) profiles() {
	if len(d.edition.Guide.Profiles) == 0 {
		return
	}
	d.line("### Example projects\n")
	for _, p := range d.edition.Guide.Profiles {
		d.line("- %s: %s", EscapeText(p.Name), EscapeText(d.edition.outcomeWords(p.Expect)))
	}
	d.line("")
}

func (d *document) sources() {
	for i := range d.notes.List {
		d.source(i + 1)
	}
}

// source writes footnote n. Without a word before the link, readers that know no footnotes take the line for the address of a
// link.
func (d *document) source(n int) {
	s, read := d.notes.List[n-1], ""
	if !s.Copy.IsZero() {
		read = fmt.Sprintf(", archived copy of %s", s.Copy)
	}
	d.line("[^%d]: See %s%s", n, link(s.Title, s.URL), read)
}

// digestLength is how many bytes of a digest name an edition, a guide or an option.
const digestLength = 16

// Digest returns 32 hex digits that stand for what the guide says. An exported file carries them as based_on.
func (g Guide) Digest() (string, error) {
	document, err := json.Marshal(g)
	return digest.Hex(document, digestLength), err
}

// Digest returns 32 hex digits that stand for what the option and its facts say, whatever their versions.
func (o Option) Digest() (string, error) {
	facts := map[string]Fact{}
	for key, f := range o.Facts {
		f.Version = 0
		facts[key] = f
	}
	o.Facts = facts
	document, err := json.Marshal(o)
	return digest.Hex(document, digestLength), err
}

// HeadDigest returns 32 hex digits that stand for the name, the kind and the homepage of the option.
func (o Option) HeadDigest() (string, error) {
	o.Facts, o.Retired = nil, false
	return o.Digest()
}
