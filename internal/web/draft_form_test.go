package web_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"tiebreak/internal/guide"
	"tiebreak/internal/staff"
)

func TestPreviewOfAFormShowsItsTextsAndSavesNothing(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Editor)
	before := s.draft()
	for _, one := range s.sectionPaths() {
		a := s.edit(djangoDraft+one.path, one.field, "Some **bold** words.", "do", "preview").wantStatus(http.StatusOK)
		if got := strings.TrimSpace(a.draftForm().Get(one.field)); got != "Some **bold** words." {
			t.Errorf("%s: the form holds %q", one.path, got)
		}
		switch one.path {
		case "/profiles/1":
			a.wantText("#outcome", "Django")
		default:
			a.wantText("#preview strong", "bold")
		}
	}
	a := s.edit(djangoDraft+"/intro", "intro", "A claim[^1].", "do", "preview").wantText("#preview", "[1]")
	if a.Find(a.attr("#preview a.ref", "href")).Length() == 0 {
		t.Error("the footnote of the preview leads nowhere")
	}
	if digestsDiffer(t, before, s.draft()) {
		t.Error("a preview was saved")
	}
	new := s.edit(djangoDraft+"/questions/new", "question", "Which?", "answer", "*This* one.", "do", "preview")
	new.wantText("#preview em", "This")
	s.post(djangoDraft+"/questions/new", new.draftForm()).wantStatus(http.StatusSeeOther)
}

func TestSourcesOfATextArePickedAddedAndRemoved(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Editor)
	path := djangoDraft + "/intro"
	before := s.draft()
	last := len(before.Sources)
	a := s.get(path)
	a.wantCount("[data-footnote]", last)
	pick := a.attr("[name=pick]", "value")

	a = s.post(path, a.draftForm("pick", pick, "do", "more")).wantStatus(http.StatusOK)
	a.wantCount("[data-footnote]", last+1).wantCount("[name=pick][value='"+pick+"']", 0)
	if digestsDiffer(t, before, s.draft()) {
		t.Error("a source that was picked is saved before the form is")
	}
	s.post(path, a.draftForm()).wantStatus(http.StatusSeeOther)
	if got := s.draft().Sources; len(got) != last+1 || got[last].URL != pick {
		t.Errorf("%d sources, the last is %s", len(got), got[len(got)-1].URL)
	}

	s.edit(path, "source-1-remove", "yes").wantStatus(http.StatusUnprocessableEntity).
		wantText("#source-1-title-wrong", "Remove [^1] there first")
	s.mustEdit(path, "intro", "One[^1] and three[^3].")
	s.mustEdit(djangoDraft+"/verdict", "text", "Three again[^3].")
	s.mustEdit(path, "source-2-remove", "yes")
	g := s.draft()
	if g.Intro != "One[^1] and three[^2]." || g.Verdict.Text != "Three again[^2]." || !g.Sources[1].Same(before.Sources[2]) {
		t.Errorf("the footnotes are %q and %q", g.Intro, g.Verdict.Text)
	}
	s.edit(path, "source-2-remove", "yes").wantStatus(http.StatusUnprocessableEntity)
	s.mustEdit(path, "intro", "Only one[^1].", "unfinished", "yes")
	s.edit(path, "source-2-remove", "yes").wantStatus(http.StatusUnprocessableEntity).
		wantText("#source-2-title-wrong", "A text still cites") // the verdict
}

