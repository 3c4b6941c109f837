package web

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"tiebreak/internal/fault"
	"tiebreak/internal/staff"
	"tiebreak/templates/ui"
)

// retryAfter is how many seconds a reader is asked to wait while a part is away.
const retryAfter = "5"

// statusGone is what is counted where the reader left before the answer. It is no failure of ours, and nobody reads it.
const statusGone = 499

// fail answers with the page for the error's kind, and gives back what was written. What is not of a kind is an internal
// error: logged with the request's id, which is all of it that the reader sees.
func (s *Server) fail(w http.ResponseWriter, r *http.Request, err error) {
	gone := errors.Is(r.Context().Err(), context.Canceled)
	if gone && (errors.Is(err, context.Canceled) || errors.Is(err, fault.Unavailable)) {
		w.WriteHeader(statusGone)
		return
	}
	status, page := s.told(w, r, err)
	if k := keptOf(r); k != nil && !errors.Is(err, errForeign) { // another site's words are not repeated as the reader's
		page.GiveBack(*k, status == http.StatusServiceUnavailable)
	}
	page.Page = s.frameOfError(r, page.Heading)
	w.Header().Set("Cache-Control", "no-store")
	if err := render(w, r, status, page.View()); err != nil {
		s.log.Error("error page", "id", requestID(r), "error", err)
		http.Error(w, "Something went wrong here: "+requestID(r), http.StatusInternalServerError)
	}
}

// frameOfError returns the frame of an error page without asking the database: that of the staff below /staff, with the
// navigation of the member where it is known who asks.
func (s *Server) frameOfError(r *http.Request, title string) ui.Page {
	page := s.lastFrame(title)
	page.NoIndex = true
	page.Staff = isStaffPath(r.URL.Path)
	if v, known := r.Context().Value(visitKey).(staff.Visit); known && v.Session != 0 {
		page.Member, page.Owes, page.Queue = &v.Member, v.Owes, s.queue.Load()
	}
	return page
}

// errorPages says what a reader is told of each kind of error; the first that fits counts.
var errorPages = []struct {
	kind            error
	status          int
	heading, advice string
}{
	{fault.NotFound, http.StatusNotFound, "This page does not exist", "The link may be mistyped, or the page was removed."},
	{
		errMethod, http.StatusMethodNotAllowed, "This address does not work by itself",
		"It only takes a form from another page. Open that page, and send the form from there.",
	},
	{
		errHiddenOrigin, http.StatusForbidden, "Your browser did not say which page sent this form",
		"Nothing was changed. A proxy or a privacy setting hides it, and we only take forms from our own pages. " +
			"Your text is below. Send it again, or copy it and use another browser.",
	},
	{
		errForeign, http.StatusForbidden, "This request came from another site",
		"It was refused and nothing was changed. If you meant to do it, open the page on this site and do it there.",
	},
	{
		errRole, http.StatusForbidden, "You do not have access to this",
		"Your role does not allow it, and nothing was changed. If you need it, ask an admin of your team.",
	},
	{fault.Forbidden, http.StatusForbidden, "This cannot be done now", "Nothing was changed. Go back and reload the page: it shows what can be done."},
	{
		fault.Conflict, http.StatusConflict, "Someone else changed this first",
		"Nothing was overwritten. Go back, reload the page and check what changed before you try again.",
	},
	{
		errDamaged, http.StatusBadRequest, "Part of the form got lost on the way",
		"Nothing was changed. Go back, where your browser has kept what you typed, and send it again.",
	},
	{ // 400, not 408: browsers send a request again by themselves after that
		errCut, http.StatusBadRequest, "Not done: your form did not arrive in full",
		"The connection was too slow or broke off, so nothing was changed. Go back: your browser has kept what you typed. " +
			"Send it again when the connection is better.",
	},
	{
		errTooLarge, http.StatusRequestEntityTooLarge, "This is too much for one request",
		"A form may hold up to 512 KiB, about 500,000 letters. Go back: your text is still there. Shorten it, and send the rest after it.",
	},
	{
		errBusy, http.StatusServiceUnavailable, "The site is busy",
		"More people are reading than we can answer at once. Wait a few seconds and load the page again.",
	},
	{
		errGreedy, http.StatusTooManyRequests, "Too many pages at once",
		"Your network asks for many pages at the same time. Wait a few seconds and load the page again.",
	},
	{
		fault.Unavailable, http.StatusServiceUnavailable, "Back in a moment",
		"Part of this site is temporarily unavailable. Reload the page in a few seconds.",
	},
}

// told returns the status and the page for the error, and logs what is ours.
func (s *Server) told(w http.ResponseWriter, r *http.Request, err error) (int, ui.ErrorPage) {
	var invalid fault.Invalid
	var first notYet
	switch {
	case errors.As(err, &first):
		return http.StatusForbidden, first.told()
	case errors.As(err, &invalid):
		return http.StatusUnprocessableEntity, said("Please correct this", invalid[0].Message+" Go back: what you typed is still there.")
	}
	for _, known := range errorPages {
		if !errors.Is(err, known.kind) {
			continue
		}
		page := said(known.heading, known.advice)
		switch known.kind {
		case errBusy, errGreedy:
			w.Header().Set("Retry-After", retryAfter)
		case fault.Unavailable:
			s.log.Error("unavailable", "id", requestID(r), "error", err)
			w.Header().Set("Retry-After", retryAfter)
			page.Again = r.Method == http.MethodPost
		case errHiddenOrigin:
			// A member's browser adds its session to what it sends, so a member sends only what they see on our own page.
			page.Again = !isStaffPath(r.URL.Path)
		}
		return known.status, page
	}
	s.log.Error("internal error", "id", requestID(r), "error", err)
	page := said("Something went wrong here", "This is our mistake, and it is in our log. Try again. If it happens again, tell us the number below.")
	page.RequestID, page.Again = requestID(r), r.Method == http.MethodPost
	return http.StatusInternalServerError, page
}

func said(heading, advice string) ui.ErrorPage {
	return ui.ErrorPage{Heading: heading, Advice: advice}
}

func isStaffPath(path string) bool { return path == "/staff" || strings.HasPrefix(path, "/staff/") }
