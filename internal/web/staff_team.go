package web

import (
	"errors"
	"net/http"
	"strconv"

	"github.com/go-chi/chi/v5"

	"tiebreak/internal/fault"
	"tiebreak/internal/staff"
	"tiebreak/templates/admin"
)

// showTeam lists the members and whom they invited.
func (s *Server) showTeam(w http.ResponseWriter, r *http.Request) error {
	return s.teamPage(w, r, http.StatusOK, admin.TeamPage{Typed: staff.NewInvitation{Role: staff.Editor}})
}

func (s *Server) teamPage(w http.ResponseWriter, r *http.Request, status int, p admin.TeamPage) (err error) {
	if p.Page, err = s.deskFrame(r, "Team"); err != nil {
		return err
	}
	if p.Team, err = s.db.Team(r.Context()); err != nil {
		return err
	}
	if p.FactorRequired, err = s.db.FactorRequired(r.Context()); err != nil {
		return err
	}
	if p.Invitations, err = s.db.Invitations(r.Context()); err != nil {
		return err
	}
	return render(w, r, status, p.View())
}

// changeRole gives a member another role.
func (s *Server) changeRole(w http.ResponseWriter, r *http.Request) error {
	return s.changeMember(w, r, "role", func(value string, member int64) (string, error) {
		role, err := staff.ParseRole(value)
		if err != nil {
			return "", fault.Invalid{{Name: "role", Message: err.Error()}}
		}
		return "role", s.db.ChangeRole(r.Context(), memberOf(r).ID, member, role)
	})
}

// changeState disables a member or enables them again.
func (s *Server) changeState(w http.ResponseWriter, r *http.Request) error {
	return s.changeMember(w, r, "state", func(value string, member int64) (string, error) {
		act, known := map[string]string{"active": "enabled", "disabled": "disabled"}[value]
		if !known {
			return "", fault.Invalid{{Name: "state", Message: "A member is active or disabled."}}
		}
		return act, s.db.Disable(r.Context(), memberOf(r).ID, member, value == "disabled")
	})
}

// changeMember changes the member of the address as the form's field says; change returns the word for what it did.
func (s *Server) changeMember(w http.ResponseWriter, r *http.Request, field string, change func(value string, member int64) (string, error)) error {
	member, err := strconv.ParseInt(chi.URLParam(r, "id"), 10, 64)
	if err != nil {
		return fault.NotFound
	}
	values, err := readForm(r)
	if err != nil {
		return err
	}
	act, err := change(text(values, field), member)
	if errors.Is(err, staff.ErrLastAdmin) {
		return s.refuseTeam(w, r, "Nothing was changed: this is the last active admin, and without one nobody could change the team. Make somebody else an admin first.")
	}
	if err != nil {
		return err
	}
	return done(w, r, teamPath, act)
}

// refuseTeam shows the team as it is, and why the last change was not made.
func (s *Server) refuseTeam(w http.ResponseWriter, r *http.Request, why string) error {
	return s.teamPage(w, r, http.StatusConflict, admin.TeamPage{Typed: staff.NewInvitation{Role: staff.Editor}, Refused: why})
}

// takeFactors takes the second factors of a member away who lost their device.
func (s *Server) takeFactors(w http.ResponseWriter, r *http.Request) error {
	member, err := strconv.ParseInt(chi.URLParam(r, "id"), 10, 64)
	if err != nil {
		return fault.NotFound
	}
	if err := s.db.TakeFactors(r.Context(), memberOf(r).ID, member); err != nil {
		return err
	}
	return done(w, r, teamPath, "factors-reset")
}

// requireFactor has all members need a second factor, or not.
func (s *Server) requireFactor(w http.ResponseWriter, r *http.Request) error {
	values, err := readForm(r)
	if err != nil {
		return err
	}
	required := text(values, "required")
	if required != "yes" && required != "no" {
		return fault.Invalid{{Name: "required", Message: "A second factor is required or optional: nothing was changed."}}
	}
	if err := s.db.RequireFactor(r.Context(), memberOf(r).ID, required == "yes"); err != nil {
		return err
	}
	act := map[string]string{"yes": "factor-required", "no": "factor-optional"}[required]
	return done(w, r, teamPath, act)
}

// invite has an invitation go out, or says what is to be corrected.
func (s *Server) invite(w http.ResponseWriter, r *http.Request) error {
	values, err := readForm(r)
	if err != nil {
		return err
	}
	n := staff.Invite(text(values, "email"), staff.Role(text(values, "role")))
	wrong := n.Check()
	if wrong == nil {
		token := staff.InvitationToken(s.secret, n.Salt)
		err = s.db.Invite(r.Context(), memberOf(r).ID, n, staff.Digest(token))
		if errors.Is(err, fault.Conflict) {
			wrong = fault.Invalid{{Name: "email", Message: "A member has this address, or was invited just now. Look at the lists."}}
		} else if err != nil {
			return err
		}
	}
	if wrong != nil {
		return s.teamPage(w, r, http.StatusUnprocessableEntity, admin.TeamPage{Typed: n, Wrong: wrong})
	}
	return done(w, r, teamPath, "invited")
}

func (s *Server) withdrawInvitation(w http.ResponseWriter, r *http.Request) error {
	id, err := strconv.ParseInt(chi.URLParam(r, "id"), 10, 64)
	if err != nil {
		return fault.NotFound
	}
	err = s.db.WithdrawInvitation(r.Context(), memberOf(r).ID, id)
	if errors.Is(err, staff.ErrInvitationUsed) {
		return s.refuseTeam(w, r, "Nothing was withdrawn: this invitation has been used, and whoever it was for is a member now. If they should not be, disable them.")
	}
	if err != nil {
		return err
	}
	return done(w, r, teamPath, "invitation-removed")
}