func TestTextSaysWhichSourcesItCanCite(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Editor)
	for path, texts := range map[string]int{"/intro": 1, "/verdict": 1, "/dimensions/data": 3, "/questions/new": 1} {
		a := s.get(djangoDraft+path).wantCount("#footnotes ~ .save", 1) // the tab key comes to the signs before it comes to Save
		a.wantCount("form textarea[data-cites]", texts)
		if adds := strings.Count(a.text("form"), "Add a source"); adds > 1 {
			t.Errorf("%s offers %d times to add a source", path, adds)
		}
	}
	var sources []string
	for i := range s.draft().Sources {
		sources = append(sources, fmt.Sprintf("source-%d-remove", i+1), "yes")
	}
	s.mustEdit(djangoDraft+"/verdict", "text", "A text.")
	s.mustEdit(djangoDraft+"/intro", append(sources, "intro", "An introduction.")...)
	a := s.edit(djangoDraft+"/verdict", "text", "A text[^1].").wantStatus(http.StatusUnprocessableEntity)
	a.wantText("#text-wrong", "the verdict cites the sources of the introduction, which has none yet")
	a.wantText("#footnotes", "The introduction has no sources yet").wantCount("#footnotes a[href$='/intro#sources']", 1)
	s.edit(djangoDraft+"/questions/new", "question", "Which?", "answer", "This[^2].", "source-1-title", "A page",
		"source-1-url", "https://example.org/").wantText("#answer-wrong", "this text can cite [^1] only")
}

func TestOptionsOfAGuideAreChangedAndNothingIsLost(t *testing.T) {
	t.Parallel()
	s, other := withEditors(t)
	path := djangoDraft + "/options"
	before := s.draft()
	for _, wrong := range [][]string{
		{"django"}, {"django", "django"}, {"django", "nothing"}, {"django", "fastapi", "flask", "rails", "laravel"},
	} {
		form := s.get(path).draftForm()
		form["option"] = wrong
		s.post(path, form).wantStatus(http.StatusUnprocessableEntity).wantCount("#option-wrong", 1).
			wantCount("[role=alert] a[href='#option']", 1)
	}
	stale := s.get(path).draftForm()
	stale["option"] = []string{"fastapi", "django"}
	form := s.get(path).draftForm()
	form["option"] = []string{"flask", "django", ""}
	s.post(path, form).wantLocation(djangoDraft + "?done=options-saved")
	other.post(path, stale).wantStatus(http.StatusConflict).wantText("[role=alert]", "Flask, Django", "FastAPI, Django")

	s.get(djangoDraft).wantText("#head", "does not compare fastapi", "missing").
		wantText("#conditions", "does not compare fastapi").wantCount("form[action$='/publication']", 0)
	s.get(djangoDraft+"/conditions").wantText("main", "no longer compares the option")
	s.mustEdit(djangoDraft+"/head", "title", "Another title", "unfinished", "yes")
	g := s.draft()
	if g.Answer["fastapi"] != before.Answer["fastapi"] || len(g.Conditions["fastapi"]) != len(before.Conditions["fastapi"]) {
		t.Error("the texts of an option that was removed are lost")
	}
	s.press(path, "form[action$='/options/fastapi/removal']").wantText("main [role=status]", "Removed everything")
	if last := s.audited()[0]; last != "guide-edited guide 2" {
		t.Errorf("audited: %s", last)
	}
	g = s.draft()
	if left := g.NoLongerCompared(); len(left) > 0 || !slices.Equal(g.Options, []string{"flask", "django"}) {
		t.Errorf("left of %v in %v", left, g.Options)
	}
	if len(g.Conditions["django"]) != len(before.Conditions["django"]) {
		t.Error("the texts of another option are lost")
	}
}

