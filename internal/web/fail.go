package web

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"tiebreak/internal/fault"
	"tiebreak/templates"
)

// retryAfter is how many seconds a reader is asked to wait while a part is away.
const retryAfter = "5"

// statusGone is what is counted where the reader left before the answer. It is no failure of ours, and nobody reads it.
const statusGone = 499

// fail answers with the page for the error's kind, and gives back what was written. What is not of a kind is an internal
// error: logged with the request's id, which is all of it that the reader sees.
func (s *Server) fail(w http.ResponseWriter, r *http.Request, err error) {
	if errors.Is(err, context.Canceled) && errors.Is(r.Context().Err(), context.Canceled) {
		w.WriteHeader(statusGone)
		return
	}
	status, page := s.told(w, r, err)
	// Another site's words are not repeated as the reader's, and half a form is not taken for a whole one.
	if k := keptOf(w, r); k != nil && !errors.Is(err, errForeign) && !errors.Is(err, errDamaged) && (page.Again || len(k.Written) > 0) {
		page.Kept = k
		if status == http.StatusServiceUnavailable {
			page.Heading, page.Advice = "Not done yet", "We cannot store it right now. Wait a moment and send it again."
		}
	}
	page.Page = s.lastFrame(page.Heading)
	page.NoIndex = true
	w.Header().Set("Cache-Control", "no-store")
	if err := render(w, r, status, page.View()); err != nil {
		s.log.Error("error page", "id", requestID(r), "error", err)
		http.Error(w, "Something went wrong here: "+requestID(r), http.StatusInternalServerError)
	}
}

// told is what the reader is told of the error, and the log where it is ours.
func (s *Server) told(w http.ResponseWriter, r *http.Request, err error) (int, templates.ErrorPage) {
	var invalid fault.Invalid
	var first notYet
	switch {
	case errors.As(err, &first):
		return http.StatusForbidden, first.told()
	case errors.As(err, &invalid):
		return http.StatusUnprocessableEntity, said("Something is to be corrected", invalid[0].Message+" Go back: what you typed is still there.")
	case errors.Is(err, fault.NotFound):
		return http.StatusNotFound, said("There is no such page", "The address may have a slip in it, or the page is gone. All guides are one step away.")
	case errors.Is(err, errMethod):
		return http.StatusMethodNotAllowed, said("This address does not work by itself", "It only takes a form from another page. Open that page, and send the form from there.")
	case errors.Is(err, errHiddenOrigin):
		page := said("Your browser did not say which page sent this form", "Nothing was changed. A proxy or a privacy setting hides it, and we "+
			"only take forms from our own pages. Your text is below. Send it again, or copy it and use another browser.")
		// A member's browser adds its session to what it sends, so a member sends only what they see on our own page.
		page.Again = !strings.HasPrefix(r.URL.Path, "/staff/")
		return http.StatusForbidden, page
	case errors.Is(err, fault.Forbidden):
		return http.StatusForbidden, said("This is not open to you", "Your role does not allow it, or the request came from another site. Open the page here and try again.")
	case errors.Is(err, fault.Conflict):
		return http.StatusConflict, said("Somebody was there first", "Nothing was overwritten. Go back, load the page again and look before you repeat it.")
	case errors.Is(err, errDamaged):
		return http.StatusBadRequest, said("Part of the form did not arrive whole", "Nothing was changed. Go back, your browser has kept what you typed, and send it again.")
	case errors.Is(err, errCut): // 400, not 408: browsers send a request again by themselves after that
		return http.StatusBadRequest, said("Not done: your form did not arrive in full", "The connection was too slow or broke off, so nothing was changed. Go back: your browser has kept what you typed. Send it again when the connection is better.")
	case errors.Is(err, errTooLarge):
		return http.StatusRequestEntityTooLarge, said("This is too much for one request", "A form may hold up to 512 KiB, about 500,000 letters. Go back: your text is still there. Shorten it, and send the rest after it.")
	case errors.Is(err, errBusy):
		w.Header().Set("Retry-After", retryAfter)
		return http.StatusServiceUnavailable, said("The site is busy",
			"More people are reading than we can answer at once. Wait a few seconds and load the page again.")
	case errors.Is(err, errGreedy):
		w.Header().Set("Retry-After", retryAfter)
		return http.StatusTooManyRequests, said("Too many pages at once",
			"Your network asks for many pages at the same time. Wait a few seconds and load the page again.")
	case errors.Is(err, fault.Unavailable):
		s.log.Error("unavailable", "id", requestID(r), "error", err)
		w.Header().Set("Retry-After", retryAfter)
		page := said("Back in a moment", "A part of this site does not answer right now. Load the page again in a few seconds.")
		page.Again = r.Method == http.MethodPost
		return http.StatusServiceUnavailable, page
	}
	s.log.Error("internal error", "id", requestID(r), "error", err)
	page := said("Something went wrong here", "It is our mistake, not yours, and it is in our log. Try again; if it stays, tell us the number below.")
	page.RequestID, page.Again = requestID(r), r.Method == http.MethodPost
	return http.StatusInternalServerError, page
}

func said(heading, advice string) templates.ErrorPage {
	return templates.ErrorPage{Heading: heading, Advice: advice}
}
