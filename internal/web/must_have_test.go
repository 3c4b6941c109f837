package web_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"tiebreak/internal/guide"
	"tiebreak/internal/lead"
	"tiebreak/internal/staff"
)

const checklist = "/compare/django-vs-fastapi"

// strict publishes the guide with a checklist in which a reason rules an option out and two share a group.
func (s *site) strict() guide.Guide {
	s.t.Helper()
	g := s.edition().Guide
	g.Conditions = map[string][]guide.Condition{
		"django": {
			{ID: "ready-admin", Text: "You need an admin", Weight: 3},
			{ID: "html-pages", Text: "You serve pages", Weight: 1, RulesOut: []string{"fastapi"}},
		},
		"fastapi": {
			{ID: "openapi", Text: "You need OpenAPI", Weight: 1, Group: "interface"},
			{ID: "streaming", Text: "You stream", Weight: 2, Group: "interface"},
		},
	}
	g.Both = guide.Together{When: "one part is an API.", Text: "They run as two programs."}
	g.Profiles = []guide.Profile{
		{Name: "A sample shop", Tick: []string{"ready-admin"}, Expect: "django"},
		{Name: "A sample stream", Tick: []string{"openapi"}, Must: []string{"streaming"}, Expect: "fastapi"},
	}
	s.publish(g)
	return g
}

func TestResultSaysFirstWhatIsRuledOutAndByWhat(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.strict()

	page := s.get(checklist + "?tick=html-pages&tick=openapi&tick=streaming").wantStatus(http.StatusOK)
	page.wantAttr("#tally", "data-leader", "django").wantAttr("#tally", "data-out", "fastapi")
	page.wantAttr("#tally", "data-scores", "django=1 fastapi=2")
	page.wantText("#tally .lead", "FastAPI is ruled out by “"+s.reason("html-pages")+"”. Only Django is left. It scores 1.")
	page.wantText("#tally .list.opt-b", "not counted: another reason covers it")
	page.wantText("#tally [data-flip=fastapi]", "FastAPI is possible only without this: 2 "+s.reason("html-pages"))
	page.wantAttr("#tally [data-flip=fastapi]", "data-adds", "")
	page.wantAttr("#tally [data-flip=fastapi]", "data-removes", "html-pages")

	s.get(checklist+"?must=html-pages&must=openapi").wantAttr("#tally", "data-leader", "both").
		wantText("h1", "use Django and FastAPI together").wantNoText("#tally, #count", "ruled out").
		wantText("#tally .lead", "Use both when one part is an API. Neither is enough alone: “"+s.reason("html-pages")+
			"” needs Django; “"+s.reason("openapi")+"” needs FastAPI.").
		wantText("#tally", "They run as two programs.", "To use only one").wantText("#count", "not enough alone")
	s.get(checklist+"?tick=html-pages&must=openapi").wantAttr("#tally", "data-leader", "none").
		wantText("#tally", "Your ticks rule out every option.", "What to give up",
			"Django is possible only if this is not a must-have: 3 "+s.reason("openapi"))
	s.get(checklist).wantText("#choose .tick:has([value=html-pages])", "rules out FastAPI").wantAttr("#tally", "data-out", "")
}

func TestOnlyTickIsNotRepeatedAndARivalThatIsRuledOutAlikeNeither(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	page := s.get(checklist+"?must=ready-admin").wantText("#tally .lead", "FastAPI is ruled out by “"+s.reason("ready-admin"))
	page.wantText("#tally .why", s.reason("ready-admin"), "It is the only reason that you ticked.")
	page.wantText("#tally [data-flip=fastapi]",
		"FastAPI is possible only if this is not a must-have. Even then, Django would lead, 3 to 0.")
	page.wantNoText("#tally [data-flip=fastapi]", s.reason("ready-admin")).wantCount("#tally .list.hang", 0)

	const three = "/compare/django-vs-fastapi-vs-flask"
	page = s.get(three+"?must=product-staff&tick=tool-small&tick=tool-known").wantAttr("#tally", "data-out", "fastapi flask")
	page.wantText("#tally .lead", "FastAPI and Flask are ruled out by “")
	page.wantText("#tally [data-flip=fastapi]", "Then Flask would lead, 5 to 3 and 0.")
	page.wantExactText("#tally [data-flip=flask]", "The same goes for Flask.")
	page.wantAttr("#tally [data-flip=flask]", "data-removes", "product-staff")
	record := s.body(three + "/decision.md?must=product-staff&tick=tool-small")
	if !strings.Contains(record, "- FastAPI and Flask are ruled out, because this applies: ") {
		t.Errorf("the record says\n%s", record)
	}
}

