package main

import (
	"encoding/json"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"testing"

	. "github.com/chromedp/chromedp"
)

var invitationLink = regexp.MustCompile(`http://\S+/staff/invitations/[A-Z2-7]{32}`)

// TestInvitedMemberAnswersTheirFirstLead is the whole path of a new member in a team that requires a second factor: invited,
// mailed, joined, an authenticator set up, at work, and in again another day; typed and pressed with keys.
func TestInvitedMemberAnswersTheirFirstLead(t *testing.T) {
	t.Parallel()
	tab := openBrowser(t)
	site, box := serveWithMail(t)
	post(t, site.base, nil)
	setUp(t, tab, site)
	do(t, tab,
		Click(CSS("nav a[href='/staff/account']")), Click(CSS(".area a[href='/staff/team']")), WaitVisible(CSS("#email")),
		SendKeys(CSS("#email"), "new@example.org\r"), WaitVisible(CSS(".notice")),
	)
	wantRead(t, tab, ".list", "new@example.org", "editor", "Invited by Sample Member")
	do(t, tab, Click(CSS("button[name=required]")), WaitVisible(CSS("#passkeys"))) // the admin owes one too, from now on
	link := invitationLink.FindString(mailTo(t, box, "new@example.org", "/staff/invitations/"))
	signOut(t, tab)
	do(t, tab, Navigate(link), WaitVisible(CSS("#name")))
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

	signOut(t, tab)
	sendPassword(t, tab, "new@example.org", "another sample password", "#code")
	do(t, tab, KeyEvent(app.code(t)), KeyEvent("\r"), WaitVisible(CSS(".tabs")),
		Navigate(site.base+"/staff/leads/TB-0001"), WaitVisible(CSS("#reply")),
		SendKeys(CSS("#reply"), "The first reply."))
	tabTo(t, tab, "document.activeElement.value === 'send'")
	do(t, tab, KeyEvent("\r"), WaitVisible(CSS("#timeline .prose")))
	mailTo(t, box, "sample@example.org", "The first reply.")

	do(t, tab, Navigate(link), WaitVisible(CSS("h1")))
	wantRead(t, tab, "h1", "This link has been used")
}

func TestCommandsResetAndDisableMembers(t *testing.T) {
	t.Parallel()
	folder := siteFolder(t)
	site := serveOn(t, folder)
	addMember(t, folder, "admin@example.org", "admin")
	addMember(t, folder, "editor@example.org", "editor")
	admin := enter(t, site.base, "admin@example.org", password)
	if !admin.in() {
		t.Fatal("the admin cannot sign in")
	}

	staff := func(command, email, password string) result {
		return tiebreak(t, folder, password+"\n", "staff", command, "--email", email)
	}
	wantOneLine(t, staff("disable", "admin@example.org", ""), "last active admin: first add another one")
	wantOneLine(t, staff("disable", "nobody@example.org", ""), `see "tiebreak staff list"`)
	wantOneLine(t, staff("reset", "nobody@example.org", password), `see "tiebreak staff list"`)
	wantOneLine(t, staff("reset", "admin@example.org", "short"), "at least 10 characters")

	wantDone(t, staff("reset", "Admin@example.org", "another sample password"))
	if admin.in() || enter(t, site.base, "admin@example.org", password).in() {
		t.Error("the old session or the old password still opens the site")
	}
	if !enter(t, site.base, "admin@example.org", "another sample password").in() {
		t.Error("the new password does not sign in")
	}

	wantDone(t, staff("disable", "editor@example.org", ""))
	wantEditorDisabled(t, folder)
	wantDone(t, staff("reset", "editor@example.org", password))
	if !enter(t, site.base, "editor@example.org", password).in() {
		t.Error("a reset member who was disabled cannot sign in")
	}
}

// wantEditorDisabled checks that both lists show the admin as active and the editor as disabled.
func wantEditorDisabled(t *testing.T, folder string) {
	t.Helper()
	var members []struct {
		Email, Role, State string
		LastSeen           *string `json:"last_seen"`
	}
	listed := mustRun(t, folder, "", "staff", "list", "--json")
	if err := json.Unmarshal([]byte(listed), &members); err != nil || len(members) != 2 {
		t.Fatalf("%s (%v)", listed, err)
	}
	if members[0].State != "active" || members[0].LastSeen == nil || members[1].State != "disabled" ||
		members[1].LastSeen != nil {
		t.Errorf("listed is %s", listed)
	}
	wantDone(t, tiebreak(t, folder, "", "staff", "list"), "editor@example.org  Sample  editor  disabled  never")
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
	must(t, err)
	v := &visitor{t, base, http.Client{Jar: jar}}
	response, err := v.PostForm(base+"/staff/sign-in", url.Values{"email": {email}, "password": {password}})
	must(t, err)
	_ = response.Body.Close()
	return v
}

// in reports whether the browser is signed in now.
func (v *visitor) in() bool {
	v.t.Helper()
	response, err := v.Get(v.base + "/staff/account")
	must(v.t, err)
	_ = response.Body.Close()
	return response.Request.URL.Path == "/staff/account"
}
