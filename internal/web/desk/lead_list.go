package desk

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"tiebreak/internal/fault"
	"tiebreak/internal/lead"
	"tiebreak/internal/postgres"
	"tiebreak/internal/staff"
	"tiebreak/internal/web/page"
	"tiebreak/templates/desk"
)

// ListLeads shows the staff's list: its tab, filters, order and part of it stand in its address.
func (h *Handlers) ListLeads(w http.ResponseWriter, r *http.Request) error {
	return h.leadsPage(w, r, http.StatusOK, r.URL.Query(), desk.LeadsPage{})
}

// leadsPage shows the list that the query describes with what a handler knows already.
func (h *Handlers) leadsPage(w http.ResponseWriter, r *http.Request, status int, query url.Values, p desk.LeadsPage) error {
	m := page.Member(r)
	f, err := lead.ReadFilter(query, m.ID)
	if err != nil {
		return err
	}
	if status == http.StatusOK {
		if found, err := h.foundByReference(w, r, f.Words); found || err != nil {
			return err
		}
	}
	p.Filter, p.Here = f, page.WithQuery("/staff/leads", listQuery(query))
	if err := h.readLeadList(r, &p, query); err != nil {
		return err
	}
	p.MayChange, p.MayExport = m.Role.AtLeast(staff.Editor), m.Role.AtLeast(staff.Admin)
	return page.Render(w, r, status, p.View())
}

// foundByReference leads to the lead whose reference was searched for, if that is what was typed and there is such a lead.
func (h *Handlers) foundByReference(w http.ResponseWriter, r *http.Request, typed string) (bool, error) {
	reference, ok := lead.ReadReference(typed)
	if !ok {
		return false, nil
	}
	_, err := h.DB.LeadByReference(r.Context(), reference)
	if page.IsNotFound(err) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	http.Redirect(w, r, "/staff/leads/"+reference, http.StatusSeeOther)
	return true, nil
}

// readLeadList reads the part of the list that the query names, what stands around it, and what the member did to several
// leads before they came back to it.
func (h *Handlers) readLeadList(r *http.Request, p *desk.LeadsPage, query url.Values) error {
	settings, err := h.SiteState(r.Context())
	if err != nil {
		return err
	}
	q := postgres.LeadListQuery{
		Filter: p.Filter, At: postgres.Cursor{Reference: query.Get("after")}, Member: page.Member(r).ID,
		Zone: settings.Promise.Location(), Skipped: strings.Fields(query.Get("left")),
	}
	if before := query.Get("before"); before != "" {
		q.At = postgres.Cursor{Reference: before, Back: true}
	}
	if id, err := strconv.ParseInt(query.Get("batch"), 10, 64); err == nil {
		q.Batch = id
	}
	read, err := h.DB.LeadListPage(r.Context(), q)
	if err != nil {
		return err
	}
	if p.Page, err = h.StaffFrameWith(r, "Leads", read.Queue); err != nil {
		return err
	}
	p.Script = true
	p.Done = desk.Changed{Batch: read.Batch, Skipped: q.Skipped, Untouched: read.Untouched}
	fillLeadList(p, read, q.Zone)
	return nil
}

// fillLeadList puts what was read into the page.
func fillLeadList(p *desk.LeadsPage, read postgres.LeadListPage, zone *time.Location) {
	p.Leads, p.Members, p.Guides, p.Options, p.Views = read.Leads, read.Members, read.Guides, read.Options, read.Views
	p.Desk, p.Closure = read.Desk, read.Closure
	p.Months = months(read.FirstArrival, p.Now.In(zone))
	if n := len(read.Leads); n > 0 && read.Before {
		p.Before = listPageURL(p.Filter, "before", read.Leads[0])
	}
	if n := len(read.Leads); n > 0 && read.After {
		p.After = listPageURL(p.Filter, "after", read.Leads[n-1])
	}
}

// months returns those from the day of the first lead, if there is one, until now; this one first.
func months(first, now time.Time) []string {
	var list []string
	if first.IsZero() {
		return nil
	}
	for m := first.AddDate(0, 0, 1-first.Day()); !m.After(lead.Day(now)); m = m.AddDate(0, 1, 0) {
		list = append(list, m.Format("2006-01"))
	}
	slices.Reverse(list)
	return list
}

// listPageURL returns the address of the part of the list that begins or ends at the lead.
func listPageURL(f lead.Filter, direction string, l lead.Lead) string {
	query := f.Query()
	query.Set(direction, l.Reference)
	return page.WithQuery("/staff/leads", query)
}

// listQuery returns the list's query without what was just done.
func listQuery(query url.Values) url.Values {
	list := maps.Clone(query)
	for _, name := range []string{"batch", "left", "done"} {
		list.Del(name)
	}
	return list
}

// returnToList returns the query and the address of the list that a form came from, or of the whole list for any other address.
func returnToList(values url.Values) (url.Values, string) {
	address, err := url.Parse(values.Get("back"))
	if err != nil || address.Path != "/staff/leads" || address.Host != "" || address.Scheme != "" {
		return url.Values{}, "/staff/leads"
	}
	query := listQuery(address.Query())
	return query, page.WithQuery("/staff/leads", query)
}

// maxViewName bounds the name of a saved view, in characters.
const maxViewName = 100

// SaveView stores the list's filter under a name, without the words that were searched for.
func (h *Handlers) SaveView(w http.ResponseWriter, r *http.Request) error {
	values := page.Form(r)
	query, err := url.ParseQuery(values.Get("query"))
	if err != nil {
		return page.ErrDamagedForm
	}
	f, err := lead.ReadFilter(query, page.Member(r).ID)
	if err != nil {
		return page.ErrDamagedForm
	}
	f.Words = ""
	name := strings.TrimSpace(page.OneLine(values, "name"))
	if name == "" || utf8.RuneCountInString(name) > maxViewName {
		return fault.Invalid{{Name: "name", Message: "Give the view a name of up to 100 characters."}}
	}
	if err := h.DB.SaveView(r.Context(), page.Member(r).ID, name, f.Query().Encode()); err != nil {
		return err
	}
	return page.Done(w, r, page.WithQuery("/staff/leads", f.Query()), "view-saved")
}

func (h *Handlers) DeleteView(w http.ResponseWriter, r *http.Request) error {
	id, err := page.ID(r, "id")
	if err != nil {
		return err
	}
	if err := h.DB.DeleteView(r.Context(), page.Member(r).ID, id); err != nil {
		return err
	}
	return page.Done(w, r, "/staff/leads", "view-removed")
}
