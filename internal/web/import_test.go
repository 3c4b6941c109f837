package web_test

import (
	"bytes"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"tiebreak/internal/guide/yamlform"
	"tiebreak/internal/staff"
)

const (
	importPage  = "/staff/import"
	djangoFile  = "/staff/options/django.yaml"
	versusFile  = "/staff/guides/django-vs-fastapi.yaml"
	versusTitle = "title: Django vs FastAPI\n"
)

// sendFiles sends the form for files as a browser does: the names and texts in turn.
func (s *site) sendFiles(form url.Values, files ...string) answer {
	s.t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for name, values := range form {
		for _, value := range values {
			noError(s.t, w.WriteField(name, value))
		}
	}
	for i := 0; i < len(files); i += 2 {
		part, err := w.CreateFormFile("file", files[i])
		noError(s.t, err)
		_, err = part.Write([]byte(files[i+1]))
		noError(s.t, err)
	}
	noError(s.t, w.Close())
	return s.postBody(importPage, body.String(), "Content-Type", w.FormDataContentType())
}

// replaced returns the text with one of its parts replaced.
func replaced(t *testing.T, text, old, by string) string {
	t.Helper()
	if strings.Count(text, old) != 1 {
		t.Fatalf("%q stands %d times in the file", old, strings.Count(text, old))
	}
	return strings.Replace(text, old, by, 1)
}

// importForm returns the form of a page that shows what files would change, as the button sends it.
func (a answer) importForm() url.Values {
	a.t.Helper()
	form := a.form("main form")
	form.Set("do", "import")
	for i, text := range form["file"] { // as a browser reads and sends it
		form["file"][i] = strings.ReplaceAll(strings.TrimPrefix(text, "\n"), "\n", "\r\n")
	}
	return form
}

func TestDownloadedFilesAreWhatAnExportWrites(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Editor)
	wantFile := func(path string, drafts bool) {
		t.Helper()
		folder, err := s.db.Export(t.Context(), []string{"django-vs-fastapi"}, drafts)
		noError(t, err)
		var content any = folder.Guides[0]
		if path == djangoFile {
			content = folder.Options[0]
		}
		text, err := yamlform.YAML(content)
		noError(t, err)
		if got := s.body(path); got != string(text) {
			t.Errorf("%s is not what an export writes", path)
		}
	}
	wantFile(djangoFile, false)
	wantFile(versusFile, false)
	s.mustEdit(djangoDraft+"/verdict", "headline", "A headline of the draft.")
	wantFile(versusFile, true)
	wantFile(versusFile+"?published", false)
	if !strings.Contains(s.body(versusFile), "A headline of the draft.") {
		t.Error("the file is not the draft")
	}
	s.get(versusFile).wantHeader("Content-Disposition", `attachment; filename="django-vs-fastapi.yaml"`)
	s.get("/staff/guides/nothing.yaml").wantStatus(http.StatusNotFound)
	s.get("/staff/options/nothing.yaml").wantStatus(http.StatusNotFound)
	heir := s.edition().Guide
	heir.Formerly = []string{"django-vs-flask"}
	s.publish(heir)
	s.get("/staff/guides/django-vs-flask.yaml").wantLocation(versusFile)
}

