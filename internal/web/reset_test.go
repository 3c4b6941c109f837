package web_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"tiebreak/internal/lead"
	"tiebreak/internal/mailtest"
	"tiebreak/internal/pgtest"
	"tiebreak/internal/postgres"
	"tiebreak/internal/staff"
)

// forget asks for a link from a network address.
func (s *site) forget(address, email string) answer {
	s.t.Helper()
	r := s.request(http.MethodPost, "/staff/reset", url.Values{"email": {email}}.Encode())
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("X-Forwarded-For", address)
	return s.do(r)
}

// resetLink returns the path of the link in the mail with the number.
func (s *site) resetLink(delivery int64) string {
	s.t.Helper()
	m, err := s.db.ClaimDelivery(s.t.Context(), delivery, 0)
	if err != nil {
		s.t.Fatal(err)
	}
	return "/staff/reset/" + staff.ResetToken(s.server().Secret, m.Notice.Salt)
}

var renewed = url.Values{"password": {"another sample password"}}

func TestPasswordIsResetByLinkOnceAndSignsNobodyIn(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.signIn(staff.Editor)
	if s.get("/staff/sign-in").attr("main a", "href") != "/staff/reset" {
		t.Error("the door does not lead to a reset")
	}
	other := s.another()
	for range 2 {
		other.forget("", "Member@example.org").wantStatus(http.StatusOK).wantText("[role=status]",
			"an email with a link is on its way")
	}
	first, second := s.resetLink(1), s.resetLink(2)

	other.get(second).wantStatus(http.StatusOK).wantText("main", "This link works once")
	other.post(second, url.Values{"password": {"short"}}).wantStatus(http.StatusUnprocessableEntity).wantText("#password-wrong",
		"at least 10 characters")
	other.post(second, url.Values{"password": {"member@example.org"}}).wantStatus(http.StatusUnprocessableEntity)
	if !s.isIn() {
		t.Error("a refused password ended a session")
	}
	changed := other.post(second, renewed).wantStatus(http.StatusSeeOther)
	if len(changed.header["Set-Cookie"]) > 0 || other.isIn() || s.isIn() {
		t.Errorf("after the reset %v are set; in are the one who asked: %v, the old session: %v", changed.header["Set-Cookie"],
			other.isIn(), s.isIn())
	}
	if got := s.audited()[0]; got != "password-reset" {
		t.Errorf("the audit ends with %s", got)
	}
	other.get(changed.header.Get("Location")).wantText("[role=status]", "Your password is changed")
	if other.enter("member@example.org", "a sample password") || !other.enter("member@example.org", "another sample password") {
		t.Error("the old password signs in, or the new one does not")
	}
	for _, link := range []string{first, second} {
		other.get(link).wantStatus(http.StatusGone).wantText("h1", "This link no longer works")
		other.post(link, url.Values{"password": {"a third sample password"}}).wantStatus(http.StatusGone).wantCount(
			"main a[href='/staff/reset']", 1)
	}
}

func TestResetByMailDoesNotStandInForASecondFactor(t *testing.T) {
	t.Parallel()
	s, app := withAuthenticator(t)
	s.forget("", "member@example.org").wantStatus(http.StatusOK)
	s.post(s.resetLink(2), renewed).wantStatus(http.StatusSeeOther)
	s.enter("member@example.org", "another sample password")
	if s.isIn() {
		t.Fatal("the new password was enough")
	}
	s.post("/staff/sign-in/code", url.Values{"code": {app.code(0)}}).wantStatus(http.StatusSeeOther)
	if !s.isIn() {
		t.Error("the old authenticator is not taken any more")
	}
}

func TestResetLinkIsGoodForAnHour(t *testing.T) {
	t.Parallel()
	address := pgtest.NewURL(t)
	s := siteOn(t, pgtest.Open(t, address))
	s.addMember("member@example.org", staff.Reader)
	s.forget("", "member@example.org")
	link := s.resetLink(1)
	if _, err := s.db.RecordOutcome(t.Context(), 1, lead.Sent, "", 0); err != nil {
		t.Fatal(err)
	}
	siteOn(t, pgtest.After(t, address, "59 minutes")).get(link).wantStatus(http.StatusOK)
	later := siteOn(t, pgtest.After(t, address, "60 minutes"))
	for _, over := range []answer{later.get(link), later.post(link, renewed)} {
		over.wantStatus(http.StatusGone).wantText("h1", "This link has expired")
		over.wantCount("main a[href='/staff/reset']", 1)
	}
	for _, bad := range []answer{s.get("/staff/reset/GUESS"), s.post("/staff/reset/GUESS", renewed)} {
		bad.wantStatus(http.StatusNotFound).wantText("h1", "This link does not work")
		bad.wantCount("main a[href='/staff/reset']", 1)
	}
}

