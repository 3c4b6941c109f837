package desk

import (
	"errors"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"

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

func (h *Handlers) ShowLead(w http.ResponseWriter, r *http.Request) error {
	query := r.URL.Query()
	p := desk.LeadPage{Sent: query.Has("sent")}
	p.Changed.ID, _ = strconv.ParseInt(query.Get("batch"), 10, 64)
	p.Template, _ = strconv.ParseInt(query.Get("template"), 10, 64)
	p.FromMail, _ = strconv.ParseInt(query.Get("mail"), 10, 64)
	return h.leadPage(w, r, http.StatusOK, p)
}

// openedFrom returns what the list's link brought along: its address, and the numbers of its leads.
func openedFrom(r *http.Request) url.Values {
	query := url.Values{}
	for _, name := range []string{"list", "of"} {
		if value := r.URL.Query().Get(name); value != "" {
			query.Set(name, value)
		}
	}
	return query
}

// leadAddress returns the address of the request's lead with the list that it was opened from, and more pairs of a query.
func leadAddress(r *http.Request, pairs ...string) string {
	query := openedFrom(r)
	for pair := range slices.Chunk(pairs, 2) {
		query.Set(pair[0], pair[1])
	}
	return page.WithQuery("/staff/leads/"+chi.URLParam(r, "reference"), query)
}

// setListLinks sets the links back to the list and to its next and previous lead.
func setListLinks(p *desk.LeadPage, r *http.Request) {
	query := openedFrom(r)
	if !query.Has("list") {
		return
	}
	p.ListQuery = query.Encode()
	_, p.List = returnToList(url.Values{"back": {query.Get("list")}})
	numbers := strings.Split(query.Get("of"), ".")
	at := slices.Index(numbers, strings.TrimPrefix(chi.URLParam(r, "reference"), "TB-"))
	linkTo := func(i int) string {
		if at < 0 || i < 0 || i >= len(numbers) {
			return ""
		}
		other, ok := lead.ReadReference("TB-" + numbers[i])
		if !ok {
			return ""
		}
		return page.WithQuery("/staff/leads/"+other, url.Values{"list": {p.List}, "of": {query.Get("of")}})
	}
	p.Previous, p.Following = linkTo(at-1), linkTo(at+1)
}

// leadPage shows the lead with what a handler knows already: what was typed, what is wrong with it, why nothing was done.
func (h *Handlers) leadPage(w http.ResponseWriter, r *http.Request, status int, p desk.LeadPage) error {
	m := page.Member(r)
	setListLinks(&p, r)
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
	p.Script = true
	if page.DoneAct(r) == "assignee" {
		p.Done = assignedMessage(p.Lead)
	}
	beginReply(&p, m)
	if p.Preview {
		p.Letter = mail.LeadEmail(lead.ReplyMail, mail.LeadData{
			Lead: p.Lead, Message: lead.Message{Text: p.Reply, Member: m.Name, Signature: p.Signature}, Site: p.Site,
			Before: p.Messages, Promise: p.Promise,
			Receipt: h.Link("/requests/" + p.Lead.Token), Home: p.Home,
		})
	}
	erased := p.Lead.Status == lead.Erased
	p.MayChange = m.Role.AtLeast(staff.Editor) && !erased
	p.MayAnswer = p.MayChange && !p.Lead.Suspect
	p.MayReply = p.MayAnswer && p.Lead.Email != ""
	p.AnswersHere = h.AnswersHere
	p.MayErase = m.Role.AtLeast(staff.Admin) && !erased
	return page.Render(w, r, status, p.View())
}

func assignedMessage(l lead.Lead) string {
	if l.Assignee == "" {
		return "Unassigned."
	}
	return "Assigned to " + l.Assignee + "."
}

// fillLeadPage puts what was read of the lead into its page.
func fillLeadPage(p *desk.LeadPage, read postgres.LeadPage) {
	p.Details, p.Now, p.Members, p.Templates = read.Details, read.Now, read.Members, read.Templates
	p.PlaceKeptUntil = read.PlaceKeptUntil
	p.Signature, p.Next, p.FollowUp = read.Signature, read.Next, read.FollowUp
	p.Changed = desk.Changed{Batch: read.Batch, Untouched: read.Untouched}
}

// beginReply puts the member's draft into the reply box, unless they have typed something, and below it the chosen template or
// the chosen email of a member.
func beginReply(p *desk.LeadPage, m staff.Member) {
	for _, d := range p.Drafts {
		if d.MemberID == m.ID && p.Reply == "" {
			p.Reply, p.DraftAt = d.Text, d.At
		}
	}
	for _, t := range p.Templates {
		if t.ID != p.Template {
			continue
		}
		addToReply(p, t.Fill(p.Lead, m.Name, guide.EscapeTyped))
		p.Wrong = lead.Unfilled(p.Lead, p.Reply)
	}
	for _, mail := range p.Messages {
		if mail.ID == p.FromMail && mail.MayBeReply() {
			addToReply(p, mail.ReplyText())
		}
	}
	if p.Key == "" {
		p.Key = lead.NewKey()
	}
}

// addToReply puts the text below the reply that is begun, unless it is there already.
func addToReply(p *desk.LeadPage, text string) {
	switch {
	case p.Reply == "":
		p.Reply = text
	case !strings.Contains(p.Reply, text):
		p.Reply += "\n\n" + text
	}
}

// ShowLeadGuide shows the guide as the prospect read it, with their ticks.
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
	p := h.public.GuideAsRead(e, l.Ticks)
	p.NoIndex, p.Canonical, p.Card, p.ReadBy = true, "", nil, l.Reference
	return page.Render(w, r, http.StatusOK, p.View())
}

