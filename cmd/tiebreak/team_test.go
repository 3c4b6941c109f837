package main

import (
	"encoding/json"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"testing"

	. "github.com/chromedp/chromedp"

	"tiebreak/internal/mailtest"
)

var invitationLink = regexp.MustCompile(`http://\S+/staff/invitations/[A-Z2-7]{32}`)

// invitationTo waits for the mail and returns its link.
func invitationTo(t *testing.T, box *mailtest.Mailbox, email string) (link string) {
	t.Helper()
	eventually(t, "the invitation has arrived", func() bool {
		for _, letter := range box.Got() {
			if letter.To[0] == email {
				link = invitationLink.FindString(strings.ReplaceAll(letter.Text, "=\r\n", ""))
			}
		}
		return link != ""
	})
	return link
}

// TestInvitedMemberAnswersTheirFirstLead is the whole path of a new member in a team that requires a second factor: invited,
// mailed, joined, an authenticator set up, at work, and in again another day; typed and pressed with keys.
func TestInvitedMemberAnswersTheirFirstLead(t *testing.T) {
	t.Parallel()
	tab, box := openBrowser(t), mailtest.New(t)
	site := serveOn(t, dataFolder(t), "TIEBREAK_SMTP_URL=smtp://"+box.Address)
	post(t, site.base, nil)
	setUp(t, tab, site)
	do(t, tab,
		Click(CSS("nav a[href='/staff/team']")), WaitVisible(CSS("#email")),
		SendKeys(CSS("#email"), "new@example.org\r"), WaitVisible(CSS(".notice")),
	)
	wantRead(t, tab, ".list", "new@example.org", "editor", "Invited by Sample Member")
	do(t, tab, Click(CSS("button[name=required]")), WaitVisible(CSS("#passkeys"))) // the admin owes one too, from now on
	link := invitationTo(t, box, "new@example.org")
	do(t, tab,
		Click(CSS(".sign-out button")), WaitVisible(CSS("form[action='/staff/sign-in']")),
		Navigate(link), WaitVisible(CSS("#name")),
	)
	wantRead(t, tab, "main", "Sample Member invites you to join as an editor")
	do(t, tab,
		SendKeys(CSS("#name"), "New Member"),
		SendKeys(CSS("#password"), "another sample password\r"), WaitVisible(CSS("#passkeys")),
	)
	wantRead(t, tab, ".notice", "Your team requires two-step sign-in")
	app := setUpApp(t, tab)
	do(t, tab, Navigate(site.base+"/staff/leads"), WaitVisible(CSS(".tabs")), KeyEvent("j"), KeyEvent("\r"),
		WaitVisible(CSS("#reply")))
	wantRead(t, tab, "main", "A sample project", "sample@example.org", "23 h 59 min left")
	wantRead(t, tab, "header", "New Member")

	do(t, tab, Click(CSS(".sign-out button")), WaitVisible(CSS("form[action='/staff/sign-in']")),
		SendKeys(CSS("#email"), "new@example.org"), SendKeys(CSS("#password"), "another sample password\r"),
		WaitVisible(CSS("#code")),
		KeyEvent(app.code(t)), KeyEvent("\r"), WaitVisible(CSS(".tabs")),
		Navigate(site.base+"/staff/leads/TB-0001"), WaitVisible(CSS("#reply")),
		SendKeys(CSS("#reply"), "The first reply."))
	tabTo(t, tab, "document.activeElement.value === 'send'")
	do(t, tab, KeyEvent("\r"), WaitVisible(CSS(".quote.prose")))
	wantMail(t, box, "sample@example.org", "The first reply.")

	do(t, tab, Navigate(link), WaitVisible(CSS("h1")))
	wantRead(t, tab, "h1", "This link has been used")
}

func TestTeamIsMendedFromTheCommandLine(t *testing.T) {
	t.Parallel()
	folder := dataFolder(t)
	site := serveOn(t, folder)
	for email, role := range map[string]string{"admin@example.org": "admin", "editor@example.org": "editor"} {
		if got := tiebreak(t, folder, "a sample password\n", "staff", "add", "--email", email, "--name", "Sample", "--role",
			role); got.code != exitDone {
			t.Fatalf("staff add: %+v", got)
		}
	}
	admin := enter(t, site.base, "admin@example.org", "a sample password")
	if !admin.in() {
		t.Fatal("the admin cannot sign in")
	}

	wantOneLine(t, tiebreak(t, folder, "", "staff", "disable", "--email", "admin@example.org"),
		"last active admin: first add another one")
	wantOneLine(t, tiebreak(t, folder, "", "staff", "disable", "--email", "nobody@example.org"), `see "tiebreak staff list"`)
	wantOneLine(t, tiebreak(t, folder, "a sample password", "staff", "reset", "--email", "nobody@example.org"),
		`see "tiebreak staff list"`)
	wantOneLine(t, tiebreak(t, folder, "short\n", "staff", "reset", "--email", "admin@example.org"), "at least 10 characters")

	if got := tiebreak(t, folder, "another sample password\n", "staff", "reset", "--email",
		"Admin@example.org"); got.code != exitDone {
		t.Fatalf("staff reset: %+v", got)
	}
	if admin.in() || enter(t, site.base, "admin@example.org", "a sample password").in() {
		t.Error("the old session or the old password still opens the site")
	}
	if !enter(t, site.base, "admin@example.org", "another sample password").in() {
		t.Error("the new password does not sign in")
	}

	if got := tiebreak(t, folder, "", "staff", "disable", "--email", "editor@example.org"); got.code != exitDone {
		t.Fatalf("staff disable: %+v", got)
	}
	wantEditorDisabled(t, folder)
	tiebreak(t, folder, "a sample password\n", "staff", "reset", "--email", "editor@example.org")
	if !enter(t, site.base, "editor@example.org", "a sample password").in() {
		t.Error("a reset member who was disabled cannot sign in")
	}
}

// wantEditorDisabled checks that both lists say how the admin and the editor stand.
func wantEditorDisabled(t *testing.T, folder string) {
	t.Helper()
	var members []struct {
		Email, Role, State string
		LastSeen           *string `json:"last_seen"`
	}
	listed := tiebreak(t, folder, "", "staff", "list", "--json").stdout
	if err := json.Unmarshal([]byte(listed), &members); err != nil || len(members) != 2 {
		t.Fatalf("%s (%v)", listed, err)
	}
	if members[0].State != "active" || members[0].LastSeen == nil || members[1].State != "disabled" ||
		members[1].LastSeen != nil {
		t.Errorf("listed is %s", listed)
	}
	if table := tiebreak(t, folder, "", "staff", "list").stdout; !strings.Contains(table,
		"editor@example.org  Sample  editor  disabled  never") {
		t.Errorf("the table reads\n%s", table)
	}
}

// visitor is a browser without script.
type visitor struct {
	t    *testing.T
	base string
	http.Client
}

// enter signs a new browser in, if the site lets it.
func enter(t *testing.T, base, email, password string) *visitor {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	v := &visitor{t, base, http.Client{Jar: jar}}
	response, err := v.PostForm(base+"/staff/sign-in", url.Values{"email": {email}, "password": {password}})
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	return v
}

// in reports whether the browser is signed in now.
func (v *visitor) in() bool {
	v.t.Helper()
	response, err := v.Get(v.base + "/staff/account")
	if err != nil {
		v.t.Fatal(err)
	}
	_ = response.Body.Close()
	return response.Request.URL.Path == "/staff/account"
}
