package admin

import (
	"errors"
	"net/http"

	"tiebreak/internal/fault"
	"tiebreak/internal/staff"
	"tiebreak/internal/web/page"
	"tiebreak/templates/admin"
)

// ShowTeam lists the members and whom they invited.
func (h *Handlers) ShowTeam(w http.ResponseWriter, r *http.Request) error {
	return h.teamPage(w, r, http.StatusOK, admin.TeamPage{Typed: staff.NewInvitation{Role: staff.Editor}})
}

func (h *Handlers) teamPage(w http.ResponseWriter, r *http.Request, status int, p admin.TeamPage) (err error) {
	read, err := h.DB.TeamPage(r.Context())
	if err != nil {
		return err
	}
	if p.Page, err = h.StaffFrameWith(r, "Team", read.Queue); err != nil {
		return err
	}
	p.Team, p.Invitations, p.FactorRequired = read.Team, read.Invitations, read.FactorRequired
	return page.Render(w, r, status, p.View())
}

// ChangeRole gives a member another role.
func (h *Handlers) ChangeRole(w http.ResponseWriter, r *http.Request) error {
	id, err := page.ID(r, "id")
	if err != nil {
		return err
	}
	role, err := staff.ParseRole(page.Text(page.Form(r), "role"))
	if err != nil {
		return page.ErrDamagedForm
	}
	return h.afterChange(w, r, "role", h.DB.ChangeRole(r.Context(), page.Member(r).ID, id, role))
}

// ChangeState disables a member or enables them again.
func (h *Handlers) ChangeState(w http.ResponseWriter, r *http.Request) error {
	id, err := page.ID(r, "id")
	if err != nil {
		return err
	}
	act, known := map[string]string{"active": "enabled", "disabled": "disabled"}[page.Text(page.Form(r), "state")]
	if !known {
		return page.ErrDamagedForm
	}
	return h.afterChange(w, r, act, h.DB.Disable(r.Context(), page.Member(r).ID, id, act == "disabled"))
}

// ResetFactors removes the second factors of a member who lost their device.
func (h *Handlers) ResetFactors(w http.ResponseWriter, r *http.Request) error {
	id, err := page.ID(r, "id")
	if err != nil {
		return err
	}
	return h.afterChange(w, r, "factors-reset", h.DB.TakeFactors(r.Context(), page.Member(r).ID, id))
}

// RequireFactor requires a second factor of all members, or makes it optional.
func (h *Handlers) RequireFactor(w http.ResponseWriter, r *http.Request) error {
	required := page.Text(page.Form(r), "required")
	act, known := map[string]string{"yes": "factor-required", "no": "factor-optional"}[required]
	if !known {
		return page.ErrDamagedForm
	}
	return h.afterChange(w, r, act, h.DB.RequireFactor(r.Context(), page.Member(r).ID, required == "yes"))
}

// WithdrawInvitation ends an invitation that nobody has accepted yet.
func (h *Handlers) WithdrawInvitation(w http.ResponseWriter, r *http.Request) error {
	id, err := page.ID(r, "id")
	if err != nil {
		return err
	}
	return h.afterChange(w, r, "invitation-removed", h.DB.WithdrawInvitation(r.Context(), page.Member(r).ID, id))
}

// afterChange goes back to the team after an act, or says there why it was not done.
func (h *Handlers) afterChange(w http.ResponseWriter, r *http.Request, act string, err error) error {
	p := admin.TeamPage{Typed: staff.NewInvitation{Role: staff.Editor}}
	switch {
	case errors.Is(err, staff.ErrLastAdmin):
		p.Refused = "Nothing was changed. This is the last active admin, and the team needs one. " +
			"Make someone else an admin first."
	case errors.Is(err, staff.ErrInvitationUsed):
		p.Refused = "Nothing was withdrawn. This person has already joined. To keep them out, disable them."
	case err != nil:
		return err
	default:
		return page.Done(w, r, "/staff/team", act)
	}
	return h.teamPage(w, r, http.StatusConflict, p)
}

// Invite sends an invitation, or says what to correct.
func (h *Handlers) Invite(w http.ResponseWriter, r *http.Request) error {
	values := page.Form(r)
	n := staff.Invite(page.Text(values, "email"), staff.Role(page.Text(values, "role")))
	wrong := n.Check()
	if wrong == nil {
		token := staff.InvitationToken(h.Secret, n.Salt)
		err := h.DB.Invite(r.Context(), page.Member(r).ID, n, staff.Digest(token))
		if errors.Is(err, fault.Conflict) {
			wrong = fault.Invalid{{Name: "email", Message: "This email address belongs to a member or to an open invitation. " +
				"Check the lists."}}
		} else if err != nil {
			return err
		}
	}
	if wrong != nil {
		return h.teamPage(w, r, http.StatusUnprocessableEntity, admin.TeamPage{Typed: n, Wrong: wrong})
	}
	return page.Done(w, r, "/staff/team", "invited")
}
