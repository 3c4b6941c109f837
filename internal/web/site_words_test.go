package web_test

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"tiebreak/internal/guide"
	"tiebreak/internal/staff"
)

const sitePath = "/staff/site"

// siteForm returns the form of /staff/site as it is drawn now, with changes typed into it.
func (s *site) siteForm(changes ...string) url.Values {
	s.t.Helper()
	form := s.get(sitePath).wantStatus(http.StatusOK).form("#site")
	for pair := range slices.Chunk(changes, 2) {
		form.Set(pair[0], pair[1])
	}
	return form
}

// setSite saves the form with the changes.
func (s *site) setSite(changes ...string) {
	s.t.Helper()
	s.post(sitePath, s.siteForm(changes...)).wantLocation(sitePath + "?done=site-saved")
}

func TestSavedSiteShowsOnEveryPageOfEveryInstance(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Admin)
	other := s.instance()
	const django = "/compare/django-vs-fastapi"
	public := []string{"/", "/search", django, "/options/django", "/about", "/privacy", "/intake", "/nowhere"}
	for _, path := range public {
		s.get(path).wantCount(".foot a:contains('Imprint')", 0)
		other.get(path)
	}
	s.setSite("name", "Sample Studio", "run_by", "a sample person", "contact", "hello@example.org", "sells", "sample work",
		"address", "1 Sample Street\nSample City", "imprint", "https://studio.example/imprint",
		"consent_sentence", "  Store this to answer me. ", "project_hint", "The project.", "name_hint", "The name.",
		"email_hint", "The email.", "timeline_hint", "The start.", "budget_hint", "In dollars.",
		"budgets", "Under $5,000\n\n $5,000 to $10,000 \n", "thanks", "Thanks. A person reads this today.")
	s.get(sitePath+"?done=site-saved").wantText(".notice", "Saved. The site updates within seconds.")
	s.wantAudited(staff.SiteChanged, "Changed the site’s details or words")

	receipt := s.ask("A sample project")
	s.get(receipt).wantExactText("#thanks", "Thanks. A person reads this today.")
	for _, at := range []*site{s, other} {
		at.within(answerLimit, "the form has the new words", func() bool {
			return at.get("/intake").text("label.tick bdi") == "Store this to answer me."
		})
		for _, path := range append(public, receipt) {
			page := at.get(path).wantText(".top .brand", "Sample Studio")
			page.wantAttr(".foot a:contains('Imprint')", "href", "https://studio.example/imprint")
		}
		for _, path := range []string{django, "/intake"} {
			form := at.get(path).wantExactText("label.tick bdi", "Store this to answer me.")
			for field, hint := range map[string]string{
				"project": "The project.", "name": "The name.", "email": "The email.", "timeline": "The start.",
				"budget": "In dollars.",
			} {
				form.wantExactText("#"+field+"-hint", hint)
			}
			if got := form.attrs("#budgets option", "value"); !slices.Equal(got, []string{"Under $5,000", "$5,000 to $10,000"}) {
				t.Errorf("%s suggests the budgets %q", path, got)
			}
		}
		at.get("/about").wantText("main", "Sample Studio is run by a sample person.", "We sell sample work.", "hello@example.org",
			"1 Sample Street Sample City")
	}

	s.post(sitePath, s.siteForm()).wantStatus(http.StatusSeeOther) // which changes nothing
	s.wantEntries(staff.SiteChanged, 1)
	s.setSite("contact", "", "imprint", "", "consent_sentence", " ", "name_hint", "", "budget_hint", "", "budgets", "",
		"thanks", "")
	s.get("/intake").wantText("label.tick", ourConsent).wantText("#name-hint", "How should we address you?").
		wantText("#budget-hint", "€10,000 to €25,000").wantCount("#budgets option", 5).wantCount(".foot a:contains('Imprint')", 0)
	s.get("/about").wantNoText("main", "hello@example.org")
	s.get(receipt).wantExactText("#thanks", "Thank you for asking us.")
	s.mustPost(receipt + "/withdrawal")
	s.get(receipt).wantCount("#thanks", 0)
}

