package desk

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"net/url"

	"tiebreak/internal/fault"
	"tiebreak/internal/lead"
	"tiebreak/internal/web/page"
	"tiebreak/templates/desk"
)

// ShowEntry shows the form for a lead that came by phone, by email or at a meeting. The form for an email of the inbox is filled
// in from it.
func (h *Handlers) ShowEntry(w http.ResponseWriter, r *http.Request) error {
	settings, err := h.SiteState(r.Context())
	if err != nil {
		return err
	}
	now, err := h.DB.Now(r.Context())
	if err != nil {
		return err
	}
	p := desk.EntryPage{Typed: lead.EntryForm{Assign: true}}
	if id := r.URL.Query().Get("mail"); id != "" {
		if p.Mail, err = page.ParseID(id); err != nil {
			return fault.NotFound
		}
		mail, err := h.DB.InboxMail(r.Context(), p.Mail, page.Member(r).ID)
		if errors.Is(err, fault.NotFound) || mail.Reference != "" {
			return h.decidedPage(w, r, p.Mail)
		}
		if err != nil {
			return err
		}
		now = mail.At
		p.Typed.Channel, p.Typed.Form = lead.ByEmail, lead.Form{
			Name: cmp.Or(mail.SenderName, mail.SenderAddress), Email: mail.SenderAddress,
			Project: cmp.Or(mail.Text, mail.Subject),
		}
	}
	p.Typed.Received = now.In(settings.Promise.Location()).Format("2006-01-02T15:04")
	return h.entryPage(w, r, http.StatusOK, p)
}

// EnterLead stores what the member entered and leads to it, or shows the form again.
func (h *Handlers) EnterLead(w http.ResponseWriter, r *http.Request) error {
	values := page.Form(r)
	again := desk.EntryPage{Typed: readEntry(values)}
	if id := page.Text(values, "mail"); id != "" {
		var err error
		if again.Mail, err = page.ParseID(id); err != nil {
			return err
		}
	}
	settings, err := h.SiteState(r.Context())
	if err != nil {
		return err
	}
	now, err := h.DB.Now(r.Context())
	if err != nil {
		return err
	}
	received, wrong := again.Typed.Check(now, settings.Promise.Location())
	choice, err := h.choiceOf(r, again.Typed.Option)
	if err != nil {
		return err
	}
	if again.Wrong = wrong; wrong != nil {
		return h.entryPage(w, r, http.StatusUnprocessableEntity, again)
	}
	member := page.Member(r).ID
	if again.Mail != 0 {
		again.Typed.Key = fmt.Sprintf("email %d of the inbox", again.Mail) // one email, one lead
	}
	reference, err := h.DB.EnterLead(r.Context(), again.Typed.Entered(choice, h.Secret, received, member), again.Mail)
	if errors.Is(err, fault.Gone) && again.Mail != 0 {
		return h.withoutMail(w, r, again)
	}
	if errors.Is(err, fault.Conflict) {
		again.Typed.Key, again.Reused = lead.NewKey(), true
		return h.entryPage(w, r, http.StatusConflict, again)
	}
	if err != nil {
		return err
	}
	return page.Done(w, r, "/staff/leads/"+reference, "lead-entered")
}

// choiceOf returns the option with the slug as a lead's choice. It returns page.ErrDamagedForm if there is none.
func (h *Handlers) choiceOf(r *http.Request, slug string) (lead.Choices, error) {
	options, err := h.DB.OptionNames(r.Context())
	for _, o := range options {
		if o.Slug == slug {
			return lead.Choices{Option: o.Slug, OptionName: o.Name}, nil
		}
	}
	if err == nil && slug != "" && slug != lead.Undecided {
		err = page.ErrDamagedForm
	}
	return lead.Choices{Option: lead.Undecided}, err
}

// withoutMail shows the form again and says what became of the email that the lead was to be made of. The form then makes a lead
// without it.
func (h *Handlers) withoutMail(w http.ResponseWriter, r *http.Request, p desk.EntryPage) error {
	fate, err := h.DB.MailFate(r.Context(), p.Mail)
	if err != nil && !errors.Is(err, fault.NotFound) {
		return err
	}
	p.Mail, p.Typed.Key = 0, lead.NewKey()
	p.Lost = &fate
	return h.entryPage(w, r, http.StatusConflict, p)
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
		Answered: values.Get("answered") != "",
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
