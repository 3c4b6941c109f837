package web_test

import (
	"maps"
	"net/http"
	"net/url"
	"testing"

	"tiebreak/internal/guide"
	"tiebreak/internal/lead"
	"tiebreak/internal/pgtest"
	"tiebreak/internal/staff"
)

// ourConsent is the sentence that a form of a new site shows.
var ourConsent = guide.Site{}.FormWords().ConsentSentence

// request returns the form that a prospect filled in on the guide's page, with changes.
func request(changes url.Values) url.Values {
	form := fields("guide", "django-vs-fastapi", "project", "A sample project", "name", "Sample Person",
		"email", "sample@example.org", "option", "django", "tick", "ready-admin", "consent", "yes")
	maps.Copy(form, changes)
	return form
}

// ask sends a request that differs from others in its words, and in the fields that are given as names and values.
func (s *site) ask(words string, changes ...string) (receipt string) {
	s.t.Helper()
	form := request(url.Values{"project": {words}})
	maps.Copy(form, fields(changes...))
	return s.send(form)
}

// send sends the request, which must be accepted.
func (s *site) send(form url.Values) (receipt string) {
	s.t.Helper()
	return s.post("/intake", form).wantStatus(http.StatusSeeOther).location()
}

// from sends a request that reaches the site through a trusted proxy, from the address.
func (s *site) from(address string, form url.Values) answer {
	s.t.Helper()
	return s.post("/intake", form, "X-Forwarded-For", address)
}

// leads returns all leads, newest first.
func (s *site) leads() []lead.Lead {
	s.t.Helper()
	return pgtest.Leads(s.t, s.db)
}

func (s *site) wantLeads(want int) {
	s.t.Helper()
	if got := len(s.leads()); got != want {
		s.t.Errorf("%d leads, want %d", got, want)
	}
}

// seen returns the mark by which the forms of the lead's page name the state that a member saw.
func (s *site) seen(reference string) string {
	s.t.Helper()
	return s.get("/staff/leads/" + reference).value("[name=seen]")
}

// act posts what the member does to the lead, having seen it as it stands.
func (s *site) act(reference, noun string, form url.Values) answer {
	s.t.Helper()
	form.Set("seen", s.seen(reference))
	return s.post("/staff/leads/"+reference+noun, form)
}

// mustAct posts what the member does to the lead, which must be done, and returns where the browser is led.
func (s *site) mustAct(reference, noun string, pairs ...string) (location string) {
	s.t.Helper()
	return s.act(reference, noun, fields(pairs...)).wantStatus(http.StatusSeeOther).location()
}

// mails returns the mails about the lead.
func (s *site) mails(reference string) []lead.Delivery {
	s.t.Helper()
	return pgtest.Mails(s.t, s.db, reference)
}

// replies counts the mails that carry a reply to the first lead.
func (s *site) replies() (n int) {
	s.t.Helper()
	for _, m := range s.mails("TB-0001") {
		if m.Kind == lead.ReplyMail {
			n++
		}
	}
	return n
}

func (s *site) wantReplies(want int) {
	s.t.Helper()
	if got := s.replies(); got != want {
		s.t.Errorf("%d replies go out, want %d", got, want)
	}
}

func TestStaffSeeTheLeadAndMoveIt(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Editor)
	s.get("/staff/leads").wantText("main", "There are no leads yet")
	s.ask("A sample project")

	list := s.get("/staff/leads").wantStatus(http.StatusOK)
	list.wantText("tbody", "Sample Person", "A sample project", "23 h 59 min left")
	page := s.get(list.attr("tbody th a", "href")).wantStatus(http.StatusOK).wantText("main", s.reason("ready-admin"))
	page.wantCount("button[name=to]", 2).wantCount("button[name=answered]", 2) // to lost

	move := fields("to", "contacted")
	s.act("TB-0001", "/status", move).wantStatus(http.StatusSeeOther)
	page = s.get("/staff/leads/TB-0001").wantText("main", "answered in time")
	page.wantText(".thread", "Sample Member moved it to Contacted")
	s.post("/staff/leads/TB-0001/status", move).wantStatus(http.StatusConflict).
		wantText("[role=alert]", "Sample Member moved it to Contacted")
}

func TestStaffReadTheGuideAsTheProspectDid(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Reader)
	s.ask("A sample project")
	page := s.get("/staff/leads/TB-0001/guide").wantStatus(http.StatusOK).wantText(".notice", "The guide as TB-0001 saw it")
	page.wantCount("form[action='/staff/sign-out'] button", 1).wantAttr("#tally", "data-leader", "django")
	page.wantCount("script[type='application/ld+json'], link[rel=canonical]", 0)
}

func TestMoveByAReaderIsRefusedAndLogged(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Reader)
	s.ask("A sample project")
	s.get("/staff/leads/TB-0001").wantCount("button[name=to]", 0)
	s.post("/staff/leads/TB-0001/status", fields("seen", "1", "to", "lost")).wantStatus(http.StatusForbidden)
	s.wantLogged(`msg="refused to a member"`, 1)
	s.wantLogged("member=1 role=reader method=POST route=/staff/leads/{reference}/status", 1)
}
