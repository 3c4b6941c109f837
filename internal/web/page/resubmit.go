package page

import (
	"errors"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"tiebreak/internal/text"
	"tiebreak/templates/ui"
)

// prerequisite is the error of a form that is not taken before its sender did something at the page with the path.
type prerequisite struct{ path string }

func (e prerequisite) Error() string { return "not done before " + e.path }

// page says what to do first, and links to it.
func (e prerequisite) page() ui.ErrorPage {
	path, _, _ := strings.Cut(e.path, "?")
	heading, todo, words := "you are signed out", "Sign in again", "Sign in"
	switch path {
	case "/staff/account/factors":
		heading, todo, words = "your team requires two-step sign-in", "Set it up", "Set up two-step sign-in"
	case "/staff/account/reauthentication":
		heading, todo, words = "confirm that it’s you", "Do this", "Confirm that it’s you"
	}
	return ui.ErrorPage{
		Heading: "Not done yet: " + heading,
		Advice:  "What you wrote is still here. " + todo + " in another tab. Then come back to this tab and send it again.",
		First:   ui.Link{Words: words, Address: path}, Again: true,
	}
}

// RedirectKeepingForm sends the browser to another page first, or gives back what its user typed.
func (c *Core) RedirectKeepingForm(w http.ResponseWriter, r *http.Request, page string) error {
	if r.Method == http.MethodPost {
		if _, err := ReadForm(r); err != nil {
			return err
		}
	}
	if unsaved := unsavedForm(r, nil); unsaved != nil && (len(unsaved.Typed) > 0 || unsaved.Rest.Has(FileField)) {
		return prerequisite{page}
	}
	http.Redirect(w, r, page, http.StatusSeeOther)
	return nil
}

// maxFields bounds the fields of a form that is given back: ours have fewer, also that of a section with many sources.
const maxFields = 1000

// Fields of forms: what people type, in the order in which it is given back, and what is never given back.
var (
	typedFields = []ui.TypedField{
		{Name: "project", Label: "Your project", Long: true},
		{Name: "reply", Label: "Your reply", Long: true},
		{Name: "note", Label: "Your note", Long: true},
		{Name: "signature", Label: "Your signature", Long: true},
		{Name: "name", Label: "Name"},
		{Name: "text", Label: "Text", Long: true},
		{Name: "email", Label: "Email"},
		{Name: "value", Label: "Value", Long: true},
		{Name: "detail", Label: "Detail", Long: true},
		{Name: "slug", Label: "Address"},
		{Name: "kind", Label: "Kind"},
		{Name: "homepage", Label: "Homepage"},
		{Name: "run_by", Label: "Run by"},
		{Name: "contact", Label: "Contact"},
		{Name: "sells", Label: "What you sell"},
		{Name: "address", Label: "Legal address", Long: true},
		{Name: "imprint", Label: "Imprint"},
		{Name: "consent_sentence", Label: "Consent sentence", Long: true},
		{Name: "project_hint", Label: "Hint for the project"},
		{Name: "name_hint", Label: "Hint for the name"},
		{Name: "email_hint", Label: "Hint for the email"},
		{Name: "timeline_hint", Label: "Hint for the start"},
		{Name: "budget_hint", Label: "Hint for the budget"},
		{Name: "budgets", Label: "Suggested budgets", Long: true},
		{Name: "thanks", Label: "Thanks", Long: true},
		{Name: "reply_hours", Label: "Reply within, in hours"},
		{Name: "answer_hours", Label: "Answer later messages within, in hours"},
		{Name: "places", Label: "Places a month"},
		{Name: "time_zone", Label: "Time zone"},
		{Name: "from", Label: "First closed day"},
		{Name: "until", Label: "Last closed day"},
		{Name: "sentence", Label: "A sentence for visitors", Long: true},
		{Name: "keep_won", Label: "Won, kept for days"},
		{Name: "keep_lost", Label: "Lost, kept for days"},
		{Name: "keep_withdrawn", Label: "Withdrawn, kept for days"},
		{Name: "keep_suspect", Label: "Suspected spam, kept for days"},
	}
	secretFields = []string{PasswordField, "current", CodeField, RecoveryField, PasskeyField}
)

// unsavedForm returns the form that was not taken because of the cause, to be sent again; nil for none, for one that was too
// large and one with a secret.
func unsavedForm(r *http.Request, cause error) *ui.UnsavedForm {
	if r.Method != http.MethodPost || strings.HasPrefix(r.URL.Path, "//") { // which would be another site's address
		return nil
	}
	values, err := ReadForm(r)
	damaged := err != nil || errors.Is(cause, ErrDamagedForm)
	isSet := func(name string) bool { return strings.Join(values[name], "") != "" }
	if errors.Is(err, ErrFormTooLarge) || len(values) > maxFields || slices.ContainsFunc(secretFields, isSet) {
		return nil
	}
	f := ui.UnsavedForm{Action: r.URL.RequestURI(), Rest: url.Values{}, Partial: damaged, Files: values.Has(FileField)}
	rest := maps.Clone(values)
	for _, field := range typedFields {
		if field.Text = Text(values, field.Name); field.Text != "" { // an empty one is sent again too: it may have been emptied
			f.Typed = append(f.Typed, field)
			rest.Del(field.Name)
		}
	}
	if strings.HasPrefix(r.URL.Path, "/staff/guides/") || strings.HasPrefix(r.URL.Path, "/staff/options/") {
		f.Typed = append(f.Typed, takeTexts(rest)...)
	}
	for name, list := range rest {
		for _, value := range list {
			f.Rest.Add(Storable(name), Storable(value))
		}
	}
	return &f
}

// takeTexts removes from the form of a guide or a fact what may be a typed text, and returns it: such a form has any number of
// fields. Other fields are sent again unseen.
func takeTexts(form url.Values) (texts []ui.TypedField) {
	for _, name := range slices.Sorted(maps.Keys(form)) {
		typed := Text(form, name)
		if len(form[name]) == 1 && strings.ContainsAny(typed, " :") { // an address of a page is a text too
			label := text.Capitalise(strings.ReplaceAll(Storable(name), "-", " "))
			texts = append(texts, ui.TypedField{Name: Storable(name), Label: label, Text: typed, Long: true})
			form.Del(name)
		}
	}
	return texts
}

// Fields of credentials.
const (
	CodeField     = "code"
	RecoveryField = "recovery"
	PasskeyField  = "credential"
	PasswordField = "password"
)
