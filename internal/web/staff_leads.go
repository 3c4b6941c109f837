package web

import (
	"errors"
	"net/http"

	"github.com/go-chi/chi/v5"

	"tiebreak/internal/fault"
	"tiebreak/internal/lead"
	"tiebreak/internal/staff"
	"tiebreak/templates"
)

func (s *Server) listLeads(w http.ResponseWriter, r *http.Request) error {
	page, err := s.deskFrame(r, "Leads")
	if err != nil {
		return err
	}
	leads, err := s.db.Leads(r.Context())
	if err != nil {
		return err
	}
	now, err := s.db.Now(r.Context())
	if err != nil {
		return err
	}
	return render(w, r, http.StatusOK, templates.LeadsPage{Page: page, Leads: leads, Now: now}.View())
}

func (s *Server) showLead(w http.ResponseWriter, r *http.Request) error {
	return s.leadPage(w, r, http.StatusOK)
}

// moveLead takes the lead to another status, unless it has left the one that the member saw.
func (s *Server) moveLead(w http.ResponseWriter, r *http.Request) error {
	values, err := readForm(w, r)
	if err != nil {
		return err
	}
	reference := chi.URLParam(r, "reference")
	from, to := lead.Status(values.Get("from")), lead.Status(values.Get("to"))
	err = s.db.MoveLead(r.Context(), reference, from, to, memberOf(r).ID)
	if errors.Is(err, fault.Conflict) {
		return s.leadPage(w, r, http.StatusConflict)
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r, "/staff/leads/"+reference, http.StatusSeeOther)
	return nil
}

// judgeLead says that a lead is spam, or that a suspect is none.
func (s *Server) judgeLead(w http.ResponseWriter, r *http.Request) error {
	values, err := readForm(w, r)
	if err != nil {
		return err
	}
	reference := chi.URLParam(r, "reference")
	judge := s.db.Quarantine
	if values.Get("verdict") == "no-spam" {
		judge = s.db.Clear
	}
	if err := judge(r.Context(), reference, memberOf(r).ID); err != nil {
		return err
	}
	http.Redirect(w, r, "/staff/leads/"+reference, http.StatusSeeOther)
	return nil
}

// eraseLead deletes everything typed about the lead.
func (s *Server) eraseLead(w http.ResponseWriter, r *http.Request) error {
	reference := chi.URLParam(r, "reference")
	if err := s.db.EraseLead(r.Context(), reference, memberOf(r).ID); err != nil {
		return err
	}
	http.Redirect(w, r, "/staff/leads/"+reference, http.StatusSeeOther)
	return nil
}

func (s *Server) leadPage(w http.ResponseWriter, r *http.Request, status int) error {
	l, err := s.db.LeadByReference(r.Context(), chi.URLParam(r, "reference"))
	if err != nil {
		return err
	}
	history, err := s.db.LeadHistory(r.Context(), l.Reference)
	if err != nil {
		return err
	}
	now, err := s.db.Now(r.Context())
	if err != nil {
		return err
	}
	page, err := s.deskFrame(r, l.Reference)
	if err != nil {
		return err
	}
	notes, err := s.db.LeadNotes(r.Context(), l.Reference)
	if err != nil {
		return err
	}
	props := templates.LeadPage{Page: page, Lead: l, History: history, Notes: notes, Now: now, Stale: status == http.StatusConflict}
	if memberOf(r).Role.AtLeast(staff.Editor) {
		props.Moves = l.Status.Moves()
	}
	props.MayJudge = memberOf(r).Role.AtLeast(staff.Editor) && l.Status != lead.Erased
	props.MayErase = memberOf(r).Role.AtLeast(staff.Admin) && l.Status != lead.Erased
	return render(w, r, status, props.View())
}

// deskFrame is the frame of a staff page.
func (s *Server) deskFrame(r *http.Request, title string) (templates.Page, error) {
	page, err := s.frame(r.Context(), title)
	if err != nil {
		return page, err
	}
	queue, err := s.db.Queue(r.Context())
	m := memberOf(r)
	page.Member, page.Path, page.NoIndex, page.Queue = &m, r.URL.Path, true, &queue
	page.Proxied = s.proxied.Load()
	return page, err
}
