package web

import (
	"net/http"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"tiebreak/static"
)

// Chat, print, mail readers and people add to an address what does not belong to it: a full stop, a bracket, a space that
// nobody sees, a second slash, capital letters. One permanent redirect leads from such an address to the page.

// tidied redirects a reader whose address carries what does not belong to it, before anything is looked up.
func (s *Server) tidied(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		// A request may name another host in its first line (RFC 9112, 3.2.2). Redirects must never repeat it.
		r.URL.Scheme, r.URL.Host = "", ""
		if isRead(r) && (tidyPath(r.URL.Path) != r.URL.Path || tidyQuery(r.URL) != r.URL.RawQuery) {
			s.page(func(w http.ResponseWriter, r *http.Request) error { return s.redirectOr(w, r, nil) })(w, r)
			return
		}
		next.ServeHTTP(w, r)
	})
}

func isRead(r *http.Request) bool { return r.Method == http.MethodGet || r.Method == http.MethodHead }

// redirectOr redirects to the page that the address means, or returns otherwise if that is the address itself.
func (s *Server) redirectOr(w http.ResponseWriter, r *http.Request, otherwise error) error {
	if !isRead(r) {
		return otherwise
	}
	path, err := s.pathMeant(r)
	if err != nil {
		return err
	}
	to := url.URL{Path: path, RawQuery: tidyQuery(r.URL)}
	if to.Path == r.URL.Path && to.RawQuery == r.URL.RawQuery {
		return otherwise
	}
	http.Redirect(w, r, to.String(), http.StatusMovedPermanently)
	return nil
}

// shelves are addresses above pages that have no page of their own: the home page lists what is below them.
var shelves = map[string]bool{"/compare": true, "/options": true, "/guides": true}

// pathMeant returns the path of the page that a reader means by path: tidied, in lower case unless it holds a secret, and
// that of the guide which has moved from there or has its options in another order.
func (s *Server) pathMeant(r *http.Request) (string, error) {
	path := tidyPath(r.URL.Path)
	lower := strings.ToLower(path)
	if strings.HasPrefix(lower, "/requests/") || strings.HasPrefix(lower, "/staff/") || !utf8.ValidString(path) {
		return path, nil
	}
	path = lower
	if shelves[path] {
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
	end, err := s.turns.begin(r.Context(), string(s.client(r)))
	if err != nil {
		return "", err
	}
	defer end()
	now, err := s.readers.GuideNow(r.Context(), slug)
	switch {
	case isNotFound(err):
		return path, nil
	case err != nil:
		return "", err
	}
	return "/compare/" + now + form, nil
}

// tidyPath returns the path without doubled slashes and without what follows its last letter or digit. Paths of files and those
// that are not text stay as they are: nobody types them.
func tidyPath(path string) string {
	if strings.HasPrefix(path, static.Prefix) || !utf8.ValidString(path) {
		return path
	}
	path = "/" + trimTail(path)
	for strings.Contains(path, "//") {
		path = strings.ReplaceAll(path, "//", "/")
	}
	return path
}

// tidyQuery returns the query of the address as it was before it was copied out of HTML or into a sentence. Only that of a
// guide, whose values are plain ids, can be told from a query with something added to it.
func tidyQuery(u *url.URL) string {
	query := strings.ReplaceAll(u.RawQuery, "&amp;", "&")
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
