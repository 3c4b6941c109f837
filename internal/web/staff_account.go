package web

import (
	"errors"
	"net/http"
	"strconv"
	"unicode/utf8"

	"github.com/go-chi/chi/v5"

	"tiebreak/internal/fault"
	"tiebreak/internal/staff"
	"tiebreak/templates/auth"
)

// maxSignature bounds a signature, in characters.
const maxSignature = 1000

// showAccount is the member's own page.
func (s *Server) showAccount(w http.ResponseWriter, r *http.Request) error {
	signature, err := s.db.Signature(r.Context(), memberOf(r).ID)
	if err != nil {
		return err
	}
	return s.accountPage(w, r, http.StatusOK, auth.AccountPage{Signature: signature})
}

func (s *Server) accountPage(w http.ResponseWriter, r *http.Request, status int, p auth.AccountPage) (err error) {
	if p.Page, err = s.deskFrame(r, "Account"); err != nil {
		return err
	}
	if p.Sessions, err = s.db.Sessions(r.Context(), memberOf(r).ID, s.sessionOf(r)); err != nil {
		return err
	}
	if p.Factors, err = s.db.Factors(r.Context(), memberOf(r).ID); err != nil {
		return err
	}
	return render(w, r, status, p.View())
}

// changeSignature keeps what stands under the member's replies.
func (s *Server) changeSignature(w http.ResponseWriter, r *http.Request) error {
	values, err := readForm(r)
	if err != nil {
		return err
	}
	p := auth.AccountPage{Signature: text(values, "signature")}
	if n := utf8.RuneCountInString(p.Signature); n > maxSignature {
		p.Wrong = fault.Invalid{{Name: "signature", Message: "A signature holds up to 1,000 characters. Shorten it."}}
		return s.accountPage(w, r, http.StatusUnprocessableEntity, p)
	}
	if err := s.db.SetSignature(r.Context(), memberOf(r).ID, p.Signature); err != nil {
		return err
	}
	return done(w, r, accountPath, "signature")
}

// changePassword asks for the one in force, signs out all other browsers and has this one stay in and known.
func (s *Server) changePassword(w http.ResponseWriter, r *http.Request) error {
	values, err := readForm(r)
	if err != nil {
		return err
	}
	m := memberOf(r)
	old, wrong, err := s.passwordInForce(r, values.Get("current"))
	if errors.Is(err, fault.TooMany) {
		tooManyHeader(w)
		return s.refusePassword(w, r, http.StatusTooManyRequests, fault.Invalid{{Name: "current", Message: tooManyGuesses}})
	}
	if err != nil {
		return err
	}
	wrong = append(wrong, staff.CheckPassword(values.Get("password"), s.siteNames(m.Name, m.Email)...)...)
	if wrong != nil {
		return s.refusePassword(w, r, http.StatusUnprocessableEntity, wrong)
	}
	hash, err := staff.HashPassword(r.Context(), values.Get("password"))
	if err != nil {
		return err
	}
	token := staff.NewToken()
	err = s.db.ChangePassword(r.Context(), m.ID, old, hash, s.sessionOf(r), staff.Digest(token))
	if errors.Is(err, fault.NotFound) {
		http.Redirect(w, r, s.signInFor(r), http.StatusSeeOther)
		return nil
	}
	if err != nil {
		return err
	}
	http.SetCookie(w, s.cookie(token))
	s.remember(w, visitOf(r), hash)
	return done(w, r, accountPath, "password")
}

// passwordInForce returns the hash of the member's password, or what is wrong with the one that was typed, which is then a
// proof that failed. Tries are counted: whoever found a browser open must not find out the password too.
func (s *Server) passwordInForce(r *http.Request, typed string) (hash string, wrong fault.Invalid, err error) {
	match, err := s.attempt(r, s.ownDoor(r), func() (match bool, err error) {
		hash, match, err = s.ownPassword(r, typed)
		return match, err
	})
	if err == nil && !match {
		wrong = fault.Invalid{{Name: "current", Message: "This is not your password. Nothing was changed."}}
		err = s.db.RecordFailedProof(r.Context(), memberOf(r).ID)
	}
	return hash, wrong, err
}

const tooManyGuesses = "Too many wrong passwords. Try again in a quarter of an hour. Nothing was changed."

func (s *Server) refusePassword(w http.ResponseWriter, r *http.Request, status int, wrong fault.Invalid) error {
	signature, err := s.db.Signature(r.Context(), memberOf(r).ID)
	if err != nil {
		return err
	}
	return s.accountPage(w, r, status, auth.AccountPage{Signature: signature, Wrong: wrong})
}

// endOneSession signs the member out of one browser.
func (s *Server) endOneSession(w http.ResponseWriter, r *http.Request) error {
	id, err := strconv.ParseInt(chi.URLParam(r, "id"), 10, 64)
	if err != nil {
		return fault.NotFound
	}
	if err := s.db.EndSession(r.Context(), memberOf(r).ID, id); err != nil {
		return err
	}
	return done(w, r, accountPath, "session-ended")
}

// endOtherSessions signs the member out of all browsers but this one.
func (s *Server) endOtherSessions(w http.ResponseWriter, r *http.Request) error {
	if err := s.db.EndOtherSessions(r.Context(), memberOf(r).ID, s.sessionOf(r)); err != nil {
		return err
	}
	return done(w, r, accountPath, "others-ended")
}
