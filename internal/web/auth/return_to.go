package auth

import (
	"errors"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"

	"tiebreak/internal/fault"
	"tiebreak/internal/web/page"
)

// authPaths are the beginnings of addresses that lead in or out.
var authPaths = []string{page.SignInPath, page.SignOutPath, "/staff/setup", "/staff/reset", "/staff/invitations"}

// maxReturnTo bounds an address that is led on to, in bytes: it stands in others.
const maxReturnTo = 1000

// safeReturnTo is the address if a member may be led on to it once they are in, and else the list of leads. It is that of a page
// of this site behind the door, to the letter: what can be read in two ways is none. Nor is a file, which nobody would expect
// to be saved. Whether there is such a page only members learn, when they come there.
func safeReturnTo(address string) string {
	u, err := url.Parse(address)
	if err != nil || len(address) > maxReturnTo {
		return page.LeadsPath
	}
	plain := url.URL{Path: path.Clean(u.Path), RawQuery: u.RawQuery}
	switch {
	case plain.String() != address, strings.Contains(plain.EscapedPath(), "%"):
		return page.LeadsPath
	case !strings.HasPrefix(address, "/staff/"), path.Ext(u.Path) != "":
		return page.LeadsPath
	case slices.ContainsFunc(authPaths, func(begin string) bool { return strings.HasPrefix(address, begin) }):
		return page.LeadsPath
	}
	return address
}

// returnTo is the page that the door leads on to. It stands in the addresses of the door.
func returnTo(r *http.Request) string { return safeReturnTo(r.URL.Query().Get("to")) }

// returnToQuery has an address of the door lead on to the page.
func returnToQuery(shown string) url.Values {
	if shown == page.LeadsPath {
		return url.Values{}
	}
	return url.Values{"to": {shown}}
}

// withReturnTo is the query that leads on to the same page from the next address of the door.
func withReturnTo(r *http.Request) string { return page.WithQuery("", returnToQuery(returnTo(r))) }

// signInURL is where who is not in is sent, and from there on to what they asked to see. Whose session ended is told so, but not
// who is halfway in, for they had none.
func (h *Handlers) signInURL(r *http.Request) string {
	query := url.Values{}
	if r.Method == http.MethodGet {
		query = returnToQuery(safeReturnTo(r.URL.RequestURI()))
	}
	if token := h.sessionDigest(r); token != nil {
		if _, err := h.DB.HalfSession(r.Context(), token); errors.Is(err, fault.NotFound) {
			query.Set("ended", "yes")
		}
	}
	return page.WithQuery(page.SignInPath, query)
}

// afterPendingSignIn is where who is not halfway in, or no more, is sent: on if they are in, since they only went back, and else to sign in.
func (h *Handlers) afterPendingSignIn(r *http.Request) string {
	query, token := returnToQuery(returnTo(r)), h.sessionDigest(r)
	if token != nil {
		_, err := h.DB.MemberBySession(r.Context(), token)
		if err == nil {
			return returnTo(r)
		}
		if errors.Is(err, fault.NotFound) {
			query.Set("late", "yes")
		}
	}
	return page.WithQuery(page.SignInPath, query)
}
