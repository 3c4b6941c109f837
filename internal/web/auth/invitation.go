package auth

import (
	"errors"
	"net/http"

	"github.com/go-chi/chi/v5"

	"tiebreak/internal/fault"
	"tiebreak/internal/staff"
	"tiebreak/internal/web/page"
	"tiebreak/templates/auth"
)

// ShowInvitation asks an invited person for a name and a password.
func (h *Handlers) ShowInvitation(w http.ResponseWriter, r *http.Request) error {
	return h.invitationPage(w, r, auth.InvitationPage{})
}

// invitationPage shows the link as it stands: 200 while it is good, 422 with what is to be corrected, 410 after that.
func (h *Handlers) invitationPage(w http.ResponseWriter, r *http.Request, p auth.InvitationPage) (err error) {
	p.Invitation, err = h.DB.InvitationByToken(r.Context(), staff.Digest(chi.URLParam(r, "token")))
	if err != nil {
		return err
	}
	p.Page, p.Action = h.LastFrame("Invitation"), r.URL.Path
	status := http.StatusOK
	switch {
	case p.Invitation.State != staff.Open:
		status = http.StatusGone
	case p.Wrong != nil:
		status = http.StatusUnprocessableEntity
	}
	return page.Render(w, r, status, p.View())
}

// AcceptInvitation creates the member and signs them in.
func (h *Handlers) AcceptInvitation(w http.ResponseWriter, r *http.Request) error {
	token := staff.Digest(chi.URLParam(r, "token"))
	i, err := h.DB.InvitationByToken(r.Context(), token)
	if err != nil {
		return err
	}
	values := page.Form(r)
	n := staff.NewMember{Name: page.OneLine(values, "name"), Email: i.Email, Password: values.Get("password"), Role: i.Role}
	p := auth.InvitationPage{Name: n.Name}
	if i.State != staff.Open {
		return h.invitationPage(w, r, p)
	}
	if p.Wrong = n.Check(h.siteNames()...); p.Wrong != nil {
		return h.invitationPage(w, r, p)
	}
	hash, err := staff.HashPassword(r.Context(), n.Password)
	if err != nil {
		return err
	}
	member, err := h.DB.AcceptInvitation(r.Context(), token, n.Name, hash)
	switch {
	case errors.Is(err, fault.NotFound): // used, withdrawn or expired meanwhile
		return h.invitationPage(w, r, p)
	case errors.Is(err, fault.Conflict):
		p.Wrong = fault.Invalid{{Name: "email", Message: "A member already has this email address. Sign in, or ask the person " +
			"who invited you."}}
		return h.invitationPage(w, r, p)
	case err != nil:
		return err
	}
	return h.startSession(w, r, member, hash, "/staff/leads?done=joined")
}