func TestSitePageShowsWhatVisitorsReadWhereAWordIsBlank(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Admin)
	page := s.get(sitePath).wantText("#consent_sentence-hint", "“"+ourConsent+"”").
		wantText("#budgets-hint", "“Under €10,000”, “€10,000 to €25,000”").wantText("#thanks-hint", "Thank you for asking us.")
	page.wantCount("main a[href='/intake'], main a[href='/about'], main a[href='/privacy']", 4)
	for _, name := range page.attrs("#site input:not([type=hidden]), #site textarea", "id") {
		page.wantCount("label[for="+name+"]", 1)
	}
	// An example of ours could have another currency than the studio's suggestions.
	s.setSite("budgets", "Under $5,000")
	s.get(sitePath).wantText("#budget_hint-hint", "“A range is enough.”")
	s.get("/intake").wantExactText("#budget-hint", "A range is enough.")

	for _, role := range []staff.Role{staff.Reader, staff.Editor} {
		member := s.as(role)
		seen := member.get(sitePath).wantCount("main form", 0).wantText("main", "Only admins can change them.", ourConsent)
		seen.wantText("main dl", "Under $5,000").wantCount(".area a[href='"+sitePath+"'][aria-current=page]", 1)
		member.post(sitePath, s.siteForm("name", "Mine")).wantStatus(http.StatusForbidden)
	}
}

func TestLeadKeepsTheConsentSentenceThatItsFormShowed(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Admin)
	const shown = "[name=consent_shown]"
	guidePage := s.get("/compare/django-vs-fastapi").value(shown)
	s.setSite("consent_sentence", "The second sentence.")
	second := s.get("/intake?guide=django-vs-fastapi").value(shown)
	s.setSite("consent_sentence", "The third sentence.")

	sent := 0
	wantConsent := func(sealed, want string) {
		t.Helper()
		sent++
		s.ask("A sample project "+strings.Repeat("x", sent), "consent_shown", sealed)
		if got := s.leads()[0].Consent; got != want {
			t.Errorf("%q is stored as %q, want %q", sealed, got, want)
		}
	}
	wantConsent(guidePage, ourConsent)
	wantConsent(second, "The second sentence.")
	wantConsent(s.instance().get("/intake").value(shown), "The third sentence.")
	// A form that is not ours agrees to today's sentence, and is never refused.
	s.ask("A request without the field")
	if got := s.leads()[0].Consent; got != "The third sentence." {
		t.Errorf("without the field %q is stored", got)
	}
	signature, _, _ := strings.Cut(second, " ")
	for _, unknown := range []string{
		"yes", "on", "", "x\x00", signature, signature + " Another sentence.", second + " And more.",
	} {
		wantConsent(unknown, "The third sentence.")
	}

	// A form that is shown again keeps the sentence that was agreed to. One whose box was not ticked shows that of today.
	mistaken := request(fields("email", "nobody", "consent_shown", second))
	again := s.post("/intake", mistaken).wantStatus(http.StatusUnprocessableEntity).wantCount("#consent[checked]", 1)
	again.wantExactText("label.tick bdi", "The second sentence.").wantAttr(shown, "value", second)
	wantConsent(again.value(shown), "The second sentence.")
	mistaken.Del("consent")
	again = s.post("/intake", mistaken).wantStatus(http.StatusUnprocessableEntity).wantCount("#consent[checked]", 0)
	again.wantExactText("label.tick bdi", "The third sentence.").wantText("#consent-wrong", "Tick the box to agree.")
	s.get("/staff/leads/TB-0001").wantText("main .facts", ourConsent)
}

