package web_test

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/alexedwards/argon2id"

	"tiebreak/internal/staff"
)

// The members of most tests, and the passwords that they have and choose.
const (
	memberEmail    = "member@example.org"
	otherEmail     = "other@example.org"
	samplePassword = "a sample password"
	newPassword    = "another sample password"
)

// sampleHash returns the hash of the password of all sample members: a cheap one, since each sign-in makes it again.
var sampleHash = sync.OnceValues(func() (string, error) {
	cheap := &argon2id.Params{Memory: 8, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32}
	return argon2id.CreateHash(samplePassword, cheap)
})

func (s *site) addMember(email string, role staff.Role) {
	s.t.Helper()
	hash, err := sampleHash()
	noError(s.t, err)
	noError(s.t, s.db.AddMember(s.t.Context(), staff.NewMember{Email: email, Name: "Sample Member", Role: role}, hash))
}

// memberID returns the number of the member with the address.
func (s *site) memberID(email string) int64 {
	s.t.Helper()
	team, err := s.db.Team(s.t.Context())
	noError(s.t, err)
	for _, m := range team {
		if m.Email == email {
			return m.ID
		}
	}
	s.t.Fatalf("there is no %s", email)
	return 0
}

// signIn makes a member and signs the browser in as them.
func (s *site) signIn(role staff.Role) {
	s.t.Helper()
	s.addMember(memberEmail, role)
	s.mustSignIn(memberEmail)
}

// mustSignIn signs the browser in as the member, who has the sample password.
func (s *site) mustSignIn(email string) {
	s.t.Helper()
	s.mustPost("/staff/sign-in", "email", email, "password", samplePassword)
}

// enter tries to sign the browser in as the member, and reports whether it was let in.
func (s *site) enter(email, password string) bool {
	s.t.Helper()
	return s.post("/staff/sign-in", fields("email", email, "password", password)).status == http.StatusSeeOther
}

// signInFrom tries to sign in from a network address, as a browser of its own.
func (s *site) signInFrom(address, email, password string) answer {
	s.t.Helper()
	return s.another().post("/staff/sign-in", fields("email", email, "password", password), "X-Forwarded-For", address)
}

// isIn reports whether the browser is signed in.
func (s *site) isIn() bool {
	s.t.Helper()
	return s.get("/staff/account").status == http.StatusOK
}

// wantSignedIn checks that the browser is signed in; otherwise says what that means.
func (s *site) wantSignedIn(otherwise string) {
	s.t.Helper()
	if !s.isIn() {
		s.t.Errorf("the browser is signed out, want signed in: %s", otherwise)
	}
}

// wantSignedOut checks that the browser is not signed in; otherwise says what that means.
func (s *site) wantSignedOut(otherwise string) {
	s.t.Helper()
	if s.isIn() {
		s.t.Errorf("the browser is signed in, want signed out: %s", otherwise)
	}
}

// withAdmin starts a site whose browser is an admin's, with a second member in a browser of their own.
func withAdmin(t *testing.T, second staff.Role) (admin, other *site) {
	t.Helper()
	admin = signedIn(t, staff.Admin)
	return admin, admin.withMember(otherEmail, second)
}

// withMember adds a member and returns a browser in which they are signed in.
func (s *site) withMember(email string, role staff.Role) *site {
	s.t.Helper()
	s.addMember(email, role)
	other := s.another()
	other.mustSignIn(email)
	return other
}

func (s *site) setRole(email string, role staff.Role) answer {
	s.t.Helper()
	return s.post(fmt.Sprintf("/staff/team/%d/role", s.memberID(email)), fields("role", string(role)))
}

func (s *site) setState(email, state string) answer {
	s.t.Helper()
	return s.post(fmt.Sprintf("/staff/team/%d/state", s.memberID(email)), fields("state", state))
}

// newSession signs the member in by the store and returns the token of the session.
func (s *site) newSession(email string) (token string) {
	s.t.Helper()
	m, hash, err := s.db.MemberByEmail(s.t.Context(), email)
	noError(s.t, err)
	token = staff.NewToken()
	_, err = s.db.SignIn(s.t.Context(), m.ID, hash,
		staff.NewSession{TokenDigest: staff.Digest(token), Browser: "A sample browser"})
	noError(s.t, err)
	return token
}

// origin is the address of the site, as a cookie jar wants it.
func (s *site) origin() *url.URL {
	s.t.Helper()
	u, err := url.Parse(s.base)
	noError(s.t, err)
	return u
}

// cookies returns what the browser would send.
func (s *site) cookies() string {
	s.t.Helper()
	var all []string
	for _, c := range s.client.Jar.Cookies(s.origin()) {
		all = append(all, c.String())
	}
	return strings.Join(all, "; ")
}

// token returns the token of the browser's session.
func (s *site) token() string {
	s.t.Helper()
	return strings.TrimPrefix(s.cookies(), "tiebreak=")
}

// carrying returns a browser that shows the session's token.
func (s *site) carrying(token string) *site {
	s.t.Helper()
	other := s.another()
	other.client.Jar.SetCookies(s.origin(), []*http.Cookie{{Name: "tiebreak", Value: token, Path: "/"}})
	return other
}

// audited returns what the audit holds, as the command line would read it: kind, object and its number, newest first.
func (s *site) audited() (entries []string) {
	s.t.Helper()
	noError(s.t, s.db.EachEntry(s.t.Context(), staff.AuditFilter{}, func(e staff.Entry) error {
		entry := string(e.Kind)
		if e.ObjectID != 0 {
			entry += fmt.Sprintf(" %s %d", e.Object, e.ObjectID)
		}
		entries = append(entries, entry)
		return nil
	}))
	return entries
}

// wantAudit checks the newest entries of the audit, newest first.
func (s *site) wantAudit(want ...string) {
	s.t.Helper()
	if all := s.audited(); !slices.Equal(all[:min(len(want), len(all))], want) {
		s.t.Errorf("the audit begins with %q, want %q", all[:min(len(want), len(all))], want)
	}
}

// newEntries returns the entries of the audit that the act adds, newest first.
func (s *site) newEntries(act func()) []string {
	s.t.Helper()
	before := len(s.audited())
	act()
	all := s.audited()
	return all[:len(all)-before]
}

// wantEntries counts the entries of the kind in the audit.
func (s *site) wantEntries(kind staff.ActKind, want int) {
	s.t.Helper()
	got := 0
	noError(s.t, s.db.EachEntry(s.t.Context(), staff.AuditFilter{Kind: kind}, func(staff.Entry) error { got++; return nil }))
	if got != want {
		s.t.Errorf("%d entries of %s, want %d", got, kind, want)
	}
}
