package edit

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/go-chi/chi/v5"

	"tiebreak/internal/digest"
	"tiebreak/internal/fault"
	"tiebreak/internal/guide"
	"tiebreak/internal/guide/section"
	"tiebreak/internal/guide/yamlform"
	"tiebreak/internal/postgres"
	"tiebreak/internal/text"
	"tiebreak/internal/web/page"
	"tiebreak/templates/edit"
)

// digestOf returns what stands for the values of a form, empty ones left out.
func digestOf(values url.Values) string {
	given := url.Values{}
	for name, list := range values {
		if strings.Join(list, "") != "" {
			given[name] = list
		}
	}
	return digest.Hex(given.Encode(), 8)
}

// cutPath returns what follows a path in a longer one, and whether it is below it.
func cutPath(path, above string) (below string, here bool) {
	below, here = strings.CutPrefix(path, above)
	return below, here && (below == "" || below[0] == '.' || below[0] == '[')
}

// reserved are the words of our addresses, which no item may have as its id.
var reserved = []string{fresh, "choice"}

// nameItem makes the id of an item that has none, and refuses one that cannot stand in an address or that another item has.
func (p *part) nameItem(g *guide.Guide) (wrong fault.Invalid) {
	if _, numbered := p.target.(*guide.Profile); p.item == "" || numbered {
		return nil
	}
	field := reflect.TypeOf(p.target).Elem().Field(0)
	name, _, _ := strings.Cut(field.Tag.Get("yaml"), ",")
	var taken []string
	for _, l := range p.section.Lists(g) {
		for i := range l.Len() {
			if l.Option != p.list.Option || i != p.index {
				taken = append(taken, l.ID(i))
			}
		}
	}
	id := reflect.ValueOf(p.target).Elem().Field(0)
	if id.String() == "" {
		id.SetString(newID(p.list.Label(p.index), slices.Concat(taken, reserved)))
	}
	switch {
	case !yamlform.IsSlug(id.String()) || slices.Contains(reserved, id.String()):
		wrong.Add(name, "Use lower-case letters, digits and single hyphens, such as admin-interface.")
	case slices.Contains(taken, id.String()):
		wrong.Add(name, "Another "+p.section.Item+" has this ID. Choose another one.")
	}
	return wrong
}

