package web_test

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"tiebreak/internal/pgtest"
	"tiebreak/internal/staff"
)

// Texts that must come back as they were and run nothing. Each field gets those of the first list.
var (
	hostileInEach = []string{`<script>alert(1)</script>`, "a\x00b"}
	tooLong       = strings.Repeat("x", 100_000)
	hostile       = []string{
		`"><img src=x onerror=alert(1)>`, "\u202eright to left\u202c", `javascript:alert(1)`, "\u2066\u2067\u2068 isolated",
		strings.Repeat("[", 20_000), strings.Repeat("*a **b ", 2_500), strings.Repeat("> ", 10_000) + "a",
		strings.Repeat("[a](", 5_000), strings.Repeat("- ", 9_000), strings.Repeat("`", 20_000), strings.Repeat("[^1]", 900),
		"[a](javascript:alert(1)) ![b](data:image/svg+xml,x)", "\x01\x1b[31m", "'; DROP TABLE guides; --", "]]>", "{{.}}",
		`</textarea><svg onload=alert(1)>`, `&lt;b&gt;&amp;`, "\ufffe\uffff", "%00%0d%0aSet-Cookie: a=b",
	}
)

func TestHostileTextInAnyFieldOfADraftIsKeptAndRunsNothing(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Editor)
	random, sent := pgtest.Random(t), 0
	for _, one := range s.sectionPaths() {
		path := djangoDraft + one.path
		form := s.get(path).draftForm()
		names := slices.DeleteFunc(slices.Sorted(maps.Keys(form)), func(name string) bool {
			return name == "seen" || strings.HasPrefix(name, "source-") && !strings.HasPrefix(name, "source-1-")
		})
		for _, text := range append(hostileInEach, "") {
			changes := []string{"unfinished", "yes"}
			for _, name := range names {
				if changes = append(changes, name, text); text == "" {
					changes[len(changes)-1] = hostile[random.IntN(len(hostile))]
				}
				sent++
			}
			s.sendHostile(path, changes)
		}
		for _, name := range names { // alone, since a form has room for few of them
			form[name], sent = []string{tooLong}, sent+1
			s.post(path, form).wantStatus(http.StatusUnprocessableEntity).wantTextBack(name, tooLong)
			form = s.get(path).draftForm()
		}
	}
	if sent < 100 {
		t.Errorf("only %d texts were sent", sent)
	}
}

// sendHostile saves the form with the texts, unfinished, and previews it. Afterwards it discards the draft.
func (s *site) sendHostile(path string, changes []string) {
	s.t.Helper()
	form := s.get(path).draftForm(changes...)
	a := s.post(path, form)
	form.Set("do", "preview")
	pages := []answer{s.post(path, form), s.get(djangoDraft), s.get(djangoDraft + "/preview")}
	switch a.status {
	case http.StatusSeeOther:
		list, _, _ := strings.Cut(a.location(), "?")
		pages = append(pages, s.get(list))
	case http.StatusUnprocessableEntity:
		pages = append(pages, a)
		for i := 2; i < len(changes); i += 2 {
			a.wantTextBack(changes[i], changes[i+1])
		}
	default:
		s.t.Errorf("%s: %d", path, a.status)
	}
	for _, page := range pages {
		if page.status != http.StatusOK && page.status != http.StatusUnprocessableEntity {
			s.t.Errorf("%s: %s: %d", path, page.what, page.status)
		}
		page.wantCount("main script:not([type='application/ld+json'])", 0).wantCount("main [onerror], main [onload]", 0).
			wantCount("main a[href^='javascript:'], main img:not([src=''])", 0)
	}
	s.sql(`DELETE FROM draft_sections`)
}

// wantTextBack checks that the field of the form holds the text.
func (a answer) wantTextBack(name, text string) {
	a.t.Helper()
	want := strings.TrimSpace(strings.ReplaceAll(text, "\x00", "\uFFFD"))
	if got := a.draftForm()[name]; !slices.ContainsFunc(got, func(one string) bool { return strings.TrimSpace(one) == want }) {
		a.t.Errorf("%s, %s: %.40q became %.40q", a.what, name, want, got)
	}
}