func TestUploadedFilesShowWhatTheyChangeAndThenDoExactlyThat(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Editor)
	guide := replaced(t, s.body(versusFile), versusTitle, "title: Django against FastAPI\n")
	option := replaced(t, s.body(djangoFile), "name: Django\n", "name: The Django\n")
	var a answer
	if entries := s.newEntries(func() {
		a = s.sendFiles(fields("publish", "yes"),
			"g.yaml", guide, "o.yaml", option, "same.yaml", s.body("/staff/options/vue.yaml"))
	}); len(entries) > 0 {
		t.Errorf("a dry run left %q", entries)
	}
	a.wantStatus(http.StatusOK).wantText("main", "Nothing is changed yet")
	a.wantText("#file-1", "g.yaml", "changed", "Changes Title and answers.").wantText("#file-2", "changed", "Changes name.")
	a.wantText("#file-3", "same.yaml", "unchanged").wantText("#guides", "Django against FastAPI", "Django vs Flask")
	a.wantNoText("#guides", "React").wantText("button[value=import]", "Import and publish")
	s.get("/compare/django-vs-fastapi").wantNoText("title", "against")

	entries := s.newEntries(func() {
		s.post(importPage, a.importForm()).wantLocation(importPage + "?done=imported")
	})
	want := "guide-imported guide 2, guide-published guide 2, option-imported option 1"
	if got := strings.Join(entries, ", "); got != want {
		t.Errorf("the audit has %q, want %q", got, want)
	}
	s.get("/compare/django-vs-fastapi").wantText("title", "against")
	s.get("/options/django").wantText("h1", "The Django")
	s.get(importPage+"?done=imported").wantText("[role=status]", "Imported.")
	s.get("/staff/guides").wantText("tbody", "Sample Member")
	s.get("/staff/options/django/facts/admin").wantText("#history", "The command line").wantNoText("#history", "Sample Member")

	again := s.sendFiles(fields("publish", "yes"), "g.yaml", s.body(versusFile)).wantStatus(http.StatusOK)
	again.wantText("main", "These files change nothing").wantCount("button[value=import]", 0)
}

func TestImportedFactNamesItsMember(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Editor)
	text := replaced(t, s.body(djangoFile), "value: Built in", "value: Said a file")
	a := s.post(importPage, fields("text", text)).wantStatus(http.StatusOK)
	a.wantText("#file-1", "pasted.yaml", "Changes 1 fact: admin.").wantText("#guides", "Django vs FastAPI")
	s.post(importPage, a.importForm()).wantLocation("/staff/options/django?done=imported")
	s.get(adminFact).wantText("#history li:first-child", "Sample Member").wantText("#now", "Said a file")
	s.get("/compare/django-vs-fastapi").wantText("main", "Said a file")
}

func TestMistakesInFilesAreNamedAtTheirPlaceAndCanBeCorrected(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Editor)
	guide := replaced(t, s.body(versusFile), versusTitle, "titel: Django vs FastAPI\n")
	line := 1 + strings.Count(guide[:strings.Index(guide, "titel")], "\n")
	a := s.sendFiles(nil, "g.yaml", guide, "o.yaml", s.body(djangoFile)).wantStatus(http.StatusUnprocessableEntity)
	a.wantText("[role=alert]", "Nothing was imported: correct 2 problems first", "g.yaml: 2 problems")
	a.wantText("#file-1 .wrong", fmt.Sprintf("g.yaml:%d:1: unknown field \"titel\"", line), "g.yaml:1:1: title is missing")
	a.wantCount("#file-1 details[open] textarea[aria-invalid]", 1).wantCount("#file-2 .wrong", 0)
	a.wantCount("button[value=import]", 0)

	form := a.importForm()
	form["file"][0] = strings.Replace(form["file"][0], "titel:", "title:", 1)
	form.Set("do", "check")
	s.post(importPage, form).wantStatus(http.StatusOK).wantText("main", "These files change nothing")

	unknown := replaced(t, s.body(versusFile), "fact: admin\n", "fact: admim\n")
	s.sendFiles(nil, "g.yaml", unknown).wantStatus(http.StatusUnprocessableEntity).
		wantText("#file-1 .wrong", `django has no fact "admim"`)
	nobody := replaced(t, s.body(versusFile), "options: [django, fastapi]\n", "options: [django, fastapi, rials]\n")
	s.sendFiles(fields("publish", "yes"), "g.yaml", nobody).wantStatus(http.StatusUnprocessableEntity).wantText("main", "rials")
}

func TestFileOlderThanTheSiteIsAConflict(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Editor)
	mine := replaced(t, s.body(djangoFile), "name: Django\n", "name: Mine\n")
	form := s.get(adminFact).form("#fact")
	form.Set("value", "Theirs")
	s.post(adminFact, form).wantStatus(http.StatusSeeOther)

	a := s.sendFiles(nil, "o.yaml", mine).wantStatus(http.StatusConflict)
	a.wantText("[role=alert]", "the site has newer versions").wantText("#file-1", "conflict", "The site has a newer version")
	a.wantAttr("#file-1 .err a", "href", djangoFile).wantCount("button[value=import]", 0)
	a.wantText("#file-1 textarea", "name: Mine")
	forced := a.importForm()
	s.post(importPage, forced).wantStatus(http.StatusConflict)
	s.get(adminFact).wantText("#now", "Theirs")
}

