package web_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"tiebreak/internal/guide"
	"tiebreak/internal/staff"
)

func TestUnpublishedGuideIsGoneEverywhereAndCanComeBack(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Editor)
	s.ask("A sample project")
	there := s.instance()
	there.get("/compare/django-vs-fastapi").wantStatus(http.StatusOK)
	s.press(djangoDraft, removalForm, "to", "").wantText("main [role=status]", "Unpublished")
	s.wantAudit("guide-unpublished guide 2")
	there.within(noticed, "the guide is gone", func() bool {
		return there.get("/compare/django-vs-fastapi").status == http.StatusGone
	})
	for _, visitor := range []*site{s, there} {
		for _, path := range []string{"", ".md", ".json", "/changes", "/changes.atom", "/decision", "/card.png"} {
			visitor.get("/compare/django-vs-fastapi" + path).wantStatus(http.StatusGone)
		}
		gone := visitor.get("/compare/django-vs-fastapi")
		gone.wantText("main", "We no longer publish this guide", "Django vs FastAPI")
		gone.wantCount("main a[href='/compare/django-vs-fastapi-vs-flask']", 1).wantCount("meta[name=robots][content=noindex]", 1)
		for _, path := range []string{
			"/", "/sitemap.xml", "/llms.txt", "/search?q=django+fastapi", "/options/django", "/compare/django-vs-flask",
		} {
			if strings.Contains(visitor.body(path), `/compare/django-vs-fastapi"`) ||
				strings.Contains(visitor.body(path), "/compare/django-vs-fastapi<") {
				t.Errorf("%s still leads to the guide", path)
			}
		}
		if body := visitor.body("/feed.atom"); strings.Contains(body, "/compare/django-vs-fastapi/") {
			t.Error("the feed still tells of the guide")
		}
	}
	s.get("/staff/leads/TB-0001/guide").wantStatus(http.StatusOK)
	s.get("/intake?guide=django-vs-fastapi&tick=ready-admin").wantStatus(http.StatusOK)
	s.get(djangoDraft).wantText("main", "No longer published").wantCount(removalForm, 0)
	s.get("/staff/guides").wantText("tbody", "Unpublished")

	s.press(djangoDraft, publishForm).wantText("main [role=status]", "Published")
	there.within(noticed, "the guide is back", func() bool {
		return there.get("/compare/django-vs-fastapi").status == http.StatusOK
	})
	s.get("/compare/django-vs-fastapi/changes").wantStatus(http.StatusOK)
}

func TestUnpublishedGuideLeadsToAnotherOneUntilItIsPublishedAgain(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Editor)
	moved := "/staff/guides/python-frameworks"
	s.press(djangoDraft, addressForm, "slug", "python-frameworks").wantText("main [role=status]", "new address")
	s.press(moved, removalForm, "to", "django-vs-flask")
	for _, path := range []string{"/compare/python-frameworks", "/compare/django-vs-fastapi"} {
		s.get(path).wantStatus(http.StatusMovedPermanently).wantHeader("Location", "/compare/django-vs-flask")
	}
	s.get(moved).wantText("main", "leads to django-vs-flask")
	s.get("/staff/guides").wantText("tbody", "Unpublished: leads to django-vs-flask").wantCount("a[href='"+moved+"']", 1)
	s.press(moved, publishForm)
	s.get("/compare/python-frameworks").wantStatus(http.StatusOK)
	s.get("/compare/django-vs-fastapi").wantStatus(http.StatusMovedPermanently).
		wantHeader("Location", "/compare/python-frameworks")
	s.get("/compare/django-vs-flask").wantStatus(http.StatusOK)

	form := s.get(moved).form(removalForm)
	form.Set("to", "nothing-there")
	s.post(moved+"/publication/removal", form).wantStatus(http.StatusUnprocessableEntity).wantText("#to-wrong", "not published")
}

