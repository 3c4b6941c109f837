package main

import (
	"regexp"
	"strings"
	"testing"

	. "github.com/chromedp/chromedp"

	"tiebreak/internal/mailtest"
)

var invitationLink = regexp.MustCompile(`http://\S+/staff/invitations/[A-Z2-7]{32}`)

// TestMemberJoinsByMail is the whole path of a new member: invited, mailed, joined, at work; typed and pressed with keys.
func TestMemberJoinsByMail(t *testing.T) {
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
	link := ""
	eventually(t, "the invitation has arrived", func() bool {
		for _, letter := range box.Got() {
			if letter.To[0] == "new@example.org" {
				link = invitationLink.FindString(strings.ReplaceAll(letter.Text, "=\r\n", ""))
			}
		}
		return link != ""
	})

	do(t, tab,
		Click(CSS(".out button")), WaitVisible(CSS("#password")),
		Navigate(link), WaitVisible(CSS("#name")),
	)
	wantRead(t, tab, "main", "Sample Member invites you to the team as an editor")
	do(t, tab,
		SendKeys(CSS("#name"), "New Member"),
		SendKeys(CSS("#password"), "another sample password\r"), WaitVisible(CSS(".tabs")),
		KeyEvent("j"), KeyEvent("\r"), WaitVisible(CSS("#reply")),
	)
	wantRead(t, tab, "main", "A sample project", "sample@example.org", "23 h 59 min left")
	wantRead(t, tab, "header", "New Member")

	do(t, tab, Navigate(link), WaitVisible(CSS("h1")))
	wantRead(t, tab, "h1", "This link has been used")
}
