package web_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/go-chi/chi/v5"

	"tiebreak/internal/pgtest"
	"tiebreak/internal/postgres"
	"tiebreak/internal/staff"
	"tiebreak/internal/web"
)

// asked is a route of the router with an address to ask for.
type asked struct {
	method, pattern, path string
	audience              string
}

// everyRoute is what the router holds, not what the table says: the two are compared. What erases comes last, since little
// can be asked of a lead that is gone.
func (s *site) everyRoute(fill map[string]string) (all []asked) {
	s.t.Helper()
	declared := s.router.(*web.Server).Audiences()
	err := chi.Walk(s.router, func(method, pattern string, _ http.Handler, _ ...func(http.Handler) http.Handler) error {
		one := asked{method, pattern, pattern, declared[method+" "+pattern]}
		if one.audience == "" {
			s.t.Errorf("%s %s is not in the table of routes", method, pattern)
		}
		for name, value := range fill {
			one.path = strings.ReplaceAll(one.path, name, value)
		}
		if strings.ContainsAny(one.path, "{*") {
			s.t.Errorf("%s: the test has no value for a part of it", one.path)
		}
		all = append(all, one)
		return nil
	})
	if err != nil || len(all) != len(declared) {
		s.t.Errorf("%d routes, %d declared (%v)", len(all), len(declared), err)
	}
	slices.SortStableFunc(all, func(a, b asked) int {
		last := map[bool]int{true: 1}
		return last[strings.HasSuffix(a.pattern, "/erasure")] - last[strings.HasSuffix(b.pattern, "/erasure")]
	})
	return all
}

// places is a site with something at each address that a route can have, and its parts.
func (s *site) places() map[string]string {
	s.t.Helper()
	s.addMember("owner@example.org", staff.Admin)
	s.ask("A sample project", nil)
	receipt := s.ask("Another sample project", nil)
	return map[string]string{
		"/compare/{slug}": "/compare/django-vs-fastapi", "/options/{slug}": "/options/django", "{part}": "weeks",
		"/requests/{token}": receipt, "{token}": "GUESS", "{reference}": "TB-0001", "{batch}": "1", "{id}": "1",
		"/static/*": s.get("/").attr("link[rel=stylesheet]", "href"),
	}
}

// by has the request come from a member with the role, "" for a stranger, in a session of its own, or half a one: routes end
// sessions.
func (s *site) by(role staff.Role, r *http.Request) *http.Request {
	s.t.Helper()
	if role == "" {
		return r
	}
	email := string(role) + "@example.org"
	m, hash, err := s.db.MemberByEmail(context.Background(), email)
	if err == nil && m.ID == 0 {
		if role == pendingMember {
			s.addMember(email, staff.Admin)
			s.setUpAuthenticator(email)
		} else {
			s.addMember(email, role)
		}
		m, hash, err = s.db.MemberByEmail(context.Background(), email)
	}
	token := staff.NewToken()
	if err == nil {
		_, err = s.db.SignIn(context.Background(), m.ID, hash,
			staff.NewSession{TokenDigest: staff.Digest(token), Browser: "A sample browser"})
	}
	if err != nil {
		s.t.Fatal(err)
	}
	r.AddCookie(&http.Cookie{Name: "tiebreak", Value: token})
	return r
}

// pendingMember is who gave the right password and owes the second factor, in the place of a role.
const pendingMember staff.Role = "pending"

// gone is a member who was disabled while they were signed in. Their session's row is brought back: it must not help.
const gone staff.Role = "disabled"

func (s *site) disabled(address string) (cookie string) {
	s.t.Helper()
	const email = "gone@example.org"
	s.addMember(email, staff.Admin)
	m, hash, err := s.db.MemberByEmail(s.t.Context(), email)
	token := staff.NewToken()
	if err == nil {
		_, err = s.db.SignIn(s.t.Context(), m.ID, hash,
			staff.NewSession{TokenDigest: staff.Digest(token), Browser: "A sample browser"})
	}
	if err == nil {
		err = s.db.Disable(s.t.Context(), postgres.CommandLine, m.ID, true)
	}
	if err != nil {
		s.t.Fatal(err)
	}
	s.exec(address, fmt.Sprintf(`INSERT INTO sessions (token_digest, member_id) VALUES ('\x%x', %d)`, staff.Digest(token), m.ID))
	return "tiebreak=" + token
}