func TestChangedAddressKeepsHistoryFeedAndLinks(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Editor)
	s.ask("A sample project")
	feed := s.feed("/compare/django-vs-fastapi/changes.atom")
	stale := s.get(djangoDraft+"/verdict").draftForm("headline", "Typed before the address changed.")
	s.mustEdit(djangoDraft+"/call", "heading", "A heading of the draft")

	s.press(djangoDraft, addressForm, "slug", "first-address")
	s.press("/staff/guides/first-address", addressForm, "slug", "second-address")
	for _, path := range []string{"django-vs-fastapi", "first-address"} {
		for _, form := range []string{"", ".json", "/changes", "/changes.atom"} {
			s.get("/compare/"+path+form).wantStatus(http.StatusMovedPermanently).
				wantHeader("Location", "/compare/second-address"+form)
		}
	}
	s.get("/compare/second-address").wantStatus(http.StatusOK).wantNoText("main", "A heading of the draft")
	s.get("/compare/second-address/changes").wantText("main", "First published.")
	now := s.feed("/compare/second-address/changes.atom")
	if now.ID != feed.ID || len(now.Entries) != len(feed.Entries) {
		t.Errorf("the feed %s has %d entries, %s had %d", now.ID, len(now.Entries), feed.ID, len(feed.Entries))
	}
	s.get("/staff/leads/TB-0001").wantCount("main a[href^='/staff/leads/TB-0001/guide']", 1)
	s.get("/staff/leads/TB-0001/guide").wantStatus(http.StatusOK)
	for _, query := range []string{"", "?published"} {
		s.get(versusFile + query).wantLocation("/staff/guides/second-address.yaml" + query)
		s.get("/staff/guides/second-address.yaml" + query).wantStatus(http.StatusOK)
	}

	// What was opened at the old address is saved, and the draft is as it was.
	s.post(djangoDraft+"/verdict", stale).wantStatus(http.StatusSeeOther)
	d, err := s.db.Draft(t.Context(), "second-address")
	noError(t, err)
	if d.Guide.Verdict.Headline != "Typed before the address changed." || d.Guide.Call.Heading != "A heading of the draft" ||
		len(d.Changes) != 2 {
		t.Errorf("the draft says %q and %q: %v", d.Guide.Verdict.Headline, d.Guide.Call.Heading, d.Changes)
	}
	s.press("/staff/guides/second-address", publishForm)
	s.get("/compare/second-address").wantText("main", "Typed before the address changed.")

	// And back again.
	s.press("/staff/guides/second-address", addressForm, "slug", "django-vs-fastapi")
	s.get("/compare/django-vs-fastapi").wantStatus(http.StatusOK)
	s.get("/compare/second-address").wantHeader("Location", "/compare/django-vs-fastapi")
	s.wantEntries(staff.GuideMoved, 3)
}

func TestAddressThatCannotBeTakenIsGivenBack(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Editor)
	s.press("/staff/guides/go-vs-rust", addressForm, "slug", "rust-vs-go-now")
	for slug, says := range map[string]string{
		"": "Use lower-case letters", "No Slug": "Use lower-case letters", strings.Repeat("a", 300): "Use lower-case letters",
		"django-vs-flask": "has or had this address", "go-vs-rust": "has or had this address",
	} {
		form := s.get(djangoDraft).form(addressForm)
		form.Set("slug", slug)
		a := s.post(djangoDraft+"/address", form).wantStatus(http.StatusUnprocessableEntity).wantText("#slug-wrong", says)
		if got := a.value("#slug"); got != slug && slug != "" {
			t.Errorf("%.20q became %.20q", slug, got)
		}
	}
	s.get("/compare/django-vs-fastapi").wantStatus(http.StatusOK)
}

