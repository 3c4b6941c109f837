package main

import (
	"testing"

	. "github.com/chromedp/chromedp"
)

// TestReceiptInABrowserIsCopiedAndConfirmsEachActWhereItWasDone also holds that the address to be saved says nothing of the acts.
func TestReceiptInABrowserIsCopiedAndConfirmsEachActWhereItWasDone(t *testing.T) {
	t.Parallel()
	tab, site := openBrowser(t), serveOn(t, siteFolder(t))
	do(t, tab,
		Navigate(site.base+"/intake"),
		SendKeys(CSS("#project"), "A sample project for a browser"),
		SendKeys(CSS("#name"), "Sample Person"),
		SendKeys(CSS("#email"), "wrong@example.org"),
		Click(CSS("#consent")),
		Click(CSS("form[action='/intake'] button:not([type])")),
		WaitVisible(CSS("button[data-copy]")),
	)
	const copying = `navigator.clipboard.writeText = async (text) => { window.copied = text }; true`
	if !valueOf(t, tab, Evaluate[bool](copying)) {
		t.Fatal("the browser has no clipboard")
	}
	do(t, tab, Click(CSS("button[data-copy]")), WaitVisible(CSS("#announcement:not(:empty)")))
	wantRead(t, tab, "#announcement", "Link copied.")
	address := valueOf(t, tab, Location())
	if copied := valueOf(t, tab, Evaluate[string](`window.copied`)); copied != address {
		t.Errorf("copied is %s, the page is at %s", copied, address)
	}

	wantConfirmed := func(place, words string) {
		t.Helper()
		do(t, tab, WaitVisible(CSS(place+" #done")))
		wantRead(t, tab, place+" #done", words)
		eventually(t, "the reader is at the confirmation", func() bool {
			return valueOf(t, tab, Evaluate[bool](`document.activeElement.id === "done" && location.search + location.hash === ""`))
		})
	}
	do(t, tab,
		Click(CSS("#email-sent summary")),
		SendKeys(CSS("#email"), "right@example.org"),
		Click(CSS("form[action$='/email'] button")),
	)
	wantConfirmed("#email-sent", "This page has a new link")
	if now := valueOf(t, tab, Location()); now == address {
		t.Error("the corrected request has its old link")
	}
	do(t, tab, SendKeys(CSS("#note"), "One thing more"), Click(CSS("form[action$='/notes'] button")))
	wantConfirmed("section", "We have your message.")
	do(t, tab,
		Click(CSS("section:has(form[action$='/withdrawal']) summary")),
		Click(CSS("form[action$='/withdrawal'] button")),
		Click(CSS("form[action$='/removal'] button")),
	)
	wantConfirmed("main", "Your request is open again. You have a place.")

	do(t, tab, Navigate(address), WaitVisible(CSS("h1")))
	wantRead(t, tab, "h1", "This link no longer works")
}
