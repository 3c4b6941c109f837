package web

import (
	"errors"
	"net/http"
	"strconv"

	"github.com/go-chi/chi/v5"

	"tiebreak/internal/fault"
	"tiebreak/internal/lead"
	"tiebreak/internal/staff"
	"tiebreak/templates/desk"
)

// listTemplates shows the words that replies begin with; ?edit= puts one into the form.
func (s *Server) listTemplates(w http.ResponseWriter, r *http.Request) error {
	id, _ := strconv.ParseInt(r.URL.Query().Get("edit"), 10, 64)
	return s.templatesPage(w, r, http.StatusOK, desk.TemplatesPage{Typed: lead.ReplyTemplate{ID: id}})
}

func (s *Server) templatesPage(w http.ResponseWriter, r *http.Request, status int, p desk.TemplatesPage) error {
	var err error
	if p.Page, err = s.deskFrame(r, "Reply templates"); err != nil {
		return err
	}
	if p.Templates, err = s.db.ReplyTemplates(r.Context()); err != nil {
		return err
	}
	for _, t := range p.Templates {
		if status == http.StatusOK && t.ID == p.Typed.ID {
			p.Typed = t
		}
	}
	p.MayChange = memberOf(r).Role.AtLeast(staff.Editor)
	return render(w, r, status, p.View())
}

// saveTemplate keeps a template, or says what is to be corrected.
func (s *Server) saveTemplate(w http.ResponseWriter, r *http.Request) error {
	values, err := readForm(r)
	if err != nil {
		return err
	}
	id, _ := strconv.ParseInt(values.Get("id"), 10, 64)
	p := desk.TemplatesPage{Typed: lead.ReplyTemplate{ID: id, Name: oneLine(values, "name"), Text: text(values, "text")}}
	if p.Wrong = p.Typed.Check(); p.Wrong == nil {
		err = s.db.SaveTemplate(r.Context(), p.Typed, memberOf(r).ID)
		if errors.Is(err, fault.Conflict) {
			p.Wrong = fault.Invalid{{Name: "name", Message: "Another template has this name. Choose another one."}}
		} else if err != nil {
			return err
		}
	}
	if p.Wrong != nil {
		return s.templatesPage(w, r, http.StatusUnprocessableEntity, p)
	}
	return done(w, r, templatesPath, "template-saved")
}

func (s *Server) deleteTemplate(w http.ResponseWriter, r *http.Request) error {
	id, err := strconv.ParseInt(chi.URLParam(r, "id"), 10, 64)
	if err != nil {
		return fault.NotFound
	}
	if err := s.db.DeleteTemplate(r.Context(), id, memberOf(r).ID); err != nil {
		return err
	}
	return done(w, r, templatesPath, "template-deleted")
}
