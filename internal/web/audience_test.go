package web_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/go-chi/chi/v5"

	"tiebreak/internal/lead"
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

// everyRoute returns what the router holds, not what the table says: the two are compared. What erases comes last, since little
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
		erasure := func(one asked) int { return strings.Count(one.pattern, "/erasure") }
		return erasure(a) - erasure(b)
	})
	return all
}

// targets puts something behind each kind of route, and returns what stands for the parts of their patterns.
func (s *site) targets() map[string]string {
	s.t.Helper()
	s.addMember("owner@example.org", staff.Admin)
	s.ask("A sample project")
	receipt := s.ask("Another sample project")
	s.arrives(lead.Message{Subject: "A sample email", Text: "Nobody claims it"})
	return map[string]string{
		"/compare/{slug}": "/compare/django-vs-fastapi", "/options/{slug}": "/options/django", "{part}": "weeks",
		"/requests/{token}": receipt, "{token}": "GUESS", "{reference}": "TB-0001", "{batch}": "1", "{id}": "1",
		"{key}": "admin", "{version}": "1", "{n}": "1",
		"/staff/guides/{slug}": "/staff/guides/django-vs-fastapi", "{section}": "criteria", "{item}": "admin",
		"/static/*": s.get("/").attr("link[rel=stylesheet]", "href"),
	}
}

// noTargets returns parts of patterns with nothing behind them.
func noTargets() map[string]string {
	return map[string]string{
		"{slug}": "nothing", "{part}": "nothing", "{token}": "GUESS", "{reference}": "TB-9999", "{batch}": "9999", "{id}": "9999",
		"{key}": "nothing", "{version}": "9999", "{n}": "9999", "{section}": "verdict", "{item}": "nothing",
		"/static/*": "/static/nothing",
	}
}

// Two states of a member, in the place of a role: one gave the right password and has yet to give the second factor, the other
// was disabled while they were signed in.
const (
	pendingMember  staff.Role = "pending"
	disabledMember staff.Role = "disabled"
)

// tokenOf returns the token of a new session of a member with the role: routes end sessions.
func (s *site) tokenOf(role staff.Role) string {
	s.t.Helper()
	email := string(role) + "@example.org"
	m, _, err := s.db.MemberByEmail(s.t.Context(), email)
	noError(s.t, err)
	switch {
	case m.ID != 0:
	case role == pendingMember:
		s.addMember(email, staff.Admin)
		s.setUpAuthenticator(email)
	case role == disabledMember:
		s.addMember(email, staff.Admin)
	default:
		s.addMember(email, role)
	}
	return s.newSession(email)
}

// as returns a browser in which a member with the role is signed in, or a stranger's for "".
func (s *site) as(role staff.Role) *site {
	s.t.Helper()
	if role == "" {
		return s.another()
	}
	return s.carrying(s.tokenOf(role))
}

// disabledToken returns the token of a member who was disabled while they were signed in. Their session's row is brought back:
// it must not help.
func (s *site) disabledToken() string {
	s.t.Helper()
	token := s.tokenOf(disabledMember)
	id := s.memberID("disabled@example.org")
	noError(s.t, s.db.Disable(s.t.Context(), postgres.CommandLine, id, true))
	s.sql(fmt.Sprintf(`INSERT INTO sessions (token_digest, member_id, factors_checked) VALUES ('\x%x', %d, true)`,
		staff.Digest(token), id))
	return token
}

