package web_test

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"tiebreak/internal/staff"
)

func TestNewGuideIsFilledInAndPublishedWithoutScript(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Editor)
	start := fields("title", "Two options", "slug", "two-options", "field", "Samples", "option", "django", "option", "flask")
	s.get("/staff/guides").wantCount("form[action='/staff/guides'] [name=option][value=flask]", 1)
	s.post("/staff/guides", start).wantLocation("/staff/guides/two-options?done=guide-started")
	draft := "/staff/guides/two-options"

	s.mustEdit(draft+"/head", "subtitle", "Which of two to choose.", "answer.django", "for this.", "answer.flask", "for that.",
		"level.take", "django", "level.why", "It is the one that we know.")
	s.mustEdit(draft+"/intro", "intro", "Both are sound[^1].", "source-1-title", "A page", "source-1-url", "https://example.org/")
	s.mustEdit(draft+"/verdict", "headline", "Either will do.", "text", "Choose what you know.")
	s.mustEdit(draft+"/call", "heading", "Ask us", "text", "We help.")
	rows := s.get(draft+"/criteria").attrs("main ol.list a", "href")
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

// hostile are texts that must come back as they were and run nothing.
var hostile = []string{
	`<script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, "a\x00b", "\u202eright to left\u202c", `javascript:alert(1)`,
	strings.Repeat("x", 100_000), strings.Repeat("[", 20_000), strings.Repeat("*a **b ", 2_500),
	strings.Repeat("> ", 10_000) + "a",
	strings.Repeat("[a](", 5_000),
	"[a](javascript:alert(1)) ![b](data:image/svg+xml,x)", "\x01\x1b[31m", "'; DROP TABLE guides; --",
}

func TestHostileTextInAnyFieldIsKeptAndRunsNothing(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Editor)
	n := 0
	for _, one := range s.sectionPaths() {
		path := djangoDraft + one.path
		form := s.get(path).draftForm()
		for _, name := range slices.Sorted(maps.Keys(form)) {
			if name == "seen" || strings.HasSuffix(name, "-copy") || strings.Contains(name, "source-") && name[7] > '1' {
				continue
			}
			text := hostile[n%len(hostile)]
			n++
			form := s.get(path).draftForm(name, text, "unfinished", "yes")
			a := s.post(path, form)
			if a.status != http.StatusSeeOther && a.status != http.StatusUnprocessableEntity {
				t.Errorf("%s, %s with %.20q: %d", path, name, text, a.status)
			}
			if a.status == http.StatusSeeOther {
				a = s.get(path).wantStatus(http.StatusOK)
				s.get(djangoDraft).wantStatus(http.StatusOK)
			}
			want := strings.TrimSpace(strings.ReplaceAll(text, "\x00", "\uFFFD"))
			got := a.draftForm()[name]
			if !slices.ContainsFunc(got, func(one string) bool { return strings.TrimSpace(one) == want }) {
				t.Errorf("%s, %s: %.40q became %.40q", path, name, want, got)
			}
			a.wantCount("main script", 0).wantCount("main img", 0).wantCount("main [onerror]", 0)
		}
	}
	s.get(djangoDraft+"/preview").wantStatus(http.StatusOK).wantCount("main img", 0)
}
