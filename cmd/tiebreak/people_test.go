package main

import (
	"encoding/json"
	"fmt"
	"testing"

	. "github.com/chromedp/chromedp"
)

// TestPeopleInABrowserAreNotSuspected sends 20 requests as people do: from a guide and from the form's own page, typed or
// pasted, at their own pace or as fast as a browser that fills in for them.
func TestPeopleInABrowserAreNotSuspected(t *testing.T) {
	t.Parallel()
	tab := openBrowser(t)
	folder := dataFolder(t)
	site := serveOn(t, folder)
	for n := range 20 {
		page := []string{guidePath, "/intake", "/intake?guide=react-vs-vue"}[n%3]
		fill := SendKeys[CSS]
		if n%2 == 0 {
			fill = SetValue[CSS]
		}
		do(t, tab,
			Navigate(site.base+page),
			fill(CSS("#project"), fmt.Sprintf("We are %d people who need a site. Like this one: https://example.org/%d", n+2, n)),
			fill(CSS("#name"), "Sample Person"),
			fill(CSS("#email"), fmt.Sprintf("sample-%d@example.org", n)),
			fill(CSS("#company"), "Sample & Sons"),
			fill(CSS("#budget"), "Not decided yet"),
			Click(CSS("#consent")),
			Click(CSS("form[action='/intake'] button")),
			WaitVisible(CSS(".code")),
		)
	}
	var leads []struct {
		Reference string
		Suspect   bool
	}
	if err := json.Unmarshal([]byte(tiebreak(t, folder, "", "lead", "list", "--json").stdout), &leads); err != nil || len(leads) != 20 {
		t.Fatalf("%d leads of 20 (%v)", len(leads), err)
	}
	for _, l := range leads {
		if l.Suspect {
			t.Errorf("%s came from a person and is suspected", l.Reference)
		}
	}
}
