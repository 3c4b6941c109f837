package desk

import (
	"errors"
	"net/http"
	"net/url"
	"path"
	"strconv"

	"github.com/go-chi/chi/v5"

	"tiebreak/internal/fault"
	"tiebreak/internal/guide"
	"tiebreak/internal/lead"
	"tiebreak/internal/postgres"
	"tiebreak/internal/staff"
	"tiebreak/internal/web/page"
	"tiebreak/templates/desk"
	"tiebreak/templates/mail"
)

// leadDoneMessage says what was just done to the lead, by the last part of the address that did it.
func leadDoneMessage(act string, l lead.Lead) string {
	switch act {
	case "reply":
		return "Draft saved."
	case "team-notes":
		return "Note added."
	case "assignee":
		if l.Assignee == "" {
			return "Unassigned."
		}
		return "Assigned to " + l.Assignee + "."
	case "email":
		return "Email address corrected. We are sending the failed emails again."
	case "suspicion":
		return "Marked as not spam."
	case "erasure":
		return "Everything typed about this lead has been erased."
	}
	return ""
}

func (h *Handlers) ShowLead(w http.ResponseWriter, r *http.Request) error {
	p := desk.LeadPage{Sent: r.URL.Query().Has("sent")}
	p.Changed.ID, _ = strconv.ParseInt(r.URL.Query().Get("batch"), 10, 64)
	if id, err := strconv.ParseInt(r.URL.Query().Get("template"), 10, 64); err == nil {
		p.Template = id
	}
	return h.leadPage(w, r, http.StatusOK, p)
}

// leadPage shows the lead with what a handler knows already: what was typed, what is wrong with it, why nothing was done.
func (h *Handlers) leadPage(w http.ResponseWriter, r *http.Request, status int, p desk.LeadPage) error {
	m := page.Member(r)
	read, err := h.DB.LeadPage(r.Context(), postgres.LeadPageQuery{
		Reference: chi.URLParam(r, "reference"), Member: m.ID, Batch: p.Changed.ID, Next: p.Sent,
	})
	if err != nil {
		return err
	}
	if p.Page, err = h.StaffFrameWith(r, read.Lead.Reference, read.Queue); err != nil {
		return err
	}
	fillLeadPage(&p, read)
	p.Script, p.Done = true, leadDoneMessage(page.DoneAct(r), p.Lead)
	beginReply(&p, m)
	if p.Preview {
		p.Letter = mail.LeadEmail(lead.ReplyMail, mail.LeadData{
			Lead: p.Lead, Reply: lead.Reply{Text: p.Reply, Member: m.Name, Signature: p.Signature}, Site: p.Site,
			Promise: p.Promise,
			Receipt: h.Link("/requests/" + p.Lead.Token), Home: p.Home,
		})
	}
	erased := p.Lead.Status == lead.Erased
	p.MayChange = m.Role.AtLeast(staff.Editor) && !erased
	p.MayReply = p.MayChange && !p.Lead.Suspect
	p.MayErase = m.Role.AtLeast(staff.Admin) && !erased
	return page.Render(w, r, status, p.View())
}

// fillLeadPage puts what was read of the lead into its page.
func fillLeadPage(p *desk.LeadPage, read postgres.LeadPage) {
	p.Details, p.Now, p.Members, p.Templates = read.Details, read.Now, read.Members, read.Templates
	p.Signature, p.Next = read.Signature, read.Next
	p.Changed = desk.Changed{Batch: read.Batch, Untouched: read.Untouched}
}

// beginReply puts the member's draft or a template into the reply box, unless they have typed something.
func beginReply(p *desk.LeadPage, m staff.Member) {
	for _, d := range p.Drafts {
		if d.MemberID == m.ID && p.Reply == "" {
			p.Reply, p.DraftAt = d.Text, d.At
		}
	}
	for _, t := range p.Templates {
		if t.ID == p.Template && p.Reply == "" {
			p.Reply = t.Fill(p.Lead, m.Name, guide.EscapeTyped)
			p.Wrong = lead.Unfilled(p.Lead, p.Reply)
		}
	}
	if p.Key == "" {
		p.Key = lead.NewKey()
	}
}

