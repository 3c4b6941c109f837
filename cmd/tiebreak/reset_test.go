package main

import (
	"context"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	. "github.com/chromedp/chromedp"

	"tiebreak/internal/mailtest"
)

var resetLink = regexp.MustCompile(`http://\S+/staff/reset/[A-Z2-7]{32}`)

// TestForgottenPasswordIsResetByMail is the whole path, with script off: asked for, mailed, chosen, signed in with.
func TestForgottenPasswordIsResetByMail(t *testing.T) {
	t.Parallel()
	tab, box, folder := openBrowser(t), mailtest.New(t), dataFolder(t)
	site := serveOn(t, folder, "TIEBREAK_SMTP_URL=smtp://"+box.Address)
	if got := tiebreak(t, folder, "a sample password\n", "staff", "add", "--email", "member@example.org", "--name", "Sample",
		"--role", "editor"); got.code != exitDone {
		t.Fatalf("staff add: %+v", got)
	}
	elsewhere := enter(t, site.base, "member@example.org", "a sample password")
	if !elsewhere.in() {
		t.Fatal("the member cannot sign in")
	}
	do(t, tab,
		Func(func(ctx context.Context, target *Target) error {
			_, err := cdp.Call(ctx, target, emulation.SetScriptExecutionDisabled,
				emulation.SetScriptExecutionDisabledParams{Value: true})
			return err
		}),
		Navigate(site.base+"/staff/leads"),
		Click(CSS("main a[href='/staff/reset']")), WaitVisible(CSS("form[action='/staff/reset']")),
		SendKeys(CSS("#email"), "member@example.org\r"), WaitVisible(CSS(".notice")),
	)
	wantRead(t, tab, ".notice", "an email with a link is on its way")
	link := ""
	eventually(t, "the link has arrived", func() bool {
		for _, letter := range box.Got() {
			link = resetLink.FindString(strings.ReplaceAll(letter.Text, "=\r\n", ""))
		}
		return link != ""
	})

	do(t, tab,
		Navigate(link), WaitVisible(CSS("#password")),
		SendKeys(CSS("#password"), "another sample password\r"), WaitVisible(CSS(".notice")),
	)
	wantRead(t, tab, "main", "Your password is changed")
	if elsewhere.in() {
		t.Error("the session elsewhere is not over")
	}
	do(t, tab,
		SendKeys(CSS("#email"), "member@example.org"),
		SendKeys(CSS("#password"), "another sample password\r"), WaitVisible(CSS(".tabs")),
	)
	for _, subject := range []string{"Your password was changed", "A new sign-in to your account"} {
		wantMail(t, box, "member@example.org", subject)
	}
	do(t, tab, Navigate(link), WaitVisible(CSS("h1")))
	wantRead(t, tab, "h1", "This link no longer works")
}
