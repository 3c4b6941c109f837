package web_test

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"

	"tiebreak/internal/doctor"
	"tiebreak/internal/staff"
	"tiebreak/internal/web"
	"tiebreak/internal/web/page"
	"tiebreak/static"
)

// behindHTTPS starts a site whose proxy ends TLS, with something behind each kind of route.
func behindHTTPS(t *testing.T) (s *site, targets map[string]string) {
	t.Helper()
	s = newSite(t)
	targets = s.targets()
	base := &url.URL{Scheme: "https", Host: "guides.example.org"}
	handler, err := web.New(t.Context(), web.Config{Config: page.Config{
		DB: s.db, BaseURL: base, Log: slog.New(slog.NewTextHandler(s.log, nil)),
		Doctor: doctor.New(doctor.Config{DB: s.db, BaseURL: base, BackupFolder: t.TempDir()}),
	}})
	noError(t, err)
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	s.base, s.router = server.URL, handler
	return s, targets
}

// wantStrict checks what must be true of every answer behind HTTPS, whatever it is.
func (a answer) wantStrict() answer {
	a.t.Helper()
	policy := a.header.Get("Content-Security-Policy")
	for _, directive := range []string{
		"default-src 'none'", "script-src 'self'", "base-uri 'none'", "frame-ancestors 'none'", "form-action 'self'",
	} {
		if !strings.Contains(policy, directive) || strings.Contains(policy, "unsafe") {
			a.t.Errorf("%s has the policy %q, without %s", a.what, policy, directive)
		}
	}
	a.wantHeader("X-Content-Type-Options", "nosniff").wantHeader("Referrer-Policy", "same-origin")
	a.wantHeader("Strict-Transport-Security", "max-age=63072000; includeSubDomains")
	a.wantHeader("Access-Control-Allow-Origin", "")
	kind := a.header.Get("Content-Type")
	isText := strings.HasPrefix(kind, "text/") || strings.Contains(kind, "xml")
	if a.body != "" && (kind == "" || isText && !strings.Contains(kind, "charset=utf-8")) {
		a.t.Errorf("%s is of the type %q", a.what, kind)
	}
	return a
}

// savedAs matches what a file of the staff's is called, whatever was asked for.
var savedAs = regexp.MustCompile(`^attachment; filename="[a-z0-9-]+\.(csv|json|yaml)"$`)

func TestEveryAnswerBehindHTTPSIsStrict(t *testing.T) {
	t.Parallel()
	s, targets := behindHTTPS(t)
	for _, path := range []string{"/nowhere", "/.git/config", "/metrics", "/static/", "/static/css/"} {
		s.get(path).wantStatus(http.StatusNotFound).wantStrict()
	}
	s.do(s.request(http.MethodTrace, "/", "")).wantStatus(http.StatusMethodNotAllowed).wantStrict()
	for _, name := range []string{"site.js", "icon.svg"} {
		s.get(static.Path(name)).wantStatus(http.StatusOK).wantStrict()
	}
	for _, one := range s.everyRoute(targets) {
		open := slices.Contains([]string{"everybody", "visitor", "machine"}, one.audience)
		admin := "__Host-tiebreak=" + s.tokenOf(staff.Admin)
		for _, cookie := range []string{"", admin} {
			a := s.do(with(s.request(one.method, one.path, ""), []string{"Cookie", cookie})).wantStrict()
			if !open {
				a.wantHeader("Cache-Control", "no-store")
			}
			if name := a.header.Get("Content-Disposition"); cookie != "" && strings.HasPrefix(one.path, "/staff/") &&
				path.Ext(one.path) != "" && !savedAs.MatchString(name) {
				t.Errorf("%s is shown as %q, not saved", a.what, name)
			}
		}
	}
}

func TestStaffPagesAreKeptFromIndexesAndOtherSites(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Reader)
	s.get("/staff/leads").wantHeader("Cache-Control", "no-store").wantHeader("X-Robots-Tag", "noindex").
		wantHeader("Cross-Origin-Resource-Policy", "same-origin").wantHeader("Cross-Origin-Opener-Policy", "same-origin")
}

