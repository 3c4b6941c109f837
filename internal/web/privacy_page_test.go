package web_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"tiebreak/internal/lead"
	"tiebreak/internal/pgtest"
	"tiebreak/internal/staff"
	"tiebreak/static"
)

// wantSaid checks that the privacy page makes the promise that the test holds.
func (s *site) wantSaid(words string) {
	s.t.Helper()
	s.get("/privacy").wantText("main", words)
}

func TestReadingTickingAndSearchingLeaveNothing(t *testing.T) {
	t.Parallel()
	address := pgtest.NewURL(t)
	s := siteOn(t, pgtest.Open(t, address), "127.0.0.0/8")
	s.wantSaid("No cookies, no third-party scripts, no third-party requests.")
	s.wantSaid("It does not record your network address or what you search for. We do not store those anywhere else either.")
	s.wantSaid("Our server therefore sees them to work out the result. We do not store or log them until you send them " +
		"with the form.")
	before := pgtest.Dump(t, address)
	for _, path := range []string{
		"/", "/about", "/privacy", "/intake", "/options/django", "/search?q=" + canary, "/compare/django-vs-fastapi",
		"/compare/django-vs-fastapi?tick=ready-admin&tick=" + canary, "/compare/django-vs-fastapi/decision.md?tick=ready-admin",
	} {
		r := s.request(http.MethodGet, path, "")
		r.Header.Set("X-Forwarded-For", "198.51.100.77")
		page := s.do(r).wantStatus(http.StatusOK)
		if cookies := page.header.Values("Set-Cookie"); len(cookies) > 0 {
			t.Errorf("%s sets %q", path, cookies)
		}
		if policy := page.header.Get("Content-Security-Policy"); !strings.Contains(policy, "default-src 'none'") ||
			strings.Contains(policy, "http") {
			t.Errorf("%s may load from elsewhere: %s", path, policy)
		}
	}
	for table, after := range pgtest.Dump(t, address) {
		if table != "" && before[table] != after { // what is no table differs with each dump
			t.Errorf("reading changed %s", table)
		}
	}
	for _, secret := range []string{canary, "ready-admin", "198.51.100.77"} {
		if strings.Contains(s.log.String(), secret) {
			t.Errorf("the log holds %s", secret)
		}
	}
}

func TestPrivacyPageSaysWhatSendingStores(t *testing.T) {
	t.Parallel()
	address := pgtest.NewURL(t)
	s := siteOn(t, pgtest.Open(t, address), "127.0.0.0/8")
	s.wantSaid("We do not store your network address.")
	sent := s.from("198.51.100.77", request(nil)).wantStatus(http.StatusSeeOther)
	if cookies := sent.header.Values("Set-Cookie"); len(cookies) > 0 {
		t.Errorf("sending sets %q", cookies)
	}
	if tables := pgtest.TablesWith(t, address, "198.51.100.77"); len(tables) > 0 {
		t.Errorf("the network address stands in %v", tables)
	}
	s.wantSaid("the wording that you agreed to")
	s.get("/intake").wantText("label", lead.Consent)
	s.get("/intake").wantCount("label a[href='/privacy']", 1)
	if leads := s.leads(); leads[0].Consent != lead.Consent {
		t.Errorf("kept is the wording %q", leads[0].Consent)
	}

	s.wantSaid("the reference, the dates, the guide, the option that you preferred and the outcome")
	s.post(sent.header.Get("Location")+"/erasure", nil).wantStatus(http.StatusSeeOther)
	for _, typed := range []string{"A sample project", "Sample Person", "sample@example.org"} {
		if tables := pgtest.TablesWith(t, address, typed); len(tables) > 0 {
			t.Errorf("%q stands in %v after the erasure", typed, tables)
		}
	}
	if l := s.leads()[0]; l.Reference == "" || l.Guide == "" || l.Option != "django" || l.Status != lead.Erased {
		t.Errorf("left is %+v", l)
	}
}

func TestPrivacyPageSaysTheDaysOfTheSettings(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.wantSaid("Otherwise we erase it: withdrawn requests 30 days after the last change, requests that came to nothing 180 " +
		"days after the last change")
	s.wantSaid("We keep these until you or we erase them: requests that are still open, requests that became projects.")
	s.signIn(staff.Admin)
	s.post("/staff/promise", promise(url.Values{
		"keep_suspect": {"11"}, "keep_won": {"900"},
		"keep_lost": {"0"},
	})).wantStatus(http.StatusSeeOther)
	s.wantSaid("requests that look like spam 11 days after the last change, requests that became projects 900 days")
	s.wantSaid("requests that are still open, requests that came to nothing.")

	s.wantSaid("After 7 days the draft is no longer offered")
	script := string(static.Assets()[static.Path("draft.js")].Content)
	if days := regexp.MustCompile(`days = (\d+);`).FindStringSubmatch(script); days == nil || days[1] != "7" {
		t.Errorf("the script keeps drafts for %v", days)
	}
}
