package web_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"tiebreak/internal/guide"
	"tiebreak/internal/staff"
)

func TestStaleFormOfADraftShowsBothTexts(t *testing.T) {
	t.Parallel()
	s, other := withEditors(t)
	for _, one := range s.sectionPaths() {
		stale := s.get(djangoDraft+one.path).draftForm(one.field, "My words here.")
		other.mustEdit(djangoDraft+one.path, one.field, "Their words here.")
		a := s.post(djangoDraft+one.path, stale).wantStatus(http.StatusConflict)
		a.wantText("[role=alert]", "Other Member", "Their words here.", "My words here.")
		again := a.draftForm()
		if got := strings.TrimSpace(again.Get(one.field)); got != "My words here." {
			t.Errorf("%s: the form holds %q", one.path, got)
		}
		s.get(djangoDraft+one.path).wantText("main", "") // take theirs
		if got := s.get(djangoDraft + one.path).draftForm().Get(one.field); strings.TrimSpace(got) != "Their words here." {
			t.Errorf("%s: %q was overwritten", one.path, got)
		}
		s.post(djangoDraft+one.path, again).wantStatus(http.StatusSeeOther) // keep mine
	}
	// The same words of both, and an unrelated item of the same list, are not a conflict.
	stale := s.get(djangoDraft+"/verdict").draftForm("headline", "The same words.")
	other.mustEdit(djangoDraft+"/verdict", "headline", "The same words.")
	s.post(djangoDraft+"/verdict", stale).wantStatus(http.StatusSeeOther)
}

// withEditors starts a site with two editors, each in a browser of their own.
func withEditors(t *testing.T) (one, other *site) {
	t.Helper()
	one = signedIn(t, staff.Editor)
	other = one.withMember(otherEmail, staff.Editor)
	one.sql(`UPDATE members SET name = 'Other Member' WHERE email = '` + otherEmail + `'`)
	return one, other
}

func TestStaleMoveAndRemovalChangeNothing(t *testing.T) {
	t.Parallel()
	s, other := withEditors(t)
	list := djangoDraft + "/questions"
	id := s.draft().Questions[1].ID
	page := s.get(list)
	move, removal := page.form("form[action$='/"+id+"/position']"), page.form("form[action$='/"+id+"/removal']")
	move.Set("to", "1")
	other.mustEdit(list+"/"+id, "question", "Another question?")
	for path, form := range map[string]url.Values{"/position": move, "/removal": removal} {
		s.post(list+"/"+id+path, form).wantStatus(http.StatusConflict).wantText("[role=alert]", "Someone else")
	}
	if got := s.draft().Questions[1]; got.ID != id || got.Question != "Another question?" {
		t.Errorf("the second question is %s: %s", got.ID, got.Question)
	}
	stale := s.get(list+"/"+id).draftForm("answer", "My answer.")
	other.press(list, "form[action$='/"+id+"/removal']")
	a := s.post(list+"/"+id, stale).wantStatus(http.StatusConflict).wantText("[role=alert]", "removed this")
	s.post(a.attr("main form.draft", "action"), a.draftForm()).wantStatus(http.StatusSeeOther)
	if i := slices.IndexFunc(s.draft().Questions, func(q guide.Question) bool { return q.Answer == "My answer." }); i < 0 {
		t.Error("what was typed is lost")
	}
}

func TestConflictWithAnImportIsSettledOnThePage(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Editor)
	for _, keep := range []string{"draft", "newest"} {
		g := s.draft()
		s.mustEdit(djangoDraft+"/verdict", "headline", "The editor’s words, keep "+keep+".")
		q := g.Questions[0].ID
		s.mustEdit(djangoDraft+"/questions/"+q, "answer", "The editor’s answer, keep "+keep+".")
		g.Verdict.Headline, g.Questions[0].Answer = "The file’s words, keep "+keep+".", "The file’s answer, keep "+keep+"."
		s.publish(g)
		s.get(djangoDraft).wantText("#verdict", "choose a text").wantText("#questions", "choose a text").
			wantCount("form[action$='/publication']", 0)
		for path, words := range map[string]string{"/verdict": "words", "/questions": "answer"} {
			s.get(djangoDraft+path).wantText("[role=alert]", "The file’s "+words, "The editor’s "+words)
			s.press(djangoDraft+path, "form[action$='/choice']", "keep", keep).wantText("main [role=status]", "Text chosen")
		}
		want := "The file’s words, keep newest."
		if keep == "draft" {
			want = "The editor’s words, keep draft."
			s.press(djangoDraft, "form[action$='/publication']")
		}
		if got := s.draft().Verdict.Headline; got != want {
			t.Errorf("keep %s: %q", keep, got)
		}
	}
}
