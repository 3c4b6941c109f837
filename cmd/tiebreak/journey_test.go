package main

import (
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	. "github.com/chromedp/chromedp"
)

// TestJourneyFromGuideToLead is the whole path in a real browser: read, tick, send, set up, see the lead.
func TestJourneyFromGuideToLead(t *testing.T) {
	t.Parallel()
	tab, site := openBrowser(t), serveOn(t, siteFolder(t))

	do(t, tab,
		call(emulation.SetTimezoneOverride, emulation.SetTimezoneOverrideParams{TimezoneID: "Asia/Tokyo"}),
		Navigate(site.base+"/"),
		Click(CSS(".shelf h4 a[href='/compare/django-vs-fastapi']")),
		WaitVisible(CSS("#choose")),
	)
	reason := strings.TrimSpace(valueOf(t, tab, Text(CSS("label:has([value=ready-admin]) span"))))
	do(t, tab,
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
	if reason == "" {
		t.Error("the reason that is ticked has no words")
	}
	wantRead(t, tab, "main", "TB-0001", "A sample project for a browser", reason, "We have reserved a place for you in")
	wantRead(t, tab, ".say time", "GMT+9") // the reader's own
	do(t, tab,
		SendKeys(CSS("#note"), "One thing more"),
		Click(CSS("form[action$='/notes'] button")),
		WaitVisible(CSS(".thread .typed")),
	)
	wantRead(t, tab, ".thread", "One thing more")
	receipt, _, _ := strings.Cut(valueOf(t, tab, Location()), "?")

	setUp(t, tab, site)
	wantZone(t, tab, site, "Asia/Tokyo") // of the browser that set the site up
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

	// The conversation goes on: reply, answer on the private page, second reply.
	reply := func(words string) {
		t.Helper()
		do(t, tab, SendKeys(CSS("#reply"), words), Click(CSS("button[value=send]")))
		eventually(t, "the reply is sent", func() bool {
			return strings.Contains(valueOf(t, tab, Location()), "sent=yes")
		})
		do(t, tab, WaitVisible(CSS("#timeline")))
	}
	reply("We could meet on **Monday**.")
	do(t, tab, Navigate(receipt), WaitVisible(CSS(".thread .prose strong")),
		SendKeys(CSS("#note"), "Monday suits me"), Click(CSS("form[action$='/notes'] button")), WaitVisible(CSS("#done")))
	wantRead(t, tab, ".say", "We have your message. We aim to answer it by")
	do(t, tab, Navigate(site.base+"/staff/leads"), WaitVisible(CSS(".leads")))
	wantRead(t, tab, ".leads", "new message")
	do(t, tab, Click(CSS(".data-table tbody a")), WaitVisible(CSS("form[action*='/answer']")))
	reply("See you at ten")
	wantRead(t, tab, ".thread", "Monday suits me", "See you at ten")
	do(t, tab, Navigate(receipt), WaitVisible(CSS("#messages")))
	wantRead(t, tab, "#messages", "One thing more", "Monday suits me", "See you at ten")
}