func TestResetLinkIsUsedUpByOtherChangesOfTheAccountAndSaysSoCalmly(t *testing.T) {
	t.Parallel()
	disable := func(s *site, disabled bool) error {
		return s.db.Disable(s.t.Context(), postgres.CommandLine, s.memberID("member@example.org"), disabled)
	}
	for how, change := range map[string]func(s *site) error{
		"own change": func(s *site) error {
			s.mustSignIn("member@example.org")
			form := url.Values{"current": {"a sample password"}, "password": {"another sample password"}}
			s.post("/staff/account/password", form).wantStatus(http.StatusSeeOther)
			return nil
		},
		"command line": func(s *site) error {
			return s.db.ResetPassword(s.t.Context(), s.memberID("member@example.org"), "another hash")
		},
		"another role": func(s *site) error {
			return s.db.ChangeRole(s.t.Context(), postgres.CommandLine, s.memberID("member@example.org"), staff.Editor)
		},
		"disabled":             func(s *site) error { return disable(s, true) },
		"disabled and enabled": func(s *site) error { return errors.Join(disable(s, true), disable(s, false)) },
	} {
		t.Run(how, func(t *testing.T) {
			t.Parallel()
			s := newSite(t)
			s.addMember("member@example.org", staff.Reader)
			s.forget("", "member@example.org")
			link := s.resetLink(1)
			if err := change(s); err != nil {
				t.Fatal(err)
			}
			page := s.another().post(link, renewed).wantStatus(http.StatusGone)
			page.wantText("h1", "This link no longer works")
			page.wantText("main", "It was already used, or your account has changed since we sent it")
			if text := page.text("main"); strings.Contains(text, "has been used") || strings.Contains(text, "at once") {
				t.Errorf("a link that nobody used reads %q", text)
			}
		})
	}
}

func TestAskingForAResetTellsNothingAndMailsMembersOnly(t *testing.T) {
	t.Parallel()
	address, box := pgtest.NewURL(t), mailtest.New(t)
	s := siteOn(t, pgtest.Open(t, address))
	for _, name := range []string{"member", "gone"} {
		s.addMember(name+"@example.org", staff.Reader)
	}
	if err := s.db.Disable(t.Context(), postgres.CommandLine, s.memberID("gone@example.org"), true); err != nil {
		t.Fatal(err)
	}
	read := map[string]bool{}
	for _, name := range []string{"member", "gone", "stranger"} {
		page := s.forget("", name+"@example.org").wantStatus(http.StatusOK)
		read[page.text("body")+strings.TrimPrefix(page.attr("#email", "value"), name)] = true
	}
	if len(read) != 1 {
		t.Errorf("they read %v", read)
	}
	for _, malformed := range []string{"", "nonsense", "Somebody <member@example.org>", "a@example.org, member@example.org"} {
		page := s.forget("", malformed).wantStatus(http.StatusUnprocessableEntity)
		page.wantText("#email-wrong", "name@example.org")
		if typed := page.attr("#email", "value"); typed != malformed {
			t.Errorf("%q came back as %q", malformed, typed)
		}
	}
	link := s.resetLink(1)
	pgtest.Await(t, address, 0, `count(*) = 3 FROM river_job WHERE kind = 'delivery'`)
	s.deliver(box)
	if got := subjects(t, address, box); !slices.Equal(got, []string{"Choose a new password"}) ||
		box.Got()[0].To[0] != "member@example.org" {
		t.Fatalf("mailed was %q", got)
	}
	if text := strings.ReplaceAll(box.Got()[0].Text, "=\r\n", ""); !strings.Contains(text, "https://guides.example.org"+link) {
		t.Errorf("%s is not in the mail:\n%s", link, text)
	}
	pgtest.Await(t, address, 0, `count(*) = 3 FROM river_job WHERE kind = 'delivery' AND state = 'completed'`)
	for text, want := range map[string][]string{
		strings.TrimPrefix(link, "/staff/reset/"): nil, "stranger@example.org": nil,
		"member@example.org": {"members"},
	} {
		if tables := pgtest.TablesWith(t, address, text); !slices.Equal(tables, want) {
			t.Errorf("%s stands in %v, want %v", text, tables, want)
		}
	}
}

