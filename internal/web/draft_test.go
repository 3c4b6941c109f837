package web_test

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"tiebreak/internal/guide"
	"tiebreak/internal/guide/section"
	"tiebreak/internal/guide/yamlform"
	"tiebreak/internal/staff"
)

const djangoDraft = "/staff/guides/django-vs-fastapi"

// draftForm returns the form of a draft's page as a browser would send it, with other values for some fields.
func (a answer) draftForm(changes ...string) url.Values {
	a.t.Helper()
	form := a.form("main form.draft")
	for _, list := range a.Find("main form.draft select").EachIter() {
		form.Add(list.AttrOr("name", ""), list.Find("[selected]").AttrOr("value", ""))
	}
	for name, list := range fields(changes...) {
		form[name] = list
	}
	return form
}

// edit sends the form at the path with other values for some fields.
func (s *site) edit(path string, changes ...string) answer {
	s.t.Helper()
	return s.post(path, s.get(path).wantStatus(http.StatusOK).draftForm(changes...))
}

// mustEdit is edit for a form that must be saved.
func (s *site) mustEdit(path string, changes ...string) {
	s.t.Helper()
	s.edit(path, changes...).wantStatus(http.StatusSeeOther)
}

// press sends the first form that matches on the page, and follows where it leads.
func (s *site) press(path, form string, changes ...string) answer {
	s.t.Helper()
	page := s.get(path).wantStatus(http.StatusOK)
	if page.Find(form).Length() == 0 {
		s.t.Fatalf("%s has no %s: %.500s", path, form, page.text("main"))
	}
	values := page.form(form)
	if button := page.Find(form).First().Find("button[name]").First(); button.Length() > 0 {
		values.Set(button.AttrOr("name", ""), button.AttrOr("value", ""))
	}
	for name, list := range fields(changes...) {
		values[name] = list
	}
	return s.follow(s.post(page.attr(form, "action"), values))
}

// draft returns the draft of the guide.
func (s *site) draft() guide.Guide {
	s.t.Helper()
	d, err := s.db.Draft(s.t.Context(), "django-vs-fastapi")
	noError(s.t, err)
	return d.Guide
}

func TestSectionIsEditedPreviewedAndPublished(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Editor)
	s.edit(djangoDraft+"/verdict", "headline", "Another headline").wantLocation(djangoDraft + "?done=draft-saved")
	s.get("/compare/django-vs-fastapi").wantNoText("main", "Another headline")
	s.get(djangoDraft).wantText("#verdict", "Changed by Sample Member")
	s.get("/staff/guides").wantText("tbody", "Published, with a draft", "Sample Member")
	preview := s.get(djangoDraft+"/preview").wantStatus(http.StatusOK).wantText("main", "Another headline")

	s.press(djangoDraft, "form[action$='/publication']").wantText("main [role=status]", "Published")
	public := s.get("/compare/django-vs-fastapi").wantText("main", "Another headline")
	if got, want := mainOf(preview), mainOf(public); got != want {
		t.Errorf("the preview differs from the page:\n%s", firstDifference(got, want))
	}
	s.get(djangoDraft).wantText("main", "The draft has no changes").wantCount("form[action$='/publication']", 0)
}

// versionDate matches the times of an edition in a page.
var versionDate = regexp.MustCompile(`<input type="hidden" name="edition" value="\w+">|(<dt>This version</dt> ?<dd>|Version of )<time.*?</time>|"date(Modified|Published)":"[^"]*"`)

// mainOf returns the main part of a guide's page to the byte, without the draft's line and the version's date.
func mainOf(a answer) string {
	_, main, _ := strings.Cut(a.body, "<main")
	main, _, _ = strings.Cut(main, "</main>")
	if before, rest, found := strings.Cut(main, `<p class="wrap notice" data-draft>`); found {
		_, after, _ := strings.Cut(rest, "</p>")
		main = before + after
	}
	return versionDate.ReplaceAllString(main, "")
}

func firstDifference(a, b string) string {
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return a[max(0, i-80):min(len(a), i+80)] + "\n\n" + b[max(0, i-80):min(len(b), i+80)]
		}
	}
	return "one is longer"
}

// sectionForms are the form of each section, a field of it and what it may hold.
var sectionForms = []struct{ path, field, text string }{
	{"/head", "subtitle", "A subtitle with **words**"},
	{"/intro", "intro", "An introduction."},
	{"/verdict", "headline", "A headline."},
	{"/call", "text", "Ask us."},
	{"/criteria/admin", "why", "It is built in."},
	{"/dimensions/data", "means", "In practice it matters."},
	{"/conditions/ready-admin", "text", "you want an admin."},
	{"/questions/migrations", "answer", "It is an answer."},
	{"/profiles/1", "name", "A sample project"},
}

