package desk

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"tiebreak/internal/fault"
	"tiebreak/internal/lead"
	"tiebreak/internal/postgres"
	"tiebreak/internal/web/page"
	"tiebreak/templates/desk"
)

// ChangeLeads does the same to all leads that are ticked in the list, and offers to undo it.
func (h *Handlers) ChangeLeads(w http.ResponseWriter, r *http.Request) error {
	values := page.Form(r)
	change, err := readChange(values)
	if err != nil {
		return err
	}
	acts, err := tickedActs(values, page.Member(r).ID)
	if err != nil {
		return err
	}
	query, here := returnToList(values)
	if len(acts) == 0 {
		return page.Done(w, r, here, "none-ticked")
	}
	batch, left, err := h.DB.ChangeLeads(r.Context(), acts, change)
	if _, ok := errors.AsType[fault.Invalid](err); ok {
		return h.leadsPage(w, r, http.StatusUnprocessableEntity, query, desk.LeadsPage{Ask: values["lead"]})
	}
	if err != nil {
		return err
	}
	if batch != 0 {
		query.Set("batch", fmt.Sprint(batch))
	}
	if len(left) > 0 {
		query.Set("left", strings.Join(left, " "))
	}
	http.Redirect(w, r, page.WithQuery("/staff/leads", query), http.StatusSeeOther)
	return nil
}

// MoveLead takes the lead to another status.
func (h *Handlers) MoveLead(w http.ResponseWriter, r *http.Request) error {
	a, err := readAct(r)
	if err != nil {
		return err
	}
	move, err := readMove(page.Form(r), "to")
	if err != nil {
		return err
	}
	batch, err := h.DB.ChangeLead(r.Context(), a, move)
	if wrong, ok := errors.AsType[fault.Invalid](err); ok {
		p := unsavedLeadPage(page.Form(r))
		p.Wrong = wrong
		return h.leadPage(w, r, http.StatusUnprocessableEntity, p)
	}
	return h.afterChange(w, r, batch, err)
}

// afterChange goes back to the lead, which offers to undo the batch.
func (h *Handlers) afterChange(w http.ResponseWriter, r *http.Request, batch int64, err error) error {
	if err != nil || batch == 0 {
		return h.afterAct(w, r, err)
	}
	http.Redirect(w, r, leadAddress(r, "batch", fmt.Sprint(batch)), http.StatusSeeOther)
	return nil
}

// UndoChange puts the leads of a batch back, and goes back to the page that offered it: the list or a lead.
func (h *Handlers) UndoChange(w http.ResponseWriter, r *http.Request) error {
	batch, err := page.ID(r, "batch")
	if err != nil {
		return err
	}
	values := page.Form(r)
	// If it is too late, the page says so.
	if err := h.DB.UndoBatch(r.Context(), batch, page.Member(r).ID); err != nil && !errors.Is(err, fault.Conflict) {
		return err
	}
	path, query := "/staff/leads", url.Values{}
	if reference, isLead := strings.CutPrefix(values.Get("back"), "/staff/leads/"); isLead {
		path += "/" + url.PathEscape(reference)
	} else {
		query, _ = returnToList(values)
	}
	query.Set("batch", fmt.Sprint(batch))
	http.Redirect(w, r, page.WithQuery(path, query), http.StatusSeeOther)
	return nil
}

// readChange returns what the pressed button does.
func readChange(values url.Values) (lead.Change, error) {
	switch values.Get("do") {
	case "assign":
		assignee, err := page.ParseID(values.Get("assignee"))
		return lead.Change{Kind: lead.AssignBatch, Assignee: assignee}, err
	case "move":
		return readMove(values, "status")
	case "spam":
		return lead.Change{Kind: lead.SuspectBatch}, nil
	}
	return lead.Change{}, page.ErrDamagedForm
}

// readMove returns a move to the status in the named field, with the answer to the question that a move to lost asks.
func readMove(values url.Values, status string) (lead.Change, error) {
	to, answered := lead.Status(values.Get(status)), lead.OtherAnswer(values.Get("answered"))
	c := lead.Change{Kind: lead.MoveBatch, To: to, Answered: answered}
	answers := []lead.OtherAnswer{lead.Unsaid, lead.Answered, lead.NotAnswered}
	if !slices.Contains(lead.Statuses, to) || !slices.Contains(answers, answered) {
		return c, page.ErrDamagedForm
	}
	return c, nil
}

// tickedActs returns the ticked leads, no more than a page holds, each with what the member saw of it: "TB-0437@981".
func tickedActs(values url.Values, member int64) (acts []lead.Act, err error) {
	ticks := values["lead"]
	for _, ticked := range ticks[:min(len(ticks), postgres.LeadsPerPage)] {
		reference, event, _ := strings.Cut(ticked, "@")
		seen, err := page.ParseID(event)
		if err != nil {
			return nil, err
		}
		acts = append(acts, lead.Act{Reference: reference, Member: member, Seen: seen})
	}
	return acts, nil
}