func TestResetsAreBoundedByClientAndByMember(t *testing.T) {
	t.Parallel()
	address := pgtest.NewURL(t)
	s := siteOn(t, pgtest.Open(t, address), "127.0.0.0/8")
	s.addMember("member@example.org", staff.Reader)
	for range staff.MaxFailures {
		// who fails there may ask here
		s.signInFrom("192.0.2.1", "member@example.org", "wrong").wantStatus(http.StatusUnprocessableEntity)
	}
	for i := range staff.MaxFailures {
		s.forget("192.0.2.1", fmt.Sprintf("stranger-%d@example.org", i)).wantStatus(http.StatusOK)
	}
	refused := s.forget("192.0.2.1", "member@example.org").wantStatus(http.StatusTooManyRequests)
	refused.wantText("[role=alert]", "Try again in 15 minutes")
	if refused.attr("#email", "value") != "member@example.org" || refused.header.Get("Retry-After") == "" {
		t.Error("the form is empty, or nobody knows when to try again")
	}
	var wait sync.WaitGroup
	for i := range 2 * staff.MaxResets {
		wait.Go(func() { s.forget(fmt.Sprintf("198.51.100.%d", i), "member@example.org").wantStatus(http.StatusOK) })
	}
	wait.Wait()
	pgtest.Await(t, address, 0, fmt.Sprintf(`count(*) = %d FROM deliveries`, staff.MaxResets))
	later := siteOn(t, pgtest.After(t, address, "60 minutes"))
	later.forget("", "member@example.org").wantStatus(http.StatusOK)
	pgtest.Await(t, address, 0, fmt.Sprintf(`count(*) = %d FROM deliveries`, staff.MaxResets+1))
}

func TestOneOfManyWhoUseAResetLinkAtOnceSucceeds(t *testing.T) {
	t.Parallel()
	address := pgtest.NewURL(t)
	s := siteOn(t, pgtest.Open(t, address))
	second := siteOn(t, pgtest.Open(t, address))
	s.addMember("member@example.org", staff.Reader)
	s.forget("", "member@example.org")
	link := s.resetLink(1)
	var wait sync.WaitGroup
	var changed atomic.Int64
	var chosen atomic.Int64
	for i := range 10 {
		wait.Go(func() {
			form := url.Values{"password": {fmt.Sprintf("sample password %d", i)}}
			switch a := []*site{s, second}[i%2].another().post(link, form); a.status {
			case http.StatusSeeOther:
				changed.Add(1)
				chosen.Store(int64(i))
			case http.StatusGone:
			default:
				t.Errorf("status %d", a.status)
			}
		})
	}
	wait.Wait()
	if changed.Load() != 1 || !s.enter("member@example.org", fmt.Sprintf("sample password %d", chosen.Load())) {
		t.Errorf("%d succeeded, or the password is not theirs", changed.Load())
	}
}

// TestResetTakesTheSameStepsForKnownAndUnknownAddresses compares what the page says and the statements, so that neither tells
// which address belongs to a member.
func TestResetTakesTheSameStepsForKnownAndUnknownAddresses(t *testing.T) {
	t.Parallel()
	address := pgtest.NewURL(t)
	db, trips := pgtest.OpenCounted(t, address)
	s := siteOn(t, db, loopback)
	s.addMember(memberEmail, staff.Reader)
	clients := 0
	steps := func(email string) string {
		clients++ // each try comes from a client of its own, so that no limit is met
		trips.Take()
		a := s.forget(fmt.Sprintf("192.0.2.%d", clients), email).wantStatus(http.StatusOK)
		return strings.Join(append(trips.Take(), strings.ReplaceAll(a.text("main"), email, "")), "\n")
	}
	steps(memberEmail) // the queue asks for the version of PostgreSQL the first time
	known, unknown := "", ""
	for sent := 2; sent <= 3; sent++ { // the site's own look at the database may come between: it does not do so each time
		known = steps(memberEmail)
		for range 3 {
			if unknown = steps("unknown@example.org"); known == unknown {
				pgtest.Await(t, address, 0, fmt.Sprintf(`count(*) = %d FROM deliveries`, sent))
				return
			}
		}
	}
	t.Errorf("an unknown address takes the steps\n%s\nand a member's\n%s", unknown, known)
}
