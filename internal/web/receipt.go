package web

import (
	"errors"
	"net/http"

	"github.com/go-chi/chi/v5"

	"tiebreak/internal/fault"
	"tiebreak/internal/lead"
	"tiebreak/templates/intake"
)

func (s *Server) showReceipt(w http.ResponseWriter, r *http.Request) error {
	return s.receiptPage(w, r, http.StatusOK, intake.ReceiptPage{})
}

// addNote keeps what the prospect adds to the request, or shows it again.
func (s *Server) addNote(w http.ResponseWriter, r *http.Request) error {
	values, err := readForm(r)
	if err != nil {
		return err
	}
	again := intake.ReceiptPage{Note: lead.NoteForm{Text: text(values, "note"), Key: text(values, "key")}}
	if again.Wrong = again.Note.Check(); again.Wrong != nil {
		return s.receiptPage(w, r, http.StatusUnprocessableEntity, again)
	}
	return s.answerOn(w, r, s.db.AddNote(r.Context(), tokenOf(r), again.Note), again)
}

// withdraw closes the request at the prospect's wish.
func (s *Server) withdraw(w http.ResponseWriter, r *http.Request) error {
	return s.answerOn(w, r, s.db.Withdraw(r.Context(), tokenOf(r)), intake.ReceiptPage{})
}

// erase deletes everything about the request at the prospect's wish.
func (s *Server) erase(w http.ResponseWriter, r *http.Request) error {
	return s.answerOn(w, r, s.db.EraseByToken(r.Context(), tokenOf(r)), intake.ReceiptPage{})
}

// answerOn leads back to the receipt after a change, or says on it why there was none.
func (s *Server) answerOn(w http.ResponseWriter, r *http.Request, err error, again intake.ReceiptPage) error {
	if errors.Is(err, fault.Conflict) {
		again.Notice = intake.Closed
		return s.receiptPage(w, r, http.StatusConflict, again)
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r, "/requests/"+tokenOf(r), http.StatusSeeOther)
	return nil
}

func (s *Server) receiptPage(w http.ResponseWriter, r *http.Request, status int, p intake.ReceiptPage) error {
	var err error
	if p.Lead, err = s.db.LeadByToken(r.Context(), tokenOf(r)); err != nil {
		return err
	}
	if p.History, err = s.db.LeadHistory(r.Context(), p.Lead.Reference); err != nil {
		return err
	}
	if p.Notes, err = s.db.LeadNotes(r.Context(), p.Lead.Reference); err != nil {
		return err
	}
	if p.Page, err = s.frame(r.Context(), "Request "+p.Lead.Reference); err != nil {
		return err
	}
	p.NoIndex, p.Script = true, true
	p.Action = "/requests/" + tokenOf(r)
	if p.Note.Key == "" {
		p.Note.Key = lead.NewKey()
	}
	return render(w, r, status, p.View())
}

// tokenOf is the secret part of a receipt's address.
func tokenOf(r *http.Request) string { return chi.URLParam(r, "token") }
