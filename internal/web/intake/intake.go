package intake

import (
	"context"
	"errors"
	"net/http"
	"time"

	"tiebreak/internal/fault"
	"tiebreak/internal/guide"
	"tiebreak/internal/lead"
	"tiebreak/internal/web/page"
	"tiebreak/internal/web/public"
	"tiebreak/templates/intake"
)

func (h *Handlers) ShowIntake(w http.ResponseWriter, r *http.Request) error {
	form := leadForm(r.URL.Query())
	form.Key, form.Consent = lead.NewKey(), h.words(r.Context()).ConsentSentence
	e, err := h.editionOf(r.Context(), &form)
	if err != nil {
		return err
	}
	return h.intakePage(w, r, http.StatusOK, intake.NoNotice, e, intake.IntakeForm{Typed: form})
}

// ReceiveLead stores what was sent and answers with its receipt, or shows the form again with everything still in it.
func (h *Handlers) ReceiveLead(w http.ResponseWriter, r *http.Request) error {
	values, readErr := page.ReadForm(r)
	if errors.Is(readErr, page.ErrFormTooLarge) {
		return readErr
	}
	form := leadForm(values)
	form.Consent = h.words(r.Context()).ConsentSentence
	if shown := lead.OpenConsent(h.Secret, page.Text(values, "consent_shown")); shown != "" && form.Agreed {
		form.Consent = shown
	}
	e, err := h.editionOf(r.Context(), &form)
	if errors.Is(err, fault.Unavailable) {
		return h.unavailable(w, r, e, form, err)
	}
	if err != nil {
		return err
	}
	again := intake.IntakeForm{Typed: form}
	again.Typed.Key = lead.NewKey()
	if form.Edition == intake.PreviewEdition { // an editor tried the form of a draft
		again.Typed.Edition = ""
		return h.intakePage(w, r, http.StatusUnprocessableEntity, intake.Preview, e, again)
	}
	if readErr != nil {
		return h.intakePage(w, r, http.StatusBadRequest, intake.Damaged, e, again)
	}
	if again.Wrong = form.Check(); again.Wrong != nil {
		return h.intakePage(w, r, http.StatusUnprocessableEntity, intake.Invalid, e, again)
	}
	arrival, err := h.DB.ReceiveLead(r.Context(), form.Submission(choices(e, form), h.Client(r), h.Secret, time.Now()))
	switch {
	case errors.Is(err, fault.TooMany):
		w.Header().Set("Retry-After", tooManyRetryAfter)
		return h.intakePage(w, r, http.StatusTooManyRequests, intake.TooMany, e, again)
	case errors.Is(err, fault.Conflict):
		again.Again = true
		return h.intakePage(w, r, http.StatusConflict, intake.KeyReused, e, again)
	case errors.Is(err, fault.Unavailable):
		return h.unavailable(w, r, e, form, err)
	case err != nil:
		return err
	}
	for _, cause := range arrival.Causes {
		h.countSuspect(cause)
	}
	http.Redirect(w, r, "/requests/"+arrival.Token, http.StatusSeeOther)
	return nil
}

// tooManyRetryAfter is how many seconds somebody is asked to wait who sent too much in an hour.
const tooManyRetryAfter = "900"

// unavailable shows the form again under the key that it came with: the first try may have been kept though its answer
// was lost, and only the same key makes the second press the same lead.
func (h *Handlers) unavailable(w http.ResponseWriter, r *http.Request, e *guide.Edition, form lead.Form, cause error) error {
	h.Log.Error("lead not stored", "id", page.RequestID(r), "error", cause)
	w.Header().Set("Retry-After", page.RetryAfter)
	return h.intakePage(w, r, http.StatusServiceUnavailable, intake.OutOfReach, e, intake.IntakeForm{Typed: form})
}

func (h *Handlers) intakePage(w http.ResponseWriter, r *http.Request, status int, notice intake.Notice, e *guide.Edition,
	form intake.IntakeForm,
) error {
	frame := h.LastFrame("Ask us about your project")
	frame.NoIndex, frame.Script = true, true
	if notice != intake.NoNotice {
		frame.Title = "Not sent yet: ask us about your project"
	}
	form.Edition, form.Words = e, frame.Site.FormWords()
	// A form that is shown again keeps the time at which it was drawn first: a mistake is corrected faster than a form is filled
	// in. It also keeps the sentence that the prospect agreed to.
	form.Stamp, form.Consent = form.Typed.Stamp, lead.SealConsent(h.Secret, form.Typed.Consent)
	if notice == intake.NoNotice {
		form.Stamp = lead.NewStamp(h.Secret, time.Now())
	}
	if e != nil {
		form.Ticks = public.Ticks(e, ticked(form.Typed))
	}
	return page.Render(w, r, status, intake.IntakePage{Page: frame, Form: form, Notice: notice}.View())
}

// words returns the words of a form that is drawn now. While the database is away they are those that were read last.
func (h *Handlers) words(ctx context.Context) guide.Words {
	_, _ = h.SiteState(ctx)
	return h.Settings.Load().Site.FormWords()
}

// editionOf returns the edition that the form was filled in from: the one it names or, if that is missing or unknown, the
// current one. If the guide has moved since the form was opened, the form gets its present address. Without a guide that we know
// it returns nil: a general request.
func (h *Handlers) editionOf(ctx context.Context, f *lead.Form) (*guide.Edition, error) {
	if f.Guide == "" {
		return nil, nil
	}
	e, err := h.public.Edition(ctx, f.Guide)
	if errors.Is(err, fault.NotFound) {
		now, err := h.DB.GuideNow(ctx, f.Guide)
		switch {
		case errors.Is(err, fault.NotFound):
			return nil, nil
		case err != nil:
			return nil, err
		}
		f.Guide = now
		return h.editionOf(ctx, f)
	}
	if err == nil && f.Edition != "" && f.Edition != e.Digest {
		named, err := h.DB.EditionOf(ctx, f.Guide, f.Edition)
		if err == nil {
			return named, nil
		}
		if !errors.Is(err, fault.NotFound) {
			return e, err
		}
	}
	return e, err
}