func TestCookiesBehindHTTPSAreOfThisHostAlone(t *testing.T) {
	t.Parallel()
	s, _ := behindHTTPS(t)
	in := s.post("/staff/sign-in", fields("email", "owner@example.org", "password", samplePassword))
	in.wantStatus(http.StatusSeeOther).wantCookies(1)
	cookie := in.header.Get("Set-Cookie")
	for _, want := range []string{"Path=/", "HttpOnly", "Secure", "SameSite=Lax"} {
		if !strings.Contains(cookie, "; "+want) || !strings.HasPrefix(cookie, "__Host-tiebreak") ||
			strings.Contains(cookie, "Domain=") {
			t.Errorf("the cookie %q lacks %s, or is of other hosts too", cookie, want)
		}
	}
}

// TestSessionCookieLastsAsLongAsASessionMay holds what the account page says: the session outlives the browser's window, whose
// end would delete a cookie without Max-Age, and no cookie outlives the longest session.
func TestSessionCookieLastsAsLongAsASessionMay(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.addMember(memberEmail, staff.Reader)
	signIn := fields("email", memberEmail, "password", samplePassword)
	session := s.post("/staff/sign-in", signIn).wantSessionCookie(int(staff.AbsoluteLimit.Seconds()))
	rotated := s.reauthenticate(fields("password", samplePassword)).wantSessionCookie(int(staff.AbsoluteLimit.Seconds()))
	if rotated == session {
		t.Error("reauthentication left the session its token")
	}
	s.post("/staff/sign-out", nil).wantSessionCookie(-1)
	s.setUpAuthenticator(memberEmail)
	s.post("/staff/sign-in", signIn).wantSessionCookie(int(staff.PendingSignInLimit.Seconds()))
}

// wantSessionCookie checks for how many seconds the browser keeps the session's cookie, -1 to delete it, and returns its value.
func (a answer) wantSessionCookie(maxAge int) (token string) {
	a.t.Helper()
	a.wantStatus(http.StatusSeeOther)
	for _, cookie := range (&http.Response{Header: a.header}).Cookies() {
		if strings.TrimPrefix(cookie.Name, "__Host-") == "tiebreak" {
			if cookie.MaxAge != maxAge {
				a.t.Errorf("%s: the cookie is kept for %d s, want %d", a.what, cookie.MaxAge, maxAge)
			}
			return cookie.Value
		}
	}
	a.t.Fatalf("%s: no session's cookie in %q", a.what, a.header["Set-Cookie"])
	return ""
}

func TestInternalErrorShowsItsNumberAndNothingElse(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.sql(`ALTER TABLE lead_contents ADD CONSTRAINT inner_rule CHECK (name = '') NOT VALID`)
	page := s.post("/intake", request(nil)).wantStatus(http.StatusInternalServerError)
	number := regexp.MustCompile(`[A-Z2-7]{6}-\d+`).FindString(page.text("main"))
	if log := s.log.String(); number == "" || !strings.Contains(log, "id="+number) || !strings.Contains(log, "inner_rule") {
		t.Errorf("the page shows the number %q, which does not lead to the error in the log", number)
	}
	page.wantNoText("*", "inner_rule", "lead_contents", "SQLSTATE", "goroutine", ".go:")
}

func TestQueryIsNoPartOfAPostedForm(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	form := request(nil)
	form.Del("name")
	s.post("/intake?name=Somebody", form).wantStatus(http.StatusUnprocessableEntity).wantText("#name-wrong", "Enter your name")
	s.addMember(memberEmail, staff.Reader)
	s.post("/staff/sign-in?password=a+sample+password", fields("email", memberEmail)).wantStatus(http.StatusUnprocessableEntity)
}

func TestFormLeadsBackToTheListAndNowhereElse(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Editor)
	for _, back := range []string{
		"https://elsewhere.example/staff/leads", "//elsewhere.example/staff/leads", `\\elsewhere.example/staff/leads`,
		"javascript:alert(1)", "/staff/leads/../../x", "/staff/leads@elsewhere.example", "https:/staff/leads", "%zz",
	} {
		to := s.mustPost("/staff/leads/changes", "do", "move", "status", "lost", "back", back)
		if to != "/staff/leads" && !strings.HasPrefix(to, "/staff/leads?") {
			t.Errorf("back to %q leads to %q", back, to)
		}
	}
}
