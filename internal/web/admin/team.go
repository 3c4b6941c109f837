package admin

import (
	"errors"
	"net/http"
	"strconv"

	"github.com/go-chi/chi/v5"

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
	return h.changeMember(w, r, "role", func(value string, member int64) (string, error) {
		role, err := staff.ParseRole(value)
		if err != nil {
			return "", fault.Invalid{{Name: "role", Message: err.Error()}}
		}
		return "role", h.DB.ChangeRole(r.Context(), page.Member(r).ID, member, role)
	})
}

// ChangeState disables a member or enables them again.
func (h *Handlers) ChangeState(w http.ResponseWriter, r *http.Request) error {
	return h.changeMember(w, r, "state", func(value string, member int64) (string, error) {
		act, known := map[string]string{"active": "enabled", "disabled": "disabled"}[value]
		if !known {
			return "", fault.Invalid{{Name: "state", Message: "Choose active or disabled."}}
		}
		return act, h.DB.Disable(r.Context(), page.Member(r).ID, member, value == "disabled")
	})
}

// changeMember changes the member of the address as the form's field says; change returns the word for what it did.
func (h *Handlers) changeMember(w http.ResponseWriter, r *http.Request, field string,
	change func(value string, member int64) (string, error),
) error {
	member, err := strconv.ParseInt(chi.URLParam(r, "id"), 10, 64)
	if err != nil {
		return fault.NotFound
	}
	values, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	act, err := change(page.Text(values, field), member)
	if errors.Is(err, staff.ErrLastAdmin) {
		return h.refuseTeam(w, r, "Nothing was changed. This is the last active admin, and the team needs one. Make someone "+
			"else an admin first.")
	}
	if err != nil {
		return err
	}
	return page.Done(w, r, page.TeamPath, act)
}

// refuseTeam shows the team as it is, and why the last change was not made.
func (h *Handlers) refuseTeam(w http.ResponseWriter, r *http.Request, why string) error {
	return h.teamPage(w, r, http.StatusConflict, admin.TeamPage{Typed: staff.NewInvitation{Role: staff.Editor}, Refused: why})
}

// ResetFactors takes the second factors of a member away who lost their device.
func (h *Handlers) ResetFactors(w http.ResponseWriter, r *http.Request) error {
	member, err := strconv.ParseInt(chi.URLParam(r, "id"), 10, 64)
	if err != nil {
		return fault.NotFound
	}
	if err := h.DB.TakeFactors(r.Context(), page.Member(r).ID, member); err != nil {
		return err
	}
	return page.Done(w, r, page.TeamPath, "factors-reset")
}

// RequireFactor has all members need a second factor, or not.
func (h *Handlers) RequireFactor(w http.ResponseWriter, r *http.Request) error {
	values, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	required := page.Text(values, "required")
	if required != "yes" && required != "no" {
		return fault.Invalid{{Name: "required", Message: "Choose whether two-step sign-in is required or optional. Nothing " +
			"was changed."}}
	}
	if err := h.DB.RequireFactor(r.Context(), page.Member(r).ID, required == "yes"); err != nil {
		return err
	}
	act := map[string]string{"yes": "factor-required", "no": "factor-optional"}[required]
	return page.Done(w, r, page.TeamPath, act)
}

// Invite has an invitation go out, or says what is to be corrected.
func (h *Handlers) Invite(w http.ResponseWriter, r *http.Request) error {
	values, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	n := staff.Invite(page.Text(values, "email"), staff.Role(page.Text(values, "role")))
	wrong := n.Check()
	if wrong == nil {
		token := staff.InvitationToken(h.Secret, n.Salt)
		err = h.DB.Invite(r.Context(), page.Member(r).ID, n, staff.Digest(token))
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
	return page.Done(w, r, page.TeamPath, "invited")
}

func (h *Handlers) WithdrawInvitation(w http.ResponseWriter, r *http.Request) error {
	id, err := strconv.ParseInt(chi.URLParam(r, "id"), 10, 64)
	if err != nil {
		return fault.NotFound
	}
	err = h.DB.WithdrawInvitation(r.Context(), page.Member(r).ID, id)
	if errors.Is(err, staff.ErrInvitationUsed) {
		return h.refuseTeam(w, r, "Nothing was withdrawn. This person has already joined. To keep them out, disable them.")
	}
	if err != nil {
		return err
	}
	return page.Done(w, r, page.TeamPath, "invitation-removed")
}
