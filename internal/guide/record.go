package guide

import (
	"time"
)

// Record is an edition for machines: everything that its page says, each fact with its sources and dates.
type Record struct {
	Guide       string            `json:"guide"`
	Title       string            `json:"title"`
	Subtitle    string            `json:"subtitle"`
	Field       string            `json:"field"`
	Address     string            `json:"url"`
	Edition     string            `json:"edition"`
	MadeAt      time.Time         `json:"made_at"`
	Checked     Date              `json:"checked,omitzero"` // the oldest fact's day
	Options     []Option          `json:"options"`
	Answer      map[string]string `json:"answer"`
	Short       map[string]string `json:"short,omitempty"`
	Level       Level             `json:"level"`
	Both        Together          `json:"both,omitzero"`
	Intro       string            `json:"intro"`
	Sources     []Source          `json:"sources,omitempty"`
	Summary     []Criterion       `json:"summary"`
	Dimensions  []Dimension       `json:"dimensions"`
	Verdict     Verdict           `json:"verdict"`
	Conditions  []RecordCondition `json:"conditions"`
	Profiles    []RecordProfile   `json:"profiles"`
	Questions   []Question        `json:"questions"`
	UnderReview []string          `json:"under_review,omitempty"` // facts as "option/key"
}

// RecordCondition is a condition with the option that it speaks for.
type RecordCondition struct {
	ID       string   `json:"id"`
	Option   string   `json:"option"`
	Weight   int      `json:"weight"`
	Text     string   `json:"text"`
	RulesOut []string `json:"rules_out"`
	Group    string   `json:"group"`
	RestsOn  []string `json:"rests_on,omitempty"`
}

// RecordProfile is a profile with all its fields, none left out because it is empty.
type RecordProfile struct {
	Name   string   `json:"name"`
	Tick   []string `json:"tick"`
	Must   []string `json:"must"`
	Expect string   `json:"expect"`
}

// Record returns the edition's record; address is its page's.
func (e *Edition) Record(address string) Record {
	g := e.Guide
	r := Record{
		Guide: g.Slug, Title: g.Title, Subtitle: g.Subtitle, Field: g.Field, Address: address,
		Edition: e.Digest, MadeAt: e.MadeAt.UTC(), Checked: e.CheckedOn(), Options: e.Options,
		Answer: g.Answer, Short: g.Short, Level: g.Level, Both: g.Both, Intro: g.Intro, Sources: g.Sources,
		Summary: g.Summary, Dimensions: g.Dimensions, Verdict: g.Verdict, Profiles: []RecordProfile{},
		Questions: g.Questions, UnderReview: e.UnderReview,
	}
	for _, c := range e.reasons() {
		r.Conditions = append(r.Conditions, RecordCondition{
			ID: c.ID, Option: c.option.Slug, Weight: c.Weight, Text: c.Text, RulesOut: listed(c.RulesOut), Group: c.Group,
			RestsOn: c.RestsOn,
		})
	}
	for _, p := range g.Profiles {
		r.Profiles = append(r.Profiles, RecordProfile{
			Name: p.Name, Tick: listed(p.Tick), Must: listed(p.Must), Expect: p.Expect,
		})
	}
	return r
}

// listed returns the list, never nil, which JSON would write as null.
func listed(list []string) []string { return append([]string{}, list...) }
