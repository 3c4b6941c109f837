package desk

import (
	"cmp"
	"errors"
	"net/http"
	"strconv"

	"tiebreak/internal/fault"
	"tiebreak/internal/lead"
	"tiebreak/internal/staff"
	"tiebreak/internal/web/page"
	"tiebreak/templates/desk"
)

// ListTemplates shows the words that replies begin with; ?edit= puts one into the form.
func (h *Handlers) ListTemplates(w http.ResponseWriter, r *http.Request) error {
	id, _ := strconv.ParseInt(r.URL.Query().Get("edit"), 10, 64)
	return h.templatesPage(w, r, http.StatusOK, desk.TemplatesPage{Typed: lead.ReplyTemplate{ID: id}})
}

func (h *Handlers) templatesPage(w http.ResponseWriter, r *http.Request, status int, p desk.TemplatesPage) error {
	var err error
	if p.Page, err = h.StaffFrame(r, "Reply templates"); err != nil {
		return err
	}
	if p.Templates, err = h.DB.ReplyTemplates(r.Context()); err != nil {
		return err
	}
	for _, t := range p.Templates {
		if status == http.StatusOK && t.ID == p.Typed.ID {
			p.Typed = t
		}
	}
	p.MayChange = page.Member(r).Role.AtLeast(staff.Editor)
	return page.Render(w, r, status, p.View())
}

// SaveTemplate stores a template, or says what to correct.
func (h *Handlers) SaveTemplate(w http.ResponseWriter, r *http.Request) error {
	values := page.Form(r)
	id, err := page.ParseID(cmp.Or(values.Get("id"), "0"))
	if err != nil {
		return err
	}
	typed := lead.ReplyTemplate{ID: id, Name: page.OneLine(values, "name"), Text: page.Text(values, "text")}
	p := desk.TemplatesPage{Typed: typed}
	if p.Wrong = p.Typed.Check(); p.Wrong == nil {
		err = h.DB.SaveTemplate(r.Context(), p.Typed, page.Member(r).ID)
		if errors.Is(err, fault.Conflict) {
			p.Wrong = fault.Invalid{{Name: "name", Message: "Another template has this name. Choose another one."}}
		} else if err != nil {
			return err
		}
	}
	if p.Wrong != nil {
		return h.templatesPage(w, r, http.StatusUnprocessableEntity, p)
	}
	return page.Done(w, r, "/staff/templates", "template-saved")
}

func (h *Handlers) DeleteTemplate(w http.ResponseWriter, r *http.Request) error {
	id, err := page.ID(r, "id")
	if err != nil {
		return err
	}
	if err := h.DB.DeleteTemplate(r.Context(), id, page.Member(r).ID); err != nil {
		return err
	}
	return page.Done(w, r, "/staff/templates", "template-deleted")
}
