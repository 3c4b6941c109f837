package web_test

import (
	"encoding/json"
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

	page.wantText("#tally .lead", "Django fits your project better: 3 to 1.")
	page.wantText("#tally .list.opt-a", s.reason("ready-admin"))
	page.wantText("#tally .list.opt-b", s.reason("openapi"))
	flip := page.Find("#tally li[data-flip=fastapi]")
	adds := strings.Fields(flip.AttrOr("data-adds", ""))
	if len(adds) == 0 {
		t.Fatal("no flip hint")
	}

	after := s.get(ticked + "&" + url.Values{"tick": adds}.Encode())
	if leader := after.attr("#tally", "data-leader"); leader == "django" {
		t.Errorf("following the hint %v leaves Django in front", adds)
	}
}

func TestTallyHasHonestWordsForNothingLevelAndUnknown(t *testing.T) {
	t.Parallel()
	s := newSite(t)

	s.get("/compare/django-vs-fastapi").wantText("#tally .lead", "Tick at least one statement")
	level := s.get("/compare/django-vs-fastapi?tick=html-pages&tick=openapi")
	level.wantText("#tally .lead", "It is a tie: Django and FastAPI score 1 each.")
	level.wantText("#tally .lead", "We then suggest Django")
	s.get(ticked+"&tick=gone").wantText("#tally .lead", "1 tick in this link is not in this guide, so we left it out.")
}

func TestTicksGoAlongToTheIntakeFormWhereTheyCanBeTakenOut(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	page := s.get(ticked)
	key := page.Find("#tally a.key")
	if !strings.Contains(key.Text(), "Ask us to build it with Django") {
		t.Errorf("the key reads %q", key.Text())
	}

	form := s.get(key.AttrOr("href", "")).wantStatus(http.StatusOK)
	form.wantCount("#carried input:checked", 2)
	form.wantText("#carried", s.reason("ready-admin"))
	if form.attr("[name=edition]", "value") != s.edition().Digest || form.attr("[name=option]:checked", "value") != "django" {
		t.Error("the edition or the option does not go along")
	}
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
		"### Consequences", "## Sources", s.reason("ready-admin"), s.reason("openapi"), s.edition().Digest,
		s.edition().MadeAt.UTC().Format("2006-01-02"), "checked 2026-11-22",
		s.base + "/compare/django-vs-fastapi?tick=ready-admin",
	} {
		if !strings.Contains(record, want) {
			t.Errorf("the record lacks %q", want)
		}
	}
}

func TestMachinesReadEveryFactAndCondition(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	var record struct {
		Edition string
		Options []struct {
			Facts map[string]struct{ Sources []any }
		}
		Conditions []struct {
			ID, Option, Text string
			Weight           int
		}
	}
	if err := json.Unmarshal([]byte(s.body("/compare/django-vs-fastapi.json")), &record); err != nil {
		t.Fatal(err)
	}
	e := s.edition()
	want := len(e.Guide.Conditions["django"]) + len(e.Guide.Conditions["fastapi"])
	if record.Edition != e.Digest || len(record.Conditions) != want || len(record.Options[0].Facts) != len(e.Options[0].Facts) {
		t.Errorf("edition %s, %d conditions, %d facts", record.Edition, len(record.Conditions), len(record.Options[0].Facts))
	}
	if !slices.ContainsFunc(record.Conditions, func(c struct {
		ID, Option, Text string
		Weight           int
	},
	) bool {
		return c.ID == "ready-admin" && c.Option == "django" && c.Weight == 3 && c.Text == s.reason("ready-admin")
	}) {
		t.Error("ready-admin is not among the conditions")
	}
}
