package web_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"tiebreak/internal/staff"
)

const adminFact = "/staff/options/django/facts/admin"

func TestOptionTableListsEachFactWithItsGuidesOverdueOnesFirst(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Reader)
	a := s.get("/staff/options/django").wantStatus(http.StatusOK)
	a.wantText("#fact-admin", "Built in", "verified", "next check by", "Django vs FastAPI", "Django vs Flask")
	a.wantCount(".late-by", 0)
	a.wantCount("main form", 0)

	later := s.later("1000 days")
	later.mustSignIn(memberEmail)
	late := later.get("/staff/options/django").wantStatus(http.StatusOK)
	late.wantText("tbody tr:first-child", "Overdue by")
	late.wantText(".banner.mild", "overdue. Check them first.")
}

func TestSavedFactShowsAtOnceOnEveryGuideThatUsesIt(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Editor)
	shown := s.get(adminFact).wantStatus(http.StatusOK)
	guides := shown.attrs("#effect h3 a", "href")
	if len(guides) < 3 {
		t.Fatalf("the effect lists only %v", guides)
	}
	shown.wantText("#effect", fmt.Sprintf("Shown on %d guides", len(guides)), "Django ahead", "Choose Django when")

	form := shown.form("#fact")
	form.Set("value", "Built in, and corrected")
	s.post(adminFact, form).wantStatus(http.StatusSeeOther).wantLocation(adminFact + "?done=fact-saved")
	for _, guide := range guides {
		s.get(guide).wantText("main", "Built in, and corrected", "under review")
	}
	s.get("/options/django").wantText("#fact-admin", "Built in, and corrected")
	again := s.get(adminFact + "?done=fact-saved")
	again.wantText(".notice", "Fact saved.")
	again.wantText("#history li:first-child", "Version 2", "Sample Member", "Value changed")
	again.wantText("#history li:nth-child(2)", "Version 1", "The command line", "First version")
	s.wantAudited(staff.FactSaved, "Sample Member", "Saved a fact of", "Django")

	s.post(adminFact, again.form("#fact")).wantStatus(http.StatusSeeOther)
	s.get(adminFact).wantCount("#history > ul > li", 2)
	s.wantEntries(staff.FactSaved, 1)
}

// wantAudited checks that the audit's page says that a member did the act to the option, in its words.
func (s *site) wantAudited(kind staff.ActKind, words ...string) {
	s.t.Helper()
	s.as(staff.Admin).get("/staff/audit?kind="+string(kind)).wantText("tbody tr:first-child", words...)
}

func TestCorrectionInTheTableLeavesTheOtherFieldsAsTheyAre(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Editor)
	before := s.get(adminFact).form("#fact")
	form := s.get("/staff/options/django").form("#fact-admin form.stack")
	form.Set("value", "Corrected in its row")
	form.Set("confidence", "estimated")
	form.Set("renew", "yes")
	s.post(adminFact, form).wantLocation("/staff/options/django?done=fact-saved#fact-admin")

	after := s.get(adminFact).form("#fact")
	today := time.Now().UTC().Format(time.DateOnly)
	for name, want := range map[string]string{
		"value": "Corrected in its row", "confidence": "estimated", "checked": today, "seen": "2",
		"detail": before.Get("detail"), "source-1-url": before.Get("source-1-url"), "source-1-find": before.Get("source-1-find"),
	} {
		if got := after.Get(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
}

func TestStillTrueRenewsTheDatesAndRecordsWhoPressedIt(t *testing.T) {
	t.Parallel()
	first := signedIn(t, staff.Editor)
	late := first.later("400 days")
	late.mustSignIn(memberEmail)
	before := late.get(adminFact)
	seen := before.value("#now [name=seen]")
	entries := late.newEntries(func() {
		late.post(adminFact+"/check", fields("seen", seen, "back", "facts")).wantLocation("/staff/facts?done=fact-checked")
	})
	if len(entries) != 1 || !strings.HasPrefix(entries[0], "option-fact-checked option") {
		t.Errorf("it left %q", entries)
	}
	after := late.get(adminFact)
	after.wantText("#history li:first-child", "Version 2", "Sample Member", "Checked again")
	after.wantCount("#now .late-by", 0)
	late.get("/compare/django-vs-fastapi").wantNoText("main", "under review")

	// A member who presses it a moment later saw the same fact: that is not a conflict, and this press is recorded too.
	late.post(adminFact+"/check", fields("seen", seen)).wantStatus(http.StatusSeeOther)
	late.get(adminFact).wantCount("#history > ul > li", 2)
	late.wantEntries(staff.FactChecked, 2)
}

func TestStaleFactShowsBothTextsAndKeepsWhatWasTyped(t *testing.T) {
	t.Parallel()
	mine := signedIn(t, staff.Editor)
	theirs := mine.withMember(otherEmail, staff.Editor)
	form := mine.get(adminFact).form("#fact")
	other := theirs.get(adminFact).form("#fact")
	other.Set("value", "Their value")
	other.Set("detail", "Their detail")
	theirs.post(adminFact, other).wantStatus(http.StatusSeeOther)

	form.Set("value", "My value")
	form.Set("source-2-title", "Another page")
	form.Set("source-2-url", "https://example.org/mine")
	a := mine.post(adminFact, form).wantStatus(http.StatusConflict)
	a.wantText("[role=alert]", "Not saved: someone else changed this fact", "Sample Member", "Take theirs", "Edit")
	a.wantText("[role=alert] .theirs", "Their value")
	a.wantText("[role=alert] .mine", "My value", "https://example.org/mine")
	a.wantText("[role=alert] button[form=fact]", "Keep mine")
	mine.get(adminFact).wantText("#now", "Their value")

	kept := a.form("#fact")
	untouched := kept.Get("detail") == "Their detail"
	if kept.Get("seen") != "2" || !untouched || kept.Get("source-2-url") != "https://example.org/mine" {
		t.Errorf("the form holds %v", kept)
	}
	mine.post(adminFact, kept).wantStatus(http.StatusSeeOther)
	mine.get(adminFact).wantText("#now", "My value", "Another page")

	// The same text twice is not a conflict.
	theirs.post(adminFact, kept).wantStatus(http.StatusSeeOther)
	theirs.post(adminFact+"/check", fields("seen", "1")).wantStatus(http.StatusConflict).
		wantText("[role=alert]", "Not checked: someone else changed this fact")
	theirs.post(adminFact+"/versions/1/restoration", fields("seen", "1")).wantStatus(http.StatusConflict)
}

func TestFactTypedInAnEndedSessionIsGivenBackWithItsSources(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Editor)
	form := s.get(adminFact).form("#fact")
	form.Set("value", "Typed before the session ended")
	form.Set("source-2-url", "https://example.org/typed")
	form.Set("source-2-title", "A typed title")
	s.mustPost("/staff/sign-out")
	a := s.post(adminFact, form).wantStatus(http.StatusForbidden).wantText("h1", "Not done yet: you are signed out")
	a.wantText("main form textarea[name=value]", "Typed before").wantText("main form textarea[name=source-2-url]", "/typed")

	s.mustSignIn(memberEmail)
	s.post(adminFact, a.form("main form")).wantStatus(http.StatusSeeOther)
	s.get(adminFact).wantText("#now", "Typed before the session ended", "A typed title")
	damaged := s.postBody(adminFact, form.Encode()+"&x=%zz").wantStatus(http.StatusBadRequest)
	damaged.wantText("textarea[name=source-2-title]", "A typed title")
}

