package web_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"tiebreak/internal/lead"
	"tiebreak/internal/pgtest"
	"tiebreak/internal/staff"
	"tiebreak/static"
)

// wantPrivacyPage checks that the privacy page makes the promise that the test holds.
func (s *site) wantPrivacyPage(words string) {
	s.t.Helper()
	s.get("/privacy").wantText("main", words)
}

func TestReadingTickingAndSearchingLeaveNothing(t *testing.T) {
	t.Parallel()
	s := newSite(t, loopback)
	s.wantPrivacyPage("No cookies, no third-party scripts, no third-party requests.")
	s.wantPrivacyPage("It does not record your IP address or what you search for.")
	s.wantPrivacyPage("Our server therefore sees them to work out the result. We do not store or log them until you send them " +
		"with the form.")
	before := pgtest.Dump(t, s.address)
	for _, path := range []string{
		"/", "/about", "/privacy", "/intake", "/options/django", "/search?q=" + canary, "/compare/django-vs-fastapi",
		"/compare/django-vs-fastapi?tick=ready-admin&tick=" + canary, "/compare/django-vs-fastapi/decision.md?tick=ready-admin",
	} {
		page := s.get(path, "X-Forwarded-For", "198.51.100.77").wantStatus(http.StatusOK).wantCookies(0)
		if policy := page.header.Get("Content-Security-Policy"); !strings.Contains(policy, "default-src 'none'") ||
			strings.Contains(policy, "http") {
			t.Errorf("%s may load from elsewhere: %s", path, policy)
		}
	}
	for table, after := range pgtest.Dump(t, s.address) {
		if table != "" && before[table] != after { // the rest of the dump differs each time
			t.Errorf("reading changed %s", table)
		}
	}
	for _, secret := range []string{canary, "ready-admin", "198.51.100.77", "127.0.0.1"} {
		s.wantLogged(secret, 0)
	}
}

func TestLookingForAMissingComparisonLeavesItsNamesOnly(t *testing.T) {
	t.Parallel()
	s := newSite(t, loopback)
	s.wantPrivacyPage("If you look for a comparison that no guide has, we count it. We keep the names of the technologies, the " +
		"day and how many people looked, for 90 days. We store nothing about you.")
	before := pgtest.Dump(t, s.address)
	for _, path := range []string{
		"/search?q=django+vs+zope", "/compare/django-vs-zope", "/search?q=" + canary + "@example.org+vs+django",
		"/search?q=django+vs+0172+1234567", "/compare/django-vs-" + strings.Repeat("canary-", 12),
	} {
		s.get(path, "X-Forwarded-For", "198.51.100.77")
	}
	s.await(answerLimit, `count(*) = 1 FROM missing_comparisons WHERE names = 'django vs zope' AND times = 1`)
	for table, after := range pgtest.Dump(t, s.address) {
		if table != "" && table != "missing_comparisons" && before[table] != after {
			t.Errorf("looking for a comparison changed %s", table)
		}
	}
	s.await(answerLimit, `count(*) = 1 FROM missing_comparisons`)
	for _, secret := range []string{"zope", "198.51.100.77"} {
		s.wantLogged(secret, 0)
	}
}

func TestOpeningAGuideLeavesANumberOnly(t *testing.T) {
	t.Parallel()
	s := newSite(t, loopback)
	s.wantPrivacyPage("We count how often each guide is opened on a day. We store nothing about you with it.")
	before := pgtest.Dump(t, s.address)
	const guide = "/compare/django-vs-fastapi"
	for range 3 { // drawn once, then from memory
		s.get(guide, "X-Forwarded-For", "198.51.100.77", "User-Agent", "Mozilla/5.0 canary")
	}
	s.get(guide, "User-Agent", "Mozilla/5.0 (compatible; Samplebot/2.1)")
	s.get(guide+"?tick=ready-admin", "User-Agent", "Mozilla/5.0 canary")
	s.await(answerLimit, `coalesce(sum(views), 0) = 3 FROM guide_views`)
	for table, after := range pgtest.Dump(t, s.address) {
		if table != "" && table != "guide_views" && before[table] != after {
			t.Errorf("opening a guide changed %s", table)
		}
	}
}

func TestPrivacyPageSaysWhatSendingStores(t *testing.T) {
	t.Parallel()
	s := newSite(t, loopback)
	s.wantPrivacyPage("We do not store your IP address.")
	sent := s.from("198.51.100.77", request(nil)).wantStatus(http.StatusSeeOther).wantCookies(0)
	s.wantTables("198.51.100.77")
	s.wantPrivacyPage("the wording that you agreed to")
	s.get("/intake").wantText("label", ourConsent).wantCount("label a[href='/privacy']", 1)
	if got := s.leads()[0].Consent; got != ourConsent {
		t.Errorf("stored is the wording %q", got)
	}

	s.wantPrivacyPage("the reference, the dates, the guide, the option that you preferred and the outcome")
	s.mustPost(sent.location() + "/erasure")
	for _, typed := range []string{"A sample project", "Sample Person", "sample@example.org"} {
		s.wantTables(typed)
	}
	if l := s.leads()[0]; l.Reference == "" || l.Guide == "" || l.Option != "django" || l.Status != lead.Erased {
		t.Errorf("left is %+v", l)
	}
}

func TestPrivacyPageSaysTheDaysOfTheSettings(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.wantPrivacyPage("We erase withdrawn requests 30 days after the last change, requests that we closed without a " +
		"project 180 days after it and requests that look like spam 30 days after it.")
	s.wantPrivacyPage("We keep open requests and requests that became projects until you or we erase them.")
	s.signIn(staff.Admin)
	s.setPromise("keep_suspect", "11", "keep_won", "900", "keep_lost", "0")
	s.wantPrivacyPage("requests that look like spam 11 days after it and requests that became projects 900 days after it.")
	s.wantPrivacyPage("We keep open requests and requests that we closed without a project until you or we erase them.")

	s.wantPrivacyPage("The form offers the draft for 7 days.")
	script := string(static.Assets()[static.Path("site.js")].Content)
	if days := regexp.MustCompile(`days = (\d+);`).FindStringSubmatch(script); days == nil || days[1] != "7" {
		t.Errorf("the script keeps drafts for %v", days)
	}
}
