package guide

import (
	"fmt"
	"strings"
	"unicode/utf8"
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
	fmt.Fprintf(&w, "%s: %s", capital(e.edgeWords(r.Edge)), PlainText(r.Why))
	return w.String()
}

func capital(words string) string {
	_, size := utf8.DecodeRuneInString(words)
	return strings.ToUpper(words[:size]) + words[size:]
}
