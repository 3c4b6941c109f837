package intake

import (
	"errors"
	"net/http"
	"net/url"

	"github.com/go-chi/chi/v5"

	"tiebreak/internal/fault"
	"tiebreak/internal/lead"
	"tiebreak/internal/web/page"
	"tiebreak/templates/intake"
)

func (h *Handlers) ShowReceipt(w http.ResponseWriter, r *http.Request) error {
	return h.receiptPage(w, r, http.StatusOK, intake.ReceiptPage{Done: intake.Done(r.URL.Query().Get("done"))})
}

// AddNote stores what the prospect adds to the request, or shows it again.
func (h *Handlers) AddNote(w http.ResponseWriter, r *http.Request) error {
	values := page.Form(r)
	again := intake.ReceiptPage{Note: lead.NoteForm{Text: page.Text(values, "note"), Key: page.Text(values, "key")}}
	if again.Wrong = again.Note.Check(); again.Wrong != nil {
		return h.receiptPage(w, r, http.StatusUnprocessableEntity, again)
	}
	err := h.DB.AddNote(r.Context(), tokenParam(r), again.Note)
	return h.afterChange(w, r, err, receiptPath(tokenParam(r), intake.NoteAdded), again)
}

// CorrectEmail gives the request another email address and its receipt another link, or shows what was typed again.
func (h *Handlers) CorrectEmail(w http.ResponseWriter, r *http.Request) error {
	values := page.Form(r)
	again := intake.ReceiptPage{Email: lead.EmailForm{Email: page.Text(values, "email"), Key: page.Text(values, "key")}}
	if again.Wrong = again.Email.Check(); again.Wrong != nil {
		return h.receiptPage(w, r, http.StatusUnprocessableEntity, again)
	}
	token, err := h.DB.CorrectOwnEmail(r.Context(), tokenParam(r), again.Email)
	done := intake.EmailCorrected
	if token == tokenParam(r) {
		done = intake.EmailUnchanged
	}
	return h.afterChange(w, r, err, receiptPath(token, done), again)
}

// Withdraw closes the request at the prospect's wish.
func (h *Handlers) Withdraw(w http.ResponseWriter, r *http.Request) error {
	err := h.DB.Withdraw(r.Context(), tokenParam(r))
	return h.afterChange(w, r, err, receiptPath(tokenParam(r), intake.Nothing), intake.ReceiptPage{})
}

// UndoWithdrawal takes the request up again at the prospect's wish.
func (h *Handlers) UndoWithdrawal(w http.ResponseWriter, r *http.Request) error {
	err := h.DB.UndoWithdrawal(r.Context(), tokenParam(r))
	return h.afterChange(w, r, err, receiptPath(tokenParam(r), intake.WithdrawalUndone), intake.ReceiptPage{})
}

// Erase deletes everything about the request at the prospect's wish.
func (h *Handlers) Erase(w http.ResponseWriter, r *http.Request) error {
	err := h.DB.EraseByToken(r.Context(), tokenParam(r))
	return h.afterChange(w, r, err, receiptPath(tokenParam(r), intake.Nothing), intake.ReceiptPage{})
}

// afterChange leads to the receipt after a change, or says on it why there was none.
func (h *Handlers) afterChange(w http.ResponseWriter, r *http.Request, err error, to string, again intake.ReceiptPage) error {
	switch {
	case errors.Is(err, fault.Conflict):
		again.Refused = true
		return h.receiptPage(w, r, http.StatusConflict, again)
	case errors.Is(err, fault.Gone):
		return h.replacedPage(w, r, again)
	case err != nil:
		return err
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
	return nil
}

// receiptPath returns the address of the receipt with the token, at the place where it says what was done.
func receiptPath(token string, done intake.Done) string {
	path := "/requests/" + token
	if done != intake.Nothing {
		path += "?" + url.Values{"done": {string(done)}}.Encode() + "#done"
	}
	return path
}

func (h *Handlers) receiptPage(w http.ResponseWriter, r *http.Request, status int, p intake.ReceiptPage) error {
	var err error
	p.Receipt, err = h.DB.Receipt(r.Context(), tokenParam(r))
	switch {
	case errors.Is(err, fault.Gone):
		return h.replacedPage(w, r, p)
	case err != nil:
		return err
	}
	if p.Page, err = h.Frame(r.Context(), "Request "+p.Lead.Reference); err != nil {
		return err
	}
	p.NoIndex, p.Script = true, true
	p.Action = "/requests/" + tokenParam(r)
	for _, key := range []*string{&p.Note.Key, &p.Email.Key} {
		if *key == "" {
			*key = lead.NewKey()
		}
	}
	return page.Render(w, r, status, p.View())
}

// replacedPage says that the receipt has another link by now, and gives back what was typed.
func (h *Handlers) replacedPage(w http.ResponseWriter, r *http.Request, typed intake.ReceiptPage) error {
	frame, err := h.Frame(r.Context(), "This link no longer works")
	if err != nil {
		return err
	}
	frame.NoIndex = true
	return page.Render(w, r, http.StatusGone, intake.ReplacedPage{Page: frame, Typed: typed.Typed()}.View())
}

// tokenParam returns the secret part of a receipt's link.
func tokenParam(r *http.Request) string { return chi.URLParam(r, "token") }
