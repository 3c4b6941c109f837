package edit

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"tiebreak/internal/fault"
	"tiebreak/internal/guide"
	"tiebreak/internal/postgres"
	"tiebreak/internal/text"
	"tiebreak/internal/web/page"
	"tiebreak/templates/edit"
)

// ListGuides shows a part of the guides, or of those with the words of ?q=, with the form of a new one.
func (h *Handlers) ListGuides(w http.ResponseWriter, r *http.Request) error {
	return h.guidesPage(w, r, http.StatusOK, edit.GuidesPage{})
}

func (h *Handlers) guidesPage(w http.ResponseWriter, r *http.Request, status int, p edit.GuidesPage) error {
	var err error
	if p.Page, err = h.StaffFrame(r, "Guides"); err != nil {
		return err
	}
	query := r.URL.Query()
	p.Words = strings.TrimSpace(page.OneLine(query, "q"))
	at := postgres.GuidesCursor{Slug: page.Text(query, "after")}
	if before := page.Text(query, "before"); before != "" {
		at = postgres.GuidesCursor{Slug: before, Back: true}
	}
	read, err := h.DB.ListGuides(r.Context(), strings.Fields(p.Words), at)
	if err != nil {
		return err
	}
	for _, g := range read.Guides {
		p.Guides = append(p.Guides, edit.GuideLine{
			Slug: g.Slug, Title: g.Title, Field: g.Field, State: text.Capitalise(g.State()), RedirectsTo: g.Now,
			ChangedBy: g.ChangedBy, ChangedAt: g.ChangedAt, Former: g.Former, ScheduledAt: g.ScheduledAt, Problem: g.Problem,
		})
	}
	if n := len(read.Guides); n > 0 && read.Before {
		p.Before = guidesPageURL(p.Words, "before", read.Guides[0])
	}
	if n := len(read.Guides); n > 0 && read.After {
		p.After = guidesPageURL(p.Words, "after", read.Guides[n-1])
	}
	if p.MayChange = mayEdit(r); p.MayChange {
		options, err := h.DB.OptionNames(r.Context())
		if err != nil {
			return err
		}
		for _, o := range options {
			p.Options = append(p.Options, edit.Choice{Value: o.Slug, Words: o.Name})
		}
	}
	return page.Render(w, r, status, p.View())
}

// guidesPageURL returns the address of the part of the list that begins or ends at the guide.
func guidesPageURL(words, direction string, g postgres.Listed) string {
	query := url.Values{direction: {g.Slug}}
	if words != "" {
		query.Set("q", words)
	}
	return page.WithQuery("/staff/guides", query)
}

// StartGuide starts a guide with a row for each fact that its options share.
func (h *Handlers) StartGuide(w http.ResponseWriter, r *http.Request) error {
	values := page.Form(r)
	typed := edit.GuidesPage{Values: map[string][]string{"option": nil}}
	for _, name := range []string{"slug", "title", "field"} {
		typed.Values.Set(name, strings.TrimSpace(page.OneLine(values, name)))
	}
	for _, slug := range values["option"] {
		if slug = page.Storable(slug); slug != "" {
			typed.Values.Add("option", slug)
		}
	}
	g := guide.Guide{
		Slug: typed.Values.Get("slug"), Title: typed.Values.Get("title"), Field: typed.Values.Get("field"),
		Options: slices.Compact(slices.Clone(typed.Values["option"])),
	}
	options, err := h.DB.OptionsNamed(r.Context(), g.Options)
	if err != nil {
		return err
	}
	typed.Wrong = checkNew(g, options)
	if len(typed.Wrong) == 0 {
		labels, err := h.DB.FactLabels(r.Context())
		if err != nil {
			return err
		}
		g.Summary = proposedRows(options, labels)
		err = h.DB.StartGuide(r.Context(), g, page.Member(r).ID)
		switch {
		case errors.Is(err, fault.Conflict):
			typed.Wrong.Add("slug", "Another guide has or had this address. Choose another one.")
		case err != nil:
			return err
		default:
			return page.Done(w, r, "/staff/guides/"+g.Slug, "guide-started")
		}
	}
	return h.guidesPage(w, r, http.StatusUnprocessableEntity, typed)
}

// checkNew returns what is wrong in the form of a new guide.
func checkNew(g guide.Guide, options []guide.Option) (wrong fault.Invalid) {
	if g.Title == "" {
		wrong.Add("title", "Enter a title.")
	}
	if problem := slugProblem(g.Slug); problem != "" {
		wrong.Add("slug", problem)
	}
	if g.Field == "" {
		wrong.Add("field", "Enter a shelf, such as Web frameworks.")
	}
	switch {
	case len(g.Options) < 2 || len(g.Options) > guide.MaxOptions:
		wrong.Add("option", "Choose two to four options.")
	case len(options) < len(g.Options), slices.ContainsFunc(options, func(o guide.Option) bool { return o.Retired }):
		wrong.Add("option", "One of the options no longer exists. Choose again.")
	}
	return wrong
}

// proposedRows returns a row for each fact that all options have, under the label that other guides give it. Who is ahead is
// left to the editor, unless a value is unknown: then nobody is.
func proposedRows(options []guide.Option, labels map[string]string) []guide.Criterion {
	var rows []guide.Criterion
	for _, key := range sharedKeys(options) {
		row := guide.Criterion{ID: key, Label: labels[key], Fact: key}
		if row.Label == "" {
			row.Label = text.Capitalise(strings.ReplaceAll(key, "-", " "))
		}
		if slices.ContainsFunc(options, func(o guide.Option) bool { return o.Facts[key].Confidence == guide.Unknown }) {
			row.Edge = guide.Even
		}
		rows = append(rows, row)
	}
	return rows
}
