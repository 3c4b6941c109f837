package web

import (
	"context"
	"errors"
	"net/http"
	"time"

	"tiebreak/internal/fault"
	"tiebreak/internal/guide"
	"tiebreak/internal/lead"
	"tiebreak/internal/postgres"
	"tiebreak/templates/intake"
)

func (s *Server) showIntake(w http.ResponseWriter, r *http.Request) error {
	form := leadForm(r.URL.Query())
	form.Key = lead.NewKey()
	e, err := s.editionRead(r.Context(), form)
	if err != nil {
		return err
	}
	return s.intakePage(w, r, http.StatusOK, intake.NoNotice, e, intake.IntakeForm{Typed: form})
}

// receiveLead keeps what was sent and answers with its receipt, or shows the form again with everything still in it.
func (s *Server) receiveLead(w http.ResponseWriter, r *http.Request) error {
	values, readErr := readForm(r)
	if errors.Is(readErr, errTooLarge) {
		return readErr
	}
	form := leadForm(values)
	e, err := s.editionRead(r.Context(), form)
	if errors.Is(err, fault.Unavailable) {
		return s.outOfReach(w, r, e, form, err)
	}
	if err != nil {
		return err
	}
	again := intake.IntakeForm{Typed: form}
	again.Typed.Key = lead.NewKey()
	if readErr != nil {
		return s.intakePage(w, r, http.StatusBadRequest, intake.Damaged, e, again)
	}
	if again.Wrong = form.Check(); again.Wrong != nil {
		return s.intakePage(w, r, http.StatusUnprocessableEntity, intake.Invalid, e, again)
	}
	arrival, err := s.db.ReceiveLead(r.Context(), s.submission(r, e, form))
	switch {
	case errors.Is(err, fault.TooMany):
		w.Header().Set("Retry-After", waitAfterTooMany)
		return s.intakePage(w, r, http.StatusTooManyRequests, intake.TooMany, e, again)
	case errors.Is(err, fault.Conflict):
		again.Again = true
		return s.intakePage(w, r, http.StatusConflict, intake.KeyReused, e, again)
	case errors.Is(err, fault.Unavailable):
		return s.outOfReach(w, r, e, form, err)
	case err != nil:
		return err
	}
	for _, cause := range arrival.Causes {
		s.countSuspect(cause)
	}
	http.Redirect(w, r, "/requests/"+arrival.Token, http.StatusSeeOther)
	return nil
}

// waitAfterTooMany is how many seconds somebody is asked to wait who sent too much in an hour.
const waitAfterTooMany = "900"

// outOfReach shows the form again under the key that it came with: the first try may have been kept though its answer
// was lost, and only the same key makes the second press the same lead.
func (s *Server) outOfReach(w http.ResponseWriter, r *http.Request, e *guide.Edition, form lead.Form, cause error) error {
	s.log.Error("lead not stored", "id", requestID(r), "error", cause)
	w.Header().Set("Retry-After", retryAfter)
	return s.intakePage(w, r, http.StatusServiceUnavailable, intake.OutOfReach, e, intake.IntakeForm{Typed: form})
}

func (s *Server) intakePage(w http.ResponseWriter, r *http.Request, status int, notice intake.Notice, e *guide.Edition, form intake.IntakeForm) error {
	page := s.lastFrame("Ask us about your project")
	page.NoIndex, page.Script = true, true
	if notice != intake.NoNotice {
		page.Title = "Not sent yet: ask us about your project"
	}
	form.Edition = e
	// A form that is shown again keeps the time at which it was drawn first: a slip is mended faster than a form is filled in.
	form.Stamp = form.Typed.Stamp
	if notice == intake.NoNotice {
		form.Stamp = lead.NewStamp(s.secret, time.Now())
	}
	if e != nil {
		form.Ticks = ticksIn(e, form.Typed.Ticks)
	}
	return render(w, r, status, intake.IntakePage{Page: page, Form: form, Notice: notice}.View())
}

// editionRead is the edition that the form was filled in from: the one it names or, if that is missing or unknown, the
// current one. Without a guide that we know it is a general request, and nil.
func (s *Server) editionRead(ctx context.Context, f lead.Form) (*guide.Edition, error) {
	if f.Guide == "" {
		return nil, nil
	}
	e, err := s.edition(ctx, f.Guide)
	if err == nil && f.Edition != "" && f.Edition != e.Digest {
		named, err := s.db.EditionOf(ctx, f.Guide, f.Edition)
		if err == nil {
			return named, nil
		}
		if !errors.Is(err, fault.NotFound) {
			return e, err
		}
	}
	if errors.Is(err, fault.NotFound) {
		return nil, nil
	}
	return e, err
}

func (s *Server) submission(r *http.Request, e *guide.Edition, f lead.Form) postgres.Submission {
	contents := f.Contents()
	return postgres.Submission{
		Key: f.KeyDigest(s.secret), Keyless: f.Keyless(), Body: f.BodyDigest(s.secret), Address: f.AddressDigest(s.secret),
		Text: lead.Digest(s.secret, "text", contents.SameWords()), Stamp: f.StampDigest(), Client: s.client(r),
		Signs: f.Signs(s.secret, time.Now()), Contents: contents, Choices: choicesIn(e, f),
	}
}