func TestMustHavesAndOwnWeightsStayInThePageAndItsLinks(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.strict()
	const query = "?must=ready-admin&tick=openapi&tick=ready-admin&weight=openapi%3A3&weight=streaming%3A9"

	page := s.get(checklist+query).wantStatus(http.StatusOK).wantAttr("meta[name=robots]", "content", "noindex")
	page.wantAttr("#tally", "data-scores", "django=3 fastapi=3").wantAttr("#tally", "data-out", "fastapi")
	page.wantText("#tally .lead", "1 tick in this link is not in this guide, so we left it out.")
	page.wantCount("#choose [name=tick]:checked", 2).wantAttr("#choose [name=must]:checked", "value", "ready-admin")
	page.wantAttr("#choose .reason:has([name=tick][value=openapi]) [selected]", "value", "openapi:3")
	page.wantText("#tally .list.opt-b", "×3")
	const known = "must=ready-admin&tick=ready-admin&tick=openapi&weight=openapi%3A3"
	for _, link := range page.attrs("#tally .row a:not(.key)", "href")[:2] {
		if !strings.Contains(link, known) {
			t.Errorf("the link %s lacks %s", link, known)
		}
	}
	for _, other := range []string{
		"?weight=streaming%3A9&weight=openapi%3A3&tick=ready-admin&tick=openapi&must=ready-admin&must=",
		"?tick=openapi&must=ready-admin&weight=openapi%3A1&weight=openapi%3A3&weight=streaming%3A4&weight=",
	} {
		s.get(checklist+other).wantStatus(http.StatusOK).wantHeader("ETag", page.header.Get("ETag"))
	}

	record := s.body(checklist + "/decision.md" + query)
	for _, want := range []string{
		"# Use Django\n", s.reason("ready-admin") + " (×3) (must have)", s.reason("openapi") + " (×3)\n", known,
		"- FastAPI is ruled out, because this applies: " + s.reason("ready-admin"),
		"because no other is left (Django 3, FastAPI 3)",
	} {
		if !strings.Contains(record, want) {
			t.Errorf("the record lacks %q:\n%s", want, record)
		}
	}
}

func TestMustHavesTravelToStaff(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Admin)
	s.strict()
	form := s.get(s.get(checklist+"?must=ready-admin&tick=openapi&weight=openapi%3A3").attr("#tally a.ask", "href"))
	form.wantText("#carried", s.reason("ready-admin")+" (must have)").wantAttr("#carried [name=weight]", "value", "openapi:3")
	form.wantAttr("#carried [name=must]:checked", "value", "ready-admin")

	s.send(fields("guide", "django-vs-fastapi", "edition", s.edition().Digest, "project", "A sample", "name", "Sample",
		"email", "sample@example.org", "consent", "on", "tick", "openapi", "tick", "ready-admin", "must", "ready-admin",
		"weight", "openapi:3", "weight", "", "must", ""))
	want := []lead.Tick{
		{ID: "ready-admin", Option: "django", OptionName: "Django", Text: s.reason("ready-admin"), Weight: 3, Must: true},
		{ID: "openapi", Option: "fastapi", OptionName: "FastAPI", Text: s.reason("openapi"), Weight: 3},
	}
	if got := s.leads()[0].Ticks; !slices.Equal(got, want) {
		t.Errorf("the lead has %+v", got)
	}
	s.get("/staff/leads/TB-0001").wantText("main li:has(.tag)", s.reason("ready-admin"), "Django, 3", "must have")
	s.get("/staff/leads/TB-0001/guide").wantAttr("#tally", "data-out", "fastapi").wantText("#tally .list.opt-b", "×3")
}

func TestMachinesReadWhatAReasonRulesOutAndTheExamples(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	g := s.strict()

	var record guide.Record
	s.json(checklist+".json", &record)
	for id, want := range map[string]guide.RecordCondition{
		"html-pages":  {RulesOut: []string{"fastapi"}},
		"openapi":     {RulesOut: []string{}, Group: "interface"},
		"ready-admin": {RulesOut: []string{}},
	} {
		i := slices.IndexFunc(record.Conditions, func(c guide.RecordCondition) bool { return c.ID == id })
		if c := record.Conditions[i]; c.RulesOut == nil || !slices.Equal(c.RulesOut, want.RulesOut) || c.Group != want.Group {
			t.Errorf("%s rules out %q and has the group %q", id, c.RulesOut, c.Group)
		}
	}
	if p := record.Profiles; len(p) != 2 || p[0].Must == nil || p[1].Must[0] != "streaming" || record.Both != g.Both {
		t.Errorf("the profiles are %+v, both is %+v", record.Profiles, record.Both)
	}
	document := s.body(checklist + ".md")
	for _, want := range []string{
		s.reason("html-pages") + " (rules out FastAPI)", "(only the heaviest of interface counts)", "- A sample stream: FastAPI",
		"**Use both** when one part is an API.",
	} {
		if !strings.Contains(document, want) {
			t.Errorf("the document lacks %q", want)
		}
	}
	page := s.get(checklist).wantText("#choose .links", "A sample shop", "A sample stream")
	s.get(page.attrs("#choose .links a", "href")[1]).wantAttr("#tally", "data-leader", "fastapi")
}
