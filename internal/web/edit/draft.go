package edit

import (
	"cmp"
	"fmt"
	"net/http"
	"net/url"
	"slices"

	"github.com/go-chi/chi/v5"

	"tiebreak/internal/fault"
	"tiebreak/internal/guide"
	"tiebreak/internal/guide/section"
	"tiebreak/internal/guide/yamlform"
	"tiebreak/internal/postgres"
	"tiebreak/internal/text"
	"tiebreak/internal/web/page"
	"tiebreak/templates/edit"
)

// fresh is the id of an item that is not there yet.
const fresh = "new"

// sectionIn returns the section of the address, or fault.NotFound.
func sectionIn(r *http.Request) (section.Section, error) {
	s, known := section.Named(chi.URLParam(r, "section"))
	if !known {
		return s, fault.NotFound
	}
	return s, nil
}

// part is what a form changes: a section, or an item of one.
type part struct {
	section section.Section
	item    string // "" for a section that is not a list
	option  string // of a new reason

	target any      // pointer into the guide of the draft
	names  []string // of its fields that the form has, none for all
	path   string   // of it in the YAML form, "" for the guide
	list   section.List
	index  int
}

// partIn returns what the address means in the draft, or fault.NotFound. A new item is added to the draft's guide.
func partIn(d *postgres.Draft, s section.Section, item, option string) (part, error) {
	p := part{section: s, item: item, option: option, index: -1}
	switch {
	case (s.Item == "") != (item == ""):
		return p, fault.NotFound
	case item == "":
		p.target, p.names, p.path = s.Part(&d.Guide)
		return p, nil
	case item == fresh:
		lists := s.Lists(&d.Guide)
		i := slices.IndexFunc(lists, func(l section.List) bool { return l.Option == option })
		if i < 0 {
			return p, fault.NotFound
		}
		p.list = lists[i]
		p.index = p.list.Add()
	default:
		p.list, p.index = s.Find(&d.Guide, item)
	}
	if p.index < 0 {
		return p, fault.NotFound
	}
	p.target, p.path = p.list.At(p.index), p.list.Path(p.index)
	return p, nil
}

func (p part) values() url.Values { return section.Values(p.target, p.names...) }

// seen stands for what the form shows. Different texts of two editors differ in it.
func (p part) seen() string { return digestOf(p.values()) }

// sources returns the sources that the texts of the part cite.
func (p part) sources(g *guide.Guide) []guide.Source {
	switch target := p.target.(type) {
	case *guide.Dimension:
		return target.Sources
	case *guide.Question:
		return target.Sources
	}
	return g.Sources
}

// outcome returns what the checklist says of the part if it is an example project, "" otherwise.
func (p part) outcome(d postgres.Draft) string {
	if profile, is := p.target.(*guide.Profile); is {
		return text.Capitalise(talliedWords(d, *profile))
	}
	return ""
}

// mistakes returns what "guide check" refuses in the part, by the fields of its form.
func (p part) mistakes(findings []yamlform.Finding) (wrong fault.Invalid) {
	for _, f := range findings {
		if field, here := p.fieldOf(f.Path); here && !f.Warning && wrong.For(field) == "" {
			wrong.Add(field, yamlform.Sentence(f.Message))
		}
	}
	return wrong
}

// problems returns what "guide check" says of the part, mistakes first, with the fields of its form.
func (p part) problems(d postgres.Draft, findings []yamlform.Finding) (problems []edit.Problem) {
	fields := draftFields(p.section, d)
	for _, warning := range []bool{false, true} {
		for _, f := range findings {
			if field, here := p.fieldOf(f.Path); here && f.Warning == warning {
				problems = append(problems, edit.Problem{
					Label: labelOf(fields, field), Text: yamlform.Sentence(f.Message), Address: "#" + field, Warning: f.Warning,
				})
			}
		}
	}
	return problems
}

// labelOf returns the label of the field.
func labelOf(fields []edit.Field, name string) string {
	for _, f := range fields {
		if slices.Contains(f.Names(url.Values{name: nil}), name) {
			return f.LabelOf(name)
		}
	}
	return ""
}

