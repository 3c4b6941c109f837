package guide

import (
	"encoding/json"
	"iter"
	"reflect"
	"slices"
	"strings"
)

// MaxOptions is how many options a guide compares at most: more would not be read side by side.
const MaxOptions = 4

// Guide is a comparison of 2 to 4 options: the judgements. The facts belong to the options.
// All prose is Markdown. The fields stand in the order of the YAML form. What is stored is named by a digest of its JSON:
// a new field must be left out of the JSON while it is empty.
type Guide struct {
	Slug string `yaml:"guide" json:"guide"`
	// written by an export: the Digest that it was made from
	BasedOn    string                 `yaml:"based_on,omitempty" json:"-"`
	Title      string                 `yaml:"title" json:"title"`
	Subtitle   string                 `yaml:"subtitle" json:"subtitle"`
	Options    []string               `yaml:"options,flow" json:"options"` // slugs, in the page's order
	Field      string                 `yaml:"field" json:"field"`          // the shelf it stands on: "Web frameworks"
	Formerly   []string               `yaml:"formerly,omitempty" json:"formerly,omitempty"`
	Answer     map[string]string      `yaml:"answer" json:"answer"`                   // one sentence an option
	Short      map[string]string      `yaml:"short,omitempty" json:"short,omitempty"` // the answer in a few words, for lists
	Level      Level                  `yaml:"level" json:"level"`
	Both       Together               `yaml:"both,omitempty" json:"both,omitzero"`
	Intro      string                 `yaml:"intro" json:"intro"`
	Sources    []Source               `yaml:"sources,omitempty,flow" json:"sources,omitempty"` // of the intro and the verdict
	Summary    []Criterion            `yaml:"summary" json:"summary"`
	Dimensions []Dimension            `yaml:"dimensions" json:"dimensions"`
	Verdict    Verdict                `yaml:"verdict" json:"verdict"`
	Conditions map[string][]Condition `yaml:"conditions" json:"conditions"` // by option
	Profiles   []Profile              `yaml:"profiles,omitempty" json:"profiles,omitempty"`
	Questions  []Question             `yaml:"questions" json:"questions"`
	Call       Call                   `yaml:"call" json:"call"`
}

// NoLongerCompared returns the slugs of the options that the guide has texts for and does not compare, in order.
func (g Guide) NoLongerCompared() []string {
	var slugs []string
	add := func(texts map[string]string) {
		for slug := range texts {
			slugs = append(slugs, slug)
		}
	}
	add(g.Answer)
	add(g.Short)
	for _, c := range g.Summary {
		add(c.Values)
	}
	for _, d := range g.Dimensions {
		add(d.Text)
	}
	for slug, conditions := range g.Conditions {
		if len(conditions) > 0 {
			slugs = append(slugs, slug)
		}
	}
	slices.Sort(slugs)
	return slices.DeleteFunc(slices.Compact(slugs), func(slug string) bool { return slices.Contains(g.Options, slug) })
}

// Forget removes the texts for an option from the guide, and the option from the lists that name it.
func (g *Guide) Forget(option string) {
	delete(g.Answer, option)
	delete(g.Short, option)
	delete(g.Conditions, option)
	for _, c := range g.Summary {
		delete(c.Values, option)
	}
	for _, d := range g.Dimensions {
		delete(d.Text, option)
	}
	is := func(slug string) bool { return slug == option }
	g.Level.Take = slices.DeleteFunc(g.Level.Take, is)
	for _, conditions := range g.Conditions {
		for i := range conditions {
			conditions[i].RulesOut = slices.DeleteFunc(conditions[i].RulesOut, is)
		}
	}
}

// Together says when to use several of the options side by side.
type Together struct {
	When string `yaml:"when" json:"when"` // continues "Use both when"
	Text string `yaml:"text" json:"text"`
}

// Even is the edge of a criterion in which no option is ahead, and the outcome of a checklist in which several lead.
const Even = "even"

// Criterion is a row of the head-to-head summary. It shows either one fact of each option or the guide's own values.
type Criterion struct {
	ID     string            `yaml:"criterion" json:"criterion"`
	Label  string            `yaml:"label" json:"label"`
	Fact   string            `yaml:"fact,omitempty" json:"fact,omitempty"`     // the key of a fact
	Values map[string]string `yaml:"values,omitempty" json:"values,omitempty"` // or our judgement, by option
	Edge   string            `yaml:"edge" json:"edge"`                         // an option's slug or Even
	Why    string            `yaml:"why" json:"why"`
}

