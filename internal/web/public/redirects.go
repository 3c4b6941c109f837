package public

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"tiebreak/internal/web/page"
	"tiebreak/static"
)

// Chat, print, mail readers and people add to an address what does not belong to it: a full stop, a bracket, a space that
// nobody sees, a second slash, capital letters. One permanent redirect leads from such an address to the page.

// RedirectVariants redirects a reader whose address carries what does not belong to it, before anything is looked up.
func (h *Handlers) RedirectVariants(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		// A request may name another host in its first line (RFC 9112, 3.2.2). Redirects must never repeat it.
		r.URL.Scheme, r.URL.Host = "", ""
		if to := tidy(r.URL); page.IsRead(r) && !same(to, r.URL) {
			h.HTTP(func(w http.ResponseWriter, r *http.Request) error { return h.RedirectOr(w, r, nil) })(w, r)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// same reports whether both lead to the same page, letter by letter.
func same(a, b *url.URL) bool { return a.EscapedPath() == b.EscapedPath() && a.RawQuery == b.RawQuery }

// RedirectOr redirects to the page that the address means. If that is the address itself, it returns otherwise or shows the
// guides that are nearest to one that was unpublished or a comparison that does not exist.
func (h *Handlers) RedirectOr(w http.ResponseWriter, r *http.Request, otherwise error) error {
	if !page.IsRead(r) {
		return otherwise
	}
	to := tidy(r.URL)
	var err error
	if to.Path, err = h.pathMeant(r, to.Path); err != nil {
		return err
	}
	if same(to, r.URL) {
		if shown, err := h.showGone(w, r); shown || err != nil {
			return err
		}
		return h.showMissing(w, r, otherwise)
	}
	// A guide may get its old address back: browsers that kept the redirect for ever would never see it there.
	w.Header()["Cache-Control"] = page.CachingFor(r, []string{page.PageCaching})
	if isPrivate(to.Path) {
		w.Header().Set("Cache-Control", "no-store")
	}
	http.Redirect(w, r, to.String(), http.StatusMovedPermanently)
	return nil
}

// isPrivate reports whether the address may let in whoever knows it.
func isPrivate(path string) bool {
	return strings.HasPrefix(path, "/requests/") || strings.HasPrefix(path, "/staff/")
}

// sections are addresses above pages that have no page of their own: the home page lists what is below them.
var sections = map[string]bool{"/compare": true, "/options": true, "/guides": true}

// pathMeant returns the path of the page that a reader means by the tidy path: that of the guide which has moved from there or
// has its options in another order.
func (h *Handlers) pathMeant(r *http.Request, path string) (string, error) {
	if sections[path] {
		return "/", nil
	}
	rest, isGuide := strings.CutPrefix(path, "/compare/")
	if !isGuide {
		return path, nil
	}
	slug, form := rest, ""
	if end := strings.IndexAny(rest, "/."); end >= 0 {
		slug, form = rest[:end], rest[end:]
	}
	end, err := h.drawing.begin(r.Context(), string(h.Client(r)))
	if err != nil {
		return "", err
	}
	defer end()
	now, err := h.Readers.GuideNow(r.Context(), slug)
	switch {
	case page.IsNotFound(err):
		return path, nil
	case err != nil:
		return "", err
	}
	return "/compare/" + now + form, nil
}

// tidy returns the address without what was added to it. Addresses of files and those that are not text stay as they are:
// nobody types them.
func tidy(typed *url.URL) *url.URL {
	if strings.HasPrefix(typed.Path, static.Prefix) || !utf8.ValidString(typed.Path) {
		return typed
	}
	to := &url.URL{RawQuery: typed.RawQuery}
	path, fragment, _ := strings.Cut(typed.Path, "#")
	// A ? that was encoded with the rest of the address, or an & in its place, ends the path.
	path, query := path, ""
	if end := strings.IndexAny(path, "?&"); end >= 0 {
		path, query = path[:end], path[end+1:]
	}
	if values, _ := url.ParseQuery(query); len(values) > 0 {
		to.RawQuery = strings.TrimSuffix(values.Encode()+"&"+typed.RawQuery, "&")
	}
	to.Path, to.Fragment = tidyPath(path), trimTail(fragment)
	to.RawQuery = tidyQuery(to)
	return to
}

// inCapitals finds what is written in capitals in an address: a token (see lead.NewToken and staff.NewToken) or a reference.
var inCapitals = regexp.MustCompile(`^/(?:(?:requests|staff/(?:setup|invitations|reset))/([a-z0-9]+)|staff/leads/(tb-\d+))(?:/|$)`)

// ticks finds each tick in a query. Their ids have small letters only.
var ticks = regexp.MustCompile(`(?i)(?:^|&)tick=[^&]*`)

// tidyPath returns the path without doubled slashes, without marks around its parts, with plain hyphens, and in the letters,
// small or capital, that it has.
func tidyPath(path string) string {
	path = "/" + strings.ToLower(trimTail(path))
	for strings.Contains(path, "//") {
		path = strings.ReplaceAll(path, "//", "/")
	}
	if plain := plainSlugs(path); strings.HasPrefix(plain, "/compare/") || strings.HasPrefix(plain, "/options/") {
		return plain
	}
	if at := inCapitals.FindStringSubmatchIndex(path); at != nil {
		from, to := max(at[2], at[4]), max(at[3], at[5])
		return path[:from] + strings.ToUpper(path[from:to]) + path[to:]
	}
	return path
}

// plainSlugs returns the path with hyphens in place of what people and editors write for them, and without quotation marks and
// invisible characters.
func plainSlugs(path string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '_', unicode.Is(unicode.Dash, r), unicode.IsSpace(r):
			return '-'
		case r == '<', r == '"', r == '\'', unicode.In(r, unicode.Quotation_Mark, unicode.Cf):
			return -1
		}
		return r
	}, path)
}

// tidyQuery returns the query of the address as it was before it was copied out of HTML or into a sentence. Only that of a
// guide, whose values are ids in small letters, can be told from a query with something added to it.
func tidyQuery(u *url.URL) string {
	query := strings.ReplaceAll(u.RawQuery, "&amp;", "&")
	if strings.HasPrefix(u.Path, "/compare/") {
		query = ticks.ReplaceAllStringFunc(query, strings.ToLower)
	}
	end := strings.LastIndexByte(query, '=') + 1
	last, err := url.QueryUnescape(query[end:])
	if trimmed := trimTail(last); err == nil && trimmed != last && strings.HasPrefix(u.Path, "/compare/") {
		return query[:end] + url.QueryEscape(trimmed)
	}
	return query
}

// trimTail cuts off what stands after the last letter, digit, hyphen or underscore: secrets may end in any of these.
func trimTail(s string) string {
	return strings.TrimRightFunc(s, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '-' && r != '_'
	})
}
