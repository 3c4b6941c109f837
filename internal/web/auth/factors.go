package auth

import (
	"errors"
	"net/http"

	"tiebreak/internal/fault"
	"tiebreak/internal/staff"
	"tiebreak/internal/web/page"
	"tiebreak/templates/auth"
)

// ShowFactors shows members their second factors, and lets them change these.
func (h *Handlers) ShowFactors(w http.ResponseWriter, r *http.Request) error {
	return h.factorsPage(w, r, http.StatusOK, auth.FactorsPage{
		Recovered: r.URL.Query().Has("recovered"),
	})
}

func (h *Handlers) factorsPage(w http.ResponseWriter, r *http.Request, status int, p auth.FactorsPage) (err error) {
	ctx := r.Context()
	if p.Page, err = h.StaffFrame(r, "Two-step sign-in"); err != nil {
		return err
	}
	if p.Factors, err = h.DB.Factors(ctx, page.Member(r).ID); err != nil {
		return err
	}
	if p.Required, err = h.DB.FactorRequired(ctx); err != nil {
		return err
	}
	if h.passkeys != nil {
		k, now, err := h.passkeyUser(r)
		if err != nil {
			return err
		}
		if p.Passkey, err = h.passkeys.CreationOptions(k, p.Brand(), now); err != nil {
			return err
		}
	}
	if p.BaseURL = h.BaseURL.String(); p.Name == "" {
		p.Name = staff.Browser(r.UserAgent())
	}
	return page.Render(w, r, status, p.View())
}

func (h *Handlers) RenewRecoveryCodes(w http.ResponseWriter, r *http.Request) error {
	return h.changeFactors(w, r, "codes-renewed", func(t staff.Rotation) (bool, error) {
		return true, h.DB.RenewRecoveryCodes(r.Context(), page.Member(r).ID, t)
	})
}

// changeFactors makes a change that gives the session another token, says that the act worked and shows the recovery codes if
// they were given, this once.
func (h *Handlers) changeFactors(w http.ResponseWriter, r *http.Request, act string,
	change func(t staff.Rotation) (given bool, err error),
) error {
	// Before the change: what fails after it would lose the token, and the codes.
	p := auth.RecoveryPage{Codes: staff.NewRecoveryCodes()}
	var err error
	if p.Page, err = h.StaffFrame(r, "Recovery codes"); err != nil {
		return err
	}
	p.Done = page.DoneMessageFor(act)
	token := staff.NewToken()
	given, err := change(staff.NewRotation(h.sessionDigest(r), token, p.Codes))
	switch {
	case errors.Is(err, staff.ErrFactorRequired):
		return h.factorsPage(w, r, http.StatusConflict, auth.FactorsPage{
			Refused: "Nothing was changed. Your team requires two-step sign-in, and this is your last app or passkey. Set up " +
				"another one first.",
		})
	case errors.Is(err, fault.NotFound): // what was to be changed is gone
		http.Redirect(w, r, "/staff/account/factors", http.StatusSeeOther)
		return nil
	case err != nil:
		return err
	}
	http.SetCookie(w, h.sessionCookie(token))
	if !given {
		return page.Done(w, r, "/staff/account/factors", act)
	}
	return page.Render(w, r, http.StatusOK, p.View())
}
