package main

import (
	"context"
	"testing"

	. "github.com/chromedp/chromedp"
)

// shownGuides counts the lines of the list of guides that can be seen.
const shownGuides = `[...document.querySelectorAll(".shelf li")].filter(line => line.checkVisibility()).length`

func filterGuides(t *testing.T, tab context.Context, base string) {
	do(t, tab, Navigate(base+"/"), WaitVisible(CSS(".featured")))

	for _, one := range []struct {
		typed  string
		want   int
		status string
	}{
		{"flask", 3, "3 guides match."},
		{"Flask or Django", 2, "2 guides match."},
		{"postgres", 2, "2 guides match."},
		{"go", 1, "1 guide matches."},
		{"databases", 2, "2 guides match."},
		{"litestar", 0, "No guide in this list matches."},
	} {
		valueOf(t, tab, Evaluate[string](`document.querySelector("#q").value = ""`))
		do(t, tab, SendKeys(CSS("#q"), one.typed))
		if shown := valueOf(t, tab, Evaluate[int](shownGuides)); shown != one.want {
			t.Errorf("%q shows %d guides, want %d", one.typed, shown, one.want)
		}
		wantRead(t, tab, "#matching", one.status)
	}
	do(t, tab, WaitNotVisible(CSS(".featured")), Click(CSS("#matching a")), WaitVisible(CSS("#main h1")))
	if address := valueOf(t, tab, Location()); address != base+"/search?q=litestar" {
		t.Errorf("the link leads to %s", address)
	}

	do(t, tab, scriptOff(), Navigate(base+"/"), SendKeys(CSS("#q"), "flask\r"), WaitVisible(CSS(".found")))
	wantRead(t, tab, ".found", "FastAPI vs Flask")
}