// wanted returns what a route of the audience answers the member: "in", "forbidden", "sign in" or, if signed in already, "led
// on".
func wanted(audience string, role staff.Role) string {
	asked := staff.Role(audience)
	switch audience {
	case "pending":
		switch role {
		case "", disabledMember:
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
	case role == "", role == pendingMember, role == disabledMember:
		return "sign in"
	}
	return "forbidden"
}

func TestEveryRouteIsOpenToItsAudienceAndToNobodyElse(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	targets, disabled := s.targets(), s.disabledToken()
	for _, one := range append(s.everyRoute(noTargets()), s.everyRoute(targets)...) {
		for _, role := range []staff.Role{"", disabledMember, pendingMember, staff.Reader, staff.Editor, staff.Admin} {
			member := s.carrying(disabled)
			if role != disabledMember {
				member = s.as(role)
			}
			a := member.do(s.request(one.method, one.path, ""))
			got := "in"
			switch {
			case a.status == http.StatusSeeOther && isSignIn(a.location()) && one.path != "/staff/sign-out":
				got = "sign in"
			case one.audience == "pending" && a.location() == "/staff/leads":
				got = "led on"
			case a.status == http.StatusForbidden:
				got = "forbidden"
			case a.status >= http.StatusInternalServerError:
				got = fmt.Sprint(a.status)
			}
			if want := wanted(one.audience, role); got != want {
				t.Errorf("%s as %q: %s (%d), want %s", a.what, role, got, a.status, want)
			}
		}
	}
}

func TestUnknownPathSendsAStrangerToSignInBelowStaffOnly(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for path, want := range map[string]int{
		"/nowhere": http.StatusNotFound, "/staff/nowhere": http.StatusSeeOther, "/staffing": http.StatusNotFound,
		"/staff/leads/TB-0001/nowhere": http.StatusSeeOther,
	} {
		s.get(path).wantStatus(want)
		s.as(staff.Admin).get(path).wantStatus(http.StatusNotFound)
	}
}

// wantChanged checks which tables have changed since the digests were taken. When a session was last seen does not count.
func (s *site) wantChanged(before map[string]string, want ...string) {
	s.t.Helper()
	if got := pgtest.Changed(before, s.digests()); !slices.Equal(got, want) {
		s.t.Errorf("the tables %v changed, want %v", got, want)
	}
}

// digests returns what wantChanged compares.
func (s *site) digests() map[string]string {
	s.t.Helper()
	return pgtest.Digests(s.t, s.address, "seen_at")
}

func TestViewsAndChangesOfAnotherMemberStayAsTheyAre(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Editor)
	s.ask("A sample project")
	s.mustPost("/staff/leads/views", "name", "Mine", "query", "tab=mine")
	s.mustPost("/staff/leads/changes", "do", "move", "status", "contacted", "lead", s.get("/staff/leads").value("[name=lead]"))
	for _, role := range []staff.Role{staff.Reader, staff.Admin} {
		other := s.as(role)
		before := s.digests()
		for _, a := range []answer{
			other.post("/staff/leads/views/1/removal", nil), other.post("/staff/leads/changes/1/undo", nil),
			other.get("/staff/leads?batch=1"),
		} {
			if a.status == http.StatusOK || a.status >= http.StatusInternalServerError {
				t.Errorf("%s as another %s: %d", a.what, role, a.status)
			}
		}
		s.wantChanged(before)
	}
}

func TestChangesThatAnotherSiteAsksForAreRefused(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	host := strings.TrimPrefix(s.base, "http://")
	changing := slices.DeleteFunc(s.everyRoute(s.targets()), func(one asked) bool { return one.method == http.MethodGet })
	if len(changing) < 20 {
		t.Errorf("only %d routes change something", len(changing))
	}
	member := s.as(staff.Admin)
	before := s.digests()
	for _, one := range changing {
		for _, headers := range [][]string{
			{"Sec-Fetch-Site", "cross-site"},
			{"Sec-Fetch-Site", "same-site"},
			{"Sec-Fetch-Site", "cross-site", "Origin", s.base + "x"},
			{"Origin", "https://elsewhere.example"},
			{"Origin", "null"},
			{"Origin", "https://" + host},
			{"Origin", "http://someone@" + host},
		} {
			if a := member.do(with(s.request(one.method, one.path, ""), headers)); a.status != http.StatusForbidden {
				t.Errorf("%s with %v: %d", a.what, headers, a.status)
			}
		}
	}
	s.wantChanged(before)
	s.post("/intake", request(nil), "Origin", s.base).wantStatus(http.StatusSeeOther)
}

// Of all columns of all tables, reading moves when a session was last seen; and the audit gets who looked at leads.
func TestReadingWritesNothingButTheAudit(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	targets := s.targets()
	browsers := []*site{s, s.as(staff.Reader), s.as(staff.Admin)}
	before := s.digests()
	entries := s.newEntries(func() {
		for _, one := range s.everyRoute(targets) {
			for _, b := range browsers {
				for _, method := range []string{http.MethodGet, http.MethodHead} {
					b.do(with(s.request(method, one.path, ""), []string{"User-Agent", ""})) // programs do not count as readers
				}
			}
		}
	})
	s.wantChanged(before, "audit")
	// A reader and an admin look at the list, at two pages of the lead, at the inbox and at an email in it. The admin takes three
	// lists. Each is asked for by GET and by HEAD.
	if len(entries) != 2*(2*5+3) {
		t.Errorf("reading left %d entries", len(entries))
	}
	s.ask("a third")
	if changed := pgtest.Changed(before, s.digests()); !slices.Contains(changed, "leads") {
		t.Errorf("a new lead is not seen in %v", changed)
	}
}
