package guide

import (
	"encoding/json"
	"slices"
)

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