func TestGuideThatWasNeverPublishedIsDeleted(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Editor)
	option := fields("slug", "sample", "name", "Sample", "kind", "A sample", "homepage", "https://example.org/")
	s.post("/staff/options", option).wantStatus(http.StatusSeeOther)
	start := fields("title", "Two", "slug", "two", "field", "Samples", "option", "django", "option", "sample")
	s.post("/staff/guides", start).wantStatus(http.StatusSeeOther)
	s.mustEdit("/staff/guides/two/call", "heading", "Ask us", "text", "We help.")
	s.post("/staff/options/sample/retirement", nil).wantStatus(http.StatusUnprocessableEntity)

	old := s.get("/staff/guides/two").form("form[action='/staff/guides/two/removal']")
	s.mustEdit("/staff/guides/two/call", "heading", "Ask somebody", "text", "We help.")
	s.post("/staff/guides/two/removal", old).wantStatus(http.StatusConflict)
	s.press("/staff/guides/two", "form[action='/staff/guides/two/removal']").wantText("main [role=status]", "deleted")
	if last := s.audited()[0]; !strings.HasPrefix(last, "guide-deleted guide ") {
		t.Errorf("audited: %s", last)
	}
	s.get("/staff/guides/two").wantStatus(http.StatusNotFound)
	s.get("/staff/guides").wantNoText("tbody", "Two")
	s.post("/staff/options/sample/retirement", nil).wantStatus(http.StatusSeeOther)
	s.post("/staff/guides", start).wantStatus(http.StatusUnprocessableEntity)

	seen := s.get(djangoDraft).wantCount("form[action$='fastapi/removal']", 0).value("form[action$='/publication'] [name=seen]")
	s.post(djangoDraft+"/removal", fields("seen", seen)).wantStatus(http.StatusConflict)
	s.get(djangoDraft).wantStatus(http.StatusOK)
}

func TestFormOfAPreviewSendsNoRequest(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Editor)
	s.mustEdit(djangoDraft+"/verdict", "headline", "Another headline")
	form := s.get(djangoDraft + "/preview").form("form[action='/intake']")
	for name, text := range map[string]string{"name": "Sample", "email": "sample@example.org", "project": "A sample"} {
		form.Set(name, text)
	}
	form.Set("consent", "yes")
	a := s.post("/intake", form).wantStatus(http.StatusUnprocessableEntity).wantText("[role=alert]", "preview of a draft")
	a.wantText("#project", "A sample")
	s.wantLeads(0)
}

func TestNextItemOpensAfterSaving(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Editor)
	rows := s.draft().Summary
	s.edit(djangoDraft+"/criteria/"+rows[0].ID, "do", "next").
		wantLocation(djangoDraft + "/criteria/" + rows[1].ID + "?done=draft-saved")
	s.edit(djangoDraft+"/conditions/new?option=fastapi", "text", "you want it.", "weight", "1", "do", "next").
		wantLocation(djangoDraft + "/conditions/new?done=draft-saved&option=fastapi")
	list := s.draft().Conditions["fastapi"]
	if got := list[len(list)-1].Text; got != "you want it." {
		t.Errorf("the last reason is %q", got)
	}
}

func TestListShowsWeightGroupAndWhatIsWrong(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Editor)
	reason := s.draft().Conditions["django"][0].ID
	s.mustEdit(djangoDraft+"/conditions/"+reason, "text", "", "weight", "3", "group", "screens", "rules_out", "fastapi",
		"unfinished", "yes")
	s.get(djangoDraft+"/conditions").wantText("#item-"+reason, "×3", "group screens", "rules out FastAPI", "This is missing").
		wantCount("#item-"+reason+" a[href$='/"+reason+"#text']", 1)
	s.get(djangoDraft+"/profiles").wantText("#item-1", "should say", "says ")
	a := s.get(djangoDraft+"/conditions/"+reason).wantText("#text-wrong", "missing").wantCount("[role=alert]", 0)
	a.wantText(".findings", "Reason: This is missing.")
}

func TestCheckCallsOptionsAndRowsByTheirNamesInTheBrowser(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Editor)
	expected := s.draft().Profiles[0].Expect
	s.edit(djangoDraft+"/profiles/1", "expect", guide.Even).wantStatus(http.StatusUnprocessableEntity).
		wantText("#expect-wrong", "A tie was expected, the checklist says ", "Django ", "FastAPI ").
		wantNoText("#expect-wrong", expected+" ")
	reason := s.draft().Conditions["fastapi"][0].ID
	s.mustEdit(djangoDraft+"/conditions/"+reason, "rests_on", "admin", "unfinished", "yes")
	s.get(djangoDraft+"/conditions/"+reason).
		wantText(".findings", "Django is ahead in the row “Admin interface”, so it is not a reason for FastAPI")
}