func TestRestoredVersionBecomesANewVersion(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Editor)
	form := s.get(adminFact).form("#fact")
	was := form.Get("value")
	form.Set("value", "Wrong")
	s.post(adminFact, form).wantStatus(http.StatusSeeOther)
	s.post(adminFact+"/versions/1/restoration", fields("seen", "2")).wantLocation(adminFact + "?done=fact-restored")
	a := s.get(adminFact)
	a.wantText("#now", strings.TrimSpace(was)).wantCount("#history > ul > li", 3)
	s.wantAudited(staff.FactRestored, "Restored an earlier version of a fact of", "Django")
	s.get("/compare/django-vs-fastapi").wantNoText("main", "under review")
	s.post(adminFact+"/versions/9/restoration", fields("seen", "3")).wantStatus(http.StatusNotFound)
	s.post(adminFact+"/versions/x/restoration", fields("seen", "3")).wantStatus(http.StatusNotFound)
}

func TestWrongFactIsShownAtTheFieldInTheWordsOfGuideCheck(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Editor)
	whole := s.get(adminFact).form("#fact")
	for _, one := range []struct{ field, typed, want string }{
		{"value", "", "This is missing."},
		{"value", "See [^1]", "[^1] cannot be shown: this text has no sources."},
		{"value", "a\x07b", "The control character U+0007 cannot be shown: delete it."},
		{"value", strings.Repeat("a", 100_000), "This has 100000 characters: shorten it to 20000."},
		{"confidence", "certain", "is not one of verified, estimated, unknown."},
		{"confidence", "unknown", "An unknown fact has no value: leave it out, and say in detail what you looked for."},
		{"checked", "", "This is missing."},
		{"checked", "yesterday", "is not a date: write it as 2026-11-22."},
		{"checked", "2999-01-01", "This day is still to come: enter the day on which you read the sources."},
		{"review", "2001-01-01", "This day is before the day on which it was checked."},
		{"source-1-title", "", "This is missing."},
		{"source-1-url", "example.org", "is not a web address: write all of it, with https://"},
		{"source-1-copy", "x", "is not a date: write it as 2026-11-22."},
		{"source-1-find", "six words are too many here", "6 words: write one to 5"},
	} {
		form := url.Values{}
		for name := range whole {
			form.Set(name, whole.Get(name))
		}
		form.Set(one.field, one.typed)
		a := s.post(adminFact, form).wantStatus(http.StatusUnprocessableEntity)
		at := one.field
		if one.typed == "unknown" {
			at = "value"
		}
		a.wantText("#"+at+"-wrong", one.want).wantText("[role=alert] a[href='#"+at+"']", one.want)
		if one.field == "confidence" {
			continue
		}
		field := a.Find("#" + one.field)
		if got := strings.TrimPrefix(field.AttrOr("value", field.Text()), "\n"); got != one.typed {
			t.Errorf("%s holds %.50q, want %.50q", one.field, got, one.typed)
		}
	}
	s.get(adminFact).wantCount("#history > ul > li", 1)
}
