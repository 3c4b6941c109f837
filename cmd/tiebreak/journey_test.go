package main

import (
	"context"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	. "github.com/chromedp/chromedp"

	"tiebreak/internal/guide/starter"
)

// TestJourneyFromGuideToLead is the whole path in a real browser: read, tick, send, set up, see the lead.
func TestJourneyFromGuideToLead(t *testing.T) {
	t.Parallel()
	tab := openBrowser(t)
	site := serveOn(t, dataFolder(t))

	do(t, tab,
		inZone("Asia/Tokyo"),
		Navigate(site.base+"/"),
		Click(CSS("article h3 a[href='/compare/django-vs-fastapi']")),
		WaitVisible(CSS("#choose")),
		Click(CSS("input[name=tick][value=ready-admin]")),
		Click(CSS("#count button")),
		WaitVisible(CSS("#ask input[name=tick][value=ready-admin]")),
		SendKeys(CSS("#project"), "A sample project for a browser"),
		SendKeys(CSS("#name"), "Sample Person"),
		SendKeys(CSS("#email"), "sample@example"),
		Click(CSS("#consent")),
		Click(CSS("#ask button")),
		WaitVisible(CSS("#email-wrong")),
		SetValue(CSS("#email"), "\u202asample@example.org\u202c\u200b"), // as an address book copies it
		Click(CSS("form[action='/intake'] button")),
		WaitVisible(CSS(".code")),
	)
	wantRead(t, tab, "main", "TB-0001", "A sample project for a browser", readyAdmin(t), "We have reserved a place for you in")
	wantRead(t, tab, ".say time", "GMT+9") // the reader's own
	do(t, tab,
		SendKeys(CSS("#note"), "One thing more"),
		Click(CSS("form[action$='/notes'] button")),
		WaitVisible(CSS(".list .quote")),
	)
	wantRead(t, tab, ".list", "One thing more")

	do(t, tab,
		Navigate(site.setup),
		SendKeys(CSS("#name"), "Sample Member"),
		SendKeys(CSS("#email"), "member@example.org"),
		SendKeys(CSS("#password"), "a sample password"),
		Click(CSS("main button")),
		WaitVisible(CSS(".data-table")),
		Click(CSS(".sign-out button")),
		WaitVisible(CSS("#password")),
		SendKeys(CSS("#email"), "member@example.org"),
		SendKeys(CSS("#password"), "a sample password"),
		Click(CSS("main button")),
		Click(CSS(".data-table tbody a")),
		WaitVisible(CSS(".quote")),
	)
	wantRead(t, tab, "main", "Sample Person", "sample@example.org", "A sample project for a browser", "23 h 59 min left")

	do(t, tab, Click(CSS("button[value=contacted]")), WaitVisible(CSS("button[value=won]")))
	wantRead(t, tab, "main", "answered in time", "Sample Member moved it to Contacted")
}

// inZone has the browser's reader live in the time zone.
func inZone(name string) Action[Void] {
	return Func(func(ctx context.Context, target *Target) error {
		_, err := cdp.Call(ctx, target, emulation.SetTimezoneOverride, emulation.SetTimezoneOverrideParams{TimezoneID: name})
		return err
	})
}

// readyAdmin is how the guide words the reason that is ticked.
func readyAdmin(t *testing.T) string {
	t.Helper()
	folder, err := starter.Folder()
	if err != nil {
		t.Fatal(err)
	}
	for _, g := range folder.Guides {
		for _, c := range g.Conditions["django"] {
			if g.Slug == "django-vs-fastapi" && c.ID == "ready-admin" {
				return c.Text
			}
		}
	}
	t.Fatal("no such reason")
	return ""
}

// openBrowser is a tab of a headless Chromium, which takes further options.
func openBrowser(t *testing.T, more ...ExecAllocatorOption) context.Context {
	t.Helper()
	var path string
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if found, err := exec.LookPath(name); err == nil {
			path = found
			break
		}
	}
	if path == "" {
		const fix = "no Chromium found: on Debian, apt-get install chromium"
		if os.Getenv("CI") != "" {
			t.Fatal(fix)
		}
		t.Skip(fix)
	}
	options := append(DefaultExecAllocatorOptions[:], ExecPath(path), DisableGPU,
		Flag("disable-dev-shm-usage", true), Flag("disable-background-networking", true))
	if os.Geteuid() == 0 {
		// Chromium refuses its sandbox to root; these tests visit nothing but our own pages.
		options = append(options, NoSandbox)
	}
	allocator, closeBrowser := NewExecAllocator(context.Background(), append(options, more...)...)
	t.Cleanup(closeBrowser)
	return newTab(t, allocator)
}

// newTab is another tab of the browser.
func newTab(t *testing.T, browser context.Context) context.Context {
	t.Helper()
	tab, closeTab := NewContext(browser)
	t.Cleanup(closeTab)
	// The first call makes the tab and must not have a deadline of its own.
	if err := Do(tab); err != nil {
		t.Fatal(err)
	}
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

// wantRead checks that each of the words can be read at the selector.
func wantRead(t *testing.T, tab context.Context, selector string, words ...string) {
	t.Helper()
	text, err := Run(tab, Text(CSS(selector)))
	if err != nil {
		t.Fatal(err)
	}
	for _, word := range words {
		if !strings.Contains(text, word) {
			t.Errorf("%q is not on the page:\n%s", word, text)
		}
	}
}
