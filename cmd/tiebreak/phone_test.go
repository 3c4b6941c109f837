package main

import (
	"context"
	"regexp"
	"testing"

	"github.com/chromedp/cdproto/page"
	. "github.com/chromedp/chromedp"
)

// screen is the height of a phone's screen in CSS pixels.
const screen = 844

func guideIsShort(t *testing.T, tab context.Context, base string) {
	do(t, tab, EmulateViewport(390, screen), Navigate(base+guidePath), WaitVisible(CSS("#detail details:not([open])")))
	height := func(script string) float64 { return valueOf(t, tab, Evaluate[float64](script)) }
	if top := height(`document.getElementById("verdict").getBoundingClientRect().top`); top > 3*screen {
		t.Errorf("the verdict begins after %.0f pixels", top)
	}
	if all := height("document.documentElement.scrollHeight"); all > 20*screen {
		t.Errorf("the guide is %.1f screens long", all/screen)
	}
	if open := height(`document.querySelectorAll("details[data-fold][open]").length`); open > 0 {
		t.Errorf("%.0f parts are unfolded", open)
	}
}

func linkOpensFoldedPart(t *testing.T, tab context.Context, base string) {
	do(t, tab, EmulateViewport(390, screen), Navigate(base+"/about"), Navigate(base+guidePath+"#d-data"),
		WaitVisible(CSS("#d-data[open] .practice")), WaitVisible(CSS("#detail details:not([open])")),
		Click(CSS("#summary .ref")), WaitVisible(CSS("#sources li:target")))
}

func recordPrintsOnTwoSheets(t *testing.T, tab context.Context, base string) {
	const ticks = "must=ready-admin&tick=relational&tick=html-pages&tick=streaming&tick=openapi"
	do(t, tab, Navigate(base+guidePath+"/decision?"+ticks), WaitVisible(CSS("[data-print]")))
	if n := sheets(t, tab); n != 2 {
		t.Errorf("it takes %d sheets", n)
	}
}

// guidePrintsUnfolded also holds that tablets fold the guide: folded, it takes six sheets.
func guidePrintsUnfolded(t *testing.T, tab context.Context, base string) {
	do(t, tab, EmulateViewport(768, 1024), Navigate(base+guidePath), WaitVisible(CSS("#detail details:not([open])")))
	if n := sheets(t, tab); n < 8 || n > 11 {
		t.Errorf("it takes %d sheets", n)
	}
}

// sheets returns how many sheets of A4 the page takes.
func sheets(t *testing.T, tab context.Context) int {
	t.Helper()
	printed, err := Call(tab, page.PrintToPDF, page.PrintToPDFParams{PaperWidth: 8.27, PaperHeight: 11.69})
	must(t, err)
	return len(regexp.MustCompile(`/Type\s*/Page\b`).FindAll(printed.Data, -1))
}

func topicsAreOpen(t *testing.T, tab context.Context, base string) {
	do(t, tab, EmulateViewport(1280, 860), Navigate(base+guidePath), WaitVisible(CSS("#d-data .practice")))
	do(t, tab, scriptOff(), EmulateViewport(390, screen), Navigate(base+guidePath), WaitVisible(CSS("#d-data .practice")))
}
