package main

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/webauthn"
	. "github.com/chromedp/chromedp"
	"github.com/pquerna/otp/totp"
)

// app is an authenticator; it never shows the same code twice.
type app struct {
	key  string
	last int64 // half minute whose code it showed
}

// code returns the present code or, if it was shown before, the next one, which the site accepts as well. It also accepts one
// whose half minute ends while it is typed.
func (a *app) code(t *testing.T) string {
	t.Helper()
	a.last = max(a.last+1, time.Now().Unix()/30)
	code, err := totp.GenerateCode(a.key, time.Unix(a.last*30, 0))
	must(t, err)
	return code
}

// setUpApp sets up an authenticator app with the keyboard, on the page of the second factors.
func setUpApp(t *testing.T, tab context.Context) *app {
	t.Helper()
	tabTo(t, tab, "document.activeElement.textContent === 'Set up an app'")
	do(t, tab, KeyEvent("\r"), WaitVisible(CSS("svg.qr")))
	a := &app{key: strings.ReplaceAll(valueOf(t, tab, Text(CSS(".key-text"))), " ", "")}
	tabTo(t, tab, "document.activeElement.id === 'code'")
	do(t, tab, KeyEvent(a.code(t)), KeyEvent("\r"), WaitVisible(CSS(".codes, #passkeys")))
	if valueOf(t, tab, Evaluate[bool](`document.querySelector(".codes") !== null`)) { // shown to a member who has none
		press(t, tab, "I have saved them")
		do(t, tab, WaitVisible(CSS("#passkeys")))
	}
	return a
}

// addDevice gives the tab's browser an authenticator that unlocks itself.
func addDevice(t *testing.T, tab context.Context) webauthn.AuthenticatorID {
	t.Helper()
	do(t, tab, call(webauthn.Enable, webauthn.EnableParams{}))
	return valueOf(t, tab, func(ctx context.Context, target *Target) (webauthn.AuthenticatorID, error) {
		made, err := cdp.Call(ctx, target, webauthn.AddVirtualAuthenticator, webauthn.AddVirtualAuthenticatorParams{
			Options: &webauthn.VirtualAuthenticatorOptions{
				Protocol: webauthn.AuthenticatorProtocolCtap2, Transport: webauthn.AuthenticatorTransportInternal,
				HasResidentKey: true, HasUserVerification: true, IsUserVerified: true, AutomaticPresenceSimulation: true,
			},
		})
		return made.AuthenticatorID, err
	})
}

func unlocks(id webauthn.AuthenticatorID, yes bool) Action[Void] {
	return call(webauthn.SetUserVerified, webauthn.SetUserVerifiedParams{AuthenticatorID: id, IsUserVerified: yes})
}

func forges(id webauthn.AuthenticatorID, yes bool) Action[Void] {
	return call(webauthn.SetResponseOverrideBits,
		webauthn.SetResponseOverrideBitsParams{AuthenticatorID: id, IsBogusSignature: &yes})
}

