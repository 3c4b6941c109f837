package web_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"tiebreak/internal/mailtest"
	"tiebreak/internal/pgtest"
	"tiebreak/internal/staff"
)

// enterWith is enter with what the browser says of itself.
func (s *site) enterWith(userAgent, email, password string) {
	s.t.Helper()
	r := s.request(http.MethodPost, "/staff/sign-in", url.Values{"email": {email}, "password": {password}}.Encode())
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("User-Agent", userAgent)
	s.do(r).wantStatus(http.StatusSeeOther)
}

const firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"

// subjects are those of all mails, once none is waiting to be sent.
func subjects(t *testing.T, address string, box *mailtest.Mailbox) (list []string) {
	t.Helper()
	pgtest.Await(t, address, mailed, noJobs)
	for _, letter := range box.Got() {
		list = append(list, letter.Subject(t))
	}
	return list
}

func TestMemberIsToldOfANewBrowserNotOfTheFirstNorOfAKnownOne(t *testing.T) {
	t.Parallel()
	address, box := pgtest.NewURL(t), mailtest.New(t)
	s := siteOn(t, pgtest.Open(t, address))
	s.exec(address, `UPDATE promise SET time_zone = 'Asia/Tokyo'`)
	s.signIn(staff.Reader)
	s.get("/staff/leads").wantStatus(http.StatusOK)
	s.enter("member@example.org", "a sample password")
	s.another().enter("member@example.org", "guess")
	s.another().enterWith(firefox, "member@example.org", "a sample password")
	s.exec(address, `DELETE FROM sessions`)
	s.another().enterWith(firefox, "member@example.org", "a sample password") // known by its name
	s.deliver(box)

	if got := subjects(t, address, box); !slices.Equal(got, []string{"A new sign-in to your account"}) {
		t.Fatalf("told was %q", got)
	}
	letter := box.Got()[0]
	text := strings.ReplaceAll(letter.Text, "=\r\n", "")
	for _, want := range []string{"Firefox on Linux", "JST", "https://guides.example.org/staff/account"} {
		if !strings.Contains(text, want) {
			t.Errorf("the mail does not say %q:\n%s", want, text)
		}
	}
	if letter.To[0] != "member@example.org" || strings.Contains(text, "127.0.0.1") || strings.Contains(text, "Gecko") {
		t.Errorf("the mail to %v says too much:\n%s", letter.To, text)
	}
}

func TestMemberIsToldOfASecondBrowserOfTheSameName(t *testing.T) {
	t.Parallel()
	address, box := pgtest.NewURL(t), mailtest.New(t)
	s := siteOn(t, pgtest.Open(t, address))
	s.signIn(staff.Reader)
	s.another().enter("member@example.org", "a sample password")
	s.deliver(box)
	if got := subjects(t, address, box); !slices.Equal(got, []string{"A new sign-in to your account"}) {
		t.Errorf("told was %q", got)
	}
}

func TestMemberIsToldOfANewPassword(t *testing.T) {
	t.Parallel()
	address, box := pgtest.NewURL(t), mailtest.New(t)
	s := siteOn(t, pgtest.Open(t, address))
	s.addMember("member@example.org", staff.Reader)
	s.enterWith(firefox, "member@example.org", "a sample password")
	s.post("/staff/account/password", url.Values{"current": {"guess"}, "password": {"another sample password"}}).
		wantStatus(http.StatusUnprocessableEntity)
	s.post("/staff/account/password", url.Values{"current": {"a sample password"}, "password": {"another sample password"}}).
		wantStatus(http.StatusSeeOther)
	s.deliver(box)

	if got := subjects(t, address, box); !slices.Equal(got, []string{"Your password was changed"}) {
		t.Fatalf("told was %q", got)
	}
	if text := strings.ReplaceAll(box.Got()[0].Text, "=\r\n", ""); !strings.Contains(text, "in the browser Firefox on Linux") {
		t.Errorf("the mail reads\n%s", text)
	}
}

func TestMemberIsToldThatTheCommandLineTookTheirSecondFactorsToo(t *testing.T) {
	t.Parallel()
	address, box := pgtest.NewURL(t), mailtest.New(t)
	s := siteOn(t, pgtest.Open(t, address))
	s.signIn(staff.Admin)
	if err := s.db.ResetPassword(t.Context(), 1, "another hash"); err != nil {
		t.Fatal(err)
	}
	s.deliver(box)
	if got := subjects(t, address, box); !slices.Equal(got, []string{"Your password was changed"}) {
		t.Fatalf("told was %q", got)
	}
	text := strings.ReplaceAll(box.Got()[0].Text, "=\r\n", "")
	for _, want := range []string{
		"from the command line of the server", "You were signed out everywhere",
		"including your recovery codes", "set it up again",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the mail does not say %q:\n%s", want, text)
		}
	}
}