// newID makes an id of the first words of a label.
func newID(label string, taken []string) string {
	words := strings.FieldsFunc(strings.ToLower(label), func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') })
	id := strings.Join(words[:min(len(words), 5)], "-")
	if len(id) > 60 || id == "" {
		id = "item"
	}
	for n := 2; slices.Contains(taken, id); n++ {
		id = fmt.Sprintf("%s-%d", strings.TrimRight(strings.TrimRight(id, "0123456789"), "-"), n)
	}
	return id
}

// sectionPage lists the items of a section; stale says why nothing was changed, "" if nothing failed.
func (h *Handlers) sectionPage(w http.ResponseWriter, r *http.Request, status int, s section.Section, stale string) error {
	d, err := h.DB.Draft(r.Context(), chi.URLParam(r, "slug"))
	if err != nil {
		return err
	}
	p := edit.SectionPage{Stale: stale}
	if p.Frame, err = h.draftFrame(r, d, s); err != nil {
		return err
	}
	_, findings, err := d.Check()
	if err != nil {
		return err
	}
	for _, l := range s.Lists(&d.Guide) {
		list := edit.ItemList{Option: l.Option, Seen: orderSeen(l)}
		if l.Option != "" {
			list.Heading = "Choose " + optionName(d, l.Option) + " when"
			list.Left = !slices.Contains(d.Guide.Options, l.Option)
		}
		for i := range l.Len() {
			item := part{section: s, item: l.ID(i), target: l.At(i), path: l.Path(i)}
			line := edit.Item{ID: l.ID(i), Label: text.Shorten(l.Label(i), 120), Seen: item.seen(), Notes: notesOn(d, l.At(i))}
			if row, is := item.target.(*guide.Criterion); is {
				line.Facts = rowFacts(d, *row, p.Today)
			}
			for _, problem := range item.problems(d, findings) {
				if problem.Address = p.ItemAddress(l.ID(i)) + problem.Address; !problem.Warning {
					line.Problems = append(line.Problems, problem)
				}
			}
			list.Items = append(list.Items, line)
		}
		p.Lists = append(p.Lists, list)
	}
	return page.Render(w, r, status, p.View())
}

// talliedWords returns what the draft's checklist says of an example project: "Django (Django 5, FastAPI 2, ruled out)".
func talliedWords(d postgres.Draft, p guide.Profile) string {
	t := checklist(d.Guide).Tally(guide.Ticks{Tick: p.Tick, Must: p.Must})
	var scores []string
	for _, s := range t.Scores {
		words := fmt.Sprintf("%s %d", optionName(d, s.Option.Slug), s.Score)
		if len(s.Out) > 0 {
			words += " but ruled out"
		}
		scores = append(scores, words)
	}
	return outcome(d, t.Leader) + " (" + strings.Join(scores, ", ") + ")"
}

// orderSeen stands for the items of a list and their order.
func orderSeen(l section.List) string {
	order := url.Values{}
	for i := range l.Len() {
		order.Add("item", l.ID(i)+" "+l.Label(i))
	}
	return digestOf(order)
}

// MoveItem moves an item to another position of its list.
func (h *Handlers) MoveItem(w http.ResponseWriter, r *http.Request) error {
	values := page.Form(r)
	to, err := strconv.Atoi(values.Get("to"))
	if err != nil || !values.Has("seen") {
		return page.ErrDamagedForm
	}
	return h.changeItem(w, r, "draft-moved", func(l section.List, i int) (string, error) {
		if orderSeen(l) != values.Get("seen") {
			return "", fault.Conflict
		}
		l.Move(i, to-1)
		return "#item-" + l.ID(max(0, min(to, l.Len())-1)), nil
	})
}

// RemoveItem removes an item that says what the member saw.
func (h *Handlers) RemoveItem(w http.ResponseWriter, r *http.Request) error {
	values := page.Form(r)
	if !values.Has("seen") {
		return page.ErrDamagedForm
	}
	return h.changeItem(w, r, "draft-removed", func(l section.List, i int) (string, error) {
		if digestOf(section.Values(l.At(i))) != values.Get("seen") {
			return "", fault.Conflict
		}
		if l.Remove(i); l.Len() == 0 {
			return "", nil
		}
		return "#item-" + l.ID(max(0, i-1)), nil
	})
}

// changeItem has change do something to a list, and shows the list again at the place that it returns.
func (h *Handlers) changeItem(w http.ResponseWriter, r *http.Request, act string,
	change func(l section.List, i int) (place string, err error),
) error {
	s, err := sectionIn(r)
	if err != nil {
		return err
	}
	slug, place := chi.URLParam(r, "slug"), ""
	err = h.DB.EditDraft(r.Context(), slug, page.Member(r).ID, func(d *postgres.Draft) (err error) {
		l, i := s.Find(&d.Guide, chi.URLParam(r, "item"))
		if i < 0 {
			return fault.NotFound
		}
		place, err = change(l, i)
		return err
	})
	if errors.Is(err, fault.Conflict) {
		return h.sectionPage(w, r, http.StatusConflict, s,
			"Someone else changed this list first. Below is how it is now. Read it, then decide again.")
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r, "/staff/guides/"+slug+"/"+s.Name+"?done="+act+place, http.StatusSeeOther)
	return nil
}

// SettleSection ends the conflict of a section with the newest version.
func (h *Handlers) SettleSection(w http.ResponseWriter, r *http.Request) error {
	s, err := sectionIn(r)
	if err != nil {
		return err
	}
	values := page.Form(r)
	keep := values.Get("keep")
	if !values.Has("seen") || keep != "draft" && keep != "newest" {
		return page.ErrDamagedForm
	}
	slug := chi.URLParam(r, "slug")
	err = h.DB.SettleSection(r.Context(), slug, s, page.Member(r).ID, values.Get("seen"), keep == "draft")
	switch {
	case errors.Is(err, fault.Conflict) && s.Item != "":
		return h.sectionPage(w, r, http.StatusConflict, s, "One of the two texts changed since. Choose again.")
	case errors.Is(err, fault.Conflict):
		return h.showForm(w, r, http.StatusConflict, s, "")
	case err != nil:
		return err
	}
	return page.Done(w, r, "/staff/guides/"+slug, "draft-settled")
}