func TestRestoringPublishesNothingAndLosesNothing(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Editor)
	first := s.draft()
	s.mustEdit(djangoDraft+"/verdict", "headline", "The second headline")
	s.press(djangoDraft, publishForm)
	restore := "form[action$='/revisions/1/restoration']"
	s.press(djangoDraft, restore).wantText("main [role=status]", "Nothing was published")
	if got := s.draft().Verdict.Headline; got != first.Verdict.Headline || s.headline() != "The second headline" {
		t.Errorf("the draft says %q, visitors read %q", got, s.headline())
	}
	s.get(djangoDraft).wantText("#verdict", "Changed by Sample Member")
	s.wantAudit("guide-restored guide 2", "guide-published guide 2")

	s.mustEdit(djangoDraft+"/verdict", "headline", "Words of the draft")
	s.mustEdit(djangoDraft+"/call", "heading", "More words of the draft")
	a := s.post(djangoDraft+"/revisions/2/restoration", s.get(djangoDraft).form("form[action$='/revisions/2/restoration']"))
	a.wantStatus(http.StatusConflict).wantText("[role=alert]", "Nothing was restored yet")
	a.wantText("main del", "Words of the draft").wantText("main ins", "The second headline")
	if got := s.draft().Verdict.Headline; got != "Words of the draft" {
		t.Errorf("the draft says %q", got)
	}
	s.follow(s.post(djangoDraft+"/revisions/2/restoration", a.form("[role=alert] form")))
	if got := s.draft().Verdict.Headline; got != "The second headline" || s.headline() != got {
		t.Errorf("the draft says %q", got)
	}
	kept, err := s.db.Revision(t.Context(), "django-vs-fastapi", 3)
	noError(t, err)
	if kept.Guide.Verdict.Headline != "Words of the draft" || kept.Guide.Call.Heading != "More words of the draft" ||
		kept.PublishedAt != nil {
		t.Errorf("version 3 says %q", kept.Guide.Verdict.Headline)
	}
	s.get(djangoDraft).wantText("#versions", "Version 3", "never published")
	s.wantEntries(staff.GuidePublished, 1)
	s.post(djangoDraft+"/revisions/99/restoration", s.get(djangoDraft).form(addressForm)).wantStatus(http.StatusNotFound)
}

// The stale form of each act is answered with what someone else did.
func TestStaleActsOnAGuideDoNothingAndSayWhoDidWhat(t *testing.T) {
	t.Parallel()
	s, other := withEditors(t)
	s.mustEdit(djangoDraft+"/verdict", "headline", "The second headline")
	s.press(djangoDraft, publishForm)
	s.schedule("The third headline")
	page := s.get(djangoDraft)
	forms := map[string]string{
		publishForm: "", scheduleForm: hence(48 * time.Hour), cancelForm: "", removalForm: "", addressForm: "",
		"form[action$='/draft/removal']": "", "form[action$='/revisions/1/restoration']": "",
	}
	other.press(djangoDraft, cancelForm)
	before, entries := s.draft(), len(s.audited())
	for selector, at := range forms {
		if page.Find(selector).Length() == 0 {
			t.Errorf("the outline has no %s", selector)
			continue
		}
		form := page.form(selector)
		if at != "" {
			form.Set("at", at)
		}
		if form.Has("slug") {
			form.Set("slug", "another-address")
		}
		a := s.post(page.attr(selector, "action"), form).wantStatus(http.StatusConflict)
		a.wantText("[role=alert]", "Nothing was done", "Other Member cancelled the scheduled publication")
	}
	if digestsDiffer(t, before, s.draft()) || len(s.audited()) != entries || s.headline() != "The second headline" {
		t.Error("a stale form changed something")
	}
}

func TestDifferenceShowsChangedWordsSectionBySection(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Editor)
	before := s.draft()
	s.get(djangoDraft+"/difference").wantText("main", "Both versions say the same")
	s.mustEdit(djangoDraft+"/verdict", "headline", before.Verdict.Headline+" Or so we think.")
	s.mustEdit(djangoDraft+"/questions/new", "question", "Which one?", "answer", "This one.")
	edited := s.draft()
	s.press(djangoDraft+"/criteria", "form[action$='/"+edited.Summary[1].ID+"/position']")

	a := s.get(djangoDraft + "/difference").wantStatus(http.StatusOK)
	a.wantText("main ins", "Or so we think.", "Which one?").wantText("main", "(added)", "Order", "No change: Title and answers")
	if strings.Contains(a.text("main ins"), before.Verdict.Headline) {
		t.Error("unchanged words are marked")
	}
	back := s.get(djangoDraft + "/difference?from=draft&to=1").wantStatus(http.StatusOK)
	back.wantText("main del", "Or so we think.", "Which one?").wantText("main", "(removed)")
	s.get(djangoDraft+"/difference?from=1&to=live").wantText("main", "Both versions say the same")
	for _, query := range []string{"from=0", "from=9", "to=nothing", "from=-1", "to=99999999999999999999"} {
		s.get(djangoDraft + "/difference?" + query).wantStatus(http.StatusNotFound)
	}
	reader := s.as(staff.Reader)
	reader.get(djangoDraft+"/difference").wantStatus(http.StatusOK).wantCount("main form[method=post]", 0)
}

