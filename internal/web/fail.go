package web

import (
	"errors"
	"net/http"
	"strings"

	"tiebreak/internal/fault"
	"tiebreak/internal/staff"
	"tiebreak/templates"
)

// retryAfter is how many seconds a reader is asked to wait while a part is away.
const retryAfter = "5"

// fail answers with the page for the error's kind, and gives back what was written. What is not of a kind is an internal
// error: logged with the request's id, which is all of it that the reader sees.
func (s *Server) fail(w http.ResponseWriter, r *http.Request, err error) {
	status, page := s.told(w, r, err)
	// Another site's words are not repeated as the reader's, and half a form is not taken for a whole one.
	if k := keptOf(w, r); k != nil && !errors.Is(err, errForeign) && !errors.Is(err, errDamaged) && (page.Again || len(k.Written) > 0) {
		page.Kept = k
		if status == http.StatusServiceUnavailable {
			page.Heading, page.Advice = "Not done yet", "We cannot store it right now. Wait a moment and send it again."
		}
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
func (s *Server) frameOfError(r *http.Request, title string) templates.Page {
	page := s.lastFrame(title)
	page.NoIndex = true
	page.Staff = r.URL.Path == "/staff" || strings.HasPrefix(r.URL.Path, "/staff/")
	if v, known := r.Context().Value(visitKey).(staff.Visit); known && v.Session != 0 {
		page.Member, page.Owes, page.Queue = &v.Member, v.Owes, s.queue.Load()
	}
	return page
}

// told is what the reader is told of the error, and the log where it is ours.
func (s *Server) told(w http.ResponseWriter, r *http.Request, err error) (int, templates.ErrorPage) {
	var invalid fault.Invalid
	var first notYet
	switch {
	case errors.As(err, &first):
		return http.StatusForbidden, first.told()
	case errors.As(err, &invalid):
		return http.StatusUnprocessableEntity, said("Please correct this", invalid[0].Message+" Go back: what you typed is still there.")
	case errors.Is(err, fault.NotFound):
		return http.StatusNotFound, said("This page does not exist", "The link may be mistyped, or the page was removed.")
	case errors.Is(err, errForeign):
		return http.StatusForbidden, said("This request came from another site", "It was refused and nothing was changed. If you meant to do it, open the page on this site and do it there.")
	case errors.Is(err, errRole):
		return http.StatusForbidden, said("You do not have access to this", "Your role does not allow it, and nothing was changed. If you need it, ask an admin of your team.")
	case errors.Is(err, fault.Forbidden):
		return http.StatusForbidden, said("This cannot be done now", "Nothing was changed. Go back and reload the page: it shows what can be done.")
	case errors.Is(err, fault.Conflict):
		return http.StatusConflict, said("Someone else changed this first", "Nothing was overwritten. Go back, reload the page and check what changed before you try again.")
	case errors.Is(err, errDamaged):
		return http.StatusBadRequest, said("Part of the form got lost on the way", "Nothing was changed. Go back, where your browser has kept what you typed, and send it again.")
	case errors.Is(err, errTooLarge):
		return http.StatusRequestEntityTooLarge, said("This is too much for one request", "A form may hold up to 512 KiB, about 500,000 letters. Go back: your text is still there. Shorten it, and send the rest after it.")
	case errors.Is(err, fault.Unavailable):
		s.log.Error("unavailable", "id", requestID(r), "error", err)
		w.Header().Set("Retry-After", retryAfter)
		page := said("Back in a moment", "Part of this site is temporarily unavailable. Reload the page in a few seconds.")
		page.Again = r.Method == http.MethodPost
		return http.StatusServiceUnavailable, page
	}
	s.log.Error("internal error", "id", requestID(r), "error", err)
	page := said("Something went wrong here", "This is our mistake, and it is in our log. Try again. If it happens again, tell us the number below.")
	page.RequestID, page.Again = requestID(r), r.Method == http.MethodPost
	return http.StatusInternalServerError, page
}

func said(heading, advice string) templates.ErrorPage {
	return templates.ErrorPage{Heading: heading, Advice: advice}
}
