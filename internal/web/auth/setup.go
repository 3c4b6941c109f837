package auth

import (
	"net/http"

	"github.com/go-chi/chi/v5"

	"tiebreak/internal/staff"
	"tiebreak/internal/web/page"
	"tiebreak/templates/auth"
)

// siteNames returns words that a stranger would try as a password here, and those that are given.
func (h *Handlers) siteNames(more ...string) []string {
	site := h.Settings.Load().Site
	return append(more, site.Name, site.RunBy, h.BaseURL.Hostname())
}

func (h *Handlers) ShowSetup(w http.ResponseWriter, r *http.Request) error {
	if err := h.DB.CheckSetupLink(r.Context(), staff.Digest(chi.URLParam(r, "token"))); err != nil {
		return err
	}
	shown := auth.SetupPage{Page: h.LastFrame("Create your account"), Action: r.URL.Path}
	return page.Render(w, r, http.StatusOK, shown.View())
}

func (h *Handlers) SetUp(w http.ResponseWriter, r *http.Request) error {
	link := staff.Digest(chi.URLParam(r, "token"))
	if err := h.DB.CheckSetupLink(r.Context(), link); err != nil {
		return err
	}
	values := page.Form(r)
	n := staff.NewMember{
		Name: page.OneLine(values, "name"), Email: page.Text(values, "email"), Password: values.Get("password"),
		Role: staff.Admin,
	}
	if wrong := n.Check(h.siteNames()...); wrong != nil {
		shown := auth.SetupPage{Page: h.LastFrame("Create your account"), Action: r.URL.Path, Typed: n, Wrong: wrong}
		return page.Render(w, r, http.StatusUnprocessableEntity, shown.View())
	}
	hash, err := staff.HashPassword(r.Context(), n.Password)
	if err != nil {
		return err
	}
	if err := h.DB.SetUp(r.Context(), link, n, hash); err != nil {
		return err
	}
	m, _, err := h.DB.MemberByEmail(r.Context(), n.Email)
	if err != nil {
		return err
	}
	return h.startSession(w, r, m.ID, hash, "/staff/leads?done=joined")
}
