package desk

import (
	"errors"
	"net/http"

	"github.com/go-chi/chi/v5"

	"tiebreak/internal/fault"
	"tiebreak/internal/lead"
	"tiebreak/internal/staff"
	"tiebreak/internal/web/page"
	"tiebreak/templates/desk"
)

// maxInbox bounds the list.
const maxInbox = 200

// ShowInbox lists the emails that no lead claims.
func (h *Handlers) ShowInbox(w http.ResponseWriter, r *http.Request) error {
	inbox, err := h.DB.Inbox(r.Context(), page.Member(r).ID, maxInbox)
	if err != nil {
		return err
	}
	p := desk.InboxPage{Mails: inbox.Mails, Days: inbox.Days}
	if p.Page, err = h.StaffFrameWith(r, "Inbox", inbox.Queue); err != nil {
		return err
	}
	return page.Render(w, r, http.StatusOK, p.View())
}

// ShowInboxMail shows an email that no lead claims, or says what became of it.
func (h *Handlers) ShowInboxMail(w http.ResponseWriter, r *http.Request) error {
	return h.inboxMailPage(w, r, http.StatusOK, desk.InboxMailPage{})
}

func (h *Handlers) inboxMailPage(w http.ResponseWriter, r *http.Request, status int, p desk.InboxMailPage) error {
	id, err := page.ID(r, "id")
	if err != nil {
		return err
	}
	m := page.Member(r)
	mail, err := h.DB.InboxMail(r.Context(), id, m.ID)
	if errors.Is(err, fault.NotFound) || mail.Reference != "" {
		return h.decidedPage(w, r, id)
	}
	if err != nil {
		return err
	}
	if p.Page, err = h.StaffFrameWith(r, "Email in the inbox", mail.Queue); err != nil {
		return err
	}
	p.Message, p.Suggested, p.MayChange = mail.Message, mail.Suggested, m.Role.AtLeast(staff.Editor)
	p.ByMember, p.Why = mail.ByMember, mail.Why
	return page.Render(w, r, status, p.View())
}

// decidedPage says what became of an email that is no longer in the inbox, and who decided so. It returns fault.NotFound if
// nothing is known of it.
func (h *Handlers) decidedPage(w http.ResponseWriter, r *http.Request, id int64) error {
	fate, err := h.DB.MailFate(r.Context(), id)
	if err != nil {
		return err
	}
	p := desk.DecidedPage{Fate: fate}
	if p.Page, err = h.StaffFrame(r, "Email from the inbox"); err != nil {
		return err
	}
	return page.Render(w, r, http.StatusGone, p.View())
}

// AttachMail puts an email of the inbox on a lead.
func (h *Handlers) AttachMail(w http.ResponseWriter, r *http.Request) error {
	typed := page.OneLine(page.Form(r), "reference")
	reference, ok := lead.ReadReference(typed)
	if !ok || page.Form(r).Get("ask") != "" {
		return h.findForMail(w, r, typed)
	}
	return h.attachMail(w, r, typed, reference)
}

func (h *Handlers) attachMail(w http.ResponseWriter, r *http.Request, typed, reference string) error {
	id, err := page.ID(r, "id")
	if err != nil {
		return err
	}
	on, err := h.DB.AttachMail(r.Context(), id, reference, page.Member(r).ID)
	switch {
	case err == nil && on == reference:
		return page.Done(w, r, "/staff/leads/"+on, "email-attached")
	case err == nil:
		return h.ShowInboxMail(w, r)
	case errors.Is(err, fault.Gone):
		return h.wrongLead(w, r, typed, "There is no lead "+reference+". Check the reference.")
	case errors.Is(err, fault.Forbidden):
		return h.wrongLead(w, r, typed, "The lead "+reference+" is erased and cannot take emails.")
	case errors.Is(err, fault.NotFound):
		return h.ShowInboxMail(w, r)
	}
	return err
}

// maxFound bounds how many leads are offered for an email.
const maxFound = 10

// findForMail shows the email again with the leads that the typed words find, and says whose page will show it.
func (h *Handlers) findForMail(w http.ResponseWriter, r *http.Request, typed string) error {
	if typed == "" {
		return h.wrongLead(w, r, typed, "Enter a name, an email address or a reference such as TB-0042.")
	}
	found, err := h.DB.FindPerson(r.Context(), typed, page.Member(r).ID, maxFound)
	if err != nil {
		return err
	}
	if reference, ok := lead.ReadReference(typed); ok && (len(found) != 1 || found[0].Name == "") {
		return h.attachMail(w, r, typed, reference) // it says what is wrong with it
	}
	if len(found) == 0 {
		return h.wrongLead(w, r, typed, "We found no lead for “"+typed+"”. Check the spelling, or enter the reference.")
	}
	return h.inboxMailPage(w, r, http.StatusOK, desk.InboxMailPage{Typed: typed, Found: found})
}

// wrongLead shows the email again and says what is wrong with the lead that was asked for.
func (h *Handlers) wrongLead(w http.ResponseWriter, r *http.Request, typed, message string) error {
	return h.inboxMailPage(w, r, http.StatusUnprocessableEntity, desk.InboxMailPage{
		Typed: typed, Wrong: fault.Invalid{{Name: "reference", Message: message}},
	})
}

// DetachMail moves an email from its lead to the inbox.
func (h *Handlers) DetachMail(w http.ResponseWriter, r *http.Request) error {
	id, err := page.ID(r, "id")
	if err != nil {
		return err
	}
	reference := chi.URLParam(r, "reference")
	if err := h.DB.DetachMail(r.Context(), id, reference, page.Member(r).ID); err != nil {
		return err
	}
	return page.Done(w, r, "/staff/leads/"+reference, "email-moved")
}

// DismissMail deletes an email of the inbox.
func (h *Handlers) DismissMail(w http.ResponseWriter, r *http.Request) error {
	id, err := page.ID(r, "id")
	if err != nil {
		return err
	}
	if err := h.DB.DismissMail(r.Context(), id, page.Member(r).ID); err != nil {
		return err
	}
	return page.Done(w, r, "/staff/inbox", "email-dismissed")
}
