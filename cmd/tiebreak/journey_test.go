package main

import (
	"testing"

	"github.com/chromedp/cdproto/emulation"
	. "github.com/chromedp/chromedp"

	"tiebreak/internal/guide/starter"
)

// TestJourneyFromGuideToLead is the whole path in a real browser: read, tick, send, set up, see the lead.
func TestJourneyFromGuideToLead(t *testing.T) {
	t.Parallel()
	tab, site := openBrowser(t), serveOn(t, dataFolder(t))

	do(t, tab,
		call(emulation.SetTimezoneOverride, emulation.SetTimezoneOverrideParams{TimezoneID: "Asia/Tokyo"}),
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

	setUp(t, tab, site)
	signOut(t, tab)
	do(t, tab,
		SendKeys(CSS("#email"), "member@example.org"),
		SendKeys(CSS("#password"), password),
		Click(CSS("main button")),
		Click(CSS(".data-table tbody a")),
		WaitVisible(CSS(".quote")),
	)
	wantRead(t, tab, "main", "Sample Person", "sample@example.org", "A sample project for a browser", "23 h 59 min left")

	do(t, tab, Click(CSS("button[value=contacted]")), WaitVisible(CSS("button[value=won]")))
	wantRead(t, tab, "main", "answered in time", "Sample Member moved it to Contacted")
}

// readyAdmin returns the words of the reason that is ticked.
func readyAdmin(t *testing.T) string {
	t.Helper()
	folder, err := starter.Folder()
	must(t, err)
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
