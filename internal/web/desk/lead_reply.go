package desk

import (
	"errors"
	"net/http"

	"tiebreak/internal/fault"
	"tiebreak/internal/lead"
	"tiebreak/internal/web/page"
	"tiebreak/templates/desk"
)

// Reply sends what a member wrote, shows what it will look like, or keeps it for later: the pressed button says which.
func (h *Handlers) Reply(w http.ResponseWriter, r *http.Request) error {
	values, a, err := readAct(r)
	if err != nil {
		return err
	}
	p := desk.LeadPage{Reply: page.Text(values, "reply"), Key: page.Text(values, "key")}
	if values.Get("do") == "draft" {
		return h.afterAct(w, r, values, h.DB.SaveDraft(r.Context(), a.Reference, a.Member, p.Reply))
	}
	if p.Wrong = lead.CheckText("reply", p.Reply); p.Wrong != nil {
		return h.leadPage(w, r, http.StatusUnprocessableEntity, p)
	}
	l, err := h.DB.LeadByReference(r.Context(), a.Reference)
	if err != nil {
		return err
	}
	p.Wrong = lead.Unfilled(l, p.Reply)
	if values.Get("do") == "preview" {
		if err := h.DB.SaveDraft(r.Context(), a.Reference, a.Member, p.Reply); err != nil {
			return err
		}
		p.Preview = true
		return h.leadPage(w, r, http.StatusOK, p)
	}
	if p.Wrong != nil {
		return h.leadPage(w, r, http.StatusUnprocessableEntity, p)
	}
	err = h.DB.Reply(r.Context(), a, lead.PressDigest(a.Reference, a.Member, p.Key, p.Reply), p.Reply)
	if errors.Is(err, fault.Conflict) {
		// Kept as a draft too: whoever looks at what happened first finds it again.
		if err := h.DB.SaveDraft(r.Context(), a.Reference, a.Member, p.Reply); err != nil {
			return err
		}
		return h.afterAct(w, r, values, err)
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r, "/staff/leads/"+a.Reference+"?sent=yes", http.StatusSeeOther)
	return nil
}

// KeepDraft keeps what is typed while it is typed: the script calls it.
func (h *Handlers) KeepDraft(w http.ResponseWriter, r *http.Request) error {
	values, a, err := readAct(r)
	if err != nil {
		return err
	}
	if err := h.DB.SaveDraft(r.Context(), a.Reference, a.Member, page.Text(values, "reply")); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// AddTeamNote keeps what a member tells the others.
func (h *Handlers) AddTeamNote(w http.ResponseWriter, r *http.Request) error {
	values, a, err := readAct(r)
	if err != nil {
		return err
	}
	p := desk.LeadPage{Note: page.Text(values, "note"), Key: page.Text(values, "key")}
	if p.Wrong = lead.CheckText("note", p.Note); p.Wrong != nil {
		return h.leadPage(w, r, http.StatusUnprocessableEntity, p)
	}
	press := lead.PressDigest(a.Reference, a.Member, p.Key, p.Note)
	return h.afterAct(w, r, values, h.DB.AddTeamNote(r.Context(), a.Reference, a.Member, press, p.Note))
}
