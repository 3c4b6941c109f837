package intake

import (
	"errors"
	"net/http"

	"github.com/go-chi/chi/v5"

	"tiebreak/internal/fault"
	"tiebreak/internal/lead"
	"tiebreak/internal/web/page"
	"tiebreak/templates/intake"
)

func (h *Handlers) ShowReceipt(w http.ResponseWriter, r *http.Request) error {
	return h.receiptPage(w, r, http.StatusOK, intake.ReceiptPage{})
}

// AddNote stores what the prospect adds to the request, or shows it again.
func (h *Handlers) AddNote(w http.ResponseWriter, r *http.Request) error {
	values := page.Form(r)
	again := intake.ReceiptPage{Note: lead.NoteForm{Text: page.Text(values, "note"), Key: page.Text(values, "key")}}
	if again.Wrong = again.Note.Check(); again.Wrong != nil {
		return h.receiptPage(w, r, http.StatusUnprocessableEntity, again)
	}
	return h.afterChange(w, r, h.DB.AddNote(r.Context(), tokenParam(r), again.Note), again)
}

// Withdraw closes the request at the prospect's wish.
func (h *Handlers) Withdraw(w http.ResponseWriter, r *http.Request) error {
	return h.afterChange(w, r, h.DB.Withdraw(r.Context(), tokenParam(r)), intake.ReceiptPage{})
}

// Erase deletes everything about the request at the prospect's wish.
func (h *Handlers) Erase(w http.ResponseWriter, r *http.Request) error {
	return h.afterChange(w, r, h.DB.EraseByToken(r.Context(), tokenParam(r)), intake.ReceiptPage{})
}

// afterChange leads back to the receipt after a change, or says on it why there was none.
func (h *Handlers) afterChange(w http.ResponseWriter, r *http.Request, err error, again intake.ReceiptPage) error {
	if errors.Is(err, fault.Conflict) {
		again.Closed = true
		return h.receiptPage(w, r, http.StatusConflict, again)
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r, "/requests/"+tokenParam(r), http.StatusSeeOther)
	return nil
}

func (h *Handlers) receiptPage(w http.ResponseWriter, r *http.Request, status int, p intake.ReceiptPage) error {
	var err error
	if p.Receipt, err = h.DB.Receipt(r.Context(), tokenParam(r)); err != nil {
		return err
	}
	if p.Page, err = h.Frame(r.Context(), "Request "+p.Lead.Reference); err != nil {
		return err
	}
	p.NoIndex, p.Script = true, true
	p.Action = "/requests/" + tokenParam(r)
	if p.Note.Key == "" {
		p.Note.Key = lead.NewKey()
	}
	return page.Render(w, r, status, p.View())
}

// tokenParam returns the secret part of a receipt's address.
func tokenParam(r *http.Request) string { return chi.URLParam(r, "token") }
