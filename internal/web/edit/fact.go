package edit

import (
	"errors"
	"net/http"
	"strings"
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

const factsPath = "/staff/facts"

// ListFacts shows the facts that wait for an editor, or those with the words of ?q=.
func (h *Handlers) ListFacts(w http.ResponseWriter, r *http.Request) error {
	return h.factsPage(w, r, http.StatusOK, options.FactsPage{Words: strings.TrimSpace(page.OneLine(r.URL.Query(), "q"))})
}

// factsPage shows the facts with why a guide was not confirmed.
func (h *Handlers) factsPage(w http.ResponseWriter, r *http.Request, status int, p options.FactsPage) (err error) {
	if p.Page, err = h.StaffFrame(r, "Facts to check"); err != nil {
		return err
	}
	if p.Words != "" {
		p.Found, err = h.DB.FindFacts(r.Context(), strings.Fields(p.Words))
		p.More = len(p.Found) == postgres.MaxListedFacts
	} else {
		p.DueFacts, err = h.DB.DueFacts(r.Context())
	}
	if err != nil {
		return err
	}
	p.MayChange = mayEdit(r)
	return page.Render(w, r, status, p.View())
}

// ConfirmGuide has a guide say no more that it is under review: its judgements still hold.
func (h *Handlers) ConfirmGuide(w http.ResponseWriter, r *http.Request) error {
	values := page.Form(r)
	if !values.Has("guide") || !values.Has("seen") {
		return page.ErrDamagedForm
	}
	err := h.DB.ConfirmGuide(r.Context(), values.Get("guide"), values.Get("seen"), page.Member(r).ID)
	wrong, refused := errors.AsType[fault.Invalid](err)
	switch {
	case errors.Is(err, fault.Conflict):
		return h.factsPage(w, r, http.StatusConflict, options.FactsPage{Refused: "The guide changed meanwhile. Read it again."})
	case refused:
		return h.factsPage(w, r, http.StatusUnprocessableEntity, options.FactsPage{Refused: wrong[0].Message})
	}
	return h.afterEdit(w, r, err, factsPath, "guide-confirmed")
}

// BeginFact leads to the form of the fact whose key was typed.
func (h *Handlers) BeginFact(w http.ResponseWriter, r *http.Request) error {
	slug, key := chi.URLParam(r, "slug"), yamlform.Trim(page.OneLine(r.URL.Query(), "key"))
	if !isKey(key) {
		p := options.OptionPage{Key: key}
		p.Wrong.Add("key", "Use lower-case letters, digits and single hyphens, up to 100, such as admin-interface.")
		return h.optionPage(w, r, http.StatusUnprocessableEntity, p)
	}
	http.Redirect(w, r, options.FactPath(slug, key), http.StatusSeeOther)
	return nil
}

// isKey reports whether the text can name a fact.
func isKey(key string) bool {
	return yamlform.IsSlug(key) && utf8.RuneCountInString(key) <= maxSlug
}

// ShowFact shows the fact, its effect, its history and, to an editor, its form: also that of a fact that is not there yet.
func (h *Handlers) ShowFact(w http.ResponseWriter, r *http.Request) error {
	p, err := h.readFactPage(r)
	if err != nil {
		return err
	}
	if p.IsNew() && !p.MayChange {
		return fault.NotFound
	}
	p.Form = options.FormOf(p.Fact())
	return page.Render(w, r, http.StatusOK, p.View())
}

// readFactPage reads all of the fact's page but its form.
func (h *Handlers) readFactPage(r *http.Request) (p options.FactPage, err error) {
	p.Key, p.MayChange = chi.URLParam(r, "key"), mayEdit(r)
	if !isKey(p.Key) {
		return p, fault.NotFound
	}
	read, err := h.DB.FactPage(r.Context(), chi.URLParam(r, "slug"), p.Key)
	if err != nil {
		return p, err
	}
	p.Option, p.History, p.Uses = read.Option, read.History, read.Uses
	if p.Page, err = h.StaffFrame(r, p.Option.Name+": "+options.FactLabel(p.Key)); err != nil {
		return p, err
	}
	if p.Script = true; !p.IsNew() {
		p.Notes = notes(p.Key, p.Fact(), p.Today)
	}
	return p, nil
}

// SaveFact puts what was typed in force, or shows the form again with what is wrong with it, with another place for a source, or
// with what someone else saved meanwhile.
func (h *Handlers) SaveFact(w http.ResponseWriter, r *http.Request) error {
	p, err := h.readFactPage(r)
	if err != nil {
		return err
	}
	values := page.Form(r)
	before, err := seenVersion(values, p.History)
	if err != nil {
		return err
	}
	p.Form, p.Renew = readForm(values, before, p.Option.Cited()), values.Has("renew")
	if values.Get("do") == "more" {
		p.Adding = true
		return page.Render(w, r, http.StatusOK, p.View())
	}
	f, wrong := parseFact(p.Key, p.Form, p.Today, p.Renew)
	if p.Wrong = wrong; len(wrong) > 0 {
		return page.Render(w, r, http.StatusUnprocessableEntity, p.View())
	}
	return h.afterFact(w, r, p, options.NotSaved, h.DB.ChangeFact(r.Context(), h.change(r, before, staff.FactSaved, f)))
}

// CheckFact renews the dates of a fact that is still true.
func (h *Handlers) CheckFact(w http.ResponseWriter, r *http.Request) error {
	return h.act(w, r, options.NotChecked, func(before guide.FactVersion, _ options.FactPage) (postgres.FactChange, error) {
		return h.change(r, before, staff.FactChecked, guide.Fact{}), nil
	})
}

// RestoreFact puts an earlier version in force again, as a new version.
func (h *Handlers) RestoreFact(w http.ResponseWriter, r *http.Request) error {
	version, err := page.ID(r, "version")
	if err != nil {
		return err
	}
	return h.act(w, r, options.NotRestored, func(before guide.FactVersion, p options.FactPage) (postgres.FactChange, error) {
		v, found := versionIn(p.History, int(version))
		if !found {
			return postgres.FactChange{}, fault.NotFound
		}
		return h.change(r, before, staff.FactRestored, v.Fact), nil
	})
}

// act does to a fact that is there what change says, by a form without fields.
func (h *Handlers) act(
	w http.ResponseWriter, r *http.Request, undone options.Stale,
	change func(before guide.FactVersion, p options.FactPage) (postgres.FactChange, error),
) error {
	p, err := h.readFactPage(r)
	if err != nil {
		return err
	}
	if p.IsNew() {
		return fault.NotFound
	}
	before, err := seenVersion(page.Form(r), p.History)
	if err != nil {
		return err
	}
	c, err := change(before, p)
	if err != nil {
		return err
	}
	return h.afterFact(w, r, p, undone, h.DB.ChangeFact(r.Context(), c))
}

// change returns the change of the fact in the address by the member who asks.
func (h *Handlers) change(r *http.Request, before guide.FactVersion, act staff.ActKind, f guide.Fact) postgres.FactChange {
	return postgres.FactChange{
		Option: chi.URLParam(r, "slug"), Key: chi.URLParam(r, "key"), Seen: before.Version, Member: page.Member(r).ID, Act: act,
		Fact: f,
	}
}

// afterFact leads on after a change, or shows both versions if someone else changed the fact first.
func (h *Handlers) afterFact(w http.ResponseWriter, r *http.Request, p options.FactPage, undone options.Stale, err error) error {
	if errors.Is(err, fault.Conflict) {
		mine, renew := p.Form, p.Renew
		before, _ := versionIn(p.History, mine.Seen)
		if p, err = h.readFactPage(r); err != nil {
			return err
		}
		if p.Form, p.Stale = options.FormOf(p.Fact()), undone; undone == options.NotSaved {
			p.Form, p.Renew = mine.Onto(options.FormOf(before.Fact), p.Form), renew
		}
		return page.Render(w, r, http.StatusConflict, p.View())
	}
	to, done := options.FactPath(p.Option.Slug, p.Key), "fact-"+string(undone)
	switch page.Form(r).Get("back") {
	case "option":
		to = options.OptionPath(p.Option.Slug) + "#fact-" + p.Key
	case "facts":
		to = factsPath
	}
	return h.afterEdit(w, r, err, to, done)
}