func TestEachSectionIsSavedAndChangesNothingElse(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Editor)
	for _, one := range s.sectionPaths() {
		before := s.draft()
		s.edit(djangoDraft+one.path, one.field, one.text).wantStatus(http.StatusSeeOther)
		after := s.draft()
		name := strings.Split(one.path, "/")[1]
		for _, section := range section.All {
			if changed := section.Digest(before) != section.Digest(after); changed != (section.Name == name) {
				t.Errorf("%s: changed %s: %v", one.path, section.Name, changed)
			}
		}
		if got := s.get(djangoDraft + one.path).draftForm().Get(one.field); strings.TrimSpace(got) != one.text {
			t.Errorf("%s shows %q, want %q", one.path, got, one.text)
		}
	}
	if d, err := s.db.Draft(t.Context(), "django-vs-fastapi"); err != nil || len(d.Changes) != len(section.All) {
		t.Errorf("changes %v (%v)", d.Changes, err)
	}
}

// sectionPaths returns the forms of all sections, each with the id of an item that is there.
func (s *site) sectionPaths() []struct{ path, field, text string } {
	s.t.Helper()
	forms := slices.Clone(sectionForms)
	g := s.draft()
	for i, one := range forms {
		parts := strings.Split(one.path, "/")
		if section, _ := section.Named(parts[1]); len(parts) == 3 {
			forms[i].path = "/" + parts[1] + "/" + section.Lists(&g)[0].ID(0)
		}
	}
	return forms
}

func TestFormSavedUnchangedChangesNothing(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Editor)
	for _, one := range s.sectionPaths() {
		s.mustEdit(djangoDraft + one.path)
	}
	if d, err := s.db.Draft(t.Context(), "django-vs-fastapi"); err != nil || d.Differs() || len(d.Changes) > 0 {
		t.Errorf("changes %v (%v)", d.Changes, err)
	}
	s.wantAudit("sign-in")
}

func TestItemIsAddedMovedAndRemoved(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Editor)
	list := djangoDraft + "/questions"
	s.edit(list+"/new", "question", "Which one?", "answer", "This one.").
		wantLocation(list + "?done=draft-saved#item-which-one")
	last := len(s.draft().Questions) - 1
	s.press(list, "form[action$='/which-one/position']").wantText("main [role=status]", "Moved")
	if got := s.draft().Questions[last-1].ID; got != "which-one" {
		t.Errorf("%s stands before the last question", got)
	}
	s.press(list, "form[action$='/which-one/removal']").wantText("main [role=status]", "Removed")
	if d, err := s.db.Draft(t.Context(), "django-vs-fastapi"); err != nil || d.Differs() {
		t.Errorf("the draft still differs: %v", err)
	}
	s.wantAudit("guide-edited guide 2", "guide-edited guide 2", "guide-edited guide 2", "sign-in")
}

