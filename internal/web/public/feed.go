package public

import (
	"encoding/xml"
	"strings"
	"time"

	"tiebreak/internal/guide"
	"tiebreak/templates/ui"
)

// atomFeed is an Atom feed (RFC 4287). Its times are those of editions.
type atomFeed struct {
	XMLName xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
	ID      string      `xml:"id"`
	Title   string      `xml:"title"`
	Updated string      `xml:"updated"`
	Author  string      `xml:"author>name"`
	Links   []atomLink  `xml:"link"`
	Entries []atomEntry `xml:"entry"`
}

type atomLink struct {
	Rel  string `xml:"rel,attr"`
	Type string `xml:"type,attr"`
	Href string `xml:"href,attr"`
}

type atomEntry struct {
	ID      string     `xml:"id"`
	Title   string     `xml:"title"`
	Updated string     `xml:"updated"`
	Links   []atomLink `xml:"link"`
	Content string     `xml:"content"` // plain text, the default type
}

func newFeed(f ui.Feed, id, shown, author string, updated time.Time) *atomFeed {
	return &atomFeed{
		ID: id, Title: f.Title, Updated: updated.UTC().Format(time.RFC3339), Author: author,
		Links: []atomLink{{"self", "application/atom+xml", f.Address}, {"alternate", "text/html", shown}},
	}
}

// add adds an edition. The link leads to the guide as it stands now; then is its address when the edition was made, which
// the id keeps.
func (f *atomFeed) add(now, then string, e guide.ChangedEdition) {
	f.Entries = append(f.Entries, atomEntry{
		ID: editionLink(then, e), Title: e.Title + ": " + e.Changes[0], Updated: e.MadeAt.UTC().Format(time.RFC3339),
		Links:   []atomLink{{"alternate", "text/html", editionLink(now, e)}},
		Content: strings.Join(e.Changes, " "),
	})
}

// editionLink returns where the change log of the guide at the address tells of the edition.
func editionLink(address string, e guide.ChangedEdition) string {
	return address + "/changes#e-" + e.Digest
}
