package edit

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"

	"tiebreak/internal/fault"
	"tiebreak/internal/guide"
	"tiebreak/internal/guide/yamlform"
	"tiebreak/internal/staff"
	"tiebreak/internal/web/page"
	"tiebreak/templates/edit"
)

const sitePath = "/staff/site"

// ShowSite shows what visitors read of the studio and on its form, and lets admins change it.
func (h *Handlers) ShowSite(w http.ResponseWriter, r *http.Request) error {
	settings, err := h.DB.Settings(r.Context())
	if err != nil {
		return err
	}
	return h.sitePage(w, r, http.StatusOK, edit.SitePage{Now: settings.Site, Typed: settings.Site})
}

func (h *Handlers) sitePage(w http.ResponseWriter, r *http.Request, status int, p edit.SitePage) (err error) {
	if p.Page, err = h.StaffFrame(r, "Site"); err != nil {
		return err
	}
	p.MayChange = page.Member(r).Role.AtLeast(staff.Admin)
	return page.Render(w, r, status, p.View())
}

// SaveSite replaces the site that the form was drawn with, or shows the form again with what is wrong with it, or with what
// someone else saved meanwhile.
func (h *Handlers) SaveSite(w http.ResponseWriter, r *http.Request) error {
	values := page.Form(r)
	var p edit.SitePage
	if err := json.Unmarshal([]byte(values.Get("seen")), &p.Now); err != nil {
		return fmt.Errorf("%w: %w", page.ErrDamagedForm, err)
	}
	var next guide.Site
	p.Typed, next = readSite(values, p.Now)
	_, changed := next.All().Apply(p.Now)
	for _, found := range yamlform.CheckSite(next) {
		if slices.Contains(changed, found.Path) { // a part that came from a file may be longer than ours
			addFinding(&p.Wrong, found, found.Path)
		}
	}
	if len(p.Wrong) > 0 {
		return h.sitePage(w, r, http.StatusUnprocessableEntity, p)
	}
	err := h.DB.ChangeSite(r.Context(), p.Now, next, page.Member(r).ID)
	if errors.Is(err, fault.Conflict) {
		settings, err := h.DB.Settings(r.Context())
		if err != nil {
			return err
		}
		p.Stale, p.Before, p.Now = true, p.Now, settings.Site
		p.Typed = p.Typed.Onto(p.Before, p.Now)
		return h.sitePage(w, r, http.StatusConflict, p)
	}
	return h.afterEdit(w, r, err, sitePath, "site-saved")
}

// readSite returns what was typed over the site that the form was drawn with, and the same as it would be stored. A form that
// lacks a field leaves that part as it was.
func readSite(values url.Values, drawn guide.Site) (typed, next guide.Site) {
	typed, next = drawn, drawn
	stored := next.Parts()
	for i, part := range typed.Parts() {
		if !values.Has(part.Name) {
			continue
		}
		*part.Text = page.Text(values, part.Name)
		if part.Lines {
			*stored[i].Text = yamlform.Trim(*part.Text)
		} else {
			*stored[i].Text = yamlform.Trim(page.OneLine(values, part.Name))
		}
	}
	return typed, next
}
