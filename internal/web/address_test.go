package web_test

import (
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"testing"

	"tiebreak/internal/staff"
)

func TestVariantsOfAnAddressLeadToThePageByOneRedirect(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	receipt := s.ask("A sample project")

	const guide = "/compare/django-vs-fastapi"
	for want, variants := range map[string][]string{
		guide: {
			guide + "/", guide + ".", guide + ")", guide + "),", guide + "%20", guide + "%E2%80%8B", guide + "%E2%80%9D",
			"/compare/Django-vs-FastAPI", "/Compare/FASTAPI-VS-DJANGO/.", "/compare//django-vs-fastapi",
			"//compare/django-vs-fastapi", "/compare/django_vs_fastapi", "/compare/django%20vs%20fastapi",
			"/compare/django%E2%80%91vs%E2%80%91fastapi", "/compare/%E2%80%9Cdjango-vs-fastapi",
			"/%E2%80%8Bcompare/django-vs-fastapi", "/compare%2Fdjango-vs-fastapi", "/compare/django%2Dvs%2Dfastapi",
			"/compare%2FFastAPI-vs-Django", "/compare/fastapi-vs-django",
		},
		guide + ".json":         {guide + ".json.", "/compare/fastapi-vs-django.json"},
		guide + ".md":           {guide + ".md)", "/compare/fastapi-vs-django.md"},
		guide + "/changes":      {guide + "/changes/", "/compare/fastapi-vs-django/changes"},
		guide + "/changes.atom": {"/compare/fastapi-vs-django/changes.atom"},
		guide + "/card.png":     {guide + "/card.png,", "/compare/fastapi-vs-django/card.png"},

		guide + "?tick=ready-admin": {guide + "?tick=ready-admin.", guide + "%3Ftick=ready-admin"},
		guide + "?tick=ready-admin&tick=async": {
			guide + "?tick=ready-admin&amp;tick=async", guide + "?tick=Ready-Admin&tick=async",
			guide + "%3Ftick=ready-admin%26tick=async.",
		},
		guide + "?tick=async":                  {"/compare/FastAPI-vs-Django.?tick=async%29"},
		guide + "?tick=openapi":                {"/compare/fastapi-vs-django?tick=openapi"},
		guide + "?tick=async&tick=ready-admin": {guide + "%3ftick=async?tick=ready-admin"},
		guide + "?utm_source=x":                {guide + "&utm_source=x"},
		guide + "?tick=ready-admin&a=B":        {"/COMPARE/DJANGO-VS-FASTAPI?TICK=READY-ADMIN&a=B"},
		guide + "#tally":                       {guide + "%23tally"},
		guide + "?tick=async#tally":            {guide + "%3Ftick=async%23tally"},
		guide + "/decision.md?tick=some":       {"/compare/fastapi-vs-django/decision.md?tick=some"},

		"/": {"/compare", "/compare/", "/options", "/guides"}, "/about": {"/about/", "/About"},
		"/options/django": {"/options/Django/"}, "/privacy": {"/privacy)."}, "/intake": {"/intake/", "/intake."},
		"/search?q=orm": {"/search/?q=orm"}, "/search?q=what+is+C%2B%2B": {"/search%3Fq=what%20is%20C%252B%252B"},
		"/feed.atom": {"/feed.atom/"}, "/sitemap.xml": {"/sitemap.xml,"},
		"/staff/sign-in": {"/staff/sign-in/", "/Staff/Sign-In"}, "/staff/reset": {"/STAFF/reset"},
		receipt: {receipt + ".", receipt + "%3E", strings.ToLower(receipt), strings.ToUpper(receipt)},
	} {
		for _, variant := range variants {
			s.get(variant).wantStatus(http.StatusMovedPermanently).wantLocation(want)
		}
		s.get(want).wantStatus(http.StatusOK)
	}
	for _, path := range []string{"/search?q=what+is+C%2B%2B%3F", guide + "?tick="} {
		s.get(path).wantStatus(http.StatusOK)
	}
	for _, path := range []string{
		"/compare/django-vs-django", "/compare/cobol-vs-django", "/options/nothing", receipt + "A",
		"/staff/setup/" + strings.Repeat("A", 26),
	} {
		s.get(path).wantStatus(http.StatusNotFound)
	}
}

func TestOneTimeLinkOpensInLowerCase(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	token := staff.NewToken()
	_, err := s.db.NewSetupLink(t.Context(), staff.Digest(token))
	noError(t, err)
	s.get("/Staff/setup/"+strings.ToLower(token)).wantStatus(http.StatusMovedPermanently).
		wantLocation("/staff/setup/"+token).wantHeader("Cache-Control", "no-store")
	s.get("/staff/setup/" + token).wantStatus(http.StatusOK)
}

func TestAddressIsAnsweredAlikeBeforeAndAfterItsPageIsCached(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for _, path := range []string{"/compare%2Fgo-vs-rust", "/compare/go%2Dvs%2Drust"} {
		before := s.get(path)
		s.get("/compare/go-vs-rust").wantStatus(http.StatusOK)
		s.get(path).wantStatus(before.status).wantLocation(before.location())
	}
}

