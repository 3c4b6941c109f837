package guide

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"tiebreak/internal/digest"
)

// Edition is an immutable snapshot of a whole page: a published revision and the facts it used. The site serves editions only.
type Edition struct {
	Revision int      `json:"revision"`
	Guide    Guide    `json:"guide"`
	Options  []Option `json:"options"` // in the guide's order, with no fact that the guide does not show

	// UnderReview names the facts that say something else than when the guide was published, as "option/key": what rests on
	// them is under review until somebody publishes the guide again. The key stays "reread": digests name stored editions by it.
	UnderReview []string `json:"reread,omitempty"`

	Digest  string    `json:"-"` // names the edition: 32 hex digits of its document's SHA-256
	MadeAt  time.Time `json:"-"`
	FirstAt time.Time `json:"-"` // when the guide's first edition was made; zero where nobody asked for it
	Size    int       `json:"-"` // of the document that it was read from, in bytes
}

// NewEdition builds the edition of a guide's revision from its options as they stand now, and the document to store.
// Published is the edition that was made when the revision was published; nil while that is being done.
func NewEdition(g Guide, revision int, options []Option, published *Edition) (*Edition, []byte, error) {
	e := &Edition{Revision: revision, Guide: g}
	for _, slug := range g.Options {
		o, ok := find(options, slug)
		if !ok {
			return nil, nil, fmt.Errorf("guide %s compares %s, which is not there", g.Slug, slug)
		}
		shown := map[string]Fact{}
		for _, c := range g.Summary {
			if f, ok := o.Facts[c.Fact]; ok {
				shown[c.Fact] = f
			}
		}
		o.Facts = shown
		e.Options = append(e.Options, o)
	}
	if published != nil {
		e.UnderReview = e.changedSince(published)
	}
	document, err := json.Marshal(e)
	if err != nil {
		return nil, nil, err
	}
	e.Digest = digest.Hex(document, digestLength)
	return e, document, nil
}

// changedSince returns the facts that say something else than in an earlier edition or were under review in it; a mere re-check
// is not a change.
func (e *Edition) changedSince(earlier *Edition) []string {
	var changed []string
	for _, o := range e.Options {
		before, _ := earlier.Option(o.Slug)
		for _, key := range slices.Sorted(maps.Keys(o.Facts)) {
			name := o.Slug + "/" + key
			if !before.Facts[key].SameClaim(o.Facts[key]) || slices.Contains(earlier.UnderReview, name) {
				changed = append(changed, name)
			}
		}
	}
	return changed
}

// ReadEdition returns the edition stored as document.
func ReadEdition(document []byte, madeAt time.Time) (*Edition, error) {
	e := &Edition{Digest: digest.Hex(document, digestLength), MadeAt: madeAt, Size: len(document)}
	if err := json.Unmarshal(document, e); err != nil {
		return nil, fmt.Errorf("edition %s: %w", e.Digest, err)
	}
	return e, nil
}

// Names returns the options' names in the page's order.
func (e *Edition) Names() []string { return namesOf(e.Options) }

// names returns the names of the options with these slugs.
func (e *Edition) names(slugs []string) []string {
	names := make([]string, len(slugs))
	for i, slug := range slugs {
		o, _ := e.Option(slug)
		names[i] = o.Name
	}
	return names
}

// Option returns the option with the slug, and whether the edition compares it.
func (e *Edition) Option(slug string) (Option, bool) { return find(e.Options, slug) }

func find(options []Option, slug string) (Option, bool) {
	for _, o := range options {
		if o.Slug == slug {
			return o, true
		}
	}
	return Option{}, false
}

// Value is what one option shows in one row of the summary.
type Value struct {
	Fact
	Option Option
	Ahead  bool // the row's edge is this option's
}

// Row is one row of the summary as a reader sees it.
type Row struct {
	Number int // from 1
	Criterion
	Values      []Value // in the page's order
	Edge        string  // an option's slug, Even or Unknown: a row with an unknown value is never scored
	UnderReview bool    // one of its facts changed since the guide was published
}

// Anchor returns the row's id on the page.
func (r Row) Anchor() string { return fmt.Sprintf("r%d", r.Number) }

// Rows returns the rows of the head-to-head summary, values filled in.
func (e *Edition) Rows() []Row {
	rows := make([]Row, len(e.Guide.Summary))
	for i, c := range e.Guide.Summary {
		row := Row{Number: i + 1, Criterion: c, Edge: c.Edge}
		for _, o := range e.Options {
			v := Value{Fact: fact(c, o), Option: o}
			if v.Confidence == Unknown {
				row.Edge = string(Unknown)
			}
			row.Values = append(row.Values, v)
			row.UnderReview = row.UnderReview || slices.Contains(e.UnderReview, o.Slug+"/"+c.Fact)
		}
		for j := range row.Values {
			row.Values[j].Ahead = row.Edge == row.Values[j].Option.Slug
		}
		rows[i] = row
	}
	return rows
}

// fact returns what option o has for criterion c: its fact, the guide's judgement, or an unknown value.
func fact(c Criterion, o Option) Fact {
	if c.Fact == "" {
		return Fact{Value: c.Values[o.Slug], Confidence: Judgement}
	}
	if f, ok := o.Facts[c.Fact]; ok {
		return f
	}
	return Fact{Confidence: Unknown}
}

// IsUnderReview reports whether one of the criteria is under review, and with it what rests on them.
func (e *Edition) IsUnderReview(criteria []string) bool {
	if len(e.UnderReview) == 0 {
		return false
	}
	return slices.ContainsFunc(e.Rows(), func(r Row) bool { return r.UnderReview && slices.Contains(criteria, r.ID) })
}

// Score counts the rows of a summary.
type Score struct {
	Ahead   map[string]int // by option
	Even    int
	Unknown int // not scored
	Rows    int
}

// CountRows returns the score line of the rows: computed, never typed.
func CountRows(rows []Row) Score {
	s := Score{Ahead: map[string]int{}, Rows: len(rows)}
	for _, r := range rows {
		switch r.Edge {
		case Even:
			s.Even++
		case string(Unknown):
			s.Unknown++
		default:
			s.Ahead[r.Edge]++
		}
	}
	return s
}

// Condition returns the condition with the id and the option it speaks for, and whether the edition has it.
func (e *Edition) Condition(id string) (Condition, Option, bool) {
	for _, r := range e.reasons() {
		if r.ID == id {
			return r.Condition, r.option, true
		}
	}
	return Condition{}, Option{}, false
}

// Numbers returns the number of each condition on the page, from 1, by its id.
func (e *Edition) Numbers() map[string]int {
	numbers := map[string]int{}
	for i, r := range e.reasons() {
		numbers[r.ID] = i + 1
	}
	return numbers
}

// CheckedOn returns the date of the page: that of the oldest fact it shows.
func (e *Edition) CheckedOn() Date {
	var oldest Date
	for _, o := range e.Options {
		for _, f := range o.Facts {
			if !f.Checked.IsZero() && (oldest.IsZero() || f.Checked.Before(oldest)) {
				oldest = f.Checked
			}
		}
	}
	return oldest
}
