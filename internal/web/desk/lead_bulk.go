package desk

import (
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
	"tiebreak/internal/web/page"
	"tiebreak/templates/desk"
)

// ChangeLeads does the same to all leads that are ticked in the list, and offers to undo it.
func (h *Handlers) ChangeLeads(w http.ResponseWriter, r *http.Request) error {
	values, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	change, err := readChange(values)
	if err != nil {
		return err
	}
	query, here := returnToList(values)
	acts := tickedActs(values, page.Member(r).ID)
	if len(acts) == 0 {
		return page.Done(w, r, here, "none-ticked")
	}
	batch, left, err := h.DB.ChangeLeads(r.Context(), acts, change)
	var wrong fault.Invalid
	switch {
	case errors.As(err, &wrong):
		return h.leadsPage(w, r, http.StatusUnprocessableEntity, query, desk.LeadsPage{Ask: values["lead"]})
	case err != nil:
		return err
	}
	if batch != 0 {
		query.Set("batch", fmt.Sprint(batch))
	}
	if len(left) > 0 {
		query.Set("left", strings.Join(left, " "))
	}
	http.Redirect(w, r, page.WithQuery(page.LeadsPath, query), http.StatusSeeOther)
	return nil
}

// MoveLead takes the lead to another status.
func (h *Handlers) MoveLead(w http.ResponseWriter, r *http.Request) error {
	values, a, err := readAct(r)
	if err != nil {
		return err
	}
	batch, err := h.DB.ChangeLead(r.Context(), a, readMove(values, "to"))
	var wrong fault.Invalid
	if errors.As(err, &wrong) {
		p := unsavedLeadPage(values)
		p.Stale, p.Wrong = false, wrong
		return h.leadPage(w, r, http.StatusUnprocessableEntity, p)
	}
	return h.afterChange(w, r, values, batch, err)
}

// afterChange goes back to the lead, which offers to undo the batch.
func (h *Handlers) afterChange(w http.ResponseWriter, r *http.Request, values url.Values, batch int64, err error) error {
	if err != nil || batch == 0 {
		return h.afterAct(w, r, values, err)
	}
	http.Redirect(w, r, fmt.Sprintf("%s/%s?batch=%d", page.LeadsPath, chi.URLParam(r, "reference"), batch), http.StatusSeeOther)
	return nil
}

// UndoChange puts the leads of a batch back, and goes back to the page that offered it: the list or a lead.
func (h *Handlers) UndoChange(w http.ResponseWriter, r *http.Request) error {
	values, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	batch, err := strconv.ParseInt(chi.URLParam(r, "batch"), 10, 64)
	if err != nil {
		return fault.NotFound
	}
	// Where it is too late, the page says so.
	if err := h.DB.UndoBatch(r.Context(), batch, page.Member(r).ID); err != nil && !errors.Is(err, fault.Conflict) {
		return err
	}
	path, query := page.LeadsPath, url.Values{}
	if reference, isLead := strings.CutPrefix(values.Get("back"), page.LeadsPath+"/"); isLead {
		path += "/" + url.PathEscape(reference)
	} else {
		query, _ = returnToList(values)
	}
	query.Set("batch", fmt.Sprint(batch))
	http.Redirect(w, r, page.WithQuery(path, query), http.StatusSeeOther)
	return nil
}

// readChange is what the pressed button does.
func readChange(values url.Values) (lead.Change, error) {
	switch values.Get("do") {
	case "assign":
		assignee, err := strconv.ParseInt(values.Get("assignee"), 10, 64)
		if err != nil {
			return lead.Change{}, fault.NotFound
		}
		return lead.Change{Kind: lead.AssignBatch, Assignee: assignee}, nil
	case "move":
		return readMove(values, "status"), nil
	case "spam":
		return lead.Change{Kind: lead.SuspectBatch}, nil
	}
	return lead.Change{}, fault.NotFound
}

// readMove is a move to the status in the named field, with the answer to the question that a move to lost asks.
func readMove(values url.Values, status string) lead.Change {
	c := lead.Change{Kind: lead.MoveBatch, To: lead.Status(values.Get(status))}
	switch a := lead.Answer(values.Get("answered")); a {
	case lead.Answered, lead.NotAnswered:
		c.Answered = a
	}
	return c
}

// tickedActs are the ticked leads, no more than a page holds, each with what the member saw of it: "TB-0437@981".
func tickedActs(values url.Values, member int64) []lead.Act {
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
