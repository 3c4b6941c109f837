package admin

import (
	"errors"
	"net/http"
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
		Saw:   settings.Promise,
		Typed: admin.TypedPromise(settings.Promise),
	})
}

// ChangePromise puts another promise in place of the one that the form was drawn with.
func (h *Handlers) ChangePromise(w http.ResponseWriter, r *http.Request) error {
	values, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	read := func(prefix string) admin.PromiseTyped {
		return admin.PromiseTyped{
			ReplyHours: strings.TrimSpace(page.Text(values, prefix+"reply_hours")),
			Places:     strings.TrimSpace(page.Text(values, prefix+"places")),
			Unlimited:  values.Has(prefix + "unlimited"), TimeZone: strings.TrimSpace(page.Text(values, prefix+"time_zone")),
			Won:       strings.TrimSpace(page.Text(values, prefix+"keep_won")),
			Lost:      strings.TrimSpace(page.Text(values, prefix+"keep_lost")),
			Withdrawn: strings.TrimSpace(page.Text(values, prefix+"keep_withdrawn")),
			Suspect:   strings.TrimSpace(page.Text(values, prefix+"keep_suspect")),
		}
	}
	saw, typed := readPromise(read("saw_")), read("")
	next := readPromise(typed)
	again := admin.PromisePage{Saw: saw, Typed: typed, Wrong: next.Check()}
	if again.Wrong != nil {
		return h.promisePage(w, r, http.StatusUnprocessableEntity, again)
	}
	err = h.DB.ChangePromise(r.Context(), saw, next, page.Member(r).ID)
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

// readPromise reads numbers; what is not one becomes one that no promise has.
func readPromise(typed admin.PromiseTyped) lead.Promise {
	return lead.Promise{
		ReplyHours: lead.ReadNumber(typed.ReplyHours), Places: lead.ReadNumber(typed.Places),
		Unlimited: typed.Unlimited, TimeZone: typed.TimeZone,
		Keep: lead.Retention{
			Won: lead.ReadNumber(typed.Won), Lost: lead.ReadNumber(typed.Lost),
			Withdrawn: lead.ReadNumber(typed.Withdrawn), Suspect: lead.ReadNumber(typed.Suspect),
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
