package desk

import (
	"errors"
	"fmt"
	"net/http"

	"github.com/go-chi/chi/v5"

	"tiebreak/internal/fault"
	"tiebreak/internal/lead"
	"tiebreak/internal/web/page"
	"tiebreak/templates/desk"
)

// Reply sends what a member wrote, shows what it will look like, adds a text to it, or keeps it for later: the pressed button
// says which.
func (h *Handlers) Reply(w http.ResponseWriter, r *http.Request) error {
	values := page.Form(r)
	if values.Has("mail") {
		return h.insert(w, r, "mail")
	}
	do := values.Get("do")
	switch do {
	case "draft":
		return h.afterAct(w, r, h.saveDraft(r))
	case "template":
		return h.insert(w, r, "template")
	case "preview", "send", "": // none without a press of a button
	default:
		return page.ErrDamagedForm
	}
	a, err := readAct(r)
	if err != nil {
		return err
	}
	p := desk.LeadPage{Reply: page.Text(values, "reply"), Key: page.Text(values, "key")}
	if p.Wrong = lead.CheckText("reply", p.Reply); p.Wrong != nil {
		return h.leadPage(w, r, http.StatusUnprocessableEntity, p)
	}
	l, err := h.DB.LeadByReference(r.Context(), a.Reference)
	if err != nil {
		return err
	}
	p.Wrong = lead.Unfilled(l, p.Reply)
	if do == "preview" {
		if err := h.saveDraft(r); err != nil {
			return err
		}
		p.Preview = true
		return h.leadPage(w, r, http.StatusOK, p)
	}
	if p.Wrong != nil {
		return h.leadPage(w, r, http.StatusUnprocessableEntity, p)
	}
	return h.sendReply(w, r, a, p)
}

// sendReply sends the reply of the page, and leads to the lead.
func (h *Handlers) sendReply(w http.ResponseWriter, r *http.Request, a lead.Act, p desk.LeadPage) error {
	err := h.DB.Reply(r.Context(), a, lead.PressDigest(a.Reference, a.Member, p.Key, p.Reply), p.Reply)
	if errors.Is(err, fault.Conflict) {
		// Saved as a draft too: a member who first looks at what happened finds it again.
		if err := h.saveDraft(r); err != nil {
			return err
		}
		return h.afterAct(w, r, err)
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r, leadAddress(r, "sent", "yes"), http.StatusSeeOther)
	return nil
}

// insert saves the draft and shows it with a text below it: the field names a template, or the email of a member.
func (h *Handlers) insert(w http.ResponseWriter, r *http.Request, field string) error {
	id, err := page.ParseID(page.Form(r).Get(field))
	if err != nil {
		return err
	}
	if err := h.saveDraft(r); err != nil {
		return err
	}
	http.Redirect(w, r, leadAddress(r, field, fmt.Sprint(id))+"#reply-box", http.StatusSeeOther)
	return nil
}

// SaveDraft saves a reply while it is typed: the script calls it.
func (h *Handlers) SaveDraft(w http.ResponseWriter, r *http.Request) error {
	if err := h.saveDraft(r); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// saveDraft saves the reply of the form as the member's draft. An empty one deletes the draft, so a form without the field is
// damaged.
func (h *Handlers) saveDraft(r *http.Request) error {
	values := page.Form(r)
	if !values.Has("reply") {
		return page.ErrDamagedForm
	}
	return h.DB.SaveDraft(r.Context(), chi.URLParam(r, "reference"), page.Member(r).ID, page.Text(values, "reply"))
}

// AddTeamNote stores a note for the other members.
func (h *Handlers) AddTeamNote(w http.ResponseWriter, r *http.Request) error {
	values, reference, member := page.Form(r), chi.URLParam(r, "reference"), page.Member(r).ID
	p := desk.LeadPage{Note: page.Text(values, "note"), Key: page.Text(values, "key")}
	if p.Wrong = lead.CheckText("note", p.Note); p.Wrong != nil {
		return h.leadPage(w, r, http.StatusUnprocessableEntity, p)
	}
	press := lead.PressDigest(reference, member, p.Key, p.Note)
	return h.afterAct(w, r, h.DB.AddTeamNote(r.Context(), reference, member, press, p.Note))
}

// AddCall stores what a member writes down about a call or a meeting.
func (h *Handlers) AddCall(w http.ResponseWriter, r *http.Request) error {
	a, err := readAct(r)
	if err != nil {
		return err
	}
	settings, err := h.SiteState(r.Context())
	if err != nil {
		return err
	}
	now, err := h.DB.Now(r.Context())
	if err != nil {
		return err
	}
	p := unsavedLeadPage(page.Form(r))
	at, wrong := lead.ReadCallTime(p.CallAt, now, settings.Promise.Location())
	if p.Wrong = append(wrong, lead.CheckText("text", p.Call)...); p.Wrong != nil {
		return h.leadPage(w, r, http.StatusUnprocessableEntity, p)
	}
	press := lead.PressDigest(a.Reference, a.Member, p.Key, p.Call)
	return h.afterAct(w, r, h.DB.AddCall(r.Context(), a, lead.Message{Key: press, At: at, Text: p.Call}))
}

// NeedNoAnswer says that the prospect's last messages need no answer.
func (h *Handlers) NeedNoAnswer(w http.ResponseWriter, r *http.Request) error {
	a, err := readAct(r)
	if err != nil {
		return err
	}
	return h.afterAct(w, r, h.DB.NeedNoAnswer(r.Context(), a))
}
