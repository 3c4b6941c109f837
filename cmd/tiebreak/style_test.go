package main

import (
	"testing"

	. "github.com/chromedp/chromedp"
)

// staffSelectors are those of the layer of the staff's sheets that match an element of the page, whatever its state.
const staffSelectors = `(() => {
	const all = [];
	const walk = (rules, around) => {
		for (const rule of rules) {
			const selector = around ? rule.selectorText?.replaceAll("&", ":is(" + around + ")") : rule.selectorText;
			if (selector) all.push(selector);
			if (rule.cssRules) walk(rule.cssRules, selector || around);
		}
	};
	const layers = [...document.styleSheets].flatMap(sheet => [...sheet.cssRules]);
	for (const layer of layers) if (layer.name === "staff") walk(layer.cssRules, "");
	if (all.length < 100) return ["only " + all.length + " selectors"];
	const anyState = selector => selector.replace(/:not\(:hover\)|:hover|::[a-z-]+/g, "");
	return all.filter(selector => document.querySelector(anyState(selector) || "*"));
})()`

// TestStyleOfStaffPagesMatchesNothingOnPublicPages visits each kind of public page, also those that mistakes lead to.
func TestStyleOfStaffPagesMatchesNothingOnPublicPages(t *testing.T) {
	t.Parallel()
	tab, site := openBrowser(t), serveOn(t, dataFolder(t))
	wantNone := func(where string) {
		t.Helper()
		if matching := valueOf(t, tab, Evaluate[[]string](staffSelectors)); len(matching) > 0 {
			t.Errorf("on %s the staff's style applies by %q", where, matching)
		}
	}
	for _, path := range []string{
		"/", guidePath, guidePath + "?tick=ready-admin", guidePath + "/changes", "/compare/django-vs-fastapi-vs-flask",
		"/options/django", "/search", "/search?q=admin", "/search?q=nothinglikeit", "/intake", "/about", "/how-we-know",
		"/privacy", "/nowhere",
		post(t, site.base, nil),
	} {
		do(t, tab, Navigate(site.base+path), WaitVisible(CSS("h1")))
		wantNone(path)
	}
	do(t, tab, Navigate(site.base+"/intake"), WaitVisible(CSS("#project")))
	valueOf(t, tab, Evaluate[bool](`document.querySelector("form[action='/intake']").noValidate = true`))
	do(t, tab, Click(CSS("form[action='/intake'] button")), WaitVisible(CSS("[role=alert]")))
	wantNone("the form with mistakes")

	do(t, tab, Navigate(site.base+"/staff/sign-in"), WaitVisible(CSS("h1")))
	if matching := valueOf(t, tab, Evaluate[[]string](staffSelectors)); len(matching) == 0 {
		t.Error("on a staff page the staff's style applies by nothing: the test looks at the wrong rules")
	}
}
