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
	"tiebreak/internal/postgres"
	"tiebreak/internal/web/page"
	"tiebreak/templates/edit"
	"tiebreak/templates/form"
)

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

// unsaved is what is wrong in a form; unfinished says that the draft may hold it all the same.
type unsaved struct {
	fault.Invalid
	unfinished bool
}

// sent is a form that was sent for a section or an item, and what became of it in the draft.
type sent struct {
	section section.Section
	item    string
	option  string // of a new reason
	values  url.Values

	draft  postgres.Draft // with the form in it, if that could be put there
	typed  url.Values     // the fields that the form has, as they go back to the sender
	theirs url.Values     // what the draft said before
	part   part
	saved  settled
}

// save keeps the form in the draft, or gives it back with both texts or with what is wrong. What a form lacks is found before it
// has to wait for other editors.
func (h *Handlers) save(w http.ResponseWriter, r *http.Request, s section.Section, item string) error {
	f := &sent{section: s, item: item, values: page.Form(r)}
	if !f.values.Has("seen") {
		return page.ErrDamagedForm
	}
	slug := chi.URLParam(r, "slug")
	d, err := h.DB.Draft(r.Context(), slug)
	if err != nil {
		return err
	}
	f.option = newOption(r, d, s, item)
	switch f.values.Get("do") {
	case "preview":
		return h.preview(w, r, f, d)
	case "more":
		f.put(&d, f.values.Get("seen"))
		return h.formPage(w, r, http.StatusOK, f.draft, s, f.back())
	}
	if err = f.put(&d, f.values.Get("seen")); err == nil && !f.values.Has("unfinished") {
		err = f.check()
	}
	if err == nil {
		err = h.DB.EditDraft(r.Context(), slug, page.Member(r).ID, func(d *postgres.Draft) error {
			return f.put(d, f.values.Get("seen"))
		})
	}
	if err == nil {
		http.Redirect(w, r, f.next(), http.StatusSeeOther)
		return nil
	}
	return h.giveBack(w, r, f, err)
}

// next returns the page that follows when the form is saved.
func (f *sent) next() string {
	address := "/staff/guides/" + f.draft.Slug
	if f.section.Item == "" {
		return address + "?done=draft-saved"
	}
	address += "/" + f.section.Name
	switch l, i := f.part.list, f.part.index; {
	case f.values.Get("do") != "next":
		return address + "?done=draft-saved#item-" + l.ID(i)
	case f.item != fresh && i+1 < l.Len():
		return address + "/" + l.ID(i+1) + "?done=draft-saved"
	case f.item != fresh:
		return address + "?done=draft-saved"
	case f.option != "":
		return address + "/new?done=draft-saved&option=" + url.QueryEscape(f.option)
	}
	return address + "/new?done=draft-saved"
}

// back returns the form as it was sent.
func (f *sent) back() edit.FormPage {
	return edit.FormPage{Item: f.item, Values: f.typed, Seen: f.values.Get("seen"), Adding: f.values.Get("do") == "more"}
}

// giveBack shows the form again with why it was not saved.
func (h *Handlers) giveBack(w http.ResponseWriter, r *http.Request, f *sent, err error) error {
	back := f.back()
	var invalid unsaved
	switch {
	case errors.Is(err, errGone):
		back.Item, back.Gone, back.Seen = fresh, true, digestOf(url.Values{})
		return h.formPage(w, r, http.StatusConflict, f.draft, f.section, back)
	case errors.Is(err, fault.Conflict) && f.theirs != nil:
		change := f.draft.Changes[f.section.Name]
		back.Changed = &edit.Change{Member: cmp.Or(change.Member, "An import"), At: change.At}
		back.Seen, back.Differ = digestOf(f.theirs), differences(draftFields(f.section, f.draft), f.typed, f.theirs)
		return h.formPage(w, r, http.StatusConflict, f.draft, f.section, back)
	case errors.As(err, &invalid):
		back.Wrong, back.Unfinished = invalid.Invalid, invalid.unfinished
		return h.formPage(w, r, http.StatusUnprocessableEntity, f.draft, f.section, back)
	}
	return err
}