// ShowLeadGuide is the guide as the prospect read it, with their ticks.
func (h *Handlers) ShowLeadGuide(w http.ResponseWriter, r *http.Request) error {
	reference := chi.URLParam(r, "reference")
	if err := h.DB.RecordView(r.Context(), page.Member(r).ID, reference); err != nil {
		return err
	}
	l, err := h.DB.LeadByReference(r.Context(), reference)
	if err != nil {
		return err
	}
	e, err := h.DB.EditionOf(r.Context(), l.Guide, l.Edition)
	if err != nil {
		return err
	}
	ticks := make([]string, len(l.Ticks))
	for i, t := range l.Ticks {
		ticks[i] = t.ID
	}
	p := h.public.GuideAsRead(e, ticks)
	p.NoIndex, p.Canonical, p.Card, p.ReadBy = true, "", nil, l.Reference
	return page.Render(w, r, http.StatusOK, p.View())
}

// afterAct goes back to the lead after an act, or says on its page why nothing was done, with everything typed still in it.
func (h *Handlers) afterAct(w http.ResponseWriter, r *http.Request, values url.Values, err error) error {
	reference := chi.URLParam(r, "reference")
	switch {
	case errors.Is(err, fault.Conflict):
		return h.leadPage(w, r, http.StatusConflict, unsavedLeadPage(values))
	case err != nil:
		return err
	}
	return page.Done(w, r, "/staff/leads/"+reference, path.Base(r.URL.Path))
}

// unsavedLeadPage is the lead's page with what a member typed on it before something else happened.
func unsavedLeadPage(values url.Values) desk.LeadPage {
	return desk.LeadPage{
		Stale: true, Saw: actOf(values).Seen, Reply: page.Text(values, "reply"), Note: page.Text(values, "note"),
		Key:   page.Text(values, "key"),
		Email: page.Text(values, "email"),
	}
}

// actOf is what a member did and what they saw; missing numbers are none of the lead's events, and so a conflict.
func actOf(values url.Values) lead.Act {
	seen, _ := strconv.ParseInt(values.Get("seen"), 10, 64)
	return lead.Act{Seen: seen}
}

// readAct reads a form and who does what to which lead.
func readAct(r *http.Request) (url.Values, lead.Act, error) {
	values, err := page.ReadForm(r)
	a := actOf(values)
	a.Reference, a.Member = chi.URLParam(r, "reference"), page.Member(r).ID
	return values, a, err
}

// CorrectEmail replaces the prospect's email address, and has the failed emails to them sent again.
func (h *Handlers) CorrectEmail(w http.ResponseWriter, r *http.Request) error {
	values, a, err := readAct(r)
	if err != nil {
		return err
	}
	f := lead.Form{Email: page.Text(values, "email")}
	if problem := f.Check().For("email"); problem != "" {
		return h.leadPage(w, r, http.StatusUnprocessableEntity, desk.LeadPage{
			Email: f.Email, Wrong: fault.Invalid{{Name: "email", Message: problem}},
		})
	}
	return h.afterAct(w, r, values, h.DB.CorrectEmail(r.Context(), a, f.Contents().Email))
}

// AssignLead gives the lead to a member.
func (h *Handlers) AssignLead(w http.ResponseWriter, r *http.Request) error {
	values, a, err := readAct(r)
	if err != nil {
		return err
	}
	assignee, err := strconv.ParseInt(values.Get("assignee"), 10, 64)
	if err != nil {
		return fault.NotFound
	}
	return h.afterAct(w, r, values, h.DB.AssignLead(r.Context(), a, assignee))
}

// JudgeLead says that a lead is spam, or that a suspect is none.
func (h *Handlers) JudgeLead(w http.ResponseWriter, r *http.Request) error {
	values, a, err := readAct(r)
	if err != nil {
		return err
	}
	if values.Get("verdict") == "no-spam" {
		return h.afterAct(w, r, values, h.DB.Clear(r.Context(), a.Reference, a.Member))
	}
	batch, err := h.DB.Quarantine(r.Context(), a.Reference, a.Member)
	return h.afterChange(w, r, values, batch, err)
}

// EraseLead deletes everything typed about the lead.
func (h *Handlers) EraseLead(w http.ResponseWriter, r *http.Request) error {
	return h.afterAct(w, r, nil, h.DB.EraseLead(r.Context(), chi.URLParam(r, "reference"), page.Member(r).ID))
}
