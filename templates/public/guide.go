// Package public holds the pages that visitors read: home, guides, options, search and changes.
// Each page is a props struct with a templ component View; handlers decide, components only show. Start with GuidePage.
package public

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/a-h/templ"

	"tiebreak/internal/guide"
	"tiebreak/templates/intake"
	"tiebreak/templates/ui"
)

// GuidePage shows an edition.
type GuidePage struct {
	ui.Page
	Edition *guide.Edition
	Rows    []guide.Row
	Numbers map[string]int // of the conditions, by id
	Score   guide.Score
	Notes   *guide.Footnotes
	Ticks   guide.Ticks // as the address carries them
	Tally   guide.Tally
	Form    intake.IntakeForm
	Related []ui.Link
	ReadBy  string     // the lead whose prospect read this edition, where staff look at it; "" elsewhere
	Draft   *DraftLine // above the preview of a draft; nil elsewhere
}

// NewGuidePage returns the page of an edition with some conditions ticked.
func NewGuidePage(p ui.Page, e *guide.Edition, ticks guide.Ticks, form intake.IntakeForm) GuidePage {
	rows := e.Rows()
	return GuidePage{
		Page: p, Edition: e, Rows: rows, Numbers: e.Numbers(), Score: guide.CountRows(rows), Notes: e.Footnotes(), Ticks: ticks,
		Tally: e.Tally(ticks), Form: form,
	}
}

func (g GuidePage) guide() guide.Guide { return g.Edition.Guide }

// blocks shows a text of a guide as paragraphs, its footnotes drawn from the sources beside it.
func (g GuidePage) blocks(text string, sources []guide.Source) templ.Component {
	return ui.Blocks(text, sources, g.Notes)
}

// line shows a text of a guide inside a line.
func (g GuidePage) line(text string, sources []guide.Source) templ.Component {
	return ui.Line(text, sources, g.Notes)
}

func (g GuidePage) name(slug string) string {
	o, _ := g.Edition.Option(slug)
	return o.Name
}

// shared reports that the page begins with the result of ticks that the guide knows.
func (g GuidePage) shared() bool { return len(g.Tally.Ticked) > 0 }

// nameSize returns the class that makes long names small enough to stand beside each other.
func (g GuidePage) nameSize() string {
	longest := 0
	for _, name := range g.Edition.Names() {
		longest = max(longest, utf8.RuneCountInString(name))
	}
	switch {
	case longest > 16:
		return "longest"
	case longest > 9:
		return "long"
	}
	return ""
}

// scores returns the tally's scores for a script or a check: "django=5 fastapi=2".
func (g GuidePage) scores() string {
	parts := make([]string, len(g.Tally.Scores))
	for i, s := range g.Tally.Scores {
		parts[i] = fmt.Sprintf("%s=%d", s.Option.Slug, s.Score)
	}
	return strings.Join(parts, " ")
}

// rowsOf returns the rows of the criteria, in the table's order.
func (g GuidePage) rowsOf(criteria []string) []guide.Row {
	var rows []guide.Row
	for _, r := range g.Rows {
		if slices.Contains(criteria, r.ID) {
			rows = append(rows, r)
		}
	}
	return rows
}

// rowsBehind returns the rows that the conditions rest on, in the table's order.
func (g GuidePage) rowsBehind(conditions []guide.Condition) []guide.Row {
	var criteria []string
	for _, c := range conditions {
		criteria = append(criteria, c.RestsOn...)
	}
	return g.rowsOf(criteria)
}

// restingOn returns the conditions that rest on a row, in the page's order.
func (g GuidePage) restingOn(r guide.Row) []guide.Condition {
	var resting []guide.Condition
	for _, o := range g.Edition.Options {
		for _, c := range g.guide().Conditions[o.Slug] {
			if slices.Contains(c.RestsOn, r.ID) {
				resting = append(resting, c)
			}
		}
	}
	return resting
}

// rowState returns the class of a row of the summary, which the "hide even rows" switch reads.
func rowState(r guide.Row) string {
	if r.Edge == guide.Even || r.Edge == string(guide.Unknown) {
		return "even"
	}
	return "edge"
}

// scoreLineWords says a score line aloud.
func (g GuidePage) scoreLineWords(o guide.Option) string {
	var labels []string
	for _, r := range g.Rows {
		if r.Edge == o.Slug {
			labels = append(labels, r.Label)
		}
	}
	if len(labels) == 0 {
		return fmt.Sprintf("%s is ahead on none of %s.", o.Name, ui.Count(g.Score.Rows, "row", "rows"))
	}
	return fmt.Sprintf("%s is ahead on %d of %s: %s.", o.Name, len(labels), ui.Count(g.Score.Rows, "row", "rows"),
		strings.Join(labels, ", "))
}

// part returns an address under the guide's own.
func (g GuidePage) part(path string) string { return "/compare/" + g.guide().Slug + path }

// at returns where a row's mark stands on the score line, in percent of its length.
func (g GuidePage) at(r guide.Row) string {
	return fmt.Sprintf("%.2f%%", (float64(r.Number)-.5)/float64(g.Score.Rows)*100)
}

// evenAndUnknown says which rows carry no mark of an option. Where there are three, some of them may share the lead.
func (g GuidePage) evenAndUnknown() string {
	even := ui.Count(g.Score.Even, "tie", "ties") + " (=)"
	if len(g.Edition.Options) > 2 {
		even = ui.Count(g.Score.Even, "row", "rows") + " without a single leader (=)"
	}
	switch g.Score.Unknown {
	case 0:
		return even + "."
	case 1:
		return even + " and 1 unknown (?)."
	}
	return fmt.Sprintf("%s and %d unknown (?).", even, g.Score.Unknown)
}

// sharedDate returns the day on which most facts of the page were checked; a cell says its own date only where it differs.
func (g GuidePage) sharedDate() guide.Date {
	days := map[guide.Date]int{}
	var shared guide.Date
	for _, r := range g.Rows {
		for _, v := range r.Values {
			if v.Checked.IsZero() {
				continue
			}
			days[v.Checked]++
			if days[v.Checked] > days[shared] || days[v.Checked] == days[shared] && shared.Before(v.Checked) {
				shared = v.Checked
			}
		}
	}
	return shared
}

// readWords returns where a source is and when it was read.
func readWords(n guide.Footnote) string {
	switch {
	case !n.Copy.IsZero():
		return n.Site() + ", archived copy of " + whole(n.Copy) + "."
	case !n.Read.IsZero():
		return n.Site() + ", read " + whole(n.Read) + "."
	}
	return n.Site() + "."
}

// whole returns a date that does not break at the end of a line.
func whole(d guide.Date) string { return strings.ReplaceAll(d.Words(), " ", "\u00a0") }

// sourceID returns the id of footnote n on the page.
func sourceID(n int) string { return fmt.Sprintf("s%d", n) }
