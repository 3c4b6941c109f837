package auth

import (
	"errors"
	"net/http"
	"unicode/utf8"

	"tiebreak/internal/fault"
	"tiebreak/internal/staff"
	"tiebreak/internal/web/page"
	"tiebreak/templates/auth"
)

// maxSignature bounds a signature, in characters.
const maxSignature = 1000

// ShowAccount shows the member their own page.
func (h *Handlers) ShowAccount(w http.ResponseWriter, r *http.Request) error {
	return h.accountPage(w, r, http.StatusOK, auth.AccountPage{})
}

// accountPage shows the account with what is wrong with a form of it. Only a wrong signature stands there as typed.
func (h *Handlers) accountPage(w http.ResponseWriter, r *http.Request, status int, p auth.AccountPage) (err error) {
	member := page.Member(r).ID
	if p.Page, err = h.StaffFrame(r, "Account"); err != nil {
		return err
	}
	if p.Wrong.For("signature") == "" {
		if p.Signature, err = h.DB.Signature(r.Context(), member); err != nil {
			return err
		}
	}
	if p.Sessions, err = h.DB.Sessions(r.Context(), member, h.sessionDigest(r)); err != nil {
		return err
	}
	if p.Factors, err = h.DB.Factors(r.Context(), member); err != nil {
		return err
	}
	return page.Render(w, r, status, p.View())
}

// ChangeSignature saves the text below the member's replies.
func (h *Handlers) ChangeSignature(w http.ResponseWriter, r *http.Request) error {
	values := page.Form(r)
	p := auth.AccountPage{Signature: page.Text(values, "signature")}
	if n := utf8.RuneCountInString(p.Signature); n > maxSignature {
		p.Wrong = fault.Invalid{{Name: "signature", Message: "A signature can have up to 1,000 characters. Shorten it."}}
		return h.accountPage(w, r, http.StatusUnprocessableEntity, p)
	}
	if err := h.DB.SetSignature(r.Context(), page.Member(r).ID, p.Signature); err != nil {
		return err
	}
	return page.Done(w, r, "/staff/account", "signature")
}

// ChangePassword asks for the current password, replaces it and signs out all other browsers.
func (h *Handlers) ChangePassword(w http.ResponseWriter, r *http.Request) error {
	values := page.Form(r)
	m := page.Member(r)
	old, wrong, err := h.checkCurrentPassword(r, values.Get("current"))
	if errors.Is(err, fault.TooMany) {
		tooManyHeader(w)
		return h.accountPage(w, r, http.StatusTooManyRequests, auth.AccountPage{Wrong: fault.Invalid{{
			Name:    "current",
			Message: "Too many wrong passwords. Nothing was changed. Try again in 15 minutes.",
		}}})
	}
	if err != nil {
		return err
	}
	wrong = append(wrong, staff.CheckPassword(values.Get("password"), h.siteNames(m.Name, m.Email)...)...)
	if wrong != nil {
		return h.accountPage(w, r, http.StatusUnprocessableEntity, auth.AccountPage{Wrong: wrong})
	}
	hash, err := staff.HashPassword(r.Context(), values.Get("password"))
	if err != nil {
		return err
	}
	token := staff.NewToken()
	err = h.DB.ChangePassword(r.Context(), m.ID, old, hash, h.sessionDigest(r), staff.Digest(token))
	if errors.Is(err, fault.NotFound) {
		http.Redirect(w, r, h.signInURL(r, err), http.StatusSeeOther)
		return nil
	}
	if err != nil {
		return err
	}
	http.SetCookie(w, h.sessionCookie(token))
	return page.Done(w, r, "/staff/account", "password")
}

// checkCurrentPassword returns the hash of the member's password, or what is wrong with the one that was typed.
func (h *Handlers) checkCurrentPassword(r *http.Request, typed string) (hash string, wrong fault.Invalid, err error) {
	match, err := h.countAttempt(r, sessionThrottle(r), func() (match bool, err error) {
		hash, match, err = h.ownPassword(r, typed)
		return match, err
	})
	if err == nil && !match {
		wrong = fault.Invalid{{Name: "current", Message: "This is not your password. Nothing was changed."}}
		err = h.DB.RecordFailedReauth(r.Context(), page.Member(r).ID)
	}
	return hash, wrong, err
}

// EndOneSession signs the member out of one browser.
func (h *Handlers) EndOneSession(w http.ResponseWriter, r *http.Request) error {
	id, err := page.ID(r, "id")
	if err != nil {
		return err
	}
	if err := h.DB.EndSession(r.Context(), page.Member(r).ID, id); err != nil {
		return err
	}
	return page.Done(w, r, "/staff/account", "session-ended")
}

// EndOtherSessions signs the member out of all browsers but this one.
func (h *Handlers) EndOtherSessions(w http.ResponseWriter, r *http.Request) error {
	if err := h.DB.EndOtherSessions(r.Context(), page.Member(r).ID, h.sessionDigest(r)); err != nil {
		return err
	}
	return page.Done(w, r, "/staff/account", "others-ended")
}
