package edit

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"unicode/utf8"

	"github.com/go-chi/chi/v5"

	"tiebreak/internal/fault"
	"tiebreak/internal/guide"
	"tiebreak/internal/guide/yamlform"
	"tiebreak/internal/postgres"
	"tiebreak/internal/staff"
	"tiebreak/internal/web/page"
	"tiebreak/templates/options"
)

// ListOptions shows the options, or those that match ?q=.
func (h *Handlers) ListOptions(w http.ResponseWriter, r *http.Request) error {
	return h.optionsPage(w, r, http.StatusOK, options.OptionsPage{Words: page.OneLine(r.URL.Query(), "q")})
}

// optionsPage shows the list with what was typed about a new option.
func (h *Handlers) optionsPage(w http.ResponseWriter, r *http.Request, status int, p options.OptionsPage) error {
	var err error
	if p.Page, err = h.StaffFrame(r, "Options"); err != nil {
		return err
	}
	if p.Options, err = h.DB.Options(r.Context(), p.Words); err != nil {
		return err
	}
	p.More, p.MayChange = len(p.Options) == postgres.MaxListedOptions, mayEdit(r)
	return page.Render(w, r, status, p.View())
}

func mayEdit(r *http.Request) bool { return page.Member(r).Role.AtLeast(staff.Editor) }

// AddOption adds an option without facts.
func (h *Handlers) AddOption(w http.ResponseWriter, r *http.Request) error {
	values := page.Form(r)
	o := readOption(values)
	o.Slug = yamlform.Trim(page.OneLine(values, "slug"))
	p := options.OptionsPage{Typed: o, Wrong: checkOption(o)}
	if len(p.Wrong) == 0 {
		err := h.DB.AddOption(r.Context(), o, page.Member(r).ID)
		if errors.Is(err, fault.Conflict) {
			p.Wrong.Add("slug", "Another option has this address. Choose another one.")
		} else if err != nil {
			return err
		}
	}
	if len(p.Wrong) > 0 {
		return h.optionsPage(w, r, http.StatusUnprocessableEntity, p)
	}
	return page.Done(w, r, options.OptionPath(o.Slug), "option-added")
}

// readOption returns what was typed about an option.
func readOption(values url.Values) guide.Option {
	text := func(name string) string { return yamlform.Trim(page.OneLine(values, name)) }
	return guide.Option{Name: text("name"), Kind: text("kind"), Homepage: text("homepage")}
}

// checkOption returns what is wrong with an option, by the fields of its form.
func checkOption(o guide.Option) fault.Invalid {
	var wrong fault.Invalid
	for _, field := range []struct {
		name, text string
		most       int
	}{
		{"slug", o.Slug, maxSlug},
		{"name", o.Name, maxName},
		{"kind", o.Kind, maxName},
		{"homepage", o.Homepage, maxText},
	} {
		tooLong(&wrong, field.name, field.text, field.most)
	}
	for _, found := range yamlform.CheckOption(o) {
		if found.Path == "option" {
			found.Path = "slug"
		}
		addFinding(&wrong, found, found.Path)
	}
	return wrong
}

// Limits of the fields of a form, in characters. Files have no such limits.
const (
	maxSlug = 100
	maxName = 200
	maxText = 20_000
)

// tooLong adds a mistake if the text is longer than its field may be.
func tooLong(wrong *fault.Invalid, name, text string, most int) {
	if n := utf8.RuneCountInString(text); n > most {
		wrong.Add(name, fmt.Sprintf("This has %d characters: shorten it to %d.", n, most))
	}
}

// ShowOption shows the table of an option's facts.
func (h *Handlers) ShowOption(w http.ResponseWriter, r *http.Request) error {
	return h.optionPage(w, r, http.StatusOK, options.OptionPage{})
}

// optionPage shows the option with what a handler knows already: what was typed, and what is wrong with it.
func (h *Handlers) optionPage(w http.ResponseWriter, r *http.Request, status int, p options.OptionPage) (err error) {
	if p.Option, err = h.DB.Option(r.Context(), chi.URLParam(r, "slug")); err != nil {
		return err
	}
	if p.Page, err = h.StaffFrame(r, p.Option.Name); err != nil {
		return err
	}
	list := postgres.GuideList{Option: p.Option.Slug, Most: postgres.MaxListedOptions}
	if p.Guides, err = h.DB.Guides(r.Context(), list); err != nil {
		return err
	}
	if p.Seen, err = p.Option.HeadDigest(); err != nil {
		return err
	}
	if p.Typed.Slug == "" {
		p.Typed = p.Option
	}
	p.MayChange = mayEdit(r)
	return page.Render(w, r, status, p.View())
}

// ChangeOption changes the name, the kind and the homepage.
func (h *Handlers) ChangeOption(w http.ResponseWriter, r *http.Request) error {
	values := page.Form(r)
	if !values.Has("seen") {
		return page.ErrDamagedForm
	}
	o := readOption(values)
	o.Slug = chi.URLParam(r, "slug")
	p := options.OptionPage{Typed: o, Wrong: checkOption(o)}
	if len(p.Wrong) > 0 {
		return h.optionPage(w, r, http.StatusUnprocessableEntity, p)
	}
	err := h.DB.ChangeOption(r.Context(), values.Get("seen"), o, page.Member(r).ID)
	if errors.Is(err, fault.Conflict) {
		p.Stale = true
		return h.optionPage(w, r, http.StatusConflict, p)
	}
	return h.afterEdit(w, r, err, options.OptionPath(o.Slug), "option-saved")
}

// RetireOption has visitors no longer see the option.
func (h *Handlers) RetireOption(w http.ResponseWriter, r *http.Request) error {
	return h.retire(w, r, true, "option-retired")
}

// UnretireOption has visitors see a retired option again.
func (h *Handlers) UnretireOption(w http.ResponseWriter, r *http.Request) error {
	return h.retire(w, r, false, "option-back")
}

func (h *Handlers) retire(w http.ResponseWriter, r *http.Request, retire bool, done string) error {
	slug := chi.URLParam(r, "slug")
	err := h.DB.RetireOption(r.Context(), slug, retire, page.Member(r).ID)
	if wrong, refused := errors.AsType[fault.Invalid](err); refused {
		return h.optionPage(w, r, http.StatusUnprocessableEntity, options.OptionPage{Wrong: wrong})
	}
	return h.afterEdit(w, r, err, options.OptionPath(slug), done)
}

// afterEdit goes on to the page after an act that worked. Here visitors see it at once, on other instances within seconds.
func (h *Handlers) afterEdit(w http.ResponseWriter, r *http.Request, err error, to, done string) error {
	if err != nil {
		return err
	}
	h.Refresh(r.Context())
	return page.Done(w, r, to, done)
}
