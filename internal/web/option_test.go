package web_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"tiebreak/internal/staff"
)

func TestOptionIsAddedAndGetsItsFacts(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Editor)
	const rails = "/staff/options/ruby-on-rails"
	wrong := s.post("/staff/options", fields("slug", "Ruby on Rails", "name", "", "kind", "Framework", "homepage", "rails"))
	wrong.wantStatus(http.StatusUnprocessableEntity)
	wrong.wantText("#slug-wrong", "must be lower-case letters, digits and single hyphens")
	wrong.wantText("#name-wrong", "This is missing.")
	wrong.wantText("#homepage-wrong", "is not a web address").wantAttr("#kind", "value", "Framework")
	wrong.wantText("[role=alert]", "Not added", "Address:", "Name:", "Homepage:")

	option := fields("slug", "ruby-on-rails", "name", "Ruby on Rails", "kind", "Framework")
	option.Set("homepage", "https://rubyonrails.org/")
	s.post("/staff/options", option).wantLocation(rails + "?done=option-added")
	s.post("/staff/options", option).wantStatus(http.StatusUnprocessableEntity).
		wantText("#slug-wrong", "Another option has this address.")
	s.get("/staff/options?q=RUBY").wantText("tbody", "Ruby on Rails", "0 facts", "0 guides").wantCount("tbody tr", 1)
	s.get("/options/ruby-on-rails").wantText("h1", "Ruby on Rails")

	s.get(rails+"/facts?key=Licence!").wantStatus(http.StatusUnprocessableEntity).wantText("#key-wrong", "Use lower-case letters")
	s.get(rails + "/facts?key=licence").wantLocation(rails + "/facts/licence")
	form := s.get(rails+"/facts/licence").wantText("#effect", "No published guide shows this fact").form("#fact")
	form.Set("value", "MIT")
	form.Set("confidence", "verified")
	form.Set("renew", "yes")
	form.Set("source-1-title", "Rails: licence")
	form.Set("source-1-url", "https://github.com/rails/rails/blob/main/MIT-LICENSE")
	form.Set("source-1-find", "Permission is hereby granted\n\n  MIT ")
	s.post(rails+"/facts/licence", form).wantStatus(http.StatusSeeOther)
	s.get(rails+"/facts/licence").wantText("#now", "MIT", "Permission is hereby granted")
	s.get("/options/ruby-on-rails").wantText("#fact-licence", "MIT")
	s.wantAudited(staff.OptionAdded, "Added the option", "Ruby on Rails")

	// A source that one fact cites is picked for another.
	form = s.get(rails + "/facts/price").form("#fact")
	form.Set("pick", "https://github.com/rails/rails/blob/main/MIT-LICENSE")
	form.Set("do", "more")
	form.Set("value", "Free")
	picked := s.post(rails+"/facts/price", form).wantStatus(http.StatusOK).wantAttr("#source-1-title", "value", "Rails: licence")
	form = picked.form("#fact")
	form.Set("confidence", "verified")
	form.Set("renew", "yes")
	s.post(rails+"/facts/price", form).wantStatus(http.StatusSeeOther)
	s.get(rails+"/facts/price").wantText("#now", "Free", "Rails: licence")
	form = s.get(rails + "/facts/price").form("#fact")
	form.Set("source-1-remove", "yes")
	s.post(rails+"/facts/price", form).wantStatus(http.StatusUnprocessableEntity).
		wantText("main", "A verified fact needs a source")
	form.Set("confidence", "estimated")
	s.post(rails+"/facts/price", form).wantStatus(http.StatusSeeOther)
	s.get(rails+"/facts/price").wantNoText("#now", "Rails: licence").wantText("#now", "The fact has no source.")
}

