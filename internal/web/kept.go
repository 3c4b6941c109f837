package web

import (
	"errors"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"tiebreak/templates/ui"
)

// notYet is a change that somebody typed for, and that waits for what they do at the page elsewhere first.
type notYet struct{ elsewhere string }

func (e notYet) Error() string { return "not done before " + e.elsewhere }

// told says what is to be done first, and leads there.
func (e notYet) told() (p ui.ErrorPage) {
	page, _, _ := strings.Cut(e.elsewhere, "?")
	first := func(heading, todo, words string) {
		p = said("Not done yet: "+heading, "What you wrote is still here. "+todo+" in another tab, come back to this one and send it again.")
		p.First, p.Again = ui.Link{Words: words, Address: page}, true
	}
	switch page {
	case factorsPath:
		first("your team requires a second factor", "Set yours up", "Set up a second factor")
	case proofPath:
		first("show that it is you", "It is a while since you last showed it: do so", "Show that it is you")
	default:
		first("you are signed out", "Sign in once more", "Sign in")
	}
	return p
}

// sendElsewhere has who asks go to another page first, and gives back what they wrote.
func (s *Server) sendElsewhere(w http.ResponseWriter, r *http.Request, page string) error {
	if r.Method == http.MethodPost {
		if _, err := readForm(r); err != nil {
			return err
		}
	}
	if k := keptOf(r); k != nil && len(k.Written) > 0 {
		return notYet{page}
	}
	http.Redirect(w, r, page, http.StatusSeeOther)
	return nil
}

// mostFields bounds the fields of a form that is given back: ours have fewer.
const mostFields = 100

// Fields of forms: what somebody wrote, in the order in which it is given back, and what is never given back.
var (
	written = []ui.Written{
		{Name: "project", Label: "Your project", Long: true},
		{Name: "reply", Label: "Your reply", Long: true},
		{Name: "note", Label: "Your note", Long: true},
		{Name: "signature", Label: "Your signature", Long: true},
		{Name: "name", Label: "Name"},
		{Name: "text", Label: "Text", Long: true},
		{Name: "email", Label: "Email"},
		{Name: "places", Label: "Places a month"},
	}
	secret = []string{byPassword, "current", byCode, byRecovery, byPasskey}
)

// keptOf returns the form that was not taken, to be sent again; nil for none, for one that was too large and one with a secret.
func keptOf(r *http.Request) *ui.Kept {
	if r.Method != http.MethodPost || strings.HasPrefix(r.URL.Path, "//") { // which would be another site's address
		return nil
	}
	values, err := readForm(r)
	isSet := func(name string) bool { return strings.Join(values[name], "") != "" }
	if errors.Is(err, errTooLarge) || len(values) > mostFields || slices.ContainsFunc(secret, isSet) {
		return nil
	}
	k := ui.Kept{Action: r.URL.RequestURI(), Rest: url.Values{}, Partial: err != nil}
	rest := maps.Clone(values)
	for _, field := range written {
		if field.Text = text(values, field.Name); field.Text != "" {
			k.Written = append(k.Written, field)
		}
		rest.Del(field.Name)
	}
	for name, list := range rest {
		for _, value := range list {
			k.Rest.Add(storable(name), storable(value))
		}
	}
	return &k
}
