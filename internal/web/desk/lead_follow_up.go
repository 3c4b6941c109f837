package desk

import (
	"cmp"
	"errors"
	"net/http"

	"tiebreak/internal/fault"
	"tiebreak/internal/lead"
	"tiebreak/internal/web/page"
	"tiebreak/templates/desk"
)

// SetFollowUp plans when a member comes back to the lead: on the day that was typed, or on that of the pressed button. Without a
// day it removes what was planned.
func (h *Handlers) SetFollowUp(w http.ResponseWriter, r *http.Request) error {
	a, err := readAct(r)
	if err != nil {
		return err
	}
	values := page.Form(r)
	if !values.Has("on") && !values.Has("choice") {
		return page.ErrDamagedForm
	}
	p := desk.LeadPage{Saw: a.Seen, FollowUpForm: desk.FollowUpForm{
		FollowUpTyped: true, FollowUpOn: cmp.Or(page.OneLine(values, "choice"), page.OneLine(values, "on")),
		FollowUpNote: page.Text(values, "note"),
	}}
	f, wrong := lead.ReadFollowUp(p.FollowUpOn, p.FollowUpNote)
	if wrong == nil {
		err = h.DB.SetFollowUp(r.Context(), a, f)
	}
	switch {
	case errors.Is(err, fault.Conflict):
		p.Stale = true
		return h.leadPage(w, r, http.StatusConflict, p)
	case wrong != nil || errors.As(err, &wrong):
		p.Wrong = wrong
		return h.leadPage(w, r, http.StatusUnprocessableEntity, p)
	}
	if err == nil && f.On.IsZero() {
		return page.Done(w, r, leadAddress(r), "follow-up-removed")
	}
	return h.afterAct(w, r, err)
}
