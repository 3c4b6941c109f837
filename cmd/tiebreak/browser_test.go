package main

import (
	"context"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	. "github.com/chromedp/chromedp"
)

// chromium is the browser that the tests share: it takes longer to start than most of them. It starts with the first tab.
var chromium context.Context

var startChromium = sync.OnceValue(func() error { return Do(chromium) })

// newBrowser returns a headless Chromium that is not started yet, which takes further options.
func newBrowser(more ...ExecAllocatorOption) (browser context.Context, end func()) {
	options := append(DefaultExecAllocatorOptions[:], ExecPath(chromiumPath()), DisableGPU,
		Flag("disable-dev-shm-usage", true), Flag("disable-background-networking", true))
	if os.Geteuid() == 0 {
		// Chromium refuses its sandbox to root; these tests visit nothing but our own pages.
		options = append(options, NoSandbox)
	}
	allocator, _ := NewExecAllocator(context.Background(), append(options, more...)...)
	return NewContext(allocator)
}

// chromiumPath returns the path of Chromium, or "" where it is not installed.
func chromiumPath() string {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if found, err := exec.LookPath(name); err == nil {
			return found
		}
	}
	return ""
}

// needChromium skips the test where there is no Chromium.
func needChromium(t *testing.T) {
	t.Helper()
	if chromiumPath() != "" {
		return
	}
	const fix = "no Chromium found: on Debian, apt-get install chromium"
	if os.Getenv("CI") != "" {
		t.Fatal(fix)
	}
	t.Skip(fix)
}

// openBrowser returns a tab for a person of the test's own, who shares no cookie and no storage with others.
func openBrowser(t *testing.T) context.Context {
	t.Helper()
	needChromium(t)
	must(t, startChromium())
	return newTab(t, chromium, WithNewBrowserContext())
}

// openProfile returns a tab of another Chromium, which keeps what it stores in the folder.
func openProfile(t *testing.T, folder string) context.Context {
	t.Helper()
	needChromium(t)
	tab, end := newBrowser(UserDataDir(folder))
	t.Cleanup(end)
	must(t, Do(tab))
	return tab
}

// newTab returns another tab of the browser.
func newTab(t *testing.T, browser context.Context, more ...ContextOption) context.Context {
	t.Helper()
	tab, closeTab := NewContext(browser, more...)
	t.Cleanup(closeTab)
	// The first call makes the tab and must not have a deadline of its own.
	must(t, Do(tab))
	return tab
}

// do takes the steps, each step waiting for the page to be ready for it.
func do(t *testing.T, tab context.Context, steps ...Action[Void]) {
	t.Helper()
	for i, step := range steps {
		limited, cancel := context.WithTimeout(tab, 20*time.Second)
		err := Do(limited, step)
		// The script may have put the server's part of the page in place of the one that was found.
		for err != nil && strings.Contains(err.Error(), "Could not find node") {
			err = Do(limited, step)
		}
		cancel()
		if err != nil {
			where, _ := Run(tab, Location())
			t.Fatalf("step %d at %s: %v", i+1, where, err)
		}
	}
}

// valueOf takes one step and returns its result.
func valueOf[T any](t *testing.T, tab context.Context, step Action[T]) T {
	t.Helper()
	value, err := Run(tab, step)
	must(t, err)
	return value
}

// call returns a step that calls a command of the browser's protocol.
func call[P, R any](command cdp.Command[P, R], params P) Action[Void] {
	return Func(func(ctx context.Context, target *Target) error {
		_, err := cdp.Call(ctx, target, command, params)
		return err
	})
}

// scriptOff returns a step that has the tab run no script.
func scriptOff() Action[Void] {
	return call(emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
}

// tabTo presses the tab key until the condition, a script, holds.
func tabTo(t *testing.T, tab context.Context, condition string) {
	t.Helper()
	for range 500 {
		if valueOf(t, tab, Evaluate[bool](condition)) {
			return
		}
		do(t, tab, KeyEvent("\t"))
	}
	t.Fatalf("the tab key never leads to %s", condition)
}

// press moves to the button with the words by the tab key and presses it.
func press(t *testing.T, tab context.Context, words string) {
	t.Helper()
	tabTo(t, tab, "document.activeElement.textContent === '"+words+"'")
	do(t, tab, KeyEvent("\r"))
}

// wantRead checks that each of the words can be read at the selector.
func wantRead(t *testing.T, tab context.Context, selector string, words ...string) {
	t.Helper()
	text := valueOf(t, tab, Text(CSS(selector)))
	for _, word := range words {
		if !strings.Contains(text, word) {
			t.Errorf("%q is not on the page:\n%s", word, text)
		}
	}
}

// setUp makes the first member, which leads to the list of leads.
func setUp(t *testing.T, tab context.Context, site *server) {
	t.Helper()
	do(t, tab,
		Navigate(site.setup),
		SendKeys(CSS("#name"), "Sample Member"),
		SendKeys(CSS("#email"), "member@example.org"),
		SendKeys(CSS("#password"), password+"\r"),
		WaitVisible(CSS(".tabs")),
	)
}

// wantZone checks the time zone of the site.
func wantZone(t *testing.T, tab context.Context, site *server, want string) {
	t.Helper()
	do(t, tab, Navigate(site.base+"/staff/promise"), WaitVisible(CSS("#time_zone")))
	if zone := valueOf(t, tab, Value(CSS("#time_zone"))); zone != want {
		t.Errorf("the time zone of the site is %q, want %q", zone, want)
	}
}

// signOut signs the member of the tab out.
func signOut(t *testing.T, tab context.Context) {
	t.Helper()
	do(t, tab, Click(CSS(".sign-out button")), WaitVisible(CSS("form[action='/staff/sign-in']")))
}

// sendPassword sends the sign-in form that the tab shows and waits for what comes next.
func sendPassword(t *testing.T, tab context.Context, email, password, next string) {
	t.Helper()
	do(t, tab, SendKeys(CSS("#email"), email), SendKeys(CSS("#password"), password+"\r"), WaitVisible(CSS(next)))
}
