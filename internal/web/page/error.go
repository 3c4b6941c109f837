package page

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"tiebreak/internal/fault"
	"tiebreak/internal/postgres"
	"tiebreak/templates/ui"
)

// ErrMethod is a request by a method that the address does not take.
var ErrMethod = errors.New("the method is not allowed here")

// RetryAfter is how many seconds a reader is asked to wait while a part is away.
const RetryAfter = "5"

// statusClientClosed is what is counted where the reader left before the answer. It is not our failure, and nobody reads it.
const statusClientClosed = 499

// Fail answers with the page for the error's kind, and gives back what was written. What is not of a kind is an internal
// error: logged with the request's id, which is all of it that the reader sees.
func (c *Core) Fail(w http.ResponseWriter, r *http.Request, err error) {
	gone := errors.Is(r.Context().Err(), context.Canceled)
	if gone && (errors.Is(err, context.Canceled) || errors.Is(err, fault.Unavailable)) {
		w.WriteHeader(statusClientClosed)
		return
	}
	status, page := c.errorPage(w, r, err)
	// Another site's words are not repeated as the reader's.
	if unsaved := unsavedForm(r, err); unsaved != nil && !errors.Is(err, ErrCrossOrigin) {
		page.GiveBack(*unsaved, status == http.StatusServiceUnavailable)
	}
	page.Page = c.errorFrame(r, page.Heading)
	w.Header().Set("Cache-Control", "no-store")
	if err := Render(w, r, status, page.View()); err != nil {
		c.Log.Error("error page", "id", RequestID(r), "error", err)
		http.Error(w, "Something went wrong: "+RequestID(r), http.StatusInternalServerError)
	}
}

// errorPages says what a reader is told of each kind of error; the first that fits counts.
var errorPages = []struct {
	kind            error
	status          int
	heading, advice string
}{
	{
		fault.NotFound, http.StatusNotFound, "This page does not exist",
		"The link may be mistyped, or the page was removed.",
	},
	{
		ErrMethod, http.StatusMethodNotAllowed, "This link only works from a form",
		"Open the page with the form, and send the form from there.",
	},
	{
		ErrUnknownOrigin, http.StatusForbidden, "Your browser did not say which page sent this form",
		"Nothing was changed. A proxy or a privacy setting hides it, and we only accept forms from our own pages. " +
			"Your text is below. Send it again, or copy it and use another browser.",
	},
	{
		ErrCrossOrigin, http.StatusForbidden, "This request came from another site",
		"We refused it and changed nothing. If you meant to do this, open the page on this site and do it there.",
	},
	{
		ErrRole, http.StatusForbidden, "You do not have access to this",
		"Your role does not allow it, and nothing was changed. If you need it, ask an admin of your team.",
	},
	{
		fault.Forbidden, http.StatusForbidden, "You cannot do this now",
		"Nothing was changed. Go back and reload the page to see what you can do.",
	},
	{
		fault.Conflict, http.StatusConflict, "Someone else changed this first",
		"Nothing was overwritten. Go back, reload the page and check what changed before you try again.",
	},
	{
		ErrDamagedForm, http.StatusBadRequest, "Part of the form is missing",
		"Nothing was changed. Go back and send it again. Your browser should still have what you typed.",
	},
	{ // 400, not 408: browsers send a request again by themselves after that
		ErrIncompleteForm, http.StatusBadRequest, "Part of your form did not arrive",
		"Your connection was too slow or was interrupted. Nothing was changed. Go back: your browser should still have what " +
			"you typed. Send it again when the connection is better.",
	},
	{
		ErrFormTooLarge, http.StatusRequestEntityTooLarge, "This form is too large",
		"The limit is 512 KiB, about 500,000 letters. Go back: your text is still there. Shorten it, and send the rest later.",
	},
	{
		ErrBusy, http.StatusServiceUnavailable, "The site is busy",
		"Too many people are reading at the moment. Wait a few seconds and reload the page.",
	},
	{
		ErrTooManyPages, http.StatusTooManyRequests, "Too many requests",
		"Your network is asking for many pages at the same time. Wait a few seconds and reload the page.",
	},
	{
		postgres.ErrOutdated, http.StatusServiceUnavailable, "A newer version is starting",
		"The site is being updated, and this copy of it no longer signs anyone in. Wait a minute and sign in again.",
	},
	{
		fault.Unavailable, http.StatusServiceUnavailable, "Back in a moment",
		"Part of this site is temporarily unavailable. Reload the page in a few seconds.",
	},
}

// errorPage returns the status and the page for the error, and logs what is ours.
func (c *Core) errorPage(w http.ResponseWriter, r *http.Request, err error) (int, ui.ErrorPage) {
	var invalid fault.Invalid
	var first prerequisite
	switch {
	case errors.As(err, &first):
		return http.StatusForbidden, first.page()
	case errors.As(err, &invalid):
		return http.StatusUnprocessableEntity, ui.ErrorPage{
			Heading: "Please correct this", Advice: invalid[0].Message + " Go back: your text is still there.",
		}
	}
	for _, known := range errorPages {
		if !errors.Is(err, known.kind) {
			continue
		}
		page := ui.ErrorPage{Heading: known.heading, Advice: known.advice}
		switch known.kind {
		case fault.NotFound:
			page.Search, page.Asked = IsRead(r) && !isStaffPath(r.URL.Path), namedIn(r.URL.Path)
		case ErrBusy, ErrTooManyPages, postgres.ErrOutdated:
			w.Header().Set("Retry-After", RetryAfter)
		case fault.Unavailable:
			c.Log.Error("unavailable", "id", RequestID(r), "error", postgres.Words(err))
			w.Header().Set("Retry-After", RetryAfter)
			page.Again = r.Method == http.MethodPost
		case ErrUnknownOrigin:
			// A member's browser adds its session to what it sends, so a member sends only what they see on our own page.
			page.Again = !isStaffPath(r.URL.Path)
		}
		return known.status, page
	}
	c.Log.Error("internal error", "id", RequestID(r), "error", err)
	return http.StatusInternalServerError, ui.ErrorPage{
		Heading: "Something went wrong",
		Advice: "This is our fault, and we have logged it. Try again. If it happens again, contact us and give us the number " +
			"below.",
		RequestID: RequestID(r), Again: r.Method == http.MethodPost,
	}
}

// namedIn returns the words in the address of a guide or an option that does not exist, to search for.
func namedIn(path string) string {
	for _, above := range []string{"/compare/", "/options/"} {
		if slug, is := strings.CutPrefix(path, above); is && len(slug) <= maxNamed {
			return strings.ToValidUTF8(strings.ReplaceAll(slug, "-", " "), "")
		}
	}
	return ""
}

// maxNamed bounds what of an address is searched for, in bytes.
const maxNamed = 100

func IsNotFound(err error) bool { return errors.Is(err, fault.NotFound) }

// ErrRole is what the member's role does not allow.
var ErrRole = fmt.Errorf("role: %w", fault.Forbidden)

// A change that another site asked for, and one of which the browser hides the page that asked for it.
var (
	ErrCrossOrigin   = fmt.Errorf("cross-origin request: %w", fault.Forbidden)
	ErrUnknownOrigin = fmt.Errorf("request of an origin that is not told: %w", fault.Forbidden)
)

var (
	ErrBusy         = fmt.Errorf("too many pages are being drawn: %w", fault.Unavailable)
	ErrTooManyPages = fmt.Errorf("one client has too many pages drawn at once: %w", fault.TooMany)
)
