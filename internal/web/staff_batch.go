package web

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/go-chi/chi/v5"

	"tiebreak/internal/fault"
	"tiebreak/internal/lead"
	"tiebreak/internal/postgres"
)

// changeLeads does the same to all leads that are ticked in the list, and offers to take it back.
func (s *Server) changeLeads(w http.ResponseWriter, r *http.Request) error {
	values, err := readForm(w, r)
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
		http.Redirect(w, r, here, http.StatusSeeOther)
		return nil
	}
	batch, left, err := s.db.ChangeLeads(r.Context(), acts, change)
	if err != nil {
		return err
	}
	return s.backFrom(w, r, query, batch, left)
}

// undoChanges puts the leads of a batch back.
func (s *Server) undoChanges(w http.ResponseWriter, r *http.Request) error {
	values, err := readForm(w, r)
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
	left, err := s.db.UndoBatch(r.Context(), batch, memberOf(r).ID)
	if err != nil {
		return err
	}
	query, _ := backTo(values)
	return s.backFrom(w, r, query, batch, left)
}

// backFrom goes back to the list, which says what was done.
func (s *Server) backFrom(w http.ResponseWriter, r *http.Request, query url.Values, batch int64, left int) error {
	if batch != 0 {
		query.Set("batch", fmt.Sprint(batch))
	}
	if left > 0 {
		query.Set("left", fmt.Sprint(left))
	}
	http.Redirect(w, r, withQuery(leadsPath, query), http.StatusSeeOther)
	return nil
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
		return lead.Change{Kind: lead.MoveBatch, To: lead.Status(values.Get("status"))}, nil
	case "spam":
		return lead.Change{Kind: lead.SuspectBatch}, nil
	}
	return lead.Change{}, fault.NotFound
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