func TestRenamedOptionHasItsNewNameOnEveryGuide(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Editor)
	const django = "/staff/options/django"
	form := s.get(django).form("form[action='" + django + "']")
	mine := s.get(django).form("form[action='" + django + "']")
	form.Set("name", "Django 6")
	s.post(django, form).wantLocation(django + "?done=option-saved")
	s.get("/compare/django-vs-fastapi").wantText("#summary", "Django 6")
	s.get("/options/django").wantText("h1", "Django 6")

	mine.Set("kind", "My kind")
	a := s.post(django, mine).wantStatus(http.StatusConflict)
	a.wantText("[role=alert]", "Not saved: someone else changed this", "Django 6", "Take theirs")
	a.wantAttr("#kind", "value", "My kind")
	s.post(django, form).wantStatus(http.StatusSeeOther) // the same again is not a conflict
	s.post(django, a.form("form[action='"+django+"']")).wantStatus(http.StatusSeeOther)
	s.get(django).wantText(".head", "My kind")
	s.wantEntries(staff.OptionChanged, 2)

	mine.Set("homepage", "")
	s.post(django, mine).wantStatus(http.StatusUnprocessableEntity).wantText("#homepage-wrong", "This is missing.")
}

func TestOptionIsRetiredOnlyWhileNoGuideUsesIt(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Editor)
	s.post("/staff/options/django/retirement", nil).wantStatus(http.StatusUnprocessableEntity).
		wantText("[role=alert]", "Django is used by django-vs-fastapi", "Remove it there first.")

	s.mustPost("/staff/options", "slug", "rails", "name", "Rails", "kind", "Framework", "homepage", "https://rubyonrails.org/")
	s.get("/options/rails").wantStatus(http.StatusOK)
	s.get("/search?q=rails").wantText("main", "Framework")
	s.post("/staff/options/rails/retirement", nil).wantLocation("/staff/options/rails?done=option-retired")
	s.get("/options/rails").wantStatus(http.StatusNotFound)
	s.get("/search?q=rails").wantNoText("main .list", "Framework")
	s.get("/staff/options").wantText("tbody tr:last-child", "Rails", "retired")
	s.post("/staff/options/rails/retirement", nil).wantStatus(http.StatusSeeOther)
	s.wantEntries(staff.OptionRetired, 1)
	s.post("/staff/options/rails/retirement/removal", nil).wantLocation("/staff/options/rails?done=option-back")
	s.get("/options/rails").wantStatus(http.StatusOK)
	s.wantAudited(staff.OptionUnretired, "Brought back the option", "Rails")
}

func TestListOfFactsNamesAFewOfTheGuidesThatShowThem(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Editor)
	for _, slug := range []string{"one-more", "two-more"} {
		g := s.edition().Guide
		g.Slug = slug
		s.publish(g)
	}
	s.get("/staff/facts?q=django+admin").wantText("#found a[href='"+adminFact+"#effect']", "2 more").
		wantCount("#found tr:has(a[href='"+adminFact+"']) a[href^='/compare/']", 3)
	s.get(adminFact).wantText("#effect", "Shown on 5 guides")
}

func TestFactsToCheckAreListedWorstFirst(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Editor)
	none := s.get("/staff/facts").wantText("#overdue", "Nothing is overdue.")
	none.wantText("#changed", "No guide says that it is under review.")
	for path, review := range map[string]string{
		"django/facts/data": "2026-11-02", "django/facts/admin": "2026-11-03", "django/facts/licence": "2026-11-01",
	} {
		form := s.get("/staff/options/" + path).form("#fact")
		form.Set("checked", "2025-11-01")
		form.Set("review", review)
		s.post("/staff/options/"+path, form).wantStatus(http.StatusSeeOther)
	}
	form := s.get("/staff/options/flask/facts/scope").form("#fact")
	form.Set("value", "Changed")
	s.post("/staff/options/flask/facts/scope", form).wantStatus(http.StatusSeeOther)

	a := s.get("/staff/facts")
	want := []string{"ORM and migrations", "Admin interface", "Licence"} // which no guide shows
	for i, got := range a.texts("#overdue tbody th strong") {
		if i >= len(want) || got != want[i] {
			t.Errorf("line %d is %q", i+1, got)
		}
	}
	a.wantCount("#overdue tbody tr", len(want)).wantText("#overdue", "3 facts are overdue", "Overdue by")
	a.wantText("#changed", "1 changed fact is under review", "Flask", "Django vs Flask").wantCount("#changed tbody tr", 1)

	a.wantCount("#changed .list li", 3).wantText("#changed .list li:first-child", "Facts of Flask changed")

	confirm := a.form("#changed .list form")
	guide := "/compare/" + confirm.Get("guide")
	s.get(guide).wantText("main", "under review")
	s.post("/staff/facts/confirmations", confirm).wantLocation("/staff/facts?done=guide-confirmed")
	s.get(guide).wantNoText("main", "under review")
	s.post("/staff/facts/confirmations", confirm).wantStatus(http.StatusSeeOther) // pressed twice, it is done once
	s.wantEntries(staff.GuideConfirmed, 1)
	stale := s.get("/staff/facts").form("#changed .list form")
	stale.Set("seen", confirm.Get("seen"))
	s.post("/staff/facts/confirmations", stale).wantStatus(http.StatusConflict).wantText("[role=alert]", "Not confirmed")
	s.post("/staff/facts/confirmations", nil).wantStatus(http.StatusBadRequest)
	s.get("/staff/facts").wantCount("#changed .list li", 2)
	s.wantAudited(staff.GuideConfirmed, "Confirmed the guide after facts changed")

	first := a.form("#overdue tbody form")
	s.post("/staff/options/django/facts/data/check", first).wantLocation("/staff/facts?done=fact-checked")
	s.get("/staff/facts").wantCount("#overdue tbody tr", 2)
}