func TestImportThatIsNotWhatWasShownChangesNothing(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Editor)
	// A file without based_on would overwrite what someone saved after the member looked.
	_, text, _ := strings.Cut(s.body(djangoFile), "\nname:")
	text = "option: django\nname:" + replaced(t, text, "value: Built in", "value: Mine")
	a := s.sendFiles(nil, "o.yaml", text).wantStatus(http.StatusOK)
	form := s.get(adminFact).form("#fact")
	form.Set("value", "Theirs")
	s.post(adminFact, form).wantStatus(http.StatusSeeOther)

	b := s.post(importPage, a.importForm()).wantStatus(http.StatusConflict)
	b.wantText("[role=alert]", "changed since you looked").wantText("#file-1", "Changes 1 fact: admin.")
	s.get(adminFact).wantText("#now", "Theirs")

	other := b.importForm()
	other["file"][0] = strings.Replace(other["file"][0], "value: Mine", "value: Not shown", 1)
	s.post(importPage, other).wantStatus(http.StatusConflict)
	published := b.importForm()
	published.Set("publish", "yes")
	s.post(importPage, published).wantStatus(http.StatusConflict)
	s.get(adminFact).wantText("#now", "Theirs")
	s.post(importPage, b.importForm()).wantStatus(http.StatusSeeOther)
	s.get(adminFact).wantText("#now", "Mine")
}

func TestImportShowsTheSectionsThatADraftChangesToo(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Editor)
	file := replaced(t, s.body(versusFile), versusTitle, "title: The file's title\n")
	s.mustEdit(djangoDraft+"/head", "title", "The draft's title")
	a := s.sendFiles(fields("publish", "yes"), "g.yaml", file).wantStatus(http.StatusOK)
	a.wantText("#file-1", "The draft on the site changes the same sections: Title and answers (Sample Member)")
	s.post(importPage, a.importForm()).wantLocation(djangoDraft + "?done=imported")
	s.get(djangoDraft).wantText("#head .err", "The newest version changed this section too")
	s.get(djangoDraft+"/head").wantText(".theirs", "The file's title").wantText(".mine", "The draft's title")
	s.get("/compare/django-vs-fastapi").wantText("title", "The file's title")
}

func TestOnlyAdminsImportTheIdentityOfTheSite(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Editor)
	const file = "name: Another Studio\n"
	s.sendFiles(nil, "site.yaml", file).wantStatus(http.StatusUnprocessableEntity).
		wantText("#file-1 .wrong", "site.yaml:1:1: only admins can import the site's identity")
	admin := s.as(staff.Admin)
	a := admin.sendFiles(nil, "site.yaml", file).wantStatus(http.StatusOK).wantText("#file-1", "Changes name.")
	admin.post(importPage, a.importForm()).wantStatus(http.StatusSeeOther)
	s.get("/about").wantText("body", "Another Studio")
	s.wantEntries(staff.SiteImported, 1)
	s.as(staff.Reader).get(importPage).wantStatus(http.StatusForbidden)
}

func TestUploadSurvivesAnEndedSession(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Editor)
	file := replaced(t, s.body(djangoFile), "name: Django\n", "name: The Django\n")
	s.mustPost("/staff/sign-out")
	a := s.sendFiles(nil, "o.yaml", file).wantStatus(http.StatusForbidden).wantText("h1", "you are signed out")
	a.wantAttr("main form", "enctype", "multipart/form-data")
	s.mustSignIn(memberEmail)
	b := s.sendFiles(a.form("main form")).wantStatus(http.StatusOK).wantText("#file-1", "o.yaml", "Changes name.")

	s.mustPost("/staff/sign-out")
	c := s.sendFiles(b.importForm()).wantStatus(http.StatusForbidden)
	s.mustSignIn(memberEmail)
	s.sendFiles(c.form("main form")).wantStatus(http.StatusSeeOther)
	s.get("/options/django").wantText("h1", "The Django")
}

// manyWords returns so many different words.
func manyWords(n int) string {
	var words strings.Builder
	for i := range n {
		fmt.Fprintf(&words, "w%06x ", i)
	}
	return words.String()
}
