package main

import (
	"strings"
	"testing"
	"time"

	. "github.com/chromedp/chromedp"
)

// TestWrongValueIsCorrectedOnAPhoneWithoutScript does it from the list of options, in the row of the fact.
func TestWrongValueIsCorrectedOnAPhoneWithoutScript(t *testing.T) {
	t.Parallel()
	tab, site := openBrowser(t), serveOn(t, siteFolder(t))
	do(t, tab, scriptOff(), EmulateViewport(390, screen))
	setUp(t, tab, site)

	began := time.Now()
	do(t, tab,
		Navigate(site.base+"/staff/options"), Click(CSS("a[href='/staff/options/django']")),
		Click(CSS("#fact-licence summary")), WaitVisible(CSS("#licence-value")),
		Clear(CSS("#licence-value")), SendKeys(CSS("#licence-value"), "BSD, three clauses"),
		Click(CSS("#fact-licence .opt")), Click(CSS("#fact-licence form.stack button")), WaitVisible(CSS(".notice")),
	)
	if took := time.Since(began); took > time.Minute {
		t.Errorf("it took %v", took)
	}
	wantRead(t, tab, ".notice", "Fact saved.")
	wantRead(t, tab, "#fact-licence", "BSD, three clauses")
	if wide := valueOf(t, tab, Evaluate[bool]("document.documentElement.scrollWidth > innerWidth")); wide {
		t.Error("the page is wider than the screen")
	}
	do(t, tab, Navigate(site.base+"/options/django"))
	wantRead(t, tab, "#fact-licence", "BSD, three clauses")
}

// TestFactIsCheckedAndRestoredWithTheKeyboardAlone presses no mouse button.
func TestFactIsCheckedAndRestoredWithTheKeyboardAlone(t *testing.T) {
	t.Parallel()
	tab, site := openBrowser(t), serveOn(t, siteFolder(t))
	setUp(t, tab, site)
	const path = "/staff/options/django/facts/admin"
	reads := func(selector, words string) {
		t.Helper()
		script := "document.querySelector('" + selector + "')?.textContent ?? ''"
		eventually(t, "the page shows "+words, func() bool {
			return strings.Contains(valueOf(t, tab, Evaluate[string](script)), words)
		})
	}

	do(t, tab, Navigate(site.base+path))
	press(t, tab, "Still true")
	reads(".notice", "Still true: the dates are renewed")
	tabTo(t, tab, "document.activeElement.id === 'value'")
	do(t, tab, KeyEvent(" by keys"))
	press(t, tab, "Save")
	reads("#now", "by keys")
	tabTo(t, tab, "document.activeElement.textContent === 'All of it: version 1'")
	do(t, tab, KeyEvent("\r"))
	press(t, tab, "Restore version 1")
	reads(".notice", "Restored.")
	do(t, tab, Navigate(site.base+guidePath))
	wantRead(t, tab, "#summary", "Built in")
}

// TestFactOnFourGuidesIsCorrectedInOneSave also shows that the editor's own browser keeps no older page of a guide.
func TestFactOnFourGuidesIsCorrectedInOneSave(t *testing.T) {
	t.Parallel()
	tab, folder := openBrowser(t), siteFolder(t)
	fourth := exportGuide(t, folder, t.TempDir())
	edit(t, fourth, "guide: django-vs-fastapi", "guide: a-fourth-guide")
	mustRun(t, folder, "", "guide", "import", fourth, "--publish")
	site := serveOn(t, folder)
	do(t, tab, scriptOff())
	setUp(t, tab, site)
	const fact, links = "/staff/options/django/facts/admin", `[...document.querySelectorAll("#effect h3 a")].map(a => a.pathname)`

	do(t, tab, Navigate(site.base+fact))
	wantRead(t, tab, "#effect h2", "Shown on 4 guides")
	pages := append(valueOf(t, tab, Evaluate[[]string](links)), "/options/django")
	for _, page := range pages {
		do(t, tab, Navigate(site.base+page))
	}
	do(t, tab,
		Navigate(site.base+fact), Clear(CSS("#value")), SendKeys(CSS("#value"), "Built in since 2005"),
		Click(CSS("#fact button[value=save]")), WaitVisible(CSS(".notice")),
	)
	for _, page := range pages {
		do(t, tab, Navigate(site.base+page))
		wantRead(t, tab, "main", "Built in since 2005")
	}
}
