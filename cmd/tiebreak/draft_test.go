package main

import (
	"testing"

	. "github.com/chromedp/chromedp"

	"tiebreak/internal/pgtest"
)

// TestWhatIsTypedOutlivesAnOutageAndAClosedTab types into the form, takes the database away, sends, closes the tab, brings
// the database back and sends what the browser kept.
func TestWhatIsTypedOutlivesAnOutageAndAClosedTab(t *testing.T) {
	t.Parallel()
	first := openBrowser(t)
	folder := siteFolder(t)
	database := pgtest.Start(t, folder)
	site := serveOn(t, dataFolder(t), "DATABASE_URL="+database.URL())
	const words = "A sample project.\nSecond line: “quotes”, <b>no markup</b>, 日本語, مرحبا بالعالم, trailing space \n\nLast line"

	do(t, first,
		Navigate(site.base+guidePath),
		SetValue(CSS("#project"), words),
		SendKeys(CSS("#project"), "."),
		SendKeys(CSS("#name"), "Sample Person"),
		SendKeys(CSS("#email"), "sample@example.org"),
		Click(CSS("#consent")),
	)
	typed := valueOf(t, first, Evaluate[string](`document.querySelector("#project").value`))
	must(t, database.Close())
	do(t, first, Click(CSS("#ask form button:not([type])")), WaitVisible(CSS("[role=alert]")))
	wantRead(t, first, "[role=alert]", "Everything you typed is still below")

	second := newTab(t, first)
	do(t, second, Navigate(site.base+guidePath), WaitVisible(CSS("#draft")))
	do(t, first, Navigate("about:blank"))
	pgtest.Start(t, folder)
	eventually(t, "the site is ready again", func() bool { return ready(site.base) })
	do(t, second,
		Click(CSS("[data-draft=back]")),
		Click(CSS("#consent")),
		Click(CSS("#ask button:not([type])")),
		WaitVisible(CSS(".code")),
	)
	if got := valueOf(t, second, TextContent(CSS(".quote"))); got != typed {
		t.Errorf("what arrived is %q, typed was %q", got, typed)
	}
	do(t, second, Navigate(site.base+guidePath), WaitReady(CSS("#project")))
	if shown := valueOf(t, second, Evaluate[bool](`!document.getElementById("draft").hidden`)); shown {
		t.Error("what was sent is offered again")
	}

	if leads := leadsIn(t, runOn(t, database.URL(), []string{"lead", "list", "--json"})); len(leads) != 1 {
		t.Fatalf("%d leads", len(leads))
	}
}
