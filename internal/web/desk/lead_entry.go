package desk

import (
	"errors"
	"net/http"
	"net/url"

	"tiebreak/internal/fault"
	"tiebreak/internal/lead"
	"tiebreak/internal/web/page"
	"tiebreak/templates/desk"
)

// ShowEntry shows the form for a lead that came by phone, by email or at a meeting.
func (h *Handlers) ShowEntry(w http.ResponseWriter, r *http.Request) error {
	settings, err := h.DB.Settings(r.Context())
	if err != nil {
		return err
	}
	now, err := h.DB.Now(r.Context())
	if err != nil {
		return err
	}
	typed := lead.EntryForm{Assign: true, Received: now.In(settings.Promise.Location()).Format("2006-01-02T15:04")}
	return h.entryPage(w, r, http.StatusOK, desk.EntryPage{Typed: typed})
}

// EnterLead stores what the member entered and leads to it, or shows the form again.
func (h *Handlers) EnterLead(w http.ResponseWriter, r *http.Request) error {
	typed := readEntry(page.Form(r))
	settings, err := h.DB.Settings(r.Context())
	if err != nil {
		return err
	}
	now, err := h.DB.Now(r.Context())
	if err != nil {
		return err
	}
	received, wrong := typed.Check(now, settings.Promise.Location())
	options, err := h.DB.OptionNames(r.Context())
	if err != nil {
		return err
	}
	choice := lead.Choices{Option: lead.Undecided}
	for _, o := range options {
		if o.Slug == typed.Option {
			choice.Option, choice.OptionName = o.Slug, o.Name
		}
	}
	if choice.Option != typed.Option && typed.Option != "" {
		return page.ErrDamagedForm
	}
	if wrong != nil {
		return h.entryPage(w, r, http.StatusUnprocessableEntity, desk.EntryPage{Typed: typed, Wrong: wrong})
	}
	reference, err := h.DB.EnterLead(r.Context(), typed.Entered(choice, h.Secret, received, page.Member(r).ID))
	if errors.Is(err, fault.Conflict) {
		typed.Key = lead.NewKey()
		return h.entryPage(w, r, http.StatusConflict, desk.EntryPage{Typed: typed, Reused: true})
	}
	if err != nil {
		return err
	}
	return page.Done(w, r, "/staff/leads/"+reference, "lead-entered")
}

func readEntry(values url.Values) lead.EntryForm {
	return lead.EntryForm{
		Form: lead.Form{
			Name: page.OneLine(values, "name"), Email: page.OneLine(values, "email"), Company: page.OneLine(values, "company"),
			Project: page.Text(values, "project"), Timeline: page.OneLine(values, "timeline"),
			Budget: page.OneLine(values, "budget"), Option: page.Text(values, "option"), Key: page.Text(values, "key"),
		},
		Channel: lead.Channel(page.Text(values, "channel")), Received: page.OneLine(values, "received"),
		Confirm: values.Get("confirm") != "", Assign: values.Get("assign") != "",
	}
}

func (h *Handlers) entryPage(w http.ResponseWriter, r *http.Request, status int, p desk.EntryPage) error {
	var err error
	if p.Page, err = h.StaffFrame(r, "New lead"); err != nil {
		return err
	}
	options, err := h.DB.OptionNames(r.Context())
	if err != nil {
		return err
	}
	for _, o := range options {
		p.Options = append(p.Options, desk.Option{Slug: o.Slug, Name: o.Name})
	}
	if p.Typed.Key == "" {
		p.Typed.Key = lead.NewKey()
	}
	return page.Render(w, r, status, p.View())
}