func TestWrongFormIsGivenBackWithTheMistakeAtTheField(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Editor)
	for _, one := range []struct{ path, field, typed, says string }{
		{"/head", "title", "", "This is missing."},
		{"/head", "answer.django", "", "This is missing."},
		{"/head", "short.django", strings.Repeat("long ", 12), "59 characters"},
		{"/intro", "intro", "A claim[^99].", "cites a source that does not exist"},
		{"/intro", "source-1-url", "not an address", "is not a web address"},
		{"/intro", "source-1-copy", "yesterday", "is not a date"},
		{"/verdict", "headline", "", "This is missing."},
		{"/call", "heading", "", "This is missing."},
		{"/criteria/new", "label", "", "This is missing."},
		{"/criteria/new", "criterion", "No Slug!", "Use lower-case letters"},
		{"/criteria/new", "criterion", "admin", "Another row has this ID"},
		{"/dimensions/new", "title", "", "This is missing."},
		{"/conditions/new", "weight", "9", "9 is not 1, 2 or 3"},
		{"/conditions/new", "weight", "much", "Expected a whole number"},
		{"/conditions/new", "weight", "99999999999999999999", "Expected a whole number"},
		{"/questions/new", "answer", "", "This is missing."},
		{"/profiles/new", "expect", "", "This is missing."},
	} {
		before := s.draft()
		a := s.edit(djangoDraft+one.path, one.field, one.typed).wantStatus(http.StatusUnprocessableEntity)
		id := strings.ReplaceAll(one.field, ".", `\.`)
		a.wantText("#"+id+"-wrong", one.says).wantAttr("#"+id, "aria-invalid", "true").wantCount("[role=alert] a[href='#"+
			one.field+"']", 1)
		if got := a.draftForm().Get(one.field); strings.TrimSpace(got) != strings.TrimSpace(one.typed) {
			t.Errorf("%s: %s holds %q", one.path, one.field, got)
		}
		if digestsDiffer(t, before, s.draft()) {
			t.Errorf("%s: a wrong %s was saved", one.path, one.field)
		}
	}
	unfinished := s.get(djangoDraft+"/verdict").draftForm("headline", "", "unfinished", "yes")
	s.post(djangoDraft+"/verdict", unfinished).wantStatus(http.StatusSeeOther)
	s.get(djangoDraft).wantText("#verdict", "Headline: This is missing").wantCount("form[action$='/publication']", 0).
		wantCount("a[href='"+djangoDraft+"/verdict#headline']", 1)
	seen := s.get(djangoDraft).value("form[action$='/draft/removal'] [name=seen]")
	s.post(djangoDraft+"/publication", fields("seen", seen)).wantStatus(http.StatusUnprocessableEntity).
		wantText("[role=alert]", "verdict.headline is missing")
}

func digestsDiffer(t *testing.T, a, b guide.Guide) bool {
	t.Helper()
	one, err := a.Digest()
	noError(t, err)
	other, err := b.Digest()
	noError(t, err)
	return one != other
}

func TestDraftFormsThatOurPagesDoNotSendAreRefused(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Editor)
	for path, form := range map[string]url.Values{
		"/verdict": fields("headline", "x"), "/criteria/admin": fields("why", "x"), "/criteria/admin/removal": nil,
		"/criteria/admin/position": fields("seen", "x"), "/verdict/choice": fields("seen", "x", "keep", "both"),
		"/publication": nil, "/draft/removal": nil,
	} {
		s.post(djangoDraft+path, form).wantStatus(http.StatusBadRequest)
	}
	for _, path := range []string{"/nothing", "/verdict/x", "/criteria/nothing", "/profiles/99", "/nothing/x"} {
		s.get(djangoDraft + path).wantStatus(http.StatusNotFound)
	}
	s.post(djangoDraft+"/criteria", fields("seen", "x")).wantStatus(http.StatusNotFound)
}

func TestReadersSeeDraftsAndChangeNothing(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Reader)
	for _, path := range []string{"", "/verdict", "/criteria", "/criteria/admin", "/head"} {
		s.get(djangoDraft+path).wantStatus(http.StatusOK).wantCount("main form", 0)
	}
	s.get("/staff/guides").wantCount("main form[method=post]", 0)
}

func TestOutlineNamesExampleProjectsWhoseResultChanges(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Editor)
	p := s.draft().Profiles[0]
	s.mustEdit(djangoDraft+"/profiles/1", "tick", "", "must", "", "unfinished", "yes")
	s.get(djangoDraft).wantText("#profiles", "expected")
	s.press(djangoDraft, "form[action$='/draft/removal']").wantText("main [role=status]", "Discarded")
	for _, id := range p.Tick {
		s.edit(djangoDraft+"/conditions/"+id, "weight", "1", "rules_out", "", "unfinished", "yes")
	}
	d, err := s.db.Draft(t.Context(), "django-vs-fastapi")
	noError(t, err)
	_, findings, err := d.Check()
	noError(t, err)
	if yamlform.Mistakes(findings) > 0 {
		s.get(djangoDraft).wantText("main", "Example projects with another result")
	}
}

func TestTextOfADraftSurvivesAnEndedSession(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Editor)
	form := s.get(djangoDraft+"/verdict").draftForm("headline", "Words typed before the session ended.")
	s.mustPost("/staff/sign-out")
	a := s.post(djangoDraft+"/verdict", form).wantStatus(http.StatusForbidden)
	a.wantText("#headline", "Words typed before the session ended.")
	again := a.form("main form")
	s.mustSignIn(memberEmail)
	s.post(djangoDraft+"/verdict", again).wantStatus(http.StatusSeeOther)
	if got := s.draft().Verdict.Headline; got != "Words typed before the session ended." {
		t.Errorf("the draft says %q", got)
	}
}