func TestStaleSiteShowsBothTextsAndKeepsWhatWasTyped(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Admin)
	mine := s.siteForm("contact", "mine@example.org", "sells", "my work", "thanks", "My thanks")
	s.setSite("contact", "theirs@example.org", "run_by", "their person")

	stale := s.post(sitePath, mine).wantStatus(http.StatusConflict)
	stale.wantText("[role=alert]", "Not saved: someone else changed this page", "They changed: Run by, Contact.", "Keep mine",
		"Take theirs", "Edit")
	stale.wantText("[role=alert] tbody", "theirs@example.org", "mine@example.org", "my work", "My thanks")
	stale.wantNoText("[role=alert] tbody", "their person") // nobody typed there, so theirs stays
	stale.wantAttr("#run_by", "value", "their person").wantAttr("#contact", "value", "mine@example.org")
	stale.wantAttr("[role=alert] a:contains('Take theirs')", "href", sitePath).wantCount("[role=alert] button[form=site]", 1)
	s.get("/about").wantText("main", "theirs@example.org")

	s.post(sitePath, stale.form("#site")).wantStatus(http.StatusSeeOther)
	s.get("/about").wantText("main", "mine@example.org", "my work", "their person")
	s.post(sitePath, stale.form("#site")).wantStatus(http.StatusSeeOther) // the same text twice is not a conflict
	s.wantEntries(staff.SiteChanged, 2)

	// A file is imported meanwhile.
	mine = s.siteForm("name", "My name")
	name := "Name of the file"
	s.put(guide.Folder{Site: &guide.SiteChange{Name: &name}})
	s.post(sitePath, mine).wantStatus(http.StatusConflict).wantText("[role=alert] tbody", "My name", "Name of the file")
}

func TestOfManySavesAtOnceOneWins(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Admin)
	form := s.siteForm()
	statuses := make([]int, 10)
	atOnce(len(statuses), func(i int) {
		mine := url.Values{}
		for name := range form {
			mine.Set(name, form.Get(name))
		}
		mine.Set("contact", strings.Repeat("a", i+1)+"@example.org")
		statuses[i] = s.post(sitePath, mine).status
	})
	slices.Sort(statuses)
	if statuses[0] != http.StatusSeeOther || statuses[1] != http.StatusConflict || statuses[9] != http.StatusConflict {
		t.Errorf("the answers are %v", statuses)
	}
	s.wantEntries(staff.SiteChanged, 1)
}

func TestWrongSiteIsShownAtTheFieldAndChangesNothing(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Admin)
	for _, one := range []struct{ field, typed, want string }{
		{"name", strings.Repeat("ü", 201), "This has 201 characters: shorten it to 200."},
		{"address", "1 Street\a\nCity", "The control character U+0007 cannot be shown: delete it."},
		{"contact", "hello at studio", "is not an email address or a web address: write one, such as hello@example.org"},
		{"imprint", "studio.example/imprint", "is not a web address: write all of it, with https://"},
		{"imprint", "javascript:alert(1)", "is not a web address"},
		{"consent_sentence", strings.Repeat("a", 501), "This has 501 characters: shorten it to 500."},
		{"consent_sentence", "\u200b\u2060", "Nothing of this can be seen: leave it empty."},
		{"project_hint", strings.Repeat("a", 201), "This has 201 characters: shorten it to 200."},
		{"budgets", strings.Repeat("Some\n", 13), "There are 13 suggestions: keep at most 12."},
		{"budgets", "Some\n" + strings.Repeat("a", 61), "Suggestion 2 has 61 characters: shorten it to 60."},
		{"thanks", strings.Repeat("a", 501), "This has 501 characters: shorten it to 500."},
	} {
		page := s.post(sitePath, s.siteForm("run_by", "kept person", one.field, one.typed))
		page.wantStatus(http.StatusUnprocessableEntity).wantText("#"+one.field+"-wrong", one.want)
		page.wantText("[role=alert] a[href='#"+one.field+"']", one.want).wantAttr("#run_by", "value", "kept person")
		page.wantCount("#"+one.field+"[aria-invalid=true][aria-describedby~="+one.field+"-wrong]", 1)
		if got := page.form("#site").Get(one.field); got != one.typed {
			t.Errorf("%s holds %.50q, want %.50q", one.field, got, one.typed)
		}
	}
	s.get("/about").wantNoText("main", "kept person")
	s.wantEntries(staff.SiteChanged, 0)

	// A part that is too long, and came from a file, does not keep the others from being saved.
	long := strings.Repeat("a", 1000)
	s.put(guide.Folder{Site: &guide.SiteChange{Sells: &long}})
	s.setSite("contact", "kept@example.org")
	s.get("/about").wantText("main", long, "kept@example.org")
	for _, seen := range []string{"", "1", "x", `{"Name": 1}`, strings.Repeat("a", 100_000)} {
		s.post(sitePath, s.siteForm("seen", seen)).wantStatus(http.StatusBadRequest)
	}
}

