package page

import (
	"errors"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"tiebreak/templates/ui"
)

// prerequisite is a change that somebody typed for, and that waits for what they do at the page elsewhere first.
type prerequisite struct{ path string }

func (e prerequisite) Error() string { return "not done before " + e.path }

// page says what is to be done first, and leads there.
func (e prerequisite) page() (p ui.ErrorPage) {
	page, _, _ := strings.Cut(e.path, "?")
	first := func(heading, todo, words string) {
		p = newErrorPage("Not done yet: "+heading, "What you wrote is still here. "+todo+
			" in another tab. Then come back to this tab and send it again.")
		p.First, p.Again = ui.Link{Words: words, Address: page}, true
	}
	switch page {
	case FactorsPath:
		first("your team requires two-step sign-in", "Set it up", "Set up two-step sign-in")
	case ReauthPath:
		first("confirm that it’s you", "Do this", "Confirm that it’s you")
	default:
		first("you are signed out", "Sign in again", "Sign in")
	}
	return p
}

// RedirectKeepingForm has who asks go to another page first, and gives back what they wrote.
func (c *Core) RedirectKeepingForm(w http.ResponseWriter, r *http.Request, page string) error {
	if r.Method == http.MethodPost {
		if _, err := ReadForm(r); err != nil {
			return err
		}
	}
	if k := unsavedForm(r); k != nil && len(k.Written) > 0 {
		return prerequisite{page}
	}
	http.Redirect(w, r, page, http.StatusSeeOther)
	return nil
}

// maxFields bounds the fields of a form that is given back: ours have fewer.
const maxFields = 100

// Fields of forms: what somebody wrote, in the order in which it is given back, and what is never given back.
var (
	typedFields = []ui.Written{
		{Name: "project", Label: "Your project", Long: true},
		{Name: "reply", Label: "Your reply", Long: true},
		{Name: "note", Label: "Your note", Long: true},
		{Name: "signature", Label: "Your signature", Long: true},
		{Name: "name", Label: "Name"},
		{Name: "text", Label: "Text", Long: true},
		{Name: "email", Label: "Email"},
		{Name: "places", Label: "Places a month"},
	}
	secretFields = []string{PasswordField, "current", CodeField, RecoveryField, PasskeyField}
)

// unsavedForm returns the form that was not taken, to be sent again; nil for none, for one that was too large and one with a
// secret.
func unsavedForm(r *http.Request) *ui.Kept {
	if r.Method != http.MethodPost || strings.HasPrefix(r.URL.Path, "//") { // which would be another site's address
		return nil
	}
	values, err := ReadForm(r)
	isSet := func(name string) bool { return strings.Join(values[name], "") != "" }
	if errors.Is(err, ErrFormTooLarge) || len(values) > maxFields || slices.ContainsFunc(secretFields, isSet) {
		return nil
	}
	k := ui.Kept{Action: r.URL.RequestURI(), Rest: url.Values{}, Partial: err != nil}
	rest := maps.Clone(values)
	for _, field := range typedFields {
		if field.Text = Text(values, field.Name); field.Text != "" {
			k.Written = append(k.Written, field)
		}
		rest.Del(field.Name)
	}
	for name, list := range rest {
		for _, value := range list {
			k.Rest.Add(Storable(name), Storable(value))
		}
	}
	return &k
}

// Ways to show that it is oneself.
const (
	CodeField     = "code"
	RecoveryField = "recovery"
	PasskeyField  = "credential"
	PasswordField = "password"
)
