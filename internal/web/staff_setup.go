package web

import (
	"net/http"

	"github.com/go-chi/chi/v5"

	"tiebreak/internal/staff"
	"tiebreak/templates/auth"
)

func (s *Server) showSetup(w http.ResponseWriter, r *http.Request) error {
	if err := s.db.CheckSetupLink(r.Context(), staff.Digest(chi.URLParam(r, "token"))); err != nil {
		return err
	}
	page := auth.SetupPage{Page: s.lastFrame("Set up the first member"), Action: r.URL.Path}
	return render(w, r, http.StatusOK, page.View())
}

func (s *Server) setUp(w http.ResponseWriter, r *http.Request) error {
	link := staff.Digest(chi.URLParam(r, "token"))
	if err := s.db.CheckSetupLink(r.Context(), link); err != nil {
		return err
	}
	values, err := readForm(r)
	if err != nil {
		return err
	}
	n := staff.NewMember{
		Name: oneLine(values, "name"), Email: text(values, "email"), Password: values.Get("password"), Role: staff.Admin,
	}
	if wrong := n.Check(s.siteNames()...); wrong != nil {
		page := auth.SetupPage{Page: s.lastFrame("Set up the first member"), Action: r.URL.Path, Typed: n, Wrong: wrong}
		return render(w, r, http.StatusUnprocessableEntity, page.View())
	}
	hash, err := staff.HashPassword(r.Context(), n.Password)
	if err != nil {
		return err
	}
	if err := s.db.SetUp(r.Context(), link, n, hash); err != nil {
		return err
	}
	m, _, err := s.db.MemberByEmail(r.Context(), n.Email)
	if err != nil {
		return err
	}
	return s.startSession(w, r, m, hash, welcomePath)
}
