package guide

import "time"

// Teaser is a published guide in a list.
type Teaser struct {
	Field   string
	OnShelf int // guides that the list could show of this field
	Slug    string
	Title   string
	Options []TeaserOption
	Labels  map[string]string // what its rows call facts, by key
}

// TeaserOption is an option of a guide in a list.
type TeaserOption struct {
	Slug   string `json:"slug"`
	Name   string `json:"name"`
	Answer string `json:"answer"` // when to choose it
}

// ChangedEdition is an edition in a list of changes: what it changed for a reader.
type ChangedEdition struct {
	Slug      string // of the guide, now
	ThenSlug  string // when the edition was made
	FirstSlug string // when its first edition was made
	Title     string
	Digest    string
	MadeAt    time.Time
	Changes   []string // a sentence each
}
