package auth

import (
	"errors"
	"net/http"

	"tiebreak/internal/fault"
	"tiebreak/internal/staff"
	"tiebreak/internal/web/page"
	"tiebreak/templates/auth"
)

// BeginAuthenticator makes a seed for an app; it counts once the app has shown its first code.
func (h *Handlers) BeginAuthenticator(w http.ResponseWriter, r *http.Request) error {
	err := h.DB.BeginAuthenticator(r.Context(), page.Member(r).ID, page.Principal(r).Session, staff.NewSeed())
	if errors.Is(err, fault.NotFound) {
		return h.RedirectKeepingForm(w, r, h.signInURL(r, err))
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r, "/staff/account/authenticator", http.StatusSeeOther)
	return nil
}

func (h *Handlers) ShowAuthenticator(w http.ResponseWriter, r *http.Request) error {
	return h.authenticatorPage(w, r, http.StatusOK, nil)
}

func (h *Handlers) authenticatorPage(w http.ResponseWriter, r *http.Request, status int, wrong fault.Invalid) (err error) {
	seed, err := h.DB.BegunSeed(r.Context(), page.Principal(r).Session)
	if errors.Is(err, fault.NotFound) { // it is set up, or was never begun here
		http.Redirect(w, r, "/staff/account/factors", http.StatusSeeOther)
		return nil
	}
	if err != nil {
		return err
	}
	p := auth.AuthenticatorPage{Wrong: wrong}
	if p.Page, err = h.StaffFrame(r, "Set up an authenticator app"); err != nil {
		return err
	}
	if p.Setup, err = staff.NewSetup(seed, p.Brand(), page.Member(r).Email); err != nil {
		return err
	}
	return page.Render(w, r, status, p.View())
}

func (h *Handlers) ConfirmAuthenticator(w http.ResponseWriter, r *http.Request) error {
	values := page.Form(r)
	err := h.changeFactors(w, r, "app-added", func(t staff.Rotation) (bool, error) {
		return h.DB.ConfirmAuthenticator(r.Context(), page.Member(r).ID, page.Principal(r).Session,
			page.Text(values, page.CodeField), t)
	})
	if errors.Is(err, staff.ErrWrongCode) {
		return h.authenticatorPage(w, r, http.StatusUnprocessableEntity, wrongCredential(page.CodeField))
	}
	return err
}

func (h *Handlers) RemoveAuthenticator(w http.ResponseWriter, r *http.Request) error {
	return h.changeFactors(w, r, "app-removed", func(t staff.Rotation) (bool, error) {
		return false, h.DB.RemoveAuthenticator(r.Context(), page.Member(r).ID, t)
	})
}