func TestSiteTypedInAnEndedSessionIsGivenBackWithWhatWasEmptied(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Admin)
	s.setSite("contact", "old@example.org", "imprint", "https://studio.example/imprint")
	form := s.siteForm("contact", "", "consent_sentence", "Typed before the session ended.", "budgets", "One\nTwo")
	s.mustPost("/staff/sign-out")
	back := s.post(sitePath, form).wantStatus(http.StatusForbidden).wantText("h1", "Not done yet: you are signed out")
	back.wantText("main form textarea[name=consent_sentence]", "Typed before").wantAttr("[name=contact]", "value", "")

	s.mustSignIn(memberEmail)
	s.sendAgain(back)
	s.get("/about").wantNoText("main", "old@example.org")
	s.get("/intake").wantText("label.tick", "Typed before the session ended.").wantCount("#budgets option", 2)
	s.postBody(sitePath, form.Encode()+"&x=%zz").wantStatus(http.StatusBadRequest).
		wantText("textarea[name=consent_sentence]", "Typed before")
}

// Each field gets a script, a NUL, text that runs from right to left, and more characters than anybody types.
func TestHostileTextInTheSiteRunsNowhereAndIsKept(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Admin)
	receipt := s.ask("A sample project")
	pages := []string{sitePath, "/", "/about", "/privacy", "/intake", "/compare/django-vs-fastapi", "/staff/leads", receipt}
	for i, hostile := range []string{
		`<script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, "a\x00b", "\u202egnp.exe", "مرحبا بكم", "\xff\xfe", "{{7*7}}",
		"[x](javascript:alert(1))", "</textarea></form>", `https://studio.example/"><script>alert(1)</script>`, strings.Repeat("a ", 50_000),
	} {
		kept := strings.NewReplacer("\x00", "\uFFFD", "\xff\xfe", "\uFFFD").Replace(hostile)
		form := s.siteForm()
		for _, part := range (&guide.Site{}).Parts() {
			was := form.Get(part.Name)
			form.Set(part.Name, hostile)
			page := s.post(sitePath, form)
			switch {
			case page.status == http.StatusUnprocessableEntity && (len(hostile) > 1000 ||
				part.Name == "imprint" || part.Name == "contact"):
				if message := page.text("#" + part.Name + "-wrong"); message == "" || len(message) > 300 {
					t.Errorf("%.60q in %s: the message is %.60q", hostile, part.Name, message)
				}
				if got := page.form("#site").Get(part.Name); got != kept {
					t.Errorf("%s holds %.60q, want %.60q", part.Name, got, kept)
				}
				form.Set(part.Name, was)
			case page.status == http.StatusSeeOther:
				form = s.siteForm()
				if got := form.Get(part.Name); got != kept {
					t.Errorf("%s is stored as %.60q, want %.60q", part.Name, got, kept)
				}
			default:
				t.Errorf("%.60q in %s: %d", hostile, part.Name, page.status)
			}
		}
		for _, path := range pages {
			page := s.get(path).wantStatus(http.StatusOK).wantCount("body > main", 1)
			page.wantCount("script:not([src^='/static/']):not([type='application/ld+json']), img", 0)
			page.wantCount("[href^='javascript:']", 0)
		}
		shown := s.get("/intake").value("[name=consent_shown]")
		s.ask(fmt.Sprint("Sample project ", i), "consent_shown", shown, "email", "other@example.org")
		if want := s.siteForm().Get("consent_sentence"); s.leads()[0].Consent != want {
			t.Errorf("the lead has the consent %.60q, want %.60q", s.leads()[0].Consent, want)
		}
	}
}
