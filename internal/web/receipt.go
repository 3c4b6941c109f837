package web

import (
	"net/http"

	"github.com/go-chi/chi/v5"

	"tiebreak/templates"
)

func (s *Server) showReceipt(w http.ResponseWriter, r *http.Request) error {
	l, err := s.db.LeadByToken(r.Context(), chi.URLParam(r, "token"))
	if err != nil {
		return err
	}
	history, err := s.db.LeadHistory(r.Context(), l.Reference)
	if err != nil {
		return err
	}
	page, err := s.frame(r.Context(), "Request "+l.Reference)
	if err != nil {
		return err
	}
	page.NoIndex = true

	return render(w, r, http.StatusOK, templates.ReceiptPage{Page: page, Lead: l, History: history}.View())
}
