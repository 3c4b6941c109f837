package edit

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/go-chi/chi/v5"

	"tiebreak/internal/fault"
	"tiebreak/internal/guide"
	"tiebreak/internal/guide/section"
	"tiebreak/internal/postgres"
	"tiebreak/internal/text"
	"tiebreak/internal/web/page"
	"tiebreak/templates/edit"
	"tiebreak/templates/form"
)

// Names of the draft and the published version in addresses.
const (
	draftVersion = "draft"
	liveVersion  = "live"
)

// ShowDifference compares two versions of a guide. Without names in the address, it compares the published version with the
// draft, or the newest version where nothing is published.
func (h *Handlers) ShowDifference(w http.ResponseWriter, r *http.Request) error {
	d, err := h.DB.Draft(r.Context(), chi.URLParam(r, "slug"))
	if err != nil {
		return err
	}
	from, to := r.URL.Query().Get("from"), r.URL.Query().Get("to")
	if from == "" {
		from = liveVersion
		if d.Live == nil {
			from = strconv.Itoa(d.LatestNumber())
		}
	}
	if to == "" {
		to = draftVersion
	}
	return h.differencePage(w, r, http.StatusOK, d, from, to, edit.DifferencePage{})
}

func (h *Handlers) differencePage(
	w http.ResponseWriter, r *http.Request, status int, d postgres.Draft, from, to string, p edit.DifferencePage,
) error {
	before, err := h.version(r.Context(), d, from)
	if err != nil {
		return err
	}
	after, err := h.version(r.Context(), d, to)
	if err != nil {
		return err
	}
	if p.Frame, err = h.draftFrame(r, d, section.Section{}); err != nil {
		return err
	}
	revisions, err := h.DB.RevisionNames(r.Context(), d.Slug)
	if err != nil {
		return err
	}
	for _, r := range revisions {
		p.Versions = append(p.Versions, edit.Version{Number: r.Number, MadeAt: r.MadeAt})
	}
	_, findings, err := d.Check()
	if err != nil {
		return err
	}
	p.From, p.To, p.Live, p.Publishing = from, to, d.Live != nil, publishing(d, findings)
	for _, s := range section.All {
		p.Sections = append(p.Sections, edit.ComparedSection{Title: s.Title, Items: compareSection(d, s, before, after)})
	}
	p.Profiles = outcomes(d, before, after)
	p.Scores = scores(d, before, after)
	return page.Render(w, r, status, p.View())
}

// version returns a version of the guide by what an address calls it, or fault.NotFound.
func (h *Handlers) version(ctx context.Context, d postgres.Draft, name string) (guide.Guide, error) {
	number, err := strconv.Atoi(name)
	switch {
	case name == draftVersion:
		return d.Guide, nil
	case name == liveVersion && d.Live != nil:
		return *d.Live, nil
	case err != nil || number < 1:
		return guide.Guide{}, fault.NotFound
	}
	revision, err := h.DB.Revision(ctx, d.Slug, number)
	return revision.Guide, err
}

// compareSection returns what two versions of the guide say differently in a section, item by item if it is a list.
func compareSection(d postgres.Draft, s section.Section, before, after guide.Guide) []edit.ComparedItem {
	d.Guide = after
	d.Guide.Options = union(after.Options, before.Options)
	fields := draftFields(s, d)
	if s.Item == "" {
		newer, names, _ := s.Part(&after)
		older, _, _ := s.Part(&before)
		item := edit.ComparedItem{Fields: differences(fields, section.Values(newer, names...), section.Values(older, names...))}
		if s.Name == "head" && !slices.Equal(before.Options, after.Options) {
			item.Fields = append(item.Fields, form.Difference{
				Label: "Options", Theirs: optionNames(d, before.Options), Mine: optionNames(d, after.Options),
			})
		}
		if len(item.Fields) == 0 {
			return nil
		}
		return []edit.ComparedItem{item}
	}
	fields = append([]edit.Field{{Name: "of", Label: "Speaks for"}}, fields...)
	older, newer := itemsOf(d, s, before), itemsOf(d, s, after)
	var items []edit.ComparedItem
	for _, key := range union(newer.keys, older.keys) {
		item := edit.ComparedItem{Heading: newer.labels[key], Fields: differences(fields, newer.values[key], older.values[key])}
		if newer.values[key] == nil {
			item.Heading, item.State = older.labels[key], "removed"
		} else if older.values[key] == nil {
			item.State = "added"
		}
		if len(item.Fields) > 0 {
			items = append(items, item)
		}
	}
	if order := newer.order(older); order != older.order(newer) {
		items = append(items, edit.ComparedItem{
			Fields: []form.Difference{{Label: "Order", Theirs: older.order(newer), Mine: order}},
		})
	}
	return items
}

// items are those of a list in one version.
type items struct {
	keys   []string // in order
	labels map[string]string
	values map[string]url.Values
}

// itemsOf returns the items of the section, each by its id. Example projects have none: their names stand for them.
func itemsOf(d postgres.Draft, s section.Section, g guide.Guide) items {
	all := items{labels: map[string]string{}, values: map[string]url.Values{}}
	for _, l := range s.Lists(&g) {
		for i := range l.Len() {
			key := l.ID(i)
			if s.Name == "profiles" {
				key = l.Label(i)
			}
			values := section.Values(l.At(i))
			if l.Option != "" {
				values.Set("of", optionName(d, l.Option))
			}
			all.keys = append(all.keys, key)
			all.labels[key], all.values[key] = text.Shorten(l.Label(i), 80), values
		}
	}
	return all
}

// order returns the labels of the items that another version has too, a line each.
func (l items) order(other items) string {
	var labels []string
	for _, key := range l.keys {
		if other.values[key] != nil {
			labels = append(labels, l.labels[key])
		}
	}
	return strings.Join(labels, "\n")
}

// union returns the words of both lists, those of the first one first.
func union(a, b []string) []string {
	all := slices.Clone(a)
	for _, word := range b {
		if !slices.Contains(all, word) {
			all = append(all, word)
		}
	}
	return all
}

func optionNames(d postgres.Draft, slugs []string) string {
	var names []string
	for _, slug := range slugs {
		names = append(names, optionName(d, slug))
	}
	return strings.Join(names, ", ")
}

// scores returns on how many rows each option is ahead in two versions, with the facts of today, where that differs.
func scores(d postgres.Draft, older, newer guide.Guide) []edit.ScoreChange {
	count := func(g guide.Guide) guide.Score {
		e, _, err := guide.NewEdition(g, 1, d.Options, nil)
		if err != nil { // it compares an option that the draft does not
			return guide.Score{}
		}
		return guide.CountRows(e.Rows())
	}
	before, after := count(older), count(newer)
	if before.Rows == 0 || after.Rows == 0 {
		return nil
	}
	var changed []edit.ScoreChange
	for _, slug := range newer.Options {
		if before.Ahead[slug] != after.Ahead[slug] {
			changed = append(changed, edit.ScoreChange{
				Option: optionName(d, slug), Before: before.Ahead[slug], After: after.Ahead[slug],
			})
		}
	}
	return changed
}
