package web_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"tiebreak/internal/pgtest"
	"tiebreak/internal/staff"
)

func TestAddressWithSomethingAddedLeadsToThePageByOneRedirect(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	receipt := s.ask("A sample project", nil)

	guide := "/compare/django-vs-fastapi"
	for added, want := range map[string]string{
		guide + "/":                                       guide,
		guide + ".":                                       guide,
		guide + ")":                                       guide,
		guide + "),":                                      guide,
		guide + "%20":                                     guide,
		guide + "%E2%80%8B":                               guide,
		guide + "%E2%80%9D":                               guide,
		"/compare/Django-vs-FastAPI":                      guide,
		"/Compare/FASTAPI-VS-DJANGO/.":                    guide,
		"/compare//django-vs-fastapi":                     guide,
		"//compare/django-vs-fastapi":                     guide,
		guide + ".json.":                                  guide + ".json",
		guide + ".md)":                                    guide + ".md",
		guide + "/changes/":                               guide + "/changes",
		guide + "/card.png,":                              guide + "/card.png",
		guide + "?tick=ready-admin.":                      guide + "?tick=ready-admin",
		guide + "?tick=ready-admin&amp;tick=async":        guide + "?tick=ready-admin&tick=async",
		"/compare/FastAPI-vs-Django.?tick=async%29":       guide + "?tick=async",
		"/compare/django_vs_fastapi":                      guide,
		"/compare/django%20vs%20fastapi":                  guide,
		"/compare/django%E2%80%91vs%E2%80%91fastapi":      guide,
		"/compare/%E2%80%9Cdjango-vs-fastapi":             guide,
		"/%E2%80%8Bcompare/django-vs-fastapi":             guide,
		guide + "&utm_source=x":                           guide + "?utm_source=x",
		"/COMPARE/DJANGO-VS-FASTAPI?TICK=READY-ADMIN&a=B": guide + "?tick=ready-admin&a=B",
		guide + "?tick=Ready-Admin&tick=async":            guide + "?tick=ready-admin&tick=async",
		"/options/Django/":                                "/options/django",
		"/about/":                                         "/about",
		"/About":                                          "/about",
		"/search/?q=orm":                                  "/search?q=orm",
		"/intake/":                                        "/intake",
		"/intake.":                                        "/intake",
		"/privacy).":                                      "/privacy",
		"/feed.atom/":                                     "/feed.atom",
		"/sitemap.xml,":                                   "/sitemap.xml",
		"/compare":                                        "/",
		"/compare/":                                       "/",
		"/options":                                        "/",
		"/guides":                                         "/",
		"/staff/sign-in/":                                 "/staff/sign-in",
		"/Staff/Sign-In":                                  "/staff/sign-in",
		"/STAFF/reset":                                    "/staff/reset",
		receipt + ".":                                     receipt,
		receipt + "%3E":                                   receipt,
		strings.ToLower(receipt):                          receipt,
		strings.ToUpper(receipt):                          receipt,
		guide + "%3Ftick=ready-admin":                     guide + "?tick=ready-admin",
		guide + "%3Ftick=ready-admin%26tick=async.":       guide + "?tick=ready-admin&tick=async",
		guide + "%3ftick=async?tick=ready-admin":          guide + "?tick=async&tick=ready-admin",
		guide + "%23tally":                                guide + "#tally",
		guide + "%3Ftick=async%23tally":                   guide + "?tick=async#tally",
		"/search%3Fq=what%20is%20C%252B%252B":             "/search?q=what+is+C%2B%2B",
		"/compare%2Fdjango-vs-fastapi":                    guide,
		"/compare/django%2Dvs%2Dfastapi":                  guide,
		"/compare%2FFastAPI-vs-Django":                    guide,
	} {
		moved := s.get(added)
		if to := moved.header.Get("Location"); moved.status != http.StatusMovedPermanently || to != want {
			t.Errorf("%s: %d to %q, want 301 to %s", added, moved.status, to, want)
		}
		s.get(want).wantStatus(http.StatusOK)
	}
	for _, path := range []string{"/", "/search?q=what+is+C%2B%2B%3F", guide + "?tick=", receipt} {
		s.get(path).wantStatus(http.StatusOK)
	}
	for _, path := range []string{
		"/nowhere", "/compare/nothing", "/options/nothing", receipt + "A",
		"/staff/setup/" + strings.Repeat("A", 26),
	} {
		s.get(path).wantStatus(http.StatusNotFound)
	}
}