// wanted returns what a route of the audience answers the member: "in", "forbidden", "sign in" or, if signed in already, "led
// on".
func wanted(audience string, role staff.Role) string {
	asked := staff.Role(audience)
	switch audience {
	case "pending":
		switch role {
		case "", gone:
			return "sign in"
		case pendingMember:
			return "in"
		}
		return "led on"
	case "member", "reauthenticated":
		asked = staff.Reader
	case "reauthenticated admin":
		asked = staff.Admin
	}
	switch {
	case !slices.Contains([]staff.Role{staff.Reader, staff.Editor, staff.Admin}, asked), role.AtLeast(asked):
		return "in"
	case role == "", role == pendingMember, role == gone:
		return "sign in"
	}
	return "forbidden"
}

func TestEveryRouteIsOpenToItsAudienceAndToNobodyElse(t *testing.T) {
	t.Parallel()
	address := pgtest.NewURL(t)
	s := siteOn(t, pgtest.Open(t, address))
	fill := s.places()
	disabled := s.disabled(address)
	foreign := map[string]string{
		"{reference}": "TB-9999", "{batch}": "9999", "{id}": "9999", "{token}": "GUESS",
		"{slug}": "nothing", "{part}": "nothing", "/static/*": "/static/nothing",
	}
	for _, where := range []map[string]string{foreign, fill} {
		for _, one := range s.everyRoute(where) {
			for _, role := range []staff.Role{"", gone, pendingMember, staff.Reader, staff.Editor, staff.Admin} {
				r := s.request(one.method, one.path, "")
				if role == gone {
					r.Header.Set("Cookie", disabled)
				} else {
					s.by(role, r)
				}
				a := s.do(r)
				got := "in"
				switch {
				case a.status == http.StatusSeeOther && atDoor(a.header.Get("Location")) && one.path != "/staff/sign-out":
					got = "sign in"
				case one.audience == "pending" && a.header.Get("Location") == "/staff/leads":
					got = "led on"
				case a.status == http.StatusForbidden:
					got = "forbidden"
				case a.status >= http.StatusInternalServerError:
					got = fmt.Sprint(a.status)
				}
				if want := wanted(one.audience, role); got != want {
					t.Errorf("%s %s as %q: %s (%d), want %s", one.method, one.path, role, got, a.status, want)
				}
			}
		}
	}
}

func TestWhatIsNoRouteSendsAStrangerToSignInBelowStaffOnly(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for path, want := range map[string]int{
		"/nowhere": http.StatusNotFound, "/staff/nowhere": http.StatusSeeOther,
		"/staff/leads/TB-0001/nowhere": http.StatusSeeOther,
		"/staffing":                    http.StatusNotFound,
	} {
		if a := s.get(path); a.status != want {
			t.Errorf("%s answers a stranger with %d, want %d", path, a.status, want)
		}
		if a := s.do(s.by(staff.Admin, s.request(http.MethodGet, path, ""))); a.status != http.StatusNotFound {
			t.Errorf("%s answers an admin with %d", path, a.status)
		}
	}
}

func TestWhatBelongsToAnotherMemberStaysAsItIs(t *testing.T) {
	t.Parallel()
	address := pgtest.NewURL(t)
	s := siteOn(t, pgtest.Open(t, address))
	s.signIn(staff.Editor)
	s.ask("A sample project", nil)
	s.post("/staff/leads/views", url.Values{"name": {"Mine"}, "query": {"tab=mine"}}).wantStatus(http.StatusSeeOther)
	ticked := url.Values{"do": {"move"}, "status": {"contacted"}, "lead": {s.get("/staff/leads").attr("[name=lead]", "value")}}
	s.post("/staff/leads/changes", ticked).wantStatus(http.StatusSeeOther)

	s.client = browser(t)
	for _, role := range []staff.Role{staff.Reader, staff.Admin} {
		cookie := s.by(role, s.request(http.MethodGet, "/", "")).Header.Get("Cookie")
		before := pgtest.Digests(t, address, "seen_at")
		for _, one := range [][2]string{
			{http.MethodPost, "/staff/leads/views/1/removal"},
			{http.MethodPost, "/staff/leads/changes/1/undo"},
			{http.MethodGet, "/staff/leads?batch=1"},
		} {
			r := s.request(one[0], one[1], "")
			r.Header.Set("Cookie", cookie)
			if a := s.do(r); a.status == http.StatusOK || a.status >= http.StatusInternalServerError {
				t.Errorf("%s %s as another %s: %d", one[0], one[1], role, a.status)
			}
		}
		if changed := pgtest.Changed(before, pgtest.Digests(t, address, "seen_at")); len(changed) > 0 {
			t.Errorf("another %s changed %v", role, changed)
		}
	}
}

