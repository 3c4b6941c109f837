package desk

import (
	"context"
	"net/http"

	"github.com/go-chi/chi/v5"

	"tiebreak/internal/web/page"
)

// KeepMail makes a member's email on a lead a note to the team.
func (h *Handlers) KeepMail(w http.ResponseWriter, r *http.Request) error {
	return h.actOnMemberMail(w, r, h.DB.KeepMail, "email-kept")
}

// RecogniseMail makes a member's email on a lead the prospect's message.
func (h *Handlers) RecogniseMail(w http.ResponseWriter, r *http.Request) error {
	return h.actOnMemberMail(w, r, h.DB.RecogniseMail, "email-prospect")
}

// DismissMemberMail deletes a member's email on a lead.
func (h *Handlers) DismissMemberMail(w http.ResponseWriter, r *http.Request) error {
	return h.actOnMemberMail(w, r, h.DB.DismissMemberMail, "email-dismissed")
}

// actOnMemberMail does something to a member's email on a lead for the member who asks.
func (h *Handlers) actOnMemberMail(
	w http.ResponseWriter, r *http.Request, act func(ctx context.Context, reference string, id, member int64) error, done string,
) error {
	id, err := page.ID(r, "id")
	if err != nil {
		return err
	}
	if err := act(r.Context(), chi.URLParam(r, "reference"), id, page.Member(r).ID); err != nil {
		return err
	}
	return page.Done(w, r, leadAddress(r), done)
}