func TestOneTimeLinkOpensInLowerCase(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	token := staff.NewToken()
	if _, err := s.db.NewSetupLink(context.Background(), staff.Digest(token)); err != nil {
		t.Fatal(err)
	}
	moved := s.get("/Staff/setup/" + strings.ToLower(token)).wantStatus(http.StatusMovedPermanently)
	if to := moved.header.Get("Location"); to != "/staff/setup/"+token {
		t.Fatalf("it leads to %s", to)
	}
	if caching := moved.header.Get("Cache-Control"); caching != "no-store" {
		t.Errorf("caches are told %q of a secret address", caching)
	}
	s.get("/staff/setup/" + token).wantStatus(http.StatusOK)
}

func TestAddressIsAnsweredAlikeBeforeAndAfterItsPageIsKept(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for _, path := range []string{"/compare%2Fgo-vs-rust", "/compare/go%2Dvs%2Drust"} {
		before := s.get(path)
		s.get("/compare/go-vs-rust").wantStatus(http.StatusOK)
		after := s.get(path)
		if before.status != after.status || before.header.Get("Location") != after.header.Get("Location") {
			t.Errorf("%s is answered with %d, then with %d", path, before.status, after.status)
		}
	}
}

func TestRedirectToARenamedGuideIsNotKeptForEver(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	const first = "/compare/django-vs-fastapi"
	g := s.edition().Guide
	g.Slug, g.Formerly = "python-web", []string{"django-vs-fastapi"}
	s.publish(g)
	for _, path := range []string{first, "/compare/fastapi-vs-django"} {
		moved := s.get(path).wantStatus(http.StatusMovedPermanently)
		if caching := moved.header.Get("Cache-Control"); caching != "public, max-age=30" {
			t.Errorf("%s: browsers keep the redirect for %q", path, caching)
		}
	}
	g.Slug, g.Formerly = "django-vs-fastapi", []string{"python-web"}
	s.publish(g)
	s.get(first).wantStatus(http.StatusOK)
	if to := s.get("/compare/python-web").wantStatus(http.StatusMovedPermanently).header.Get("Location"); to != first {
		t.Errorf("the address of between leads to %s", to)
	}
}

