package guide

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"tiebreak/internal/text"
)

// EntryKind says what a reader finds with an Entry.
type EntryKind string

// What can be found. An option's entry belongs to the option, the others to a guide.
const (
	GuideEntry     EntryKind = "guide"
	OptionEntry    EntryKind = "option"
	CriterionEntry EntryKind = "criterion"
	QuestionEntry  EntryKind = "question"
)

// Entry is one thing that a search can answer with, in plain text.
type Entry struct {
	Kind    EntryKind
	Address string // path and fragment
	Place   string // title of the guide in which it stands; "" for a page of its own
	Title   string
	Words   string
}

// Entries returns what a search can find of the guide: the guide, each row with its values, each question with its answer.
func (e *Edition) Entries() []Entry {
	g := e.Guide
	address := "/compare/" + g.Slug
	entries := []Entry{{Kind: GuideEntry, Address: address, Title: g.Title, Words: e.answers()}}
	for _, r := range e.Rows() {
		entries = append(entries, Entry{
			Kind: CriterionEntry, Address: fmt.Sprintf("%s#r%d", address, r.Number), Place: g.Title,
			Title: r.Label, Words: e.rowWords(r),
		})
	}
	for _, q := range g.Questions {
		entries = append(entries, Entry{
			Kind: QuestionEntry, Address: address + "#q-" + q.ID, Place: g.Title, Title: q.Question, Words: PlainText(q.Answer),
		})
	}
	return entries
}

// Entry returns what a search can find of the option.
func (o Option) Entry() Entry {
	return Entry{Kind: OptionEntry, Address: "/options/" + o.Slug, Title: o.Name, Words: o.Kind}
}

// answers returns the guide's answer as sentences: "Choose Django for a whole product. Choose …".
func (e *Edition) answers() string {
	sentences := make([]string, len(e.Options))
	for i, o := range e.Options {
		sentences[i] = "Choose " + o.Name + " " + PlainText(e.Guide.Answer[o.Slug])
	}
	return strings.Join(sentences, " ")
}

// rowWords returns a row as one line: "Django: built in. FastAPI: none. Django ahead: the clearest lead."
func (e *Edition) rowWords(r Row) string {
	var w strings.Builder
	for _, v := range r.Values {
		fmt.Fprintf(&w, "%s: %s. ", v.Option.Name, strings.TrimSuffix(v.words(), "."))
	}
	fmt.Fprintf(&w, "%s: %s", text.Capitalise(e.edgeWords(r.Edge)), PlainText(r.Why))
	return w.String()
}

// Teaser is a published guide in a list.
type Teaser struct {
	Field   string
	OnShelf int // guides that the list could show of this field
	Slug    string
	Title   string
	Options []TeaserOption
	Labels  map[string]string // what its rows call facts, by key
	Sources int               // how many it cites
	Checked Date              // the day of its oldest fact; zero if it has none
}

// TeaserOption is an option of a guide in a list.
type TeaserOption struct {
	Slug   string `json:"slug"`
	Name   string `json:"name"`
	Answer string `json:"answer"` // when to choose it
	Short  string `json:"short"`  // the same in a few words, "" if the guide does not have them
}

// shortAnswer is about how many characters a list has room for.
const shortAnswer = 60

// InShort returns when to choose the option in one line: the guide's own words for lists or, without them, the beginning of its
// answer.
func (o TeaserOption) InShort() string {
	return cmp.Or(o.Short, text.Shorten(text.Capitalise(PlainText(o.Answer)), shortAnswer))
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

// Bounds of what is kept of comparisons that visitors looked for and that no guide has: how many of one day, so that a program
// that makes names up cannot fill the database, and for how many days.
const (
	MaxMissing  = 200
	KeepMissing = 90
)

// MissingComparison is a comparison that visitors looked for and that no guide has.
type MissingComparison struct {
	Names string // in small letters: "fastapi vs litestar"
	Times int    // how many looked for it
	Last  Date   // the last day on which one did, in the site's zone
}
