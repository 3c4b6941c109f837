package web

import (
	"net/http"
	"unicode/utf8"

	"tiebreak/internal/fault"
	"tiebreak/templates"
)

// maxSignature bounds a signature, in characters.
const maxSignature = 1000

// showAccount is the member's own page.
func (s *Server) showAccount(w http.ResponseWriter, r *http.Request) error {
	signature, err := s.db.Signature(r.Context(), memberOf(r).ID)
	if err != nil {
		return err
	}
	return s.accountPage(w, r, http.StatusOK, templates.AccountPage{Signature: signature, Saved: r.URL.Query().Has("saved")})
}

func (s *Server) accountPage(w http.ResponseWriter, r *http.Request, status int, p templates.AccountPage) (err error) {
	if p.Page, err = s.deskFrame(r, "Account"); err != nil {
		return err
	}
	return render(w, r, status, p.View())
}

// changeSignature keeps what stands under the member's replies.
func (s *Server) changeSignature(w http.ResponseWriter, r *http.Request) error {
	values, err := readForm(w, r)
	if err != nil {
		return err
	}
	p := templates.AccountPage{Signature: text(values, "signature")}
	if n := utf8.RuneCountInString(p.Signature); n > maxSignature {
		p.Wrong = fault.Invalid{{Name: "signature", Message: "A signature holds up to 1,000 characters. Shorten it."}}
		return s.accountPage(w, r, http.StatusUnprocessableEntity, p)
	}
	if err := s.db.SetSignature(r.Context(), memberOf(r).ID, p.Signature); err != nil {
		return err
	}
	http.Redirect(w, r, "/staff/account?saved=yes", http.StatusSeeOther)
	return nil
}
