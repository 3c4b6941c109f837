package web

import (
	"errors"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"

	"tiebreak/internal/fault"
)

// atDoor are the beginnings of addresses that lead in or out.
var atDoor = []string{signInPath, signOutPath, "/staff/setup", "/staff/reset", "/staff/invitations"}

// longestWay bounds an address that is led on to, in bytes: it stands in others.
const longestWay = 1000

// pageBehind is the address if a member may be led on to it once they are in, and else the list of leads. It is that of a page
// of this site behind the door, to the letter: what can be read in two ways is none. Nor is a file, which nobody would expect
// to be saved. Whether there is such a page only members learn, when they come there.
func pageBehind(address string) string {
	u, err := url.Parse(address)
	if err != nil || len(address) > longestWay {
		return leadsPath
	}
	plain := url.URL{Path: path.Clean(u.Path), RawQuery: u.RawQuery}
	switch {
	case plain.String() != address, strings.Contains(plain.EscapedPath(), "%"):
		return leadsPath
	case !strings.HasPrefix(address, "/staff/"), path.Ext(u.Path) != "":
		return leadsPath
	case slices.ContainsFunc(atDoor, func(begin string) bool { return strings.HasPrefix(address, begin) }):
		return leadsPath
	}
	return address
}

// wayBack is the page that the door leads on to. It stands in the addresses of the door.
func wayBack(r *http.Request) string { return pageBehind(r.URL.Query().Get("to")) }

// leadingTo has an address of the door lead on to the page.
func leadingTo(page string) url.Values {
	if page == leadsPath {
		return url.Values{}
	}
	return url.Values{"to": {page}}
}

// onward is the query that leads on to the same page from the next address of the door.
func onward(r *http.Request) string { return withQuery("", leadingTo(wayBack(r))) }

// signInFor is where who is not in is sent, and from there on to what they asked to see. Whose session ended is told so, but not
// who is halfway in, for they had none.
func (s *Server) signInFor(r *http.Request) string {
	query := url.Values{}
	if r.Method == http.MethodGet {
		query = leadingTo(pageBehind(r.URL.RequestURI()))
	}
	if token := s.sessionOf(r); token != nil {
		if _, err := s.db.HalfSession(r.Context(), token); errors.Is(err, fault.NotFound) {
			query.Set("ended", "yes")
		}
	}
	return withQuery(signInPath, query)
}

// notHalfway is where who is not halfway in, or no more, is sent: on if they are in, since they only went back, and else to sign in.
func (s *Server) notHalfway(r *http.Request) string {
	query, token := leadingTo(wayBack(r)), s.sessionOf(r)
	if token != nil {
		_, err := s.db.MemberBySession(r.Context(), token)
		if err == nil {
			return wayBack(r)
		}
		if errors.Is(err, fault.NotFound) {
			query.Set("late", "yes")
		}
	}
	return withQuery(signInPath, query)
}
