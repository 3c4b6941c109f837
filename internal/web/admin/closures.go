package admin

import (
	"cmp"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"tiebreak/internal/fault"
	"tiebreak/internal/lead"
	"tiebreak/internal/postgres"
	"tiebreak/internal/web/page"
	"tiebreak/templates/admin"
)

// ShowClosures shows the closed days; ?edit= puts some into the form.
func (h *Handlers) ShowClosures(w http.ResponseWriter, r *http.Request) error {
	read, err := h.DB.Closures(r.Context())
	if err != nil {
		return err
	}
	id, _ := strconv.ParseInt(r.URL.Query().Get("edit"), 10, 64)
	saw := closureNow(read, id)
	return h.closuresPage(w, r, http.StatusOK, read, admin.ClosuresPage{Saw: saw, Typed: admin.ClosureFormOf(saw)})
}

// SaveClosure stores closed days, or says what to correct.
func (h *Handlers) SaveClosure(w http.ResponseWriter, r *http.Request) error {
	values := page.Form(r)
	id, err := page.ParseID(cmp.Or(values.Get("id"), "0"))
	if err != nil {
		return err
	}
	p := admin.ClosuresPage{Typed: admin.ClosureForm{
		From: page.OneLine(values, "from"), Until: page.OneLine(values, "until"), Sentence: page.Text(values, "sentence"),
	}}
	next := readClosure(values, "")
	if p.Saw = readClosure(values, "saw_"); id == 0 {
		p.Saw = lead.Closure{}
	} else if p.Saw.ID = id; p.Saw.From.IsZero() || p.Saw.Until.IsZero() {
		return page.ErrDamagedForm
	}
	err = h.DB.SaveClosure(r.Context(), p.Saw, next, page.Member(r).ID)
	if err == nil {
		return h.closuresSaved(w, r)
	}
	status := http.StatusUnprocessableEntity
	if errors.Is(err, fault.Conflict) {
		p.Stale, status = true, http.StatusConflict
	} else if !errors.As(err, &p.Wrong) {
		return err
	}
	read, err := h.DB.Closures(r.Context())
	if err != nil {
		return err
	}
	if p.Stale {
		p.Saw = closureNow(read, id)
	}
	return h.closuresPage(w, r, status, read, p)
}

// RemoveClosure removes closed days, or ends them if they have begun.
func (h *Handlers) RemoveClosure(w http.ResponseWriter, r *http.Request) error {
	id, err := page.ID(r, "id")
	if err != nil {
		return err
	}
	if err := h.DB.RemoveClosure(r.Context(), id, page.Member(r).ID); err != nil {
		return err
	}
	return h.closuresSaved(w, r)
}

func (h *Handlers) closuresSaved(w http.ResponseWriter, r *http.Request) error {
	h.Refresh(r.Context()) // here it shows at once, on other instances within seconds
	return page.Done(w, r, "/staff/closures", "closures")
}

// closureNow returns the closure with the id if it can still be changed, otherwise the zero.
func closureNow(read postgres.ClosuresPage, id int64) lead.Closure {
	i := slices.IndexFunc(read.Closures, func(c lead.Closure) bool { return c.ID == id && !c.Past(read.Today) })
	if i < 0 {
		return lead.Closure{}
	}
	return read.Closures[i]
}

// readClosure reads the fields whose names begin with the prefix. A text that is not a day becomes the zero.
func readClosure(values url.Values, prefix string) lead.Closure {
	return lead.Closure{
		From: lead.ReadDay(page.Text(values, prefix+"from")), Until: lead.ReadDay(page.Text(values, prefix+"until")),
		Sentence: strings.TrimSpace(page.Text(values, prefix+"sentence")),
	}
}

func (h *Handlers) closuresPage(
	w http.ResponseWriter, r *http.Request, status int, read postgres.ClosuresPage, p admin.ClosuresPage,
) error {
	var err error
	if p.Page, err = h.StaffFrame(r, "Closed days"); err != nil {
		return err
	}
	p.Closures, p.Day = read.Closures, read.Today
	return page.Render(w, r, status, p.View())
}
