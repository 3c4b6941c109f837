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

// subjects returns those of all mails, once none is waiting to be sent.
func subjects(t *testing.T, address string, box *mailtest.Mailbox) (list []string) {
	t.Helper()
	pgtest.Await(t, address, mailed, noJobs)
	for _, letter := range box.Got() {
		list = append(list, letter.Subject(t))
	}
	return list
}

// accountMails holds what happens to accounts, and the mails that members then get.
var accountMails = map[string]struct {
	act    func(s *site, address string)
	want   []string // recipient and subject of each mail
	says   []string // in one of the mails
	hidden []string // from all mails
}{
	"a new browser, not the first or one known by its name": {
		act: func(s *site, address string) {
			s.exec(address, `UPDATE promise SET time_zone = 'Asia/Tokyo'`)
			s.signIn(staff.Reader)
			s.get("/staff/leads").wantStatus(http.StatusOK)
			s.enter("member@example.org", "a sample password")
			s.another().enter("member@example.org", "guess")
			s.another().enterWith(firefox, "member@example.org", "a sample password")
			s.exec(address, `DELETE FROM sessions`)
			s.another().enterWith(firefox, "member@example.org", "a sample password")
		},
		want:   []string{"member@example.org: A new sign-in to your account"},
		says:   []string{"Firefox on Linux", "JST", "https://guides.example.org/staff/account"},
		hidden: []string{"127.0.0.1", "Gecko"},
	},
	"a second browser of the same name": {
		act: func(s *site, _ string) {
			s.signIn(staff.Reader)
			s.another().enter("member@example.org", "a sample password")
		},
		want: []string{"member@example.org: A new sign-in to your account"},
	},
	"a new password": {
		act: func(s *site, _ string) {
			s.addMember("member@example.org", staff.Reader)
			s.enterWith(firefox, "member@example.org", "a sample password")
			change := url.Values{"current": {"guess"}, "password": {"another sample password"}}
			s.post("/staff/account/password", change).wantStatus(http.StatusUnprocessableEntity)
			change.Set("current", "a sample password")
			s.post("/staff/account/password", change).wantStatus(http.StatusSeeOther)
		},
		want: []string{"member@example.org: Your password was changed"},
		says: []string{"in the browser Firefox on Linux"},
	},
	"a new password and no second factors, by the command line": {
		act: func(s *site, _ string) {
			s.signIn(staff.Admin)
			if err := s.db.ResetPassword(s.t.Context(), 1, "another hash"); err != nil {
				s.t.Fatal(err)
			}
		},
		want: []string{"member@example.org: Your password was changed"},
		says: []string{
			"from the command line of the server", "You were signed out everywhere", "including your recovery codes",
			"set it up again",
		},
	},
	"each change of their second factors": {
		act: func(s *site, _ string) {
			s.signIn(staff.Reader)
			s.setUp()
			s.post("/staff/account/recovery-codes", nil).wantStatus(http.StatusOK)
			s.post("/staff/account/authenticator/removal", nil).wantStatus(http.StatusSeeOther)
			app := s.setUp()
			other := s.another()
			other.givePassword()
			other.post("/staff/sign-in/code", url.Values{"recovery": {app.codes[0]}}).wantStatus(http.StatusSeeOther)
		},
		want: []string{
			"member@example.org: A new sign-in to your account", "member@example.org: A recovery code was used",
			"member@example.org: An authenticator app was set up", "member@example.org: An authenticator app was set up",
			"member@example.org: New recovery codes were created", "member@example.org: The authenticator app was removed",
		},
	},
	"guessed codes, once": {
		act: func(s *site, _ string) {
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
		},
		want: []string{
			"member@example.org: An authenticator app was set up", "member@example.org: Several wrong codes for your account",
		},
	},
	"a second factor that all need": {
		act: func(s *site, _ string) {
			s.signIn(staff.Admin)
			s.addMember("other@example.org", staff.Reader)
			s.post("/staff/team/second-factor", url.Values{"required": {"yes"}}).wantStatus(http.StatusSeeOther)
		},
		want: []string{
			"member@example.org: Your team requires two-step sign-in",
			"other@example.org: Your team requires two-step sign-in",
		},
	},
	"another admin, whom another member made, an invitation or the command line": {
		act: func(s *site, _ string) {
			s.signIn(staff.Admin)
			s.addMember("promoted@example.org", staff.Editor)
			s.setRole("promoted@example.org", staff.Editor).wantStatus(http.StatusSeeOther)
			s.setRole("promoted@example.org", staff.Admin).wantStatus(http.StatusSeeOther)
			s.setState("promoted@example.org", "disabled").wantStatus(http.StatusSeeOther)
			s.another().post(s.invited("reader@example.org", staff.Reader), joining).wantStatus(http.StatusSeeOther)
			s.another().post(s.invited("invited@example.org", staff.Admin), joining).wantStatus(http.StatusSeeOther)
			s.addMember("commanded@example.org", staff.Admin)
		},
		want: []string{
			"invited@example.org: Your team has another admin", "member@example.org: Your team has another admin",
			"member@example.org: Your team has another admin", "member@example.org: Your team has another admin",
		},
	},
}

func TestMembersAreToldOfWhatHappensToTheirAccounts(t *testing.T) {
	t.Parallel()
	for name, c := range accountMails {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			address, box := pgtest.NewURL(t), mailtest.New(t)
			s := siteOn(t, pgtest.Open(t, address))
			c.act(s, address)
			s.deliver(box)
			var got []string
			var text string
			for i, subject := range subjects(t, address, box) {
				got = append(got, box.Got()[i].To[0]+": "+subject)
				text += strings.ReplaceAll(box.Got()[i].Text, "=\r\n", "")
			}
			slices.Sort(got)
			if !slices.Equal(got, c.want) {
				t.Fatalf("told was %q", got)
			}
			for _, says := range c.says {
				if !strings.Contains(text, says) {
					t.Errorf("the mail does not say %q:\n%s", says, text)
				}
			}
			for _, hidden := range c.hidden {
				if strings.Contains(text, hidden) {
					t.Errorf("the mail says %q:\n%s", hidden, text)
				}
			}
		})
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