func TestChangesThatAnotherSiteAsksForAreRefused(t *testing.T) {
	t.Parallel()
	address := pgtest.NewURL(t)
	s := siteOn(t, pgtest.Open(t, address))
	fill := s.places()
	host := strings.TrimPrefix(s.base, "http://")
	headers := []http.Header{
		{"Sec-Fetch-Site": {"cross-site"}},
		{"Sec-Fetch-Site": {"same-site"}},
		{"Sec-Fetch-Site": {"cross-site"}, "Origin": {s.base + "x"}},
		{"Origin": {"https://elsewhere.example"}},
		{"Origin": {"null"}},
		{"Origin": {"https://" + host}},
		{"Origin": {"http://someone@" + host}},
	}
	changing := slices.DeleteFunc(s.everyRoute(fill), func(one asked) bool { return one.method == http.MethodGet })
	if len(changing) < 20 {
		t.Errorf("only %d routes change something", len(changing))
	}
	member := s.by(staff.Admin, s.request(http.MethodPost, "/", "")).Header.Get("Cookie")
	before := pgtest.Digests(t, address, "seen_at")
	for _, one := range changing {
		for _, header := range headers {
			r := s.request(one.method, one.path, "")
			r.Header = header.Clone()
			r.Header.Set("Cookie", member)
			if a := s.do(r); a.status != http.StatusForbidden {
				t.Errorf("%s %s with %v: %d", one.method, one.path, header, a.status)
			}
		}
	}
	if changed := pgtest.Changed(before, pgtest.Digests(t, address, "seen_at")); len(changed) > 0 {
		t.Errorf("refused requests changed %v", changed)
	}
	r := s.request(http.MethodPost, "/intake", request(nil).Encode())
	r.Header = http.Header{"Content-Type": {"application/x-www-form-urlencoded"}, "Origin": {s.base}}
	s.do(r).wantStatus(http.StatusSeeOther)
}

// Of all columns of all tables, reading moves when a session was last seen; and it tells the audit who looked at leads.
func TestReadingWritesNothingButWhoLooked(t *testing.T) {
	t.Parallel()
	address := pgtest.NewURL(t)
	s := siteOn(t, pgtest.Open(t, address))
	fill := s.places()
	cookies := []string{""}
	for _, role := range []staff.Role{staff.Reader, staff.Admin} {
		cookies = append(cookies, s.by(role, s.request(http.MethodGet, "/", "")).Header.Get("Cookie"))
	}
	before, audited := pgtest.Digests(t, address, "seen_at"), len(s.audited())
	for _, one := range s.everyRoute(fill) {
		for _, method := range []string{http.MethodGet, http.MethodHead} {
			for _, cookie := range cookies {
				r := s.request(method, one.path, "")
				r.Header.Set("Cookie", cookie)
				s.do(r)
			}
		}
	}
	if changed := pgtest.Changed(before, pgtest.Digests(t, address, "seen_at")); !slices.Equal(changed, []string{"audit"}) {
		t.Errorf("reading changed %v", changed)
	}
	// A reader and an admin look at the list and at two pages of the lead, the admin takes three lists, each by GET and by HEAD.
	if n := len(s.audited()) - audited; n != 2*(2*3+3) {
		t.Errorf("reading left %d entries", n)
	}
	s.post("/intake", request(url.Values{"project": {"a third"}})).wantStatus(http.StatusSeeOther)
	if changed := pgtest.Changed(before, pgtest.Digests(t, address, "seen_at")); !slices.Contains(changed, "leads") {
		t.Errorf("a new lead is not seen in %v", changed)
	}
}
