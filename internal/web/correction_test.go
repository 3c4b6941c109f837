package web_test

import (
	"net/http"
	"net/url"
	"testing"

	"tiebreak/internal/lead"
	"tiebreak/internal/pgtest"
	"tiebreak/internal/staff"
)

// sentBack is the key of the form that is shown after an old form was sent with other words.
func (s *site) sentBack(address string, form url.Values) string {
	s.t.Helper()
	page := s.from(address, form).wantStatus(http.StatusConflict)
	if stamp := page.attr("[name=stamp]", "value"); stamp != form.Get("stamp") {
		s.t.Errorf("the form is shown again with the stamp %q", stamp)
	}
	return page.attr("[name=key]", "value")
}

func TestAddressCorrectedTwiceByGoingBackIsHeardOf(t *testing.T) {
	t.Parallel()
	s := siteOn(t, pgtest.New(t), "127.0.0.0/8")
	s.signIn(staff.Reader)
	for client, addresses := range map[string][3]string{
		"one network":    {"203.0.113.1", "203.0.113.1", "203.0.113.1"},
		"three networks": {"203.0.113.2", "203.0.113.3", "203.0.113.4"}, // on a train
	} {
		form := request(url.Values{
			"project": {"We want to replace the booking system of our " + client}, "name": {"Visitor with " + client},
			"stamp": {s.stamp()}, "key": {lead.NewKey()}, "email": {"smaple@example.org"},
		})
		s.from(addresses[0], form).wantStatus(http.StatusSeeOther)
		for n, email := range []string{"sampel@example.org", "right@example.org"} {
			form.Set("email", email)
			form.Set("key", s.sentBack(addresses[n+1], form))
			s.from(addresses[n+1], form).wantStatus(http.StatusSeeOther)
		}
		last := s.leads()[0]
		if last.Email != "right@example.org" || last.Suspect {
			t.Errorf("%s: %s is suspect: %v", client, last.Email, last.Causes)
		}
		first := s.leads()[2].Reference
		s.get("/staff/leads/"+last.Reference).wantText("main section:contains('Same sender or same text')", first)
	}
}