// put sets the part of the draft to what was typed. It returns fault.Conflict if the part does not say what the form showed any
// more, errGone if it was removed, and unsaved if a field cannot be read.
func (f *sent) put(d *postgres.Draft, seen string) error {
	f.draft = *d
	fields := draftFields(f.section, *d)
	f.typed = typedIn(f.values, fields, citable(*d, f.section))
	p, err := partIn(d, f.section, f.item, f.option)
	if errors.Is(err, fault.NotFound) && f.section.Item != "" && f.item != fresh {
		return errGone
	}
	if errors.Is(err, fault.NotFound) && f.option != "" {
		return unsaved{fault.Invalid{{Name: "option", Message: "Choose one of the options that this guide compares."}}, false}
	}
	if err != nil {
		return err
	}
	f.part, f.theirs = p, p.values()
	before := p.seen()
	wrong := section.TooMuch(f.typed)
	if len(wrong) == 0 {
		verdict := ""
		if f.section.Name == "intro" {
			verdict = d.Guide.Verdict.Text
		}
		f.saved, wrong = settle(f.typed, fields, verdict)
	}
	if len(wrong) == 0 {
		wrong = f.saved.asTyped(section.Fill(p.target, f.saved.form, p.names...))
	}
	switch after := p.seen(); {
	case before != seen && (before != after || len(wrong) > 0) && f.item != fresh:
		return fault.Conflict
	case len(wrong) > 0:
		return unsaved{wrong, false}
	}
	if f.section.Name == "intro" {
		d.Guide.Verdict.Text = guide.RenumberNotes(d.Guide.Verdict.Text, f.saved.moved)
	}
	if wrong = p.nameItem(&d.Guide); len(wrong) > 0 {
		return unsaved{wrong, false}
	}
	f.draft = *d
	return nil
}

// check returns unsaved if "guide check" refuses the part that the form was put in.
func (f *sent) check() error {
	_, findings, err := f.draft.Check()
	if err != nil {
		return err
	}
	if wrong := f.saved.asTyped(f.part.mistakes(findings)); len(wrong) > 0 {
		return unsaved{wrong, true}
	}
	return nil
}

// preview shows the texts of the form as readers will see them, with what "guide check" says. Nothing is saved.
func (h *Handlers) preview(w http.ResponseWriter, r *http.Request, f *sent, d postgres.Draft) error {
	seen := f.values.Get("seen")
	if f.item != fresh { // a preview overwrites nothing, so a change by someone else does not matter yet
		if p, err := partIn(&d, f.section, f.item, f.option); err == nil {
			seen = p.seen()
		}
	}
	if err := f.put(&d, seen); err != nil {
		return h.giveBack(w, r, f, err)
	}
	_, findings, err := d.Check()
	if err != nil {
		return err
	}
	back := f.back()
	back.Preview, back.Outcome = f.shown(), f.part.outcome(d)
	back.Problems = f.part.problems(d, findings)
	return h.formPage(w, r, http.StatusOK, d, f.section, back)
}

// shown returns the texts of the part as the form holds them.
func (f *sent) shown() *edit.Preview {
	p := &edit.Preview{Sources: f.part.sources(&f.draft.Guide)}
	values := f.part.values()
	for _, field := range draftFields(f.section, f.draft) {
		text := values.Get(field.Name)
		if long := field.Kind == edit.Long; text != "" && (long || field.Kind == edit.Prose) {
			p.Texts = append(p.Texts, edit.PreviewText{Label: field.Label, Text: text, Long: long})
		}
	}
	return p
}

// typedIn returns the fields that the form has, as the database can hold them, and the sources that were picked from those that
// can be cited.
func typedIn(values url.Values, fields []edit.Field, cited []guide.Source) url.Values {
	typed := url.Values{}
	keep := func(name string) {
		for _, text := range values[name] {
			typed.Add(name, page.Storable(text))
		}
	}
	keep("option")
	last := 0
	for _, f := range fields {
		if f.Kind != edit.Sources {
			for _, name := range f.Names() {
				keep(name)
			}
			continue
		}
		for _, n := range sourceNumbers(values) {
			for _, part := range append(slices.Clone(form.SourceParts), "remove") {
				keep(form.SourceName(n, part))
			}
			if !emptySource(typed, n) {
				last = n
			}
		}
		for _, n := range sourceNumbers(typed) {
			for _, part := range append(slices.Clone(form.SourceParts), "remove") {
				if n > last { // the fields for one more
					typed.Del(form.SourceName(n, part))
				}
			}
		}
		for i, s := range picked(values, cited) {
			for part, text := range form.SourceOf(s).Fields() {
				typed.Set(form.SourceName(last+1+i, part), text)
			}
		}
	}
	return typed
}
