package web

import (
	"errors"
	"net/http"

	"tiebreak/internal/fault"
	"tiebreak/internal/lead"
	"tiebreak/templates/desk"
)

// reply sends what a member wrote, shows what it will look like, or keeps it for later: the pressed button says which.
func (s *Server) reply(w http.ResponseWriter, r *http.Request) error {
	values, a, err := byMember(r)
	if err != nil {
		return err
	}
	p := desk.LeadPage{Reply: text(values, "reply"), Key: text(values, "key")}
	if values.Get("do") == "draft" {
		return s.acted(w, r, values, s.db.SaveDraft(r.Context(), a.Reference, a.Member, p.Reply))
	}
	if p.Wrong = lead.CheckText("reply", p.Reply); p.Wrong != nil {
		return s.leadPage(w, r, http.StatusUnprocessableEntity, p)
	}
	l, err := s.db.LeadByReference(r.Context(), a.Reference)
	if err != nil {
		return err
	}
	p.Wrong = lead.Unfilled(l, p.Reply)
	if values.Get("do") == "preview" {
		if err := s.db.SaveDraft(r.Context(), a.Reference, a.Member, p.Reply); err != nil {
			return err
		}
		p.Preview = true
		return s.leadPage(w, r, http.StatusOK, p)
	}
	if p.Wrong != nil {
		return s.leadPage(w, r, http.StatusUnprocessableEntity, p)
	}
	err = s.db.Reply(r.Context(), a, lead.PressDigest(a.Reference, a.Member, p.Key, p.Reply), p.Reply)
	if errors.Is(err, fault.Conflict) {
		// Kept as a draft too: whoever looks at what happened first finds it again.
		if err := s.db.SaveDraft(r.Context(), a.Reference, a.Member, p.Reply); err != nil {
			return err
		}
		return s.acted(w, r, values, err)
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r, "/staff/leads/"+a.Reference+"?sent=yes", http.StatusSeeOther)
	return nil
}

// keepDraft keeps what is typed while it is typed: the script calls it.
func (s *Server) keepDraft(w http.ResponseWriter, r *http.Request) error {
	values, a, err := byMember(r)
	if err != nil {
		return err
	}
	if err := s.db.SaveDraft(r.Context(), a.Reference, a.Member, text(values, "reply")); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// addTeamNote keeps what a member tells the others.
func (s *Server) addTeamNote(w http.ResponseWriter, r *http.Request) error {
	values, a, err := byMember(r)
	if err != nil {
		return err
	}
	p := desk.LeadPage{Note: text(values, "note"), Key: text(values, "key")}
	if p.Wrong = lead.CheckText("note", p.Note); p.Wrong != nil {
		return s.leadPage(w, r, http.StatusUnprocessableEntity, p)
	}
	press := lead.PressDigest(a.Reference, a.Member, p.Key, p.Note)
	return s.acted(w, r, values, s.db.AddTeamNote(r.Context(), a.Reference, a.Member, press, p.Note))
}