// Dimension is a section of the detailed comparison.
type Dimension struct {
	ID      string            `yaml:"dimension" json:"dimension"`
	Title   string            `yaml:"title" json:"title"`
	Text    map[string]string `yaml:"text" json:"text"` // by option
	Means   string            `yaml:"means" json:"means"`
	Sources []Source          `yaml:"sources,omitempty,flow" json:"sources,omitempty"`
}

// Verdict is the recommendation, answer first.
type Verdict struct {
	Headline string   `yaml:"headline" json:"headline"`
	Text     string   `yaml:"text" json:"text"`
	RestsOn  []string `yaml:"rests_on,omitempty,flow" json:"rests_on,omitempty"` // criteria
}

// Condition is one item of a "choose X when" list.
type Condition struct {
	ID       string   `yaml:"id" json:"id"` // stable: shared links carry it
	Text     string   `yaml:"text" json:"text"`
	Weight   int      `yaml:"weight" json:"weight"`                                // 1 to 3
	Group    string   `yaml:"group,omitempty" json:"group,omitempty"`              // of those that share one, the heaviest counts
	RulesOut []string `yaml:"rules_out,omitempty,flow" json:"rules_out,omitempty"` // options that it makes unusable
	RestsOn  []string `yaml:"rests_on,omitempty,flow" json:"rests_on,omitempty"`
}

// Profile is an example project: a test of the checklist that a reader can open.
type Profile struct {
	Name   string   `yaml:"name" json:"name"`
	Tick   []string `yaml:"tick,flow" json:"tick,omitempty"`           // ids of conditions
	Must   []string `yaml:"must,omitempty,flow" json:"must,omitempty"` // those that it must have; they are ticked too
	Expect string   `yaml:"expect" json:"expect"`                      // the leader: an option's slug, Even, Both or None
}

// Question is one of the frequently asked questions.
type Question struct {
	ID       string   `yaml:"id" json:"id"`
	Question string   `yaml:"question" json:"question"`
	Answer   string   `yaml:"answer" json:"answer"`
	RestsOn  []string `yaml:"rests_on,omitempty,flow" json:"rests_on,omitempty"`
	Sources  []Source `yaml:"sources,omitempty,flow" json:"sources,omitempty"`
}

// Call is the call to action above the intake form.
type Call struct {
	Heading string `yaml:"heading" json:"heading"`
	Text    string `yaml:"text" json:"text"`
}

// Folder is what a set of files holds.
type Folder struct {
	Site    *SiteChange // nil without a site.yaml
	Options []Option
	Guides  []Guide
}

// Level is the recommendation for a reader whose reasons come out equal: our judgement.
type Level struct {
	Take Order  `yaml:"take" json:"take"`
	Why  string `yaml:"why" json:"why"`
}

// Order lists options' slugs, the first choice first. A file gives a single one as a plain word.
type Order []string

// First returns the first of the list that is among the slugs, or "".
func (o Order) First(among []string) string {
	for _, slug := range o {
		if slices.Contains(among, slug) {
			return slug
		}
	}
	return ""
}

// MarshalJSON writes a single slug as a plain string, as before there were several: what is stored keeps its digest.
func (o Order) MarshalJSON() ([]byte, error) { return json.Marshal(o.plain()) }

// MarshalYAML writes a single slug as a plain word.
func (o Order) MarshalYAML() (any, error) { return o.plain(), nil }

func (o Order) plain() any {
	switch len(o) {
	case 0:
		return ""
	case 1:
		return o[0]
	}
	return []string(o)
}

// UnmarshalJSON reads a string or a list of them.
func (o *Order) UnmarshalJSON(document []byte) error {
	var one string
	if json.Unmarshal(document, &one) != nil {
		return json.Unmarshal(document, (*[]string)(o))
	}
	*o = nil
	if one != "" {
		*o = Order{one}
	}
	return nil
}

// Fields yields the fields of a struct of ours by their names in the YAML form.
func Fields(v reflect.Value) iter.Seq2[string, reflect.Value] {
	return func(yield func(string, reflect.Value) bool) {
		for i := range v.NumField() {
			name, _, _ := strings.Cut(v.Type().Field(i).Tag.Get("yaml"), ",")
			if name != "-" && !yield(name, v.Field(i)) {
				return
			}
		}
	}
}