func TestMemberIsToldOfEachChangeOfTheirSecondFactors(t *testing.T) {
	t.Parallel()
	address, box := pgtest.NewURL(t), mailtest.New(t)
	s := siteOn(t, pgtest.Open(t, address))
	s.signIn(staff.Reader)
	s.setUp()
	s.post("/staff/account/recovery-codes", nil).wantStatus(http.StatusOK)
	s.post("/staff/account/authenticator/removal", nil).wantStatus(http.StatusSeeOther)
	app := s.setUp()
	other := s.another()
	other.givePassword()
	other.post("/staff/sign-in/code", url.Values{"recovery": {app.codes[0]}}).wantStatus(http.StatusSeeOther)
	s.deliver(box)

	got := subjects(t, address, box)
	slices.Sort(got)
	if want := []string{
		"A new sign-in to your account", "A recovery code was used", "An authenticator app was set up",
		"An authenticator app was set up",
		"New recovery codes were created", "The authenticator app was removed",
	}; !slices.Equal(got, want) {
		t.Errorf("told was %q", got)
	}
}

func TestMemberIsToldOnceThatSomebodyGuessesTheirCodes(t *testing.T) {
	t.Parallel()
	address, box := pgtest.NewURL(t), mailtest.New(t)
	s := siteOn(t, pgtest.Open(t, address))
	s.addMember("member@example.org", staff.Reader)
	s.setUpAuthenticator("member@example.org")
	var wait sync.WaitGroup
	for range 3 {
		other := s.another()
		other.givePassword()
		for range staff.GuessesNotified {
			wait.Go(func() { other.post("/staff/sign-in/code", url.Values{"code": {"guess"}}) })
		}
	}
	wait.Wait()
	s.deliver(box)
	got := subjects(t, address, box)
	slices.Sort(got)
	if !slices.Equal(got, []string{"An authenticator app was set up", "Several wrong codes for your account"}) {
		t.Errorf("told was %q", got)
	}
}

func TestAdminsAreToldOfAnother(t *testing.T) {
	t.Parallel()
	address, box := pgtest.NewURL(t), mailtest.New(t)
	s := siteOn(t, pgtest.Open(t, address))
	s.signIn(staff.Admin)
	s.addMember("promoted@example.org", staff.Editor)
	s.setRole("promoted@example.org", staff.Editor).wantStatus(http.StatusSeeOther)
	s.setRole("promoted@example.org", staff.Admin).wantStatus(http.StatusSeeOther)
	s.setState("promoted@example.org", "disabled").wantStatus(http.StatusSeeOther)
	s.another().post(s.invited("reader@example.org", staff.Reader), joining).wantStatus(http.StatusSeeOther)
	s.another().post(s.invited("invited@example.org", staff.Admin), joining).wantStatus(http.StatusSeeOther)
	s.addMember("commanded@example.org", staff.Admin)
	s.deliver(box)
	pgtest.Await(t, address, mailed, noJobs)
	var told []string
	for _, letter := range box.Got() {
		if letter.Subject(t) == "Your team has another admin" {
			told = append(told, letter.To[0])
		}
	}
	slices.Sort(told)
	if !slices.Equal(told, []string{"invited@example.org", "member@example.org", "member@example.org", "member@example.org"}) {
		t.Errorf("told were %q", told)
	}
}

func TestAllMembersAreToldThatASecondFactorIsRequired(t *testing.T) {
	t.Parallel()
	address, box := pgtest.NewURL(t), mailtest.New(t)
	s := siteOn(t, pgtest.Open(t, address))
	s.signIn(staff.Admin)
	s.addMember("other@example.org", staff.Reader)
	s.post("/staff/team/second-factor", url.Values{"required": {"yes"}}).wantStatus(http.StatusSeeOther)
	s.deliver(box)
	var told []string
	for i, subject := range subjects(t, address, box) {
		told = append(told, box.Got()[i].To[0]+": "+subject)
	}
	slices.Sort(told)
	if !slices.Equal(told, []string{
		"member@example.org: Your team requires two-step sign-in",
		"other@example.org: Your team requires two-step sign-in",
	}) {
		t.Errorf("told was %q", told)
	}
}

func TestTeamShowsWhoseMailDoesNotArrive(t *testing.T) {
	t.Parallel()
	address, box := pgtest.NewURL(t), mailtest.New(t)
	admin := siteOn(t, pgtest.Open(t, address))
	admin.signIn(staff.Admin)
	box.Set(mailtest.Says451)
	admin.deliver(box)
	admin.get("/staff/team").wantCount(".team .late-by", 0)
	admin.post("/staff/team/second-factor", url.Values{"required": {"yes"}}).wantStatus(http.StatusSeeOther)
	admin.setUp()
	admin.within(mailed, "the refusal is told", func() bool {
		return strings.Contains(admin.get("/staff/team").text(".team"),
			"Our last email to them was not sent: the mail server refused it for now (code 451)")
	})
	box.Set(mailtest.Takes)
	pgtest.Await(t, address, mailed, noJobs)
	admin.get("/staff/team").wantCount(".team .late-by", 0)
	admin.get("/staff/deliveries").wantCount("main a[href='/staff/team']", 1)
}
