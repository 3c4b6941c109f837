package main

import (
	"net/url"
	"testing"

	. "github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

func TestMemberAnswersFromTheListWithTheKeyboardAlone(t *testing.T) {
	t.Parallel()
	tab := openBrowser(t)
	site, box := serveWithMail(t)
	for _, name := range []string{"first", "second", "third"} {
		post(t, site.base, url.Values{"project": {"The " + name + " project"}, "email": {name + "@example.org"}})
	}
	setUp(t, tab, site)
	do(t, tab, KeyEvent("j"), KeyEvent("j"), KeyEvent("j"), KeyEvent("k"), KeyEvent("\r"), WaitVisible(CSS("#reply")))
	wantRead(t, tab, "main", "The second project", "23 h 59 min left")

	tabTo(t, tab, "document.activeElement.id === 'reply'")
	do(t, tab, KeyEvent("Typed by keys, "), WaitVisible(CSS("#draft-state:not(:empty)")))
	eventually(t, "the draft is kept", func() bool {
		return valueOf(t, tab, Evaluate[string](`document.getElementById("draft-state").textContent`)) == "Draft saved."
	})
	do(t, tab, Reload(), WaitVisible(CSS("#reply")))
	tabTo(t, tab, "document.activeElement.id === 'reply'")
	do(t, tab, KeyEvent(kb.End), KeyEvent("and kept."))
	do(t, tab, KeyEvent("\r", KeyModifiers(ModifierCtrl)), WaitVisible(CSS("#timeline .prose")))
	wantRead(t, tab, "main", "Typed by keys, and kept.", "answered in time", "Sample Member replied")
	mailTo(t, box, "second@example.org", "Typed by keys, and kept.")
	do(t, tab, KeyEvent("?"), WaitVisible(CSS("dialog[open]")), KeyEvent("\r"), WaitNotPresent(CSS("dialog[open]")))
	do(t, tab, KeyEvent("n"), WaitVisible(CSS("form[action*='TB-0003/reply']")))
	wantRead(t, tab, "main", "The third project") // the list is still known after the reply

	do(t, tab, Navigate(site.base+"/staff/leads"), KeyEvent("/"))
	tabTo(t, tab, "document.activeElement.id === 'q'")
	do(t, tab, KeyEvent("third\r"), WaitNotPresent(CSS("a[href*='TB-0001?']")))
	wantRead(t, tab, "tbody", "TB-0003")
	do(t, tab, KeyEvent("?"), WaitVisible(CSS("dialog[open]")), KeyEvent("\r"), WaitNotPresent(CSS("dialog[open]")))
}

// TestTabKeyGoesDownTheLeadPage presses the tab key through the page of a lead in one column: each control stands below the one
// before, or beside it.
func TestTabKeyGoesDownTheLeadPage(t *testing.T) {
	t.Parallel()
	tab := openBrowser(t)
	site := serveOn(t, siteFolder(t))
	receipt := post(t, site.base, url.Values{"project": {"The only project"}, "email": {"only@example.org"}})
	post(t, site.base, url.Values{"project": {"Another project"}, "email": {"only@example.org"}})
	setUp(t, tab, site)
	for _, note := range []string{"", "One thing more"} {
		if note != "" {
			do(t, tab, Navigate(site.base+receipt), SendKeys(CSS("#note"), note), Click(CSS("form[action$='/notes'] button")),
				WaitVisible(CSS("#done")))
		}
		do(t, tab, EmulateViewport(390, 844), Navigate(site.base+"/staff/leads/TB-0001"), WaitVisible(CSS("#timeline")))
		tabTo(t, tab, "document.activeElement.closest('main') !== null")
		var was control
		for reached := 0; ; reached++ {
			is := valueOf(t, tab, Evaluate[control](`(() => {
				const e = document.activeElement, box = e.getBoundingClientRect();
				return { Name: e.closest("main") ? e.name || e.textContent : "", Left: box.left, Top: box.top + scrollY,
					Bottom: box.bottom + scrollY };
			})()`))
			if is.Name == "" {
				if reached < 12 {
					t.Errorf("the tab key reached %d controls", reached)
				}
				break
			}
			if is.Bottom <= was.Top || is.Top < was.Bottom && is.Left < was.Left {
				t.Errorf("%q stands above or left of %q, which comes before it", is.Name, was.Name)
			}
			was = is
			do(t, tab, KeyEvent("\t"))
		}
	}
}

// control is what has the focus, and where it stands on the page.
type control struct {
	Name              string
	Left, Top, Bottom float64
}

func TestMemberWorksWithScriptOff(t *testing.T) {
	t.Parallel()
	tab := openBrowser(t)
	site, box := serveWithMail(t)
	post(t, site.base, url.Values{"project": {"The only project"}, "email": {"only@example.org"}})
	do(t, tab, scriptOff())
	setUp(t, tab, site)
	wantZone(t, tab, site, "UTC")
	do(t, tab,
		Navigate(site.base+"/staff/leads"),
		Click(CSS("tbody .tick")), // its box is drawn by the label
		Click(CSS("button[value=assign]")), WaitVisible(CSS(".notice button")),
		Click(CSS(".notice button")), WaitNotPresent(CSS(".notice button")),
		Click(CSS("tbody th a")), WaitVisible(CSS("#reply")),
		SendKeys(CSS("#reply"), "Without a **script**."),
		Click(CSS("button[value=preview]")), WaitVisible(CSS("#preview strong")),
		Click(CSS("button[value=send]")), WaitVisible(CSS("#timeline .prose")),
	)
	wantRead(t, tab, "main", "answered in time", "Sample Member replied")
	mailTo(t, box, "only@example.org", "Without a script.")
}