// Each field of the forms gets a script, a NUL, and more characters than anybody types.
func TestHostileTextInFactsAndOptionsRunsNowhereAndIsKept(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Editor)
	const django = "/staff/options/django"
	long := strings.Repeat("a ", 50_000)
	prose := []string{"value", "detail", "source-1-title"}
	every := append(slices.Clone(prose), "confidence", "checked", "review", "source-1-url", "source-1-copy", "source-1-find",
		"pick", "back", "do")
	for hostile, in := range map[string][]string{
		`<script>alert(1)</script>`: every, "a\x00b": every, long: every,
		`"><img src=x onerror=alert(1)>`: prose, "\u202egnp.exe": prose, "\xff\xfe": prose, "{{7*7}}": prose,
		strings.Repeat("[", 2000): prose, strings.Repeat("*_", 3000): prose, "[x](javascript:alert(1))": prose,
	} {
		kept := strings.NewReplacer("\x00", "\uFFFD", "\xff\xfe", "\uFFFD").Replace(hostile)
		whole := s.get(adminFact).form("#fact")
		for _, field := range in {
			was := whole.Get(field)
			whole.Set(field, hostile)
			a := s.post(adminFact, whole)
			whole.Set(field, was)
			switch a.status {
			case http.StatusUnprocessableEntity:
				if message := a.text("#" + field + "-wrong"); message == "" || len(message) > 1000 {
					t.Errorf("%.60q in %s: the message is %.60q", hostile, field, message)
				}
				at := a.Find("#" + field)
				if got := strings.TrimPrefix(at.AttrOr("value", at.Text()), "\n"); field != "confidence" && got != kept {
					t.Errorf("%s holds %.60q, want %.60q", field, got, kept)
				}
			case http.StatusSeeOther:
				whole.Set("seen", s.get(adminFact).form("#fact").Get("seen"))
			default:
				t.Errorf("%.60q in %s: %d", hostile, field, a.status)
			}
		}
		for _, field := range map[bool][]string{true: {"name", "kind", "homepage", "seen"}}[len(in) > len(prose)] {
			form := s.get(django).form("form[action='" + django + "']")
			form.Set(field, hostile)
			if a := s.post(django, form); a.status >= http.StatusInternalServerError {
				t.Errorf("%.60q in %s: %d", hostile, field, a.status)
			}
		}
		for _, path := range []string{
			adminFact, django, "/staff/facts", "/staff/options", "/compare/django-vs-fastapi", "/options/django",
		} {
			a := s.get(path).wantStatus(http.StatusOK)
			a.wantCount("main script:not([type='application/ld+json'])", 0).wantCount("img", 0)
			a.wantCount("main [href^='javascript:']", 0)
		}
	}
	s.post(adminFact, fields("value", "x")).wantStatus(http.StatusBadRequest)
	s.post(adminFact, fields("value", "x", "seen", "999")).wantStatus(http.StatusBadRequest)
	s.get("/staff/options/django/facts/" + strings.Repeat("a", 10_000)).wantStatus(http.StatusNotFound)
	option := fields("slug", strings.Repeat("a", 100_000), "name", "N", "kind", "K", "homepage", "https://a.example")
	s.post("/staff/options", option).wantStatus(http.StatusUnprocessableEntity).wantText("#slug-wrong", "shorten it to 100")
}