// fieldOf returns the field of the form that a path leads to, and whether the form has it.
func (p part) fieldOf(path string) (string, bool) {
	if p.path == "" {
		s, known := section.At(path)
		return section.FormField(path), known && s.Name == p.section.Name
	}
	below, here := cutPath(path, p.path)
	return cmp.Or(section.FormField(below), mainField(p.section)), here
}

// mainField returns the field at which a mistake is shown that is about the whole item.
func mainField(s section.Section) string {
	switch s.Name {
	case "criteria":
		return "fact"
	case "profiles":
		return "name"
	}
	return "id"
}

// ShowSection shows the form of a section, or the list of its items.
func (h *Handlers) ShowSection(w http.ResponseWriter, r *http.Request) error {
	s, err := sectionIn(r)
	if err != nil {
		return err
	}
	if s.Item != "" {
		return h.sectionPage(w, r, http.StatusOK, s, "")
	}
	return h.showForm(w, r, http.StatusOK, s, "")
}

// ShowItem shows the form of an item, or of a new one.
func (h *Handlers) ShowItem(w http.ResponseWriter, r *http.Request) error {
	s, err := sectionIn(r)
	if err != nil {
		return err
	}
	return h.showForm(w, r, http.StatusOK, s, chi.URLParam(r, "item"))
}

func (h *Handlers) showForm(w http.ResponseWriter, r *http.Request, status int, s section.Section, item string) error {
	d, err := h.DB.Draft(r.Context(), chi.URLParam(r, "slug"))
	if err != nil {
		return err
	}
	p, err := partIn(&d, s, item, newOption(r, d, s, item))
	if err != nil {
		return err
	}
	form := edit.FormPage{Item: item, Values: p.values(), Seen: p.seen()}
	if item == fresh {
		form.Values.Set("option", p.option)
		return h.formPage(w, r, status, d, s, form)
	}
	_, findings, err := d.Check()
	if err != nil {
		return err
	}
	form.Wrong, form.Problems, form.Outcome = p.mistakes(findings), p.problems(d, findings), p.outcome(d)
	return h.formPage(w, r, status, d, s, form)
}

// newOption returns for which option a new reason is.
func newOption(r *http.Request, d postgres.Draft, s section.Section, item string) string {
	if s.Name != "conditions" || item != fresh {
		return ""
	}
	values := r.URL.Query()
	if r.Method == http.MethodPost {
		values = page.Form(r)
	}
	return cmp.Or(values.Get("option"), slices.Concat(d.Guide.Options, []string{""})[0])
}

// formPage shows the form with what a handler knows already.
func (h *Handlers) formPage(
	w http.ResponseWriter, r *http.Request, status int, d postgres.Draft, s section.Section, p edit.FormPage,
) error {
	var err error
	if p.Frame, err = h.draftFrame(r, d, s); err != nil {
		return err
	}
	p.Fields, p.Pick = draftFields(s, d), unpicked(citable(d, s), p.Values)
	if s.Name == "verdict" {
		p.CitesIntro, p.Cites = true, d.Guide.Sources
	}
	p.Heading = s.Title
	switch {
	case p.Item == fresh:
		p.Heading = "New " + s.Item
		if s.Name == "conditions" {
			choose := edit.Field{Name: "option", Label: "Speaks for", Kind: edit.Choose, Choices: optionChoices(d)}
			p.Fields = append([]edit.Field{choose}, p.Fields...)
		}
	case p.Item != "":
		p.Conflict = nil // the list shows it
		if list, i := s.Find(&d.Guide, p.Item); i >= 0 {
			p.Heading = cmp.Or(text.Shorten(list.Label(i), 80), s.Title)
			if row, is := list.At(i).(*guide.Criterion); is {
				p.Facts = rowFacts(d, *row, p.Today)
			}
			p.Place = fmt.Sprintf("%s %d of %d", text.Capitalise(s.Item), i+1, list.Len())
			if i > 0 {
				p.Before = list.ID(i - 1)
			}
			if i+1 < list.Len() {
				p.After = list.ID(i + 1)
			}
		}
	}
	return page.Render(w, r, status, p.View())
}
