package desk

import (
	"net/http"

	"github.com/go-chi/chi/v5"

	"tiebreak/internal/web/page"
)

// KeepMail makes a member's email on a lead a note to the team.
func (h *Handlers) KeepMail(w http.ResponseWriter, r *http.Request) error {
	reference := chi.URLParam(r, "reference")
	if err := h.DB.KeepMail(r.Context(), reference, page.ID(r, "id"), page.Member(r).ID); err != nil {
		return err
	}
	return page.Done(w, r, leadAddress(r), "email-kept")
}

// RecogniseMail makes a member's email on a lead the prospect's message.
func (h *Handlers) RecogniseMail(w http.ResponseWriter, r *http.Request) error {
	reference := chi.URLParam(r, "reference")
	if err := h.DB.RecogniseMail(r.Context(), reference, page.ID(r, "id"), page.Member(r).ID); err != nil {
		return err
	}
	return page.Done(w, r, leadAddress(r), "email-prospect")
}

// DismissMemberMail deletes a member's email on a lead.
func (h *Handlers) DismissMemberMail(w http.ResponseWriter, r *http.Request) error {
	reference := chi.URLParam(r, "reference")
	if err := h.DB.DismissMemberMail(r.Context(), reference, page.ID(r, "id"), page.Member(r).ID); err != nil {
		return err
	}
	return page.Done(w, r, leadAddress(r), "email-dismissed")
}