// afterAct goes back to the lead after an act, or says on its page why nothing was done, with everything typed still in it.
func (h *Handlers) afterAct(w http.ResponseWriter, r *http.Request, err error) error {
	switch {
	case errors.Is(err, fault.Conflict):
		p := unsavedLeadPage(page.Form(r))
		p.Stale = true
		return h.leadPage(w, r, http.StatusConflict, p)
	case err != nil:
		return err
	}
	return page.Done(w, r, leadAddress(r), path.Base(r.URL.Path))
}

// unsavedLeadPage returns the lead's page with what a member typed on it, and the last event that they had seen.
func unsavedLeadPage(values url.Values) desk.LeadPage {
	seen, _ := page.ParseID(values.Get("seen"))
	return desk.LeadPage{
		Saw: seen, Reply: page.Text(values, "reply"), Note: page.Text(values, "note"), Call: page.Text(values, "text"),
		CallAt: page.OneLine(values, "at"),
		Key:    page.Text(values, "key"),
		Email:  page.Text(values, "email"),
	}
}

// readAct returns who does what to which lead, and what they had seen of it. Each form of the lead's page has that; one without
// it is damaged.
func readAct(r *http.Request) (lead.Act, error) {
	seen, err := page.ParseID(page.Form(r).Get("seen"))
	return lead.Act{Reference: chi.URLParam(r, "reference"), Member: page.Member(r).ID, Seen: seen}, err
}

// CorrectEmail replaces the prospect's email address, and has the emails that did not reach them sent.
func (h *Handlers) CorrectEmail(w http.ResponseWriter, r *http.Request) error {
	a, err := readAct(r)
	if err != nil {
		return err
	}
	f := lead.EmailForm{Email: page.Text(page.Form(r), "email")}
	if wrong := f.Check(); wrong != nil {
		return h.leadPage(w, r, http.StatusUnprocessableEntity, desk.LeadPage{Email: f.Email, Wrong: wrong})
	}
	mails, err := h.DB.CorrectEmail(r.Context(), a, f.Address())
	if err == nil && mails == 0 {
		return page.Done(w, r, leadAddress(r), "email-only")
	}
	return h.afterAct(w, r, err)
}

// AssignLead gives the lead to a member.
func (h *Handlers) AssignLead(w http.ResponseWriter, r *http.Request) error {
	a, err := readAct(r)
	if err != nil {
		return err
	}
	assignee, err := page.ParseID(page.Form(r).Get("assignee"))
	if err != nil {
		return err
	}
	return h.afterAct(w, r, h.DB.AssignLead(r.Context(), a, assignee))
}

// JudgeLead marks a lead as spam, or a suspect as not spam.
func (h *Handlers) JudgeLead(w http.ResponseWriter, r *http.Request) error {
	reference, member := chi.URLParam(r, "reference"), page.Member(r).ID
	switch page.Form(r).Get("verdict") {
	case "no-spam":
		return h.afterAct(w, r, h.DB.Clear(r.Context(), reference, member))
	case "spam":
		batch, err := h.DB.Quarantine(r.Context(), reference, member)
		return h.afterChange(w, r, batch, err)
	}
	return page.ErrDamagedForm
}

// EraseLead deletes everything typed about the lead.
func (h *Handlers) EraseLead(w http.ResponseWriter, r *http.Request) error {
	return h.afterAct(w, r, h.DB.EraseLead(r.Context(), chi.URLParam(r, "reference"), page.Member(r).ID))
}
