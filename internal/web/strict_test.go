package web_test

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"

	"tiebreak/internal/pgtest"
	"tiebreak/internal/staff"
	"tiebreak/internal/web"
	"tiebreak/static"
)

// behindHTTPS is a site whose proxy ends TLS, with something at each address.
func behindHTTPS(t *testing.T) (*site, map[string]string) {
	t.Helper()
	db := pgtest.New(t)
	s := siteOn(t, db)
	fill := s.places()
	handler, err := web.New(context.Background(), web.Config{
		DB: db, BaseURL: &url.URL{Scheme: "https", Host: "guides.example.org"}, Log: slog.New(slog.NewTextHandler(s.log, nil)),
	})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	s.base, s.router = server.URL, handler
	return s, fill
}

// wantStrict checks what must be true of every answer, whatever it is.
func wantStrict(t *testing.T, what string, h http.Header, body []byte) {
	t.Helper()
	for _, directive := range []string{
		"default-src 'none'", "script-src 'self'", "base-uri 'none'", "frame-ancestors 'none'",
		"form-action 'self'",
	} {
		if policy := h.Get("Content-Security-Policy"); !strings.Contains(policy, directive) ||
			strings.Contains(policy, "unsafe") {
			t.Errorf("%s has the policy %q", what, policy)
		}
	}
	for name, want := range map[string]string{
		"X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin",
		"Strict-Transport-Security": "max-age=63072000; includeSubDomains", "Access-Control-Allow-Origin": "",
	} {
		if got := h.Get(name); got != want {
			t.Errorf("%s: %s is %q", what, name, got)
		}
	}
	kind := h.Get("Content-Type")
	if text := strings.HasPrefix(kind, "text/") || strings.Contains(kind, "xml"); len(body) > 0 &&
		(kind == "" || text && !strings.Contains(kind, "charset=utf-8")) {
		t.Errorf("%s is of the type %q", what, kind)
	}
}

// savedAs is what a file of the staff's is called, whatever was asked for.
var savedAs = regexp.MustCompile(`^attachment; filename="[a-z0-9-]+\.(csv|json)"$`)

func TestEveryAnswerBehindHTTPSIsStrict(t *testing.T) {
	t.Parallel()
	s, fill := behindHTTPS(t)
	others := []asked{
		{http.MethodGet, "", "/nowhere", "everybody"},
		{http.MethodGet, "", "/.git/config", "everybody"},
		{http.MethodGet, "", "/metrics", "everybody"},
		{http.MethodGet, "", "/static/", "everybody"},
		{http.MethodGet, "", "/static/css/", "everybody"},
		{http.MethodTrace, "", "/", "everybody"},
	}
	for _, name := range []string{"site.js", "icon.svg"} {
		others = append(others, asked{http.MethodGet, "/static/*", static.Path(name), "everybody"})
	}
	for _, one := range append(s.everyRoute(fill), others...) {
		for _, role := range []staff.Role{"", staff.Admin} {
			r := s.by(role, s.request(one.method, one.path, ""))
			if role != "" {
				r.Header.Set("Cookie", "__Host-"+r.Header.Get("Cookie"))
			}
			response, err := s.client.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			body, err := io.ReadAll(response.Body)
			if err != nil || response.Body.Close() != nil {
				t.Fatal(err)
			}
			what := one.method + " " + one.path
			wantStrict(t, what, response.Header, body)
			none := http.StatusNotFound
			if one.method == http.MethodTrace {
				none = http.StatusMethodNotAllowed
			}
			if one.pattern == "" && response.StatusCode != none {
				t.Errorf("%s: status %d", what, response.StatusCode)
			}
			open := slices.Contains([]string{"everybody", "visitor", "machine"}, one.audience)
			if caching := response.Header.Get("Cache-Control"); !open && caching != "no-store" {
				t.Errorf("%s is kept %q", what, caching)
			}
			if name := response.Header.Get("Content-Disposition"); role != "" && strings.HasPrefix(one.path, "/staff/") &&
				path.Ext(one.path) != "" && !savedAs.MatchString(name) {
				t.Errorf("%s is shown as %q, not saved", what, name)
			}
		}
	}
}

func TestCookiesBehindHTTPSAreOfThisHostAlone(t *testing.T) {
	t.Parallel()
	s, _ := behindHTTPS(t)
	r := s.request(http.MethodPost, "/staff/sign-in",
		url.Values{"email": {"owner@example.org"}, "password": {"a sample password"}}.Encode())
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	set := s.do(r).wantStatus(http.StatusSeeOther).header["Set-Cookie"]
	if len(set) != 1 {
		t.Errorf("%q are set, want a session", set)
	}
	for _, cookie := range set {
		for _, want := range []string{"Path=/", "HttpOnly", "Secure", "SameSite=Lax"} {
			if !strings.Contains(cookie, "; "+want) || !strings.HasPrefix(cookie, "__Host-tiebreak") ||
				strings.Contains(cookie, "Domain=") {
				t.Errorf("the cookie %q lacks %s, or is of other hosts too", cookie, want)
			}
		}
	}
}

