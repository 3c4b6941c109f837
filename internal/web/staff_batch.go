package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/go-chi/chi/v5"

	"tiebreak/internal/fault"
	"tiebreak/internal/lead"
	"tiebreak/internal/postgres"
	"tiebreak/templates/desk"
)

// changeLeads does the same to all leads that are ticked in the list, and offers to undo it.
func (s *Server) changeLeads(w http.ResponseWriter, r *http.Request) error {
	values, err := readForm(r)
	if err != nil {
		return err
	}
	change, err := changeOf(values)
	if err != nil {
		return err
	}
	query, here := backTo(values)
	acts := actsOf(values, memberOf(r).ID)
	if len(acts) == 0 {
		return done(w, r, here, "none-ticked")
	}
	batch, left, err := s.db.ChangeLeads(r.Context(), acts, change)
	var wrong fault.Invalid
	switch {
	case errors.As(err, &wrong):
		return s.leadsPage(w, r, http.StatusUnprocessableEntity, query, desk.LeadsPage{Ask: values["lead"]})
	case err != nil:
		return err
	}
	if batch != 0 {
		query.Set("batch", fmt.Sprint(batch))
	}
	if len(left) > 0 {
		query.Set("left", strings.Join(left, " "))
	}
	http.Redirect(w, r, withQuery(leadsPath, query), http.StatusSeeOther)
	return nil
}

// moveLead takes the lead to another status.
func (s *Server) moveLead(w http.ResponseWriter, r *http.Request) error {
	values, a, err := byMember(r)
	if err != nil {
		return err
	}
	batch, err := s.db.ChangeLead(r.Context(), a, moveOf(values, "to"))
	var wrong fault.Invalid
	if errors.As(err, &wrong) {
		p := typedOn(values)
		p.Stale, p.Wrong = false, wrong
		return s.leadPage(w, r, http.StatusUnprocessableEntity, p)
	}
	return s.changed(w, r, values, batch, err)
}

// changed goes back to the lead, which offers to undo the batch.
func (s *Server) changed(w http.ResponseWriter, r *http.Request, values url.Values, batch int64, err error) error {
	if err != nil || batch == 0 {
		return s.acted(w, r, values, err)
	}
	http.Redirect(w, r, fmt.Sprintf("%s/%s?batch=%d", leadsPath, chi.URLParam(r, "reference"), batch), http.StatusSeeOther)
	return nil
}

// undoChange puts the leads of a batch back, and goes back to the page that offered it: the list or a lead.
func (s *Server) undoChange(w http.ResponseWriter, r *http.Request) error {
	values, err := readForm(r)
	if err != nil {
		return err
	}
	batch, err := strconv.ParseInt(chi.URLParam(r, "batch"), 10, 64)
	if err != nil {
		return fault.NotFound
	}
	if _, err := s.db.Batch(r.Context(), batch, memberOf(r).ID); err != nil {
		return err
	}
	// Where it is too late, the page says so.
	if err := s.db.UndoBatch(r.Context(), batch, memberOf(r).ID); err != nil && !errors.Is(err, fault.Conflict) {
		return err
	}
	path, query := leadsPath, url.Values{}
	if reference, isLead := strings.CutPrefix(values.Get("back"), leadsPath+"/"); isLead {
		path += "/" + url.PathEscape(reference)
	} else {
		query, _ = backTo(values)
	}
	query.Set("batch", fmt.Sprint(batch))
	http.Redirect(w, r, withQuery(path, query), http.StatusSeeOther)
	return nil
}

// whatChanged says what the member did to the lead, as far as they can still undo it or just came from doing so.
func (s *Server) whatChanged(ctx context.Context, p *desk.LeadPage, member int64) (err error) {
	if p.Changed.ID != 0 {
		p.Changed.Batch, err = s.db.Batch(ctx, p.Changed.ID, member)
	} else {
		p.Changed.Batch, err = s.db.OpenBatch(ctx, p.Lead.Reference, member)
	}
	switch {
	case errors.Is(err, fault.NotFound):
		p.Changed = desk.Changed{}
		return nil
	case err != nil:
		return err
	}
	return s.untouched(ctx, &p.Changed)
}

// untouched reads what happened last to the leads that a change or its undoing left as they were.
func (s *Server) untouched(ctx context.Context, c *desk.Changed) (err error) {
	c.Untouched = nil
	if left := append(c.Skipped, c.Left...); len(left) > 0 {
		c.Untouched, err = s.db.LastSteps(ctx, left)
	}
	return err
}

// changeOf is what the pressed button does.
func changeOf(values url.Values) (lead.Change, error) {
	switch values.Get("do") {
	case "assign":
		assignee, err := strconv.ParseInt(values.Get("assignee"), 10, 64)
		if err != nil {
			return lead.Change{}, fault.NotFound
		}
		return lead.Change{Kind: lead.AssignBatch, Assignee: assignee}, nil
	case "move":
		return moveOf(values, "status"), nil
	case "spam":
		return lead.Change{Kind: lead.SuspectBatch}, nil
	}
	return lead.Change{}, fault.NotFound
}

// moveOf is a move to the status in the named field, with the answer to the question that a move to lost asks.
func moveOf(values url.Values, status string) lead.Change {
	c := lead.Change{Kind: lead.MoveBatch, To: lead.Status(values.Get(status))}
	switch a := lead.Answer(values.Get("answered")); a {
	case lead.Answered, lead.NotAnswered:
		c.Answered = a
	}
	return c
}

// actsOf are the ticked leads, no more than a page holds, each with what the member saw of it: "TB-0437@981".
func actsOf(values url.Values, member int64) []lead.Act {
	var acts []lead.Act
	ticks := values["lead"]
	for _, ticked := range ticks[:min(len(ticks), postgres.LeadsPerPage)] {
		reference, seen, _ := strings.Cut(ticked, "@")
		event, err := strconv.ParseInt(seen, 10, 64)
		if err == nil {
			acts = append(acts, lead.Act{Reference: reference, Member: member, Seen: event})
		}
	}
	return acts
}
