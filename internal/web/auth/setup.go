package auth

import (
	"net/http"
	"strings"

	"github.com/go-chi/chi/v5"

	"tiebreak/internal/lead"
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
	shown := h.setupPage(r)
	return page.Render(w, r, http.StatusOK, shown.View())
}

// setupPage returns the form as it is drawn first.
func (h *Handlers) setupPage(r *http.Request) auth.SetupPage {
	frame := h.LastFrame("Create your account")
	frame.Script = true
	return auth.SetupPage{Page: frame, Action: r.URL.Path, Zone: frame.Promise.TimeZone}
}

// SetUp makes the first member and sets the time zone of the site. A form without that field leaves the zone as it is.
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
	shown := h.setupPage(r)
	shown.Typed, shown.Wrong = n, n.Check(h.siteNames()...)
	if values.Has("time_zone") {
		shown.Zone = strings.TrimSpace(page.Text(values, "time_zone"))
	}
	lead.CheckTimeZone(&shown.Wrong, shown.Zone)
	if shown.Wrong != nil {
		return page.Render(w, r, http.StatusUnprocessableEntity, shown.View())
	}
	hash, err := staff.HashPassword(r.Context(), n.Password)
	if err != nil {
		return err
	}
	if err := h.DB.SetUp(r.Context(), link, n, hash, shown.Zone); err != nil {
		return err
	}
	h.Refresh(r.Context())
	m, _, err := h.DB.MemberByEmail(r.Context(), n.Email)
	if err != nil {
		return err
	}
	return h.startSession(w, r, m.ID, hash, "/staff/leads?done=joined")
}