// TestSessionCookieLastsAsLongAsASessionMay holds what the account page says: the session outlives the browser's window, whose
// end would delete a cookie without Max-Age, and no cookie outlives the longest session.
func TestSessionCookieLastsAsLongAsASessionMay(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.addMember("member@example.org", staff.Reader)
	form := url.Values{"email": {"member@example.org"}, "password": {"a sample password"}}
	kept := sessionCookie(t, s.post("/staff/sign-in", form))
	if want := int(staff.AbsoluteLimit.Seconds()); kept.MaxAge != want {
		t.Errorf("the cookie is kept for %d s, want %d", kept.MaxAge, want)
	}
	proved := sessionCookie(t, s.post("/staff/account/proof", url.Values{"password": {"a sample password"}}))
	if proved.MaxAge != kept.MaxAge || proved.Value == kept.Value {
		t.Errorf("after a proof the cookie is kept for %d s", proved.MaxAge)
	}
	if gone := sessionCookie(t, s.post("/staff/sign-out", nil)); gone.MaxAge >= 0 {
		t.Errorf("signing out has the cookie kept for %d s", gone.MaxAge)
	}

	s.setUpAuthenticator("member@example.org")
	half := sessionCookie(t, s.post("/staff/sign-in", form))
	if want := int(staff.PendingSignInLimit.Seconds()); half.MaxAge != want {
		t.Errorf("half a session's cookie is kept for %d s, want %d", half.MaxAge, want)
	}
}

// sessionCookie is the cookie with the session's token that the answer sets.
func sessionCookie(t *testing.T, a answer) *http.Cookie {
	t.Helper()
	a.wantStatus(http.StatusSeeOther)
	for _, cookie := range (&http.Response{Header: a.header}).Cookies() {
		if strings.TrimPrefix(cookie.Name, "__Host-") == "tiebreak" {
			return cookie
		}
	}
	t.Fatalf("no session's cookie in %q", a.header["Set-Cookie"])
	return nil
}

func TestSigningInAgainEndsTheSessionOfBefore(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.signIn(staff.Reader)
	base, err := url.Parse(s.base)
	if err != nil {
		t.Fatal(err)
	}
	before := s.client.Jar.Cookies(base)[0].Value
	if !s.enter("member@example.org", "a sample password") || !s.isIn() {
		t.Fatal("not let in again")
	}
	if s.carrying(before).isIn() {
		t.Error("the token of before still opens the account")
	}
}

func TestInternalErrorTellsItsNumberAndNothingElse(t *testing.T) {
	t.Parallel()
	address := pgtest.NewURL(t)
	s := siteOn(t, pgtest.Open(t, address))
	s.exec(address, `ALTER TABLE lead_contents ADD CONSTRAINT inner_rule CHECK (name = '') NOT VALID`)
	page := s.post("/intake", request(nil)).wantStatus(http.StatusInternalServerError)
	number := regexp.MustCompile(`[A-Z2-7]{6}-\d+`).FindString(page.text("main"))
	if log := s.log.String(); number == "" || !strings.Contains(log, "id="+number) || !strings.Contains(log, "inner_rule") {
		t.Errorf("the page names %q, which does not lead to the error in the log", number)
	}
	for _, inner := range []string{"inner_rule", "lead_contents", "SQLSTATE", "goroutine", ".go:"} {
		if strings.Contains(page.Text(), inner) {
			t.Errorf("the page tells of %s", inner)
		}
	}
}

func TestWhatStandsInTheAddressIsNoPartOfAPostedForm(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	form := request(nil)
	form.Del("name")
	s.post("/intake?name=Somebody", form).wantStatus(http.StatusUnprocessableEntity).wantText("#name-wrong", "Enter your name")
	s.addMember("member@example.org", staff.Reader)
	s.post("/staff/sign-in?password=a+sample+password",
		url.Values{"email": {"member@example.org"}}).wantStatus(http.StatusUnprocessableEntity)
}

func TestFormLeadsBackToTheListAndNowhereElse(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.signIn(staff.Editor)
	for _, back := range []string{
		"https://elsewhere.example/staff/leads", "//elsewhere.example/staff/leads", `\\elsewhere.example/staff/leads`,
		"javascript:alert(1)",
		"/staff/leads/../../x", "/staff/leads@elsewhere.example", "https:/staff/leads", "%zz",
	} {
		to := s.post("/staff/leads/changes", url.Values{"do": {"move"}, "status": {"lost"}, "back": {back}}).
			wantStatus(http.StatusSeeOther).header.Get("Location")
		if to != "/staff/leads" && !strings.HasPrefix(to, "/staff/leads?") {
			t.Errorf("back to %q leads to %q", back, to)
		}
	}
}