func TestRedirectToARenamedGuideIsCachedBriefly(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	const first = "/compare/django-vs-fastapi"
	g := s.rename("python-web")
	for _, path := range []string{first, "/compare/fastapi-vs-django"} {
		s.get(path).wantStatus(http.StatusMovedPermanently).wantHeader("Cache-Control", "public, max-age=30")
	}
	g.Slug, g.Formerly = "django-vs-fastapi", []string{"python-web"}
	s.publish(g)
	s.get(first).wantStatus(http.StatusOK)
	s.get("/compare/python-web").wantStatus(http.StatusMovedPermanently).wantLocation(first)
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
		to := s.do(r).location()
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
		{http.MethodGet, "/requests/SOME/email", http.StatusMethodNotAllowed, "OPTIONS, POST"},
		{http.MethodGet, "/requests/SOME/withdrawal/removal", http.StatusMethodNotAllowed, "OPTIONS, POST"},
		{http.MethodGet, "/staff/sign-out", http.StatusMethodNotAllowed, "OPTIONS, POST"},
		{http.MethodPost, "/about", http.StatusMethodNotAllowed, "GET, HEAD, OPTIONS"},
		{http.MethodPut, "/about", http.StatusMethodNotAllowed, "GET, HEAD, OPTIONS"},
		{http.MethodTrace, "/about", http.StatusMethodNotAllowed, "GET, HEAD, OPTIONS"},
		{"BREW", "/about", http.StatusMethodNotAllowed, "GET, HEAD, OPTIONS"},
	} {
		s.do(s.request(one.method, one.path, "")).wantStatus(one.status).wantHeader("Allow", one.allow)
	}
}

func TestFormOfAHiddenOriginIsRefusedAndGivenBack(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	page := s.post("/intake", request(fields("project", "All that I typed")), "Origin", "null").wantStatus(http.StatusForbidden)
	page.wantExactText("textarea[name=project]", "All that I typed").wantCount(`form[action="/intake"] button`, 1)

	page = s.post("/staff/leads/TB-0001/reply", fields("reply", "Words of somebody else"), "Origin", "null")
	page.wantStatus(http.StatusForbidden).wantCount("textarea[name=reply]", 1).wantCount("main button", 0)
}

func TestForwardedAddressIsReadWithPortBracketsAndQuotes(t *testing.T) {
	t.Parallel()
	s := newSite(t, loopback)
	statuses := func(address string) (all []int) {
		for range 12 {
			all = append(all, s.signInFrom(address, "nobody@example.org", "a wrong password").status)
		}
		return all
	}
	if all := statuses("198.51.100.7:4000"); all[len(all)-1] != http.StatusTooManyRequests {
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
	s.wantLogged("no address that can be read", 1)
}

// behindProxy returns the site as visitors reach it through a reverse proxy on this machine.
func (s *site) behindProxy() *site {
	s.t.Helper()
	proxy := httptest.NewServer(&httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(s.origin())
		r.SetXForwarded()
	}})
	s.t.Cleanup(proxy.Close)
	visitor := s.another()
	visitor.base = proxy.URL
	return visitor
}

func TestProxyThatIsNotTrustedIsReportedOnce(t *testing.T) {
	t.Parallel()
	for name, proxies := range map[string][]string{"none is set": nil, "another is set": {"192.0.2.0/24"}} {
		s := newSite(t, proxies...)
		s.signIn(staff.Reader)
		s.get("/staff/leads").wantCount(".banner", 0)
		visitor := s.behindProxy()
		for range 3 { // the second is answered from memory
			visitor.get("/compare/django-vs-fastapi").wantStatus(http.StatusOK)
		}
		s.get("/staff/leads").wantText(".banner", "A proxy seems to be in front of this site", "TIEBREAK_TRUSTED_PROXIES")
		if n := strings.Count(s.log.String(), "TIEBREAK_TRUSTED_PROXIES does not list"); n != 1 {
			t.Errorf("%s: the log says so %d times", name, n)
		}
	}
}

func TestStrangersWhoForgeForwardedAddressesRaiseNoAlarm(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for _, peer := range []string{"203.0.113.9:4000", "[2001:db8::9]:4000"} {
		r := s.request(http.MethodGet, "/compare/django-vs-fastapi", "")
		r.RemoteAddr = peer
		r.Header.Set("X-Forwarded-For", "127.0.0.1")
		s.server().ServeHTTP(httptest.NewRecorder(), r)
	}
	s.signIn(staff.Reader)
	s.get("/staff/leads").wantCount(".banner", 0)
	s.wantLogged("TIEBREAK_TRUSTED_PROXIES", 0)
}

func TestTrustedProxyRaisesNoAlarm(t *testing.T) {
	t.Parallel()
	s := newSite(t, loopback)
	s.behindProxy().get("/about").wantStatus(http.StatusOK) // its X-Forwarded-For holds this machine's own address only
	s.get("/about", "X-Forwarded-For", "127.0.0.1, 127.0.0.2").wantStatus(http.StatusOK)
	s.signIn(staff.Reader)
	s.get("/staff/leads").wantCount(".banner", 0)
	s.wantLogged("X-Forwarded-For", 0)
}
