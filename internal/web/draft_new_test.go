package web_test

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"tiebreak/internal/guide"
	"tiebreak/internal/staff"
)

func TestNewGuideIsFilledInAndPublishedWithoutScript(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Editor)
	start := fields("title", "Two options", "slug", "two-options", "field", "Samples", "option", "django", "option", "flask")
	s.get("/staff/guides").wantCount("form[action='/staff/guides'] [name=option] [value=flask]", 4)
	s.post("/staff/guides", start).wantLocation("/staff/guides/two-options?done=guide-started")
	draft := "/staff/guides/two-options"

	s.mustEdit(draft+"/head", "subtitle", "Which of two to choose.", "answer.django", "for this.", "answer.flask", "for that.",
		"level.take", "django", "level.why", "It is the one that we know.")
	s.mustEdit(draft+"/intro", "intro", "Both are sound[^1].", "source-1-title", "A page", "source-1-url", "https://example.org/")
	s.mustEdit(draft+"/verdict", "headline", "Either will do.", "text", "Choose what you know.")
	s.mustEdit(draft+"/call", "heading", "Ask us", "text", "We help.")
	rows := s.get(draft+"/criteria").attrs("main .items .says > a", "href")
	if len(rows) == 0 {
		t.Fatal("no rows are proposed")
	}
	for _, row := range rows[3:] {
		s.press(draft+"/criteria", "form[action='"+row+"/removal']")
	}
	for _, row := range rows[:3] {
		s.mustEdit(row, "edge", "even", "why", "They come to the same.")
	}
	for option, text := range map[string]string{"django": "you know Python.", "flask": "you know Flask."} {
		s.mustEdit(draft+"/conditions/new?option="+option, "option", option, "text", text, "weight", "2")
	}
	s.mustEdit(draft+"/dimensions/new", "title", "Daily work", "text.django", "It is pleasant.", "text.flask", "It is too.",
		"means", "Try both.")
	s.mustEdit(draft+"/questions/new", "question", "Which is older?", "answer", "They are of one age.")
	s.mustEdit(draft+"/profiles/new", "name", "A team of Python", "tick", "you-know-python", "expect", "django")

	s.get("/compare/two-options").wantStatus(http.StatusNotFound)
	preview := s.get(draft + "/preview").wantStatus(http.StatusOK)
	s.press(draft, "form[action$='/publication']").wantText("main [role=status]", "Published")
	page := s.get("/compare/two-options").wantStatus(http.StatusOK).wantText("main", "Either will do.", "you know Flask.")
	if got, want := mainOf(preview), mainOf(page); got != want {
		t.Errorf("the preview differs from the page:\n%s", firstDifference(got, want))
	}
	entries := s.audited()
	if started := strings.ReplaceAll(entries[0], "published", "started"); !slices.Contains(entries, started) {
		t.Errorf("audited: %v", entries)
	}
}

func TestNewGuideComparesItsOptionsInTheOrderInWhichTheyWerePicked(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Editor)
	s.get("/staff/guides").wantCount("select[name=option]", guide.MaxOptions)
	s.mustPost("/staff/guides", "title", "Flask vs Django", "slug", "flask-vs-django", "field", "Samples", "option", "flask",
		"option", "", "option", "django", "option", "")
	s.get("/staff/guides/flask-vs-django").wantText("main", "Compares Flask, Django.")
}

func TestWrongFormOfANewGuideIsGivenBack(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Editor)
	good := fields("title", "Two options", "slug", "two-options", "field", "Samples", "option", "django", "option", "flask")
	for field, wrong := range map[string][]string{
		"title": {""}, "slug": {"", "No Slug", "django-vs-fastapi", strings.Repeat("a", 300)}, "field": {" "},
		"option": {"django", "nothing", ""},
	} {
		for _, value := range wrong {
			form := maps.Clone(good)
			form[field] = []string{value}
			a := s.post("/staff/guides", form).wantStatus(http.StatusUnprocessableEntity)
			a.wantCount("[role=alert] a[href='#"+field+"']", 1).wantCount("#"+field, 1)
			if field != "title" && a.value("#title") != "Two options" {
				t.Errorf("%s %q: the title is lost", field, value)
			}
		}
	}
}