func TestRedirectNeverLeavesTheSite(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for _, target := range []string{
		"http://elsewhere.example/compare/fastapi-vs-django", "//elsewhere.example/", "/%2felsewhere.example/.",
		"/\\elsewhere.example/.",
	} {
		r := s.request(http.MethodGet, "/", "")
		r.URL.Opaque = target
		to := s.do(r).header.Get("Location")
		if u, err := url.Parse(to); err != nil || u.Host != "" || strings.HasPrefix(to, "//") || strings.HasPrefix(to, `/\`) {
			t.Errorf("%s leads to %s", target, to)
		}
	}
}

func TestMethodsAreAnsweredAsHTTPDefines(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for _, one := range []struct {
		method, path string
		status       int
		allow        string
	}{
		{http.MethodOptions, "/", http.StatusNoContent, "GET, HEAD, OPTIONS"},
		{http.MethodOptions, "/compare/django-vs-fastapi", http.StatusNoContent, "GET, HEAD, OPTIONS"},
		{http.MethodOptions, "/intake", http.StatusNoContent, "GET, HEAD, OPTIONS, POST"},
		{http.MethodOptions, "/readyz", http.StatusNoContent, "GET, HEAD, OPTIONS"},
		{http.MethodOptions, "/nowhere", http.StatusNotFound, ""},
		{http.MethodHead, "/about", http.StatusOK, ""},
		{http.MethodHead, "/nowhere", http.StatusNotFound, ""},
		{http.MethodHead, "/requests/SOME/notes", http.StatusMethodNotAllowed, "OPTIONS, POST"},
		{http.MethodGet, "/requests/SOME/notes", http.StatusMethodNotAllowed, "OPTIONS, POST"},
		{http.MethodGet, "/staff/sign-out", http.StatusMethodNotAllowed, "OPTIONS, POST"},
		{http.MethodPost, "/about", http.StatusMethodNotAllowed, "GET, HEAD, OPTIONS"},
		{http.MethodPut, "/about", http.StatusMethodNotAllowed, "GET, HEAD, OPTIONS"},
		{http.MethodTrace, "/about", http.StatusMethodNotAllowed, "GET, HEAD, OPTIONS"},
		{"BREW", "/about", http.StatusMethodNotAllowed, "GET, HEAD, OPTIONS"},
	} {
		a := s.do(s.request(one.method, one.path, ""))
		if allow := a.header.Get("Allow"); a.status != one.status || allow != one.allow {
			t.Errorf("%s %s: %d, Allow %q; want %d, %q", one.method, one.path, a.status, allow, one.status, one.allow)
		}
	}
}

func TestFormOfAHiddenOriginIsRefusedAndGivenBack(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	post := func(path, form string) answer {
		r := s.request(http.MethodPost, path, form)
		r.Header = http.Header{"Content-Type": {"application/x-www-form-urlencoded"}, "Origin": {"null"}}
		return s.do(r).wantStatus(http.StatusForbidden)
	}
	page := post("/intake", request(url.Values{"project": {"All that I typed"}}).Encode())
	if typed := page.Find("textarea[name=project]").Text(); typed != "All that I typed" {
		t.Errorf("the page gives back %q", typed)
	}
	page.wantCount(`form[action="/intake"] button`, 1)

	page = post("/staff/leads/TB-0001/reply", "reply=Words+of+somebody+else")
	page.wantCount("textarea[name=reply]", 1)
	page.wantCount("main button", 0)
}

func TestForwardedAddressIsReadWithPortBracketsAndQuotes(t *testing.T) {
	t.Parallel()
	s := siteOn(t, pgtest.New(t), "127.0.0.0/8")
	statuses := func(address string) (all []int) {
		for range 12 {
			r := s.request(http.MethodPost, "/staff/sign-in", "email=nobody%40example.org&password=a+wrong+password")
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			r.Header.Set("X-Forwarded-For", address)
			all = append(all, s.do(r).status)
		}
		return all
	}
	limited := func(all []int) bool { return all[len(all)-1] == http.StatusTooManyRequests }
	if !limited(statuses("198.51.100.7:4000")) {
		t.Fatal("a stranger who tries again and again is not limited")
	}
	for _, same := range []string{"198.51.100.7", "198.51.100.7:5000", `"198.51.100.7:5000"`} {
		if all := statuses(same); all[0] != http.StatusTooManyRequests {
			t.Errorf("%s is another client than 198.51.100.7", same)
		}
	}
	for _, other := range []string{"203.0.113.5:2222", "[2001:db8::1]:443", "[2001:db8:0:1::1]", "2001:db8:0:2::1"} {
		if all := statuses(other); all[0] == http.StatusTooManyRequests {
			t.Errorf("%s is limited by what another address did", other)
		}
	}
	statuses("unknown")
	if n := strings.Count(s.log.String(), "no address that can be read"); n != 1 {
		t.Errorf("the log warns %d times of addresses that cannot be read", n)
	}
}

func TestUnnamedProxyIsLoggedOnce(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for range 40 {
		r := s.request(http.MethodGet, "/staff/sign-in", "")
		r.Header.Set("X-Forwarded-For", "198.51.100.7")
		s.do(r).wantStatus(http.StatusOK)
	}
	if n := strings.Count(s.log.String(), "TIEBREAK_TRUSTED_PROXIES"); n != 1 {
		t.Errorf("the log warns %d times of a proxy that is not named", n)
	}
}
