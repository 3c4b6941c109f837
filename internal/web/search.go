package web

import (
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	"tiebreak/internal/guide"
	"tiebreak/internal/postgres"
	"tiebreak/templates"
)

// mostAsked bounds what a search reads of a question, in bytes.
const mostAsked = 200

// kindsOfEntry are the words for what was found.
var kindsOfEntry = map[guide.EntryKind]string{
	guide.GuideEntry: "Guide", guide.OptionEntry: "Option", guide.CriterionEntry: "Row", guide.QuestionEntry: "Question",
}

// searchMedium leaves what somebody searches for out of shared caches.
var searchMedium = mediumOf(htmlType, "private, no-cache", quickly)

// showSearch answers ?q= with guides, options, rows and questions. The page is not kept: nobody's words are.
func (s *Server) showSearch(r *http.Request) (*encoded, error) {
	asked := strings.TrimSpace(strings.ToValidUTF8(r.URL.Query().Get("q"), ""))
	for len(asked) > mostAsked {
		_, size := utf8.DecodeLastRuneInString(asked)
		asked = asked[:len(asked)-size]
	}
	page, err := s.frame(r.Context(), "Search")
	if err != nil {
		return nil, err
	}
	page.Description = "Search guides, options, single facts and questions."
	page.Canonical = s.link("/search")
	p := templates.SearchPage{Page: page, Asked: asked}
	if asked != "" {
		p.NoIndex = true
		p.Canonical += "?" + url.Values{"q": {asked}}.Encode()
		found, err := s.readers.Search(r.Context(), asked)
		if err != nil {
			return nil, err
		}
		p.Meant, p.Loose, p.Found = found.Meant, found.Loose, foundProps(found.Found)
	}
	return encodeHTML(r.Context(), p.View(), searchMedium)
}

func foundProps(found []postgres.Found) []templates.Found {
	props := make([]templates.Found, len(found))
	for i, f := range found {
		props[i] = templates.Found{
			Kind: kindsOfEntry[f.Kind], Address: f.Address, Place: f.Place, Title: marked(f.Title), Words: marked(extract(f.Words)),
		}
	}
	return props
}

// extract ends a text that was cut within a sentence with an ellipsis.
func extract(words string) string {
	if strings.HasSuffix(strings.TrimRight(words, postgres.MatchEnd+")”"), ".") || strings.HasSuffix(words, "?") {
		return words
	}
	return words + " …"
}

// marked takes apart a text in which matches are marked.
func marked(text string) []templates.Marked {
	var pieces []templates.Marked
	for i, piece := range strings.Split(text, postgres.MatchStart) {
		match, rest, closed := strings.Cut(piece, postgres.MatchEnd)
		if i == 0 || !closed {
			pieces = append(pieces, templates.Marked{Text: piece})
			continue
		}
		pieces = append(pieces, templates.Marked{Text: match, Match: true}, templates.Marked{Text: rest})
	}
	return pieces
}
