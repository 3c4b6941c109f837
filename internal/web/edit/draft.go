package edit

import (
	"cmp"
	"errors"
	"net/http"
	"net/url"
	"slices"

	"github.com/go-chi/chi/v5"

	"tiebreak/internal/fault"
	"tiebreak/internal/guide"
	"tiebreak/internal/guide/section"
	"tiebreak/internal/guide/yamlform"
	"tiebreak/internal/postgres"
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
	item    string // "" for a section that is no list
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

func (p part) values() url.Values { return yamlform.Values(p.target, p.names...) }

// seen stands for what the form shows. Different texts of two editors differ in it.
func (p part) seen() string { return digest(p.values()) }

// mistakes returns what "guide check" refuses in the part, by the fields of its form.
func (p part) mistakes(findings []yamlform.Finding) (wrong fault.Invalid) {
	for _, f := range findings {
		if field, here := p.fieldOf(f.Path); here && !f.Warning && wrong.For(field) == "" {
			wrong.Add(field, yamlform.Sentence(f.Message))
		}
	}
	return wrong
}

// fieldOf returns the field of the form that a path leads to, and whether the form has it.
func (p part) fieldOf(path string) (string, bool) {
	if p.path == "" {
		s, known := section.At(path)
		return yamlform.FormField(path), known && s.Name == p.section.Name
	}
	below, here := cutPath(path, p.path)
	return cmp.Or(yamlform.FormField(below), mainField(p.section)), here
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
	} else {
		_, findings, err := d.Check(h.Settings.Load().Today)
		if err != nil {
			return err
		}
		form.Wrong = p.mistakes(findings)
	}
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
	p.Fields = draftFields(s, d)
	p.Heading = s.Title
	switch {
	case p.Item == fresh:
		p.Heading = "New " + s.Item
		if s.Name == "conditions" {
			choose := edit.Field{Name: "option", Label: "Speaks for", Kind: edit.Choose, Choices: options(d)}
			p.Fields = append([]edit.Field{choose}, p.Fields...)
		}
	case p.Item != "":
		p.Conflict = nil // the list shows it
		if list, i := s.Find(&d.Guide, p.Item); i >= 0 {
			p.Heading = cmp.Or(guide.Shorten(list.Label(i), 80), s.Title)
		}
	}
	return page.Render(w, r, status, p.View())
}

// SaveSection saves the form of a section.
func (h *Handlers) SaveSection(w http.ResponseWriter, r *http.Request) error {
	s, err := sectionIn(r)
	if err != nil {
		return err
	}
	if s.Item != "" {
		return fault.NotFound
	}
	return h.save(w, r, s, "")
}

// SaveItem saves the form of an item, or adds a new one.
func (h *Handlers) SaveItem(w http.ResponseWriter, r *http.Request) error {
	s, err := sectionIn(r)
	if err != nil {
		return err
	}
	return h.save(w, r, s, chi.URLParam(r, "item"))
}

// errGone says that the item of a form was removed meanwhile.
var errGone = errors.New("the item is gone")

// save keeps the form in the draft, or gives it back with both texts or with what is wrong.
func (h *Handlers) save(w http.ResponseWriter, r *http.Request, s section.Section, item string) error {
	values := page.Form(r)
	if !values.Has("seen") {
		return page.ErrDamagedForm
	}
	typed := url.Values{}
	var theirs url.Values
	var kept string
	var draft postgres.Draft
	slug, unfinished := chi.URLParam(r, "slug"), values.Has("unfinished")
	err := h.DB.EditDraft(r.Context(), slug, s, page.Member(r).ID, func(d *postgres.Draft) error {
		draft = *d
		typed = typedIn(values, s, *d)
		p, err := partIn(d, s, item, newOption(r, *d, s, item))
		if errors.Is(err, fault.NotFound) && s.Item != "" && item != fresh {
			return errGone
		}
		if err != nil {
			return err
		}
		theirs = p.values()
		if err := p.fill(d, typed, values.Get("seen"), unfinished, h.Settings.Load().Today); err != nil {
			return err
		}
		if s.Item != "" {
			kept = p.list.ID(p.index)
		}
		return nil
	})
	back := edit.FormPage{Item: item, Values: typed, Seen: values.Get("seen")}
	var invalid unsaved
	switch {
	case err == nil && s.Item == "":
		return page.Done(w, r, "/staff/guides/"+slug, "draft-saved")
	case err == nil:
		http.Redirect(w, r, "/staff/guides/"+slug+"/"+s.Name+"?done=draft-saved#item-"+kept, http.StatusSeeOther)
		return nil
	case errors.Is(err, errGone):
		back.Item, back.Gone, back.Seen = fresh, true, digest(url.Values{})
		return h.formPage(w, r, http.StatusConflict, draft, s, back)
	case errors.Is(err, fault.Conflict) && theirs != nil:
		change := draft.Changes[s.Name]
		back.Changed = &edit.Change{Member: cmp.Or(change.Member, "An import"), At: change.At}
		back.Seen, back.Differ = digest(theirs), differences(draftFields(s, draft), typed, theirs)
		return h.formPage(w, r, http.StatusConflict, draft, s, back)
	case errors.As(err, &invalid):
		back.Wrong, back.Unfinished = invalid.Invalid, invalid.unfinished
		return h.formPage(w, r, http.StatusUnprocessableEntity, draft, s, back)
	}
	return err
}

// unsaved is what is wrong in a form; unfinished says that the draft may hold it all the same.
type unsaved struct {
	fault.Invalid
	unfinished bool
}

// typedIn returns the fields that the form of the section has, as the database can hold them.
func typedIn(values url.Values, s section.Section, d postgres.Draft) url.Values {
	typed := url.Values{}
	for _, f := range append(draftFields(s, d), edit.Field{Name: "option"}) {
		for _, name := range f.Names(values) {
			for _, text := range values[name] {
				typed.Add(name, page.Storable(text))
			}
		}
	}
	return typed
}

// fill sets the part to what was typed. It returns fault.Conflict if the part does not say what the form showed any more, and
// unsaved if it cannot be kept like this.
func (p *part) fill(d *postgres.Draft, typed url.Values, seen string, unfinished bool, today guide.Date) error {
	before := p.seen()
	wrong := yamlform.Fill(p.target, typed, p.names...)
	if before != seen && before != p.seen() && p.item != fresh {
		return fault.Conflict
	}
	if len(wrong) == 0 {
		wrong = p.nameItem(&d.Guide)
	}
	if len(wrong) > 0 {
		return unsaved{wrong, false}
	}
	if unfinished {
		return nil
	}
	_, findings, err := d.Check(today)
	if err != nil {
		return err
	}
	if wrong = p.mistakes(findings); len(wrong) > 0 {
		return unsaved{wrong, true}
	}
	return nil
}
