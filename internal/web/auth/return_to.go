package auth

import (
	"errors"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"

	"tiebreak/internal/staff"
	"tiebreak/internal/web/page"
)

// authPaths start the addresses that lead in or out.
var authPaths = []string{"/staff/sign-in", "/staff/sign-out", "/staff/setup", "/staff/reset", "/staff/invitations"}

// defaultReturnTo is where a member goes after signing in, unless they asked for another page.
const defaultReturnTo = "/staff/leads"

// maxReturnTo bounds a return address, in bytes: it stands in other addresses.
const maxReturnTo = 1000

// safeReturnTo returns the address if a member may be sent there after signing in, and the list of leads otherwise. A safe
// address is that of a staff page of this site in its plainest form: one that can be read in two ways is not. Nor is a file,
// which nobody would expect to be saved. Whether there is such a page only members learn, when they come there.
func safeReturnTo(address string) string {
	u, err := url.Parse(address)
	if err != nil || len(address) > maxReturnTo {
		return defaultReturnTo
	}
	plain := url.URL{Path: path.Clean(u.Path), RawQuery: u.RawQuery}
	switch {
	case plain.String() != address, strings.Contains(plain.EscapedPath(), "%"),
		!strings.HasPrefix(address, "/staff/"), path.Ext(u.Path) != "",
		slices.ContainsFunc(authPaths, func(begin string) bool { return strings.HasPrefix(address, begin) }):
		return defaultReturnTo
	}
	return address
}

// returnTo returns where the sign-in page at the address leads on to.
func returnTo(r *http.Request) string { return safeReturnTo(r.URL.Query().Get("to")) }

// returnToQuery returns the query of a sign-in page that leads on to the address, with flags for what the page says.
func returnToQuery(to string, flags ...string) string {
	query := url.Values{}
	if to != defaultReturnTo {
		query.Set("to", to)
	}
	for _, flag := range flags {
		query.Set(flag, "yes")
	}
	return page.WithQuery("", query)
}

// signInURL returns where a visitor without a session is sent, and from there on to the page they asked for. The page says that
// the session has ended, unless there was none or, as err says, the sign-in is pending.
func (h *Handlers) signInURL(r *http.Request, err error) string {
	to := defaultReturnTo
	if r.Method == http.MethodGet {
		to = safeReturnTo(r.URL.RequestURI())
	}
	if h.sessionDigest(r) == nil || errors.Is(err, staff.ErrPendingSignIn) {
		return "/staff/sign-in" + returnToQuery(to)
	}
	return "/staff/sign-in" + returnToQuery(to, "ended")
}