// A guide of 30,000 words that were all written anew is compared without a long wait.
func TestDraftIsPublishedFromItsPreviewAndItsDifference(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Editor)
	for _, path := range []string{"/preview", "/difference"} {
		s.mustEdit(djangoDraft+"/verdict", "headline", "A headline for "+path)
		s.as(staff.Reader).get(djangoDraft+path).wantStatus(http.StatusOK).wantCount(publishForm, 0)
		s.press(djangoDraft+path, publishForm).wantText("main [role=status]", "Published")
		s.get("/compare/django-vs-fastapi").wantText("#verdict", "A headline for "+path)
	}
	s.get(djangoDraft+"/preview").wantCount(publishForm, 0).wantText("[data-draft]", "It says the same as the published page.")
}

func TestVersionThatADiscardedDraftLeavesSaysWhatItIs(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Editor)
	s.mustEdit(djangoDraft+"/verdict", "headline", "For later")
	s.press(djangoDraft, scheduleForm, "at", "2199-01-01T09:00")
	s.press(djangoDraft, "form[action$='/draft/removal']")
	s.get(djangoDraft).wantText("#versions tbody tr:first-child", "Version 3", "the same as version 1 again").
		wantText("#versions tbody tr:nth-child(2)", "Version 2", "never published")
}

func TestPreviewLeadsToWhatChangesAndToWhatIsWrong(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Editor)
	s.mustEdit(djangoDraft+"/verdict", "headline", "", "unfinished", "yes")
	s.mustEdit(djangoDraft+"/call", "heading", "Ask us first")
	s.mustEdit(djangoDraft+"/criteria/admin", "why", "", "unfinished", "yes")
	a := s.get(djangoDraft+"/preview").wantStatus(http.StatusOK).wantCount(publishForm, 0)
	a.wantText("[data-draft]", "It changes: Verdict, Head-to-head summary, Call to action", "First correct 2 problems",
		"Headline: This is missing", "Admin interface: Why: This is missing")
	for _, link := range a.attrs("[data-draft] a[href^='#']", "href") {
		a.wantCount(link, 1)
	}
	a.wantCount("[data-draft] a[href$='/verdict#headline']", 1).wantCount("[data-draft] a[href$='/criteria/admin#why']", 1)
	s.get(djangoDraft+"/difference").wantCount(publishForm, 0).wantText("#publish", "First correct 2 problems").
		wantCount("#publish a[href$='/verdict#headline']", 1)
}

func TestDifferenceOfThirtyThousandWordsIsShown(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Editor)
	text := func(word string) string {
		var words strings.Builder
		for i := range 2500 {
			fmt.Fprintf(&words, "%s%d ", word, i)
		}
		return words.String()
	}
	g := s.edition().Guide
	for i := range 12 {
		question := guide.Question{ID: fmt.Sprintf("long-%d", i), Question: "A long one?", Answer: text("old")}
		g.Questions = append(g.Questions, question)
	}
	s.publish(g)
	for i, q := range g.Questions[len(g.Questions)-12:] {
		s.mustEdit(djangoDraft+"/questions/"+q.ID, "answer", text([]string{"new", "old"}[i%2])+"end", "unfinished", "yes")
	}
	began := time.Now()
	a := s.get(djangoDraft + "/difference").wantStatus(http.StatusOK)
	t.Logf("it took %v", time.Since(began))
	if got := len(strings.Fields(a.text("main"))); got < 6*2*2500 {
		t.Errorf("it shows %d words", got)
	}
}

func TestPreviewEqualsThePageOfEachStarterGuide(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Editor)
	paths := s.guides()
	slices.Sort(paths)
	if len(paths) < 9 {
		t.Fatalf("only %v", paths)
	}
	for _, path := range paths {
		draft := "/staff/guides" + strings.TrimPrefix(path, "/compare")
		s.mustEdit(draft+"/verdict", "headline", "Another headline")
		preview := s.get(draft + "/preview").wantStatus(http.StatusOK)
		s.press(draft, publishForm)
		if got, want := mainOf(preview), mainOf(s.get(path).wantText("main", "Another headline")); got != want {
			t.Errorf("the preview of %s differs from the page:\n%s", path, firstDifference(got, want))
		}
	}
}