func TestDraftOpenOverAnIdleNightIsSaved(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Editor)
	form := s.get(djangoDraft+"/verdict").draftForm("headline", "Typed in the morning")
	s.sql(`UPDATE guides SET field = field`) // as the sweep and the re-check of facts do: nothing of the section
	s.change("admin", func(f *guide.Fact) { f.Detail += " And more." })
	s.post(djangoDraft+"/verdict", form).wantStatus(http.StatusSeeOther)
}

// TestEachControlOfADraftHasALabelAndItsMistake sends each form empty, and as wrong as it can be.
func TestEachControlOfADraftHasALabelAndItsMistake(t *testing.T) {
	t.Parallel()
	s, other := withEditors(t)
	paths := []string{"/options"}
	for _, one := range s.sectionPaths() {
		paths = append(paths, one.path)
		if section, _, isItem := strings.Cut(one.path[1:], "/"); isItem {
			paths = append(paths, "/"+section+"/new")
		}
	}
	for _, path := range paths {
		form := s.get(djangoDraft + path).wantLabelled().draftForm()
		empty := fields("seen", form.Get("seen"))
		s.post(djangoDraft+path, empty).wantStatus(http.StatusUnprocessableEntity).wantLabelled().wantMistakes()
		for name := range form {
			if name != "seen" {
				form[name] = []string{strings.Repeat("[", 2000)}
			}
		}
		s.post(djangoDraft+path, form).wantStatus(http.StatusUnprocessableEntity).wantLabelled().wantMistakes()
	}
	stale := s.get(djangoDraft+"/verdict").draftForm("headline", "Mine")
	other.mustEdit(djangoDraft+"/verdict", "headline", "Theirs")
	s.post(djangoDraft+"/verdict", stale).wantStatus(http.StatusConflict).wantLabelled()
	s.get("/staff/guides").wantLabelled()
	s.post("/staff/guides", nil).wantStatus(http.StatusUnprocessableEntity).wantLabelled().wantMistakes()
}

// wantLabelled checks that each control has one label, and that what it refers to is on the page, once.
func (a answer) wantLabelled() answer {
	a.t.Helper()
	ids := map[string]int{}
	for _, id := range a.attrs("[id]", "id") {
		if ids[id]++; ids[id] == 2 {
			a.t.Errorf("%s: two elements have the id %s", a.what, id)
		}
	}
	for _, control := range a.Find("main").Find("input:not([type=hidden]), select, textarea").EachIter() {
		id, labels := control.AttrOr("id", ""), control.Closest("label").Length()
		for _, label := range a.Find("label").EachIter() {
			if id != "" && label.AttrOr("for", "") == id && strings.TrimSpace(label.Text()) != "" {
				labels++
			}
		}
		if labels != 1 {
			a.t.Errorf("%s: %s %s has %d labels", a.what, control.AttrOr("name", ""), id, labels)
		}
	}
	for _, described := range a.attrs("[aria-describedby]", "aria-describedby") {
		for id := range strings.FieldsSeq(described) {
			if ids[id] == 0 {
				a.t.Errorf("%s: nothing has the id %s", a.what, id)
			}
		}
	}
	return a
}

// wantMistakes checks that a summary that takes the focus leads to each field with a mistake, which says so.
func (a answer) wantMistakes() answer {
	a.t.Helper()
	a.wantCount("[role=alert][autofocus] li a", a.Find("main .err[id$=-wrong]").Length())
	for _, link := range a.attrs("[role=alert] li a", "href") {
		field := a.Find("[id='" + strings.TrimPrefix(link, "#") + "']")
		if field.Length() != 1 {
			a.t.Errorf("%s: %s leads nowhere", a.what, link)
		}
		if !field.Is("[aria-invalid=true]") || !strings.Contains(field.AttrOr("aria-describedby", ""), link[1:]+"-wrong") {
			a.t.Errorf("%s: %s does not say that it is wrong", a.what, link)
		}
	}
	return a
}