func TestPasskeySignsInByItselfAndGuardsItself(t *testing.T) {
	t.Parallel()
	tab, site := openBrowser(t), serveOn(t, siteFolder(t))
	setUp(t, tab, site)
	id := addDevice(t, tab)
	do(t, tab, Navigate(site.base+"/staff/account/factors"), WaitVisible(CSS("#name")))
	press(t, tab, "Add a passkey")
	do(t, tab, WaitVisible(CSS(".codes")), Navigate(site.base+"/staff/account"))
	wantRead(t, tab, "main", "Passkey: Chrome on Linux", "8 recovery codes")

	// Where it is offered next to the e-mail, this device answers at once, unless it stays locked.
	do(t, tab, unlocks(id, false))
	signOut(t, tab)
	do(t, tab, WaitVisible(CSS("form[data-passkey]")))
	press(t, tab, "Sign in with a passkey")
	do(t, tab, WaitVisible(CSS("form[data-passkey] .err")))
	wantRead(t, tab, "form[data-passkey]", "No passkey was used")
	do(t, tab, unlocks(id, true))
	press(t, tab, "Sign in with a passkey")
	do(t, tab, WaitVisible(CSS(".tabs")), unlocks(id, false))
	signOut(t, tab)
	// offered, it leads on to what was asked for
	do(t, tab, WaitVisible(CSS("form[data-passkey]")), unlocks(id, true),
		Navigate(site.base+"/staff/audit"), WaitVisible(CSS("tbody")))

	do(t, tab, Navigate(site.base+"/staff/account/factors"), WaitVisible(CSS("form[data-passkey=get]")), forges(id, true))
	wantRead(t, tab, "h1", "Confirm that it’s you")
	press(t, tab, "Use a passkey")
	do(t, tab, WaitVisible(CSS("main > div > .err")), forges(id, false))
	wantRead(t, tab, "main", "This passkey does not open this site")
	press(t, tab, "Use a passkey")
	do(t, tab, WaitVisible(CSS("#passkeys")))
	wantRead(t, tab, "#passkeys", "Last used")
	press(t, tab, "Add a passkey")
	do(t, tab, WaitVisible(CSS("form[data-passkey=create] .err")))
	wantRead(t, tab, "#passkeys", "This device already has a passkey for you")
	app := setUpApp(t, tab)

	do(t, tab, unlocks(id, false))
	signOut(t, tab)
	sendPassword(t, tab, "member@example.org", password, "details")
	do(t, tab, unlocks(id, true))
	press(t, tab, "Use a passkey")
	do(t, tab, WaitVisible(CSS(".tabs")), unlocks(id, false))
	signOut(t, tab)
	sendPassword(t, tab, "member@example.org", password, "details")
	do(t, tab, KeyEvent(app.code(t)), KeyEvent("\r"), WaitVisible(CSS(".tabs")))

	do(t, tab, Navigate(site.base+"/staff/account/factors"), WaitVisible(CSS("#code")), unlocks(id, true))
	press(t, tab, "Use a passkey")
	do(t, tab, WaitVisible(CSS("#passkeys")), Click(CSS("#passkeys summary")), Click(CSS("form[action$='/1/removal'] button")),
		WaitNotPresent(CSS("form[action$='/1/removal']")))
	do(t, tab, Navigate(site.base+"/staff/audit"), WaitVisible(CSS("tbody")))
	wantRead(t, tab, "tbody", "Added a passkey", "Removed a passkey", "Confirmed their identity")
}

func TestPasskeyIsNotMadeWhereItWouldNotBeKept(t *testing.T) {
	t.Parallel()
	tab, site := openBrowser(t), serveOn(t, siteFolder(t))
	setUp(t, tab, site)
	id := addDevice(t, tab)
	do(t, tab, Navigate(site.base+"/staff/account/factors"), WaitVisible(CSS("#name")))
	app := setUpApp(t, tab)

	other := newTab(t, tab) // the same browser, whose session is another one then, not re-authenticated
	do(t, other, Navigate(site.base+"/staff/account"))
	signOut(t, other)
	sendPassword(t, other, "member@example.org", password, "details")
	do(t, other, KeyEvent(app.code(t)), KeyEvent("\r"), WaitVisible(CSS(".tabs")))

	press(t, tab, "Add a passkey")
	do(t, tab, WaitVisible(CSS("#code")))
	wantRead(t, tab, "h1", "Confirm that it’s you")
	do(t, tab, Func(func(ctx context.Context, target *Target) error {
		kept, err := cdp.Call(ctx, target, webauthn.GetCredentials, webauthn.GetCredentialsParams{AuthenticatorID: id})
		if err == nil && len(kept.Credentials) > 0 {
			err = fmt.Errorf("the device keeps %d keys that open nothing", len(kept.Credentials))
		}
		return err
	}))
}

func TestLostDeviceIsMadeUpForByARecoveryCodeWithoutScript(t *testing.T) {
	t.Parallel()
	tab, site := openBrowser(t), serveOn(t, siteFolder(t))
	setUp(t, tab, site)
	addDevice(t, tab)
	do(t, tab, Navigate(site.base+"/staff/account/factors"), WaitVisible(CSS("#name")))
	press(t, tab, "Add a passkey")
	do(t, tab, WaitVisible(CSS(".codes")))
	code := valueOf(t, tab, Text(CSS(".codes code")))

	lost := newTab(t, tab) // on a device without the passkey
	do(t, lost, scriptOff(), Navigate(site.base+"/staff/account"))
	signOut(t, lost)
	sendPassword(t, lost, "member@example.org", password, "details")
	wantRead(t, lost, "main", "does not support passkeys, or JavaScript is off")
	do(t, lost, Click(CSS("summary")), WaitVisible(CSS("#recovery")), SendKeys(CSS("#recovery"), strings.ToLower(code)+"\r"),
		WaitVisible(CSS(".notice")))
	wantRead(t, lost, ".notice", "You signed in with a recovery code", "You have 7 codes left")
	signOut(t, lost)
	sendPassword(t, lost, "member@example.org", password, "details")
	do(t, lost, Click(CSS("summary")), WaitVisible(CSS("#recovery")), SendKeys(CSS("#recovery"), code+"\r"),
		WaitVisible(CSS("#recovery-wrong")))
	wantRead(t, lost, "#recovery-wrong", "not valid, or you have already used it")
}
