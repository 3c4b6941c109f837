package public

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"tiebreak/internal/guide"
	"tiebreak/internal/postgres"
	"tiebreak/internal/web/page"
	"tiebreak/templates/public"
)

// maxQuery bounds what a search reads of a question, in bytes.
const maxQuery = 200

// kindsOfEntry are the words for what was found.
var kindsOfEntry = map[guide.EntryKind]string{
	guide.GuideEntry: "Guide", guide.OptionEntry: "Option", guide.CriterionEntry: "Criterion", guide.QuestionEntry: "Question",
}

// searchMedium leaves what somebody searches for out of shared caches.
var searchMedium = page.NewMedium(page.HTMLType, "private, no-cache", page.FastCompression)

// ShowSearch answers ?q= with guides, options, criteria and questions. The page is not kept: nobody's words are.
func (h *Handlers) ShowSearch(r *http.Request) (*page.Encoded, error) {
	asked := strings.TrimSpace(strings.ToValidUTF8(r.URL.Query().Get("q"), ""))
	for len(asked) > maxQuery {
		_, size := utf8.DecodeLastRuneInString(asked)
		asked = asked[:len(asked)-size]
	}
	p, err := h.search(r, asked)
	if err != nil {
		return nil, err
	}
	return page.EncodeHTML(r.Context(), p.View(), searchMedium)
}

// search returns the page for the words, which may be none, and counts a comparison that does not exist.
func (h *Handlers) search(r *http.Request, asked string) (public.SearchPage, error) {
	frame, err := h.Frame(r.Context(), "Search")
	if err != nil {
		return public.SearchPage{}, err
	}
	frame.Description = "Search guides, options, single facts and questions."
	frame.Canonical = h.Link("/search")
	p := public.SearchPage{Page: frame, Asked: asked}
	if asked == "" {
		return p, nil
	}
	p.NoIndex = true
	p.Canonical += "?" + url.Values{"q": {asked}}.Encode()
	found, err := h.Readers.Search(r.Context(), asked)
	if err != nil {
		return p, err
	}
	h.countMissing(r, found.Counted)
	p.Words, p.Cut = len(found.Terms) > 0, found.Cut
	p.Meant, p.Loose, p.Missing, p.Found = found.Meant, found.Loose, found.Missing, foundProps(found)
	return p, nil
}

func foundProps(results postgres.Results) []public.Found {
	props := make([]public.Found, len(results.Found))
	for i, f := range results.Found {
		words := marked(f.Words, results.Terms)
		if f.Kind == guide.QuestionEntry {
			words = extract(words)
		}
		props[i] = public.Found{
			Kind: kindsOfEntry[f.Kind], Address: f.Address, Place: f.Place, Title: marked(f.Title, results.Terms), Words: words,
		}
	}
	return props
}

// marked takes a text apart into its words and what is between them, and marks those that were searched for.
func marked(s string, terms postgres.Terms) []public.Marked {
	var pieces []public.Marked
	for stretch, found := range terms.In(s) {
		pieces = append(pieces, public.Marked{Text: stretch, Match: found})
	}
	return pieces
}

// An extract has so many pieces at most, words and what is between them, and begins so many before the first match.
const (
	maxExtract  = 80
	beforeMatch = 30
)

// extract returns the part of a longer text around the first word that was searched for.
func extract(pieces []public.Marked) []public.Marked {
	if len(pieces) <= maxExtract {
		return pieces
	}
	match := max(0, slices.IndexFunc(pieces, func(m public.Marked) bool { return m.Match }))
	start := min(max(0, match-beforeMatch), len(pieces)-maxExtract)
	part := slices.Clone(pieces[start : start+maxExtract])
	if start > 0 {
		part = append([]public.Marked{{Text: "… "}}, part...)
	}
	if start+maxExtract < len(pieces) {
		part = append(part, public.Marked{Text: " …"})
	}
	return part
}
