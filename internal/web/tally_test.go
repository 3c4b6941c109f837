package web_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
)

const ticked = "/compare/django-vs-fastapi?tick=ready-admin&tick=openapi"

func TestTallySaysWhoLeadsWhatDecidedAndWhatWouldFlipIt(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	page := s.get(ticked).wantStatus(http.StatusOK)

	page.wantText("#tally .lead", "Django fits better: 3 to 1.")
	page.wantText("#tally .list.opt-a", s.reason("ready-admin")).wantText("#tally .list.opt-b", s.reason("openapi"))
	adds := strings.Fields(page.attr("#tally li[data-flip=fastapi]", "data-adds"))
	if len(adds) == 0 {
		t.Fatal("no flip hint")
	}
	if leader := s.get(ticked+"&"+url.Values{"tick": adds}.Encode()).attr("#tally", "data-leader"); leader == "django" {
		t.Errorf("following the hint %v leaves Django in front", adds)
	}
}

func TestTallyHasWordsForNothingLevelAndUnknown(t *testing.T) {
	t.Parallel()
	s := newSite(t)

	s.get("/compare/django-vs-fastapi").wantText("#tally .lead", "Tick at least one statement")
	s.get("/compare/django-vs-fastapi?tick=few-choices&tick=openapi").
		wantText("#tally .lead", "It is a tie: Django and FastAPI score 1 each.", "We then suggest Django: ")
	s.get(ticked+"&tick=gone").wantText("#tally .lead", "1 tick in this link is not in this guide, so we left it out.")
}

func TestTicksGoAlongToTheIntakeFormWhereTheyCanBeRemoved(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	page := s.get(ticked).wantText("#tally a.ask", "Ask us to build it with Django")
	form := s.get(page.attr("#tally a.ask", "href")).wantStatus(http.StatusOK)
	form.wantCount("#carried input:checked", 2).wantText("#carried", s.reason("ready-admin"))
	form.wantAttr("[name=edition]", "value", s.edition().Digest).wantAttr("[name=option]:checked", "value", "django")
}

func TestDecisionRecordTellsTheWholeDecision(t *testing.T) {
	t.Parallel()
	s := newSite(t)

	record := s.body("/compare/django-vs-fastapi/decision.md?tick=ready-admin&tick=openapi")
	if !strings.HasPrefix(record, "# Use Django\n") {
		t.Errorf("it begins %q", record[:min(40, len(record))])
	}
	for _, want := range []string{
		"## Context and problem statement", "## Decision drivers", "## Considered options", "## Decision outcome",
		"### Consequences", "## Values behind the reasons", "- **Admin interface** (Django ahead)", "## Sources",
		s.reason("ready-admin"), s.reason("openapi"), s.edition().Digest,
		s.edition().MadeAt.UTC().Format("2006-01-02"), "Checked 2026-11-29", "- Date: 2026-",
		s.base + "/compare/django-vs-fastapi?tick=ready-admin",
		"- Good, because this applies: " + s.reason("ready-admin") + "\n  - Admin interface with Django: Built in",
		"- Bad, because this is a reason for FastAPI: " + s.reason("openapi"),
		"\n  - API documentation with Django: By a package",
	} {
		if !strings.Contains(record, want) {
			t.Errorf("the record lacks %q", want)
		}
	}
}

func TestMachinesReadEveryFactAndCondition(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	type condition struct {
		ID, Option, Text string
		Weight           int
	}
	var record struct {
		Edition string
		Options []struct {
			Facts map[string]struct{ Sources []any }
		}
		Conditions []condition
	}
	s.json("/compare/django-vs-fastapi.json", &record)
	e := s.edition()
	want := len(e.Guide.Conditions["django"]) + len(e.Guide.Conditions["fastapi"])
	if record.Edition != e.Digest || len(record.Conditions) != want || len(record.Options[0].Facts) != len(e.Options[0].Facts) {
		t.Errorf("edition %s, %d conditions, %d facts", record.Edition, len(record.Conditions), len(record.Options[0].Facts))
	}
	if !slices.Contains(record.Conditions, condition{"ready-admin", "django", s.reason("ready-admin"), 3}) {
		t.Error("ready-admin is not among the conditions")
	}
}
