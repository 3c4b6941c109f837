package web

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"path"
	"strconv"
	"time"

	"github.com/go-chi/chi/v5"

	"tiebreak/internal/fault"
	"tiebreak/internal/guide"
	"tiebreak/internal/lead"
	"tiebreak/internal/postgres"
	"tiebreak/internal/staff"
	"tiebreak/templates/desk"
	"tiebreak/templates/mail"
)

func (s *Server) showLead(w http.ResponseWriter, r *http.Request) error {
	p := desk.LeadPage{Sent: r.URL.Query().Has("sent")}
	p.Changed.ID, _ = strconv.ParseInt(r.URL.Query().Get("batch"), 10, 64)
	if id, err := strconv.ParseInt(r.URL.Query().Get("template"), 10, 64); err == nil {
		p.Template = id
	}
	return s.leadPage(w, r, http.StatusOK, p)
}

// leadPage shows the lead with what a handler knows already: what was typed, what is wrong with it, why nothing was done.
func (s *Server) leadPage(w http.ResponseWriter, r *http.Request, status int, p desk.LeadPage) error {
	err := s.db.RecordView(r.Context(), memberOf(r).ID, chi.URLParam(r, "reference"))
	if err != nil {
		return err
	}
	if p.Lead, err = s.db.LeadByReference(r.Context(), chi.URLParam(r, "reference")); err != nil {
		return err
	}
	if p.Page, err = s.deskFrame(r, p.Lead.Reference); err != nil {
		return err
	}
	p.Script, p.Done = true, doneToLead(justDid(r), p.Lead)
	if err := s.aroundLead(r.Context(), &p); err != nil {
		return err
	}
	m := memberOf(r)
	if err := s.whatChanged(r.Context(), &p, m.ID); err != nil {
		return err
	}
	beginReply(&p, m)
	if p.Sent {
		if p.Next, err = s.nextLead(r.Context(), p.Lead, p.Promise.Location()); err != nil {
			return err
		}
	}
	if p.Preview {
		p.Letter = mail.LeadEmail(lead.ReplyMail, mail.LeadData{
			Lead: p.Lead, Reply: lead.Reply{Text: p.Reply, Member: m.Name, Signature: p.Signature}, Site: p.Site, Promise: p.Promise,
			Receipt: s.link("/requests/" + p.Lead.Token), Home: p.Home,
		})
	}
	erased := p.Lead.Status == lead.Erased
	p.MayChange = m.Role.AtLeast(staff.Editor) && !erased
	p.MayReply = p.MayChange && !p.Lead.Suspect
	p.MayErase = m.Role.AtLeast(staff.Admin) && !erased
	return render(w, r, status, p.View())
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

// nextLead is whom to answer next; the zero is nobody.
func (s *Server) nextLead(ctx context.Context, l lead.Lead, zone *time.Location) (lead.Lead, error) {
	first, err := s.db.ListLeads(ctx, lead.Filter{Tab: lead.NeedsAnswer, Sort: lead.Deadline}, postgres.Cursor{}, zone)
	for _, other := range first.Leads {
		if other.Reference != l.Reference {
			return other, nil
		}
	}
	return lead.Lead{}, err
}

// aroundLead reads what is known about the lead besides itself.
func (s *Server) aroundLead(ctx context.Context, p *desk.LeadPage) (err error) {
	reference := p.Lead.Reference
	read := func(one func() error) {
		if err == nil {
			err = one()
		}
	}
	read(func() (e error) { p.Now, e = s.db.Now(ctx); return })
	read(func() (e error) { p.History, e = s.db.LeadHistory(ctx, reference); return })
	read(func() (e error) { p.Notes, e = s.db.LeadNotes(ctx, reference); return })
	read(func() (e error) { p.TeamNotes, e = s.db.TeamNotes(ctx, reference); return })
	read(func() (e error) { p.Replies, e = s.db.Replies(ctx, reference); return })
	read(func() (e error) { p.Drafts, e = s.db.Drafts(ctx, reference); return })
	read(func() (e error) { p.Mails, e = s.db.LeadDeliveries(ctx, reference); return })
	read(func() (e error) { p.Members, e = s.db.Members(ctx); return })
	read(func() (e error) { p.Templates, e = s.db.ReplyTemplates(ctx); return })
	read(func() (e error) { p.Signature, e = s.db.Signature(ctx, p.Member.ID); return })
	read(func() error {
		others, e := s.db.SameSender(ctx, p.Lead)
		for _, o := range others {
			p.Earlier = append(p.Earlier, desk.EarlierLead(o))
		}
		return e
	})
	return err
}

// showLeadGuide is the guide as the prospect read it, with their ticks.
func (s *Server) showLeadGuide(w http.ResponseWriter, r *http.Request) error {
	reference := chi.URLParam(r, "reference")
	if err := s.db.RecordView(r.Context(), memberOf(r).ID, reference); err != nil {
		return err
	}
	l, err := s.db.LeadByReference(r.Context(), reference)
	if err != nil {
		return err
	}
	e, err := s.db.EditionOf(r.Context(), l.Guide, l.Edition)
	if err != nil {
		return err
	}
	ticks := make([]string, len(l.Ticks))
	for i, t := range l.Ticks {
		ticks[i] = t.ID
	}
	p := s.guideAsRead(e, ticks)
	p.NoIndex, p.Canonical, p.Card, p.ReadBy = true, "", nil, l.Reference
	return render(w, r, http.StatusOK, p.View())
}

// acted goes back to the lead after an act, or says on its page why nothing was done, with everything typed still in it.
func (s *Server) acted(w http.ResponseWriter, r *http.Request, values url.Values, err error) error {
	reference := chi.URLParam(r, "reference")
	switch {
	case errors.Is(err, fault.Conflict):
		return s.leadPage(w, r, http.StatusConflict, typedOn(values))
	case err != nil:
		return err
	}
	return done(w, r, "/staff/leads/"+reference, path.Base(r.URL.Path))
}

// typedOn is the lead's page with what a member typed on it before something else happened.
func typedOn(values url.Values) desk.LeadPage {
	return desk.LeadPage{
		Stale: true, Saw: actOf(values).Seen, Reply: text(values, "reply"), Note: text(values, "note"), Key: text(values, "key"),
		Email: text(values, "email"),
	}
}

// actOf is what a member did and what they saw; missing numbers are none of the lead's events, and so a conflict.
func actOf(values url.Values) lead.Act {
	seen, _ := strconv.ParseInt(values.Get("seen"), 10, 64)
	return lead.Act{Seen: seen}
}

// byMember reads a form and who does what to which lead.
func byMember(r *http.Request) (url.Values, lead.Act, error) {
	values, err := readForm(r)
	a := actOf(values)
	a.Reference, a.Member = chi.URLParam(r, "reference"), memberOf(r).ID
	return values, a, err
}

// correctEmail replaces the prospect's email address, and has the failed emails to them sent again.
func (s *Server) correctEmail(w http.ResponseWriter, r *http.Request) error {
	values, a, err := byMember(r)
	if err != nil {
		return err
	}
	f := lead.Form{Email: text(values, "email")}
	if problem := f.Check().For("email"); problem != "" {
		return s.leadPage(w, r, http.StatusUnprocessableEntity, desk.LeadPage{
			Email: f.Email, Wrong: fault.Invalid{{Name: "email", Message: problem}},
		})
	}
	return s.acted(w, r, values, s.db.CorrectEmail(r.Context(), a, f.Contents().Email))
}

// assignLead gives the lead to a member.
func (s *Server) assignLead(w http.ResponseWriter, r *http.Request) error {
	values, a, err := byMember(r)
	if err != nil {
		return err
	}
	assignee, err := strconv.ParseInt(values.Get("assignee"), 10, 64)
	if err != nil {
		return fault.NotFound
	}
	return s.acted(w, r, values, s.db.AssignLead(r.Context(), a, assignee))
}

// judgeLead says that a lead is spam, or that a suspect is none.
func (s *Server) judgeLead(w http.ResponseWriter, r *http.Request) error {
	values, a, err := byMember(r)
	if err != nil {
		return err
	}
	if values.Get("verdict") == "no-spam" {
		return s.acted(w, r, values, s.db.Clear(r.Context(), a.Reference, a.Member))
	}
	batch, err := s.db.Quarantine(r.Context(), a.Reference, a.Member)
	return s.changed(w, r, values, batch, err)
}

// eraseLead deletes everything typed about the lead.
func (s *Server) eraseLead(w http.ResponseWriter, r *http.Request) error {
	return s.acted(w, r, nil, s.db.EraseLead(r.Context(), chi.URLParam(r, "reference"), memberOf(r).ID))
}
