package edit

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/go-chi/chi/v5"

	"tiebreak/internal/fault"
	"tiebreak/internal/guide"
	"tiebreak/internal/guide/section"
	"tiebreak/internal/postgres"
	"tiebreak/internal/web/page"
	"tiebreak/templates/edit"
)

// optionsSection stands for the form of a guide's options, which belong to its head.
var optionsSection = section.Section{Name: "options", Title: "Options to compare"}

// ShowGuideOptions shows which options a guide compares, in the order of its page.
func (h *Handlers) ShowGuideOptions(w http.ResponseWriter, r *http.Request) error {
	d, err := h.DB.Draft(r.Context(), chi.URLParam(r, "slug"))
	if err != nil {
		return err
	}
	return h.guideOptionsPage(w, r, http.StatusOK, d, edit.FormPage{Values: optionValues(d.Guide)})
}

func optionValues(g guide.Guide) url.Values { return url.Values{"option": g.Options} }

func (h *Handlers) guideOptionsPage(w http.ResponseWriter, r *http.Request, status int, d postgres.Draft, p edit.FormPage) error {
	var err error
	if p.Frame, err = h.draftFrame(r, d, optionsSection); err != nil {
		return err
	}
	if p.Fields, err = h.optionFields(r, d); err != nil {
		return err
	}
	if p.Heading = optionsSection.Title; p.Seen == "" {
		p.Seen = digestOf(optionValues(d.Guide))
	}
	for _, slug := range d.Guide.NoLongerCompared() {
		p.Left = append(p.Left, edit.LeftOption{Slug: slug, Name: optionName(d, slug), Seen: d.Seen()})
	}
	return page.Render(w, r, status, p.View())
}

func (h *Handlers) optionFields(r *http.Request, d postgres.Draft) ([]edit.Field, error) {
	names, err := h.DB.OptionNames(r.Context())
	if err != nil {
		return nil, err
	}
	f := edit.Field{
		Name: "option", Label: "Options, in the order of the page", Kind: edit.Ranking, Most: guide.MaxOptions,
		Hint: "Two to four. The texts for an option that you remove stay in the draft until you remove them too.",
	}
	for _, o := range names {
		f.Choices = append(f.Choices, edit.Choice{Value: o.Slug, Words: o.Name})
	}
	return []edit.Field{f}, nil
}

// SaveGuideOptions has the draft compare other options, or the same ones in another order.
func (h *Handlers) SaveGuideOptions(w http.ResponseWriter, r *http.Request) error {
	values, slug := page.Form(r), chi.URLParam(r, "slug")
	if !values.Has("seen") {
		return page.ErrDamagedForm
	}
	back := edit.FormPage{Values: url.Values{}, Seen: values.Get("seen")}
	var chosen []string
	for _, option := range values["option"] {
		option = strings.TrimSpace(page.Storable(option))
		if back.Values.Add("option", option); option != "" {
			chosen = append(chosen, option)
		}
	}
	known, err := h.DB.OptionsNamed(r.Context(), chosen)
	if err != nil {
		return err
	}
	var draft postgres.Draft
	err = h.DB.EditDraft(r.Context(), slug, page.Member(r).ID, func(d *postgres.Draft) error {
		draft = *d
		if digestOf(optionValues(d.Guide)) != back.Seen && !slices.Equal(d.Guide.Options, chosen) {
			return fault.Conflict
		}
		if wrong := checkOptions(chosen, known, d.Guide.Options); len(wrong) > 0 {
			return wrong
		}
		d.Guide.Options = chosen
		return nil
	})
	var wrong fault.Invalid
	switch {
	case errors.Is(err, fault.Conflict):
		change := draft.Changes["head"]
		back.Changed = &edit.Change{Member: change.Member, At: change.At}
		back.Seen = digestOf(optionValues(draft.Guide))
		fields, err := h.optionFields(r, draft)
		if err != nil {
			return err
		}
		back.Differ = differences(fields, url.Values{"option": chosen}, optionValues(draft.Guide))
		return h.guideOptionsPage(w, r, http.StatusConflict, draft, back)
	case errors.As(err, &wrong):
		back.Wrong = wrong
		return h.guideOptionsPage(w, r, http.StatusUnprocessableEntity, draft, back)
	case err != nil:
		return err
	}
	return page.Done(w, r, "/staff/guides/"+slug, "options-saved")
}

// checkOptions returns what is wrong with the options that were chosen. A retired one may stay where it is compared already.
func checkOptions(chosen []string, known []guide.Option, before []string) (wrong fault.Invalid) {
	usable := func(slug string) bool {
		return slices.ContainsFunc(known, func(o guide.Option) bool {
			return o.Slug == slug && (!o.Retired || slices.Contains(before, slug))
		})
	}
	switch sorted := slices.Compact(slices.Sorted(slices.Values(chosen))); {
	case len(sorted) < len(chosen):
		wrong.Add("option", "Choose each option once.")
	case len(chosen) < 2 || len(chosen) > guide.MaxOptions:
		wrong.Add("option", fmt.Sprintf("Choose two to four options, not %d.", len(chosen)))
	case slices.ContainsFunc(chosen, func(slug string) bool { return !usable(slug) }):
		wrong.Add("option", "One of the options no longer exists. Choose again.")
	}
	return wrong
}

// ForgetOption removes from the draft what is left of an option that the guide compares no longer.
func (h *Handlers) ForgetOption(w http.ResponseWriter, r *http.Request) error {
	values, option := page.Form(r), chi.URLParam(r, "item")
	if !values.Has("seen") {
		return page.ErrDamagedForm
	}
	slug := chi.URLParam(r, "slug")
	err := h.DB.EditDraft(r.Context(), slug, page.Member(r).ID, func(d *postgres.Draft) error {
		switch {
		case !slices.Contains(d.Guide.NoLongerCompared(), option):
			return fault.NotFound
		case d.Seen() != values.Get("seen"):
			return fault.Conflict
		}
		d.Guide.Forget(option)
		return nil
	})
	if errors.Is(err, fault.Conflict) {
		return h.outlinePage(w, r, http.StatusConflict, edit.OutlinePage{Stale: true})
	}
	if err != nil {
		return err
	}
	return page.Done(w, r, "/staff/guides/"+slug, "option-left")
}
