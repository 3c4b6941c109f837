package admin

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"tiebreak/internal/fault"
	"tiebreak/internal/lead"
	"tiebreak/internal/web/page"
	"tiebreak/templates/admin"
)

func (h *Handlers) ShowPromise(w http.ResponseWriter, r *http.Request) error {
	settings, err := h.DB.Settings(r.Context())
	if err != nil {
		return err
	}
	return h.promisePage(w, r, http.StatusOK, admin.PromisePage{
		Saw: settings.Promise, Typed: admin.PromiseForm(settings.Promise),
	})
}

// ChangePromise replaces the promise that the form was drawn with.
func (h *Handlers) ChangePromise(w http.ResponseWriter, r *http.Request) error {
	values := page.Form(r)
	saw, next := readPromise(values, "saw_"), readPromise(values, "")
	if slices.Contains([]int{
		saw.ReplyHours, saw.AnswerHours, saw.Places, saw.Keep.Won, saw.Keep.Lost, saw.Keep.Withdrawn, saw.Keep.Suspect,
	}, -1) {
		return page.ErrDamagedForm
	}
	again := admin.PromisePage{Saw: saw, Typed: map[string]string{}, Wrong: next.Check()}
	for name := range values {
		again.Typed[name] = page.Text(values, name)
	}
	if again.Wrong != nil {
		return h.promisePage(w, r, http.StatusUnprocessableEntity, again)
	}
	err := h.DB.ChangePromise(r.Context(), saw, next, page.Member(r).ID)
	if errors.Is(err, fault.Conflict) {
		settings, err := h.DB.Settings(r.Context())
		if err != nil {
			return err
		}
		again.Saw, again.Stale = settings.Promise, true
		return h.promisePage(w, r, http.StatusConflict, again)
	}
	if err != nil {
		return err
	}
	h.Refresh(r.Context()) // here it shows at once, on other instances within seconds
	return page.Done(w, r, "/staff/promise", "promise")
}

// readPromise reads the fields whose names begin with the prefix. A text that is not a number becomes -1, which no promise
// allows.
func readPromise(values url.Values, prefix string) lead.Promise {
	number := func(name string) int { return lead.ReadNumber(page.Text(values, prefix+name)) }
	return lead.Promise{
		ReplyHours: number("reply_hours"), AnswerHours: number("answer_hours"), Places: number("places"),
		Unlimited: values.Has(prefix + "unlimited"), TimeZone: strings.TrimSpace(page.Text(values, prefix+"time_zone")),
		Keep: lead.Retention{
			Won: number("keep_won"), Lost: number("keep_lost"), Withdrawn: number("keep_withdrawn"),
			Suspect: number("keep_suspect"),
		},
	}
}

func (h *Handlers) promisePage(w http.ResponseWriter, r *http.Request, status int, p admin.PromisePage) error {
	var err error
	if p.Page, err = h.StaffFrame(r, "Promise"); err != nil {
		return err
	}
	if p.Old, err = h.DB.KeptLongEnough(r.Context(), p.Promise.Keep); err != nil {
		return err
	}
	return page.Render(w, r, status, p.View())
}
