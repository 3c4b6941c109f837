package web

import (
	"errors"
	"net/http"

	"tiebreak/internal/fault"
	"tiebreak/templates"
)

// retryAfter is how many seconds a reader is asked to wait while a part is away.
const retryAfter = "5"

// fail answers with the page for the error's kind. What is not of a kind is an internal error: logged with the request's
// id, which is all of it that the reader sees.
func (s *Server) fail(w http.ResponseWriter, r *http.Request, err error) {
	page := templates.ErrorPage{Page: s.lastFrame("")}
	page.NoIndex = true
	status := http.StatusInternalServerError
	var invalid fault.Invalid
	switch {
	case errors.As(err, &invalid):
		status, page.Heading = http.StatusUnprocessableEntity, "Something is to be corrected"
		page.Advice = invalid[0].Message + " Go back: what you typed is still there."
	case errors.Is(err, fault.NotFound):
		status, page.Heading = http.StatusNotFound, "There is no such page"
		page.Advice = "The address may have a slip in it, or the page is gone. All guides are one step away."
	case errors.Is(err, fault.Forbidden):
		status, page.Heading = http.StatusForbidden, "This is not open to you"
		page.Advice = "Your role does not allow it, or the request came from another site. Open the page here and try again."
	case errors.Is(err, fault.Conflict):
		status, page.Heading = http.StatusConflict, "Somebody was there first"
		page.Advice = "Nothing was overwritten. Go back, load the page again and look before you repeat it."
	case errors.Is(err, errDamaged):
		status, page.Heading = http.StatusBadRequest, "Part of the form did not arrive whole"
		page.Advice = "Nothing was changed. Go back, your browser has kept what you typed, and send it again."
	case errors.Is(err, errTooLarge):
		status, page.Heading = http.StatusRequestEntityTooLarge, "This is too much for one request"
		page.Advice = "A form may hold up to 512 KiB, about 500,000 letters. Go back: your text is still there. Shorten it, and send the rest after it."
	case errors.Is(err, fault.Unavailable):
		s.log.Error("unavailable", "id", requestID(r), "error", err)
		status, page.Heading = http.StatusServiceUnavailable, "Back in a moment"
		page.Advice = "A part of this site does not answer right now. Load the page again in a few seconds."
		w.Header().Set("Retry-After", retryAfter)
	default:
		s.log.Error("internal error", "id", requestID(r), "error", err)
		page.Heading = "Something went wrong here"
		page.Advice = "It is our mistake, not yours, and it is in our log. Try again; if it stays, tell us the number below."
		page.RequestID = requestID(r)
	}
	page.Title = page.Heading
	w.Header().Set("Cache-Control", "no-store")
	if err := render(w, r, status, page.View()); err != nil {
		s.log.Error("error page", "id", requestID(r), "error", err)
		http.Error(w, "Something went wrong here: "+requestID(r), http.StatusInternalServerError)
	}
}
