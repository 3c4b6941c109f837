package main

import (
	"context"
	"fmt"
	"strings"
	"testing"

	. "github.com/chromedp/chromedp"
)

const guidePath = "/compare/django-vs-fastapi"

func decideByKeyboard(t *testing.T, tab context.Context, base string) {
	do(t, tab, Navigate(base+guidePath))
	tabTo(t, tab, "document.activeElement.value === 'ready-admin'")
	do(t, tab, KeyEvent(" "), WaitVisible(CSS("#tally[data-leader=django]")))
	tabTo(t, tab, "document.activeElement.value === 'streaming'")
	do(t, tab, KeyEvent(" "), WaitVisible(CSS("#tally[data-scores='django=3 fastapi=2']")))
	wantRead(t, tab, "#tally", "Django fits slightly better: 3 to 2.")
	tabTo(t, tab, "document.activeElement.matches('#tally a.ask')")
	do(t, tab, KeyEvent("\r"), WaitVisible(CSS("#carried input[value=streaming]")))
}

func decideWithoutScript(t *testing.T, tab context.Context, base string) {
	do(t, tab,
		scriptOff(),
		Navigate(base+guidePath),
		Click(CSS("input[value=ready-admin]")),
		Click(CSS("input[value=streaming]")),
		WaitVisible(CSS(".late")),
		Click(CSS("#count button")),
		WaitVisible(CSS("#tally[data-leader=django]")),
	)
	wantRead(t, tab, "#tally", "Django fits slightly better: 3 to 2.")
	do(t, tab,
		Navigate(base+guidePath+"?must=ready-admin&tick=streaming#choose"),
		Click(CSS("[name=tick][value=ready-admin]")),
		WaitNotVisible(CSS("[name=must][value=ready-admin]")),
		Click(CSS("#count button")),
		WaitVisible(CSS("#tally[data-leader=fastapi][data-out='']")),
	)
	if here := valueOf(t, tab, Location()); !strings.HasSuffix(here, guidePath+"?tick=streaming#tally") {
		t.Errorf("the address is %s", here)
	}
	wantInView(t, tab, "#tally .lead")
}

// wantInView checks that a part of the page is on the screen.
func wantInView(t *testing.T, tab context.Context, selector string) {
	t.Helper()
	if !valueOf(t, tab, Evaluate[bool](fmt.Sprintf(`(() => {
		const box = document.querySelector("%s").getBoundingClientRect();
		return box.top >= 0 && box.bottom <= innerHeight;
	})()`, selector))) {
		t.Errorf("%s is not on the screen", selector)
	}
}

// returnToTheChecklist goes back from the result: it is one step of the history, and the ticks are still there.
func returnToTheChecklist(t *testing.T, tab context.Context, base string) {
	do(t, tab,
		Navigate(base+"/about"),
		Navigate(base+guidePath),
		Click(CSS("input[value=ready-admin]")),
		WaitVisible(CSS("#tally[data-scores='django=3 fastapi=0']")),
		KeyEvent("\r"), // which presses the button of the form
		WaitVisible(CSS("#tally:target")),
	)
	wantInView(t, tab, "#tally .lead")
	back := func() { valueOf(t, tab, Evaluate[bool]("history.back(), true")) }
	back()
	do(t, tab, WaitReady(CSS("body:not(:has(:target))")))
	wantInView(t, tab, "#choose input:checked")
	do(t, tab,
		Click(CSS("input[value=streaming]")),
		WaitVisible(CSS("#tally[data-scores='django=3 fastapi=2']")),
		Click(CSS("#count button")),
		WaitVisible(CSS("#tally:target")),
		Click(CSS("input[value=openapi]")),
		WaitVisible(CSS("#tally[data-scores='django=3 fastapi=3']")),
	)
	back()
	do(t, tab, WaitVisible(CSS("#tally[data-scores='django=3 fastapi=2']")))

	// A link to a result says how many reasons are ticked, also once the reader ticks more.
	do(t, tab,
		Navigate(base+guidePath+"?tick=ready-admin"), Click(CSS("input[value=streaming]")),
		WaitVisible(CSS("#tally[data-scores='django=3 fastapi=2']")),
	)
	wantRead(t, tab, "#whose", "ticked 2 reasons")
}

// tickOnAPhoneWithoutScript goes through the checklist by the tab key: the bar at the foot covers nothing that has the focus.
func tickOnAPhoneWithoutScript(t *testing.T, tab context.Context, base string) {
	for _, width := range []int64{320, 390} {
		do(t, tab,
			scriptOff(),
			EmulateViewport(width, screen),
			Navigate(base+guidePath+"?tick=ready-admin"),
			Click(CSS("[name=must][value=ready-admin]")),
			WaitVisible(CSS("#count .late")),
		)
		for stops := 0; !valueOf(t, tab, Evaluate[bool]("document.activeElement.matches('#count button')")); stops++ {
			if stops > 40 {
				t.Fatal("the tab key takes more than 40 steps to the button")
			}
			if valueOf(t, tab, Evaluate[bool](`(() => {
				const bar = document.getElementById("count").getBoundingClientRect();
				return document.activeElement.getBoundingClientRect().bottom > bar.top;
			})()`)) {
				t.Errorf("at %d pixels the bar covers %s", width,
					valueOf(t, tab, Evaluate[string]("document.activeElement.outerHTML")))
			}
			do(t, tab, KeyEvent("\t"))
		}
	}
}

func decideOnAPhone(t *testing.T, tab context.Context, base string) {
	do(t, tab,
		EmulateViewport(390, 844),
		Navigate(base+guidePath),
		Click(CSS("input[value=ready-admin]")),
		WaitVisible(CSS("#tally[data-scores='django=3 fastapi=0']")),
		Click(CSS("input[value=streaming]")),
		WaitVisible(CSS("#tally[data-scores='django=3 fastapi=2']")),
	)
	inReach := valueOf(t, tab, Evaluate[bool](`(() => {
		const bar = document.getElementById("count").getBoundingClientRect();
		return bar.top >= 0 && bar.bottom <= innerHeight && document.documentElement.scrollWidth <= innerWidth;
	})()`))
	if !inReach {
		t.Error("the bar is out of reach, or the page scrolls sideways")
	}
	link := valueOf(t, tab, Evaluate[string](`document.querySelector("a[data-copy]").href`))
	if here := valueOf(t, tab, Location()); !strings.HasPrefix(link, here) {
		t.Errorf("the address is %s, the link %s", here, link)
	}

	friend := openBrowser(t)
	do(t, friend, Navigate(link))
	wantRead(t, friend, "#tally", "Django fits slightly better: 3 to 2.")
	for _, what := range []string{"#tally", "#count", "#carried"} {
		words := fmt.Sprintf(`document.querySelector("%s").textContent.replace(/\s+/g, " ").trim()`, what)
		if mine, theirs := valueOf(t, tab, Evaluate[string](words)), valueOf(t, friend, Evaluate[string](words)); mine != theirs {
			t.Errorf("%s reads\n%s\nand to a friend\n%s", what, mine, theirs)
		}
	}
}

func weighOnAPhone(t *testing.T, tab context.Context, base string) {
	const weight, must = ".reason:has([name=tick][value=streaming]) select", "[name=must][value=ready-admin]"

	do(t, tab,
		EmulateViewport(390, 844),
		Navigate(base+guidePath),
		Click(CSS("input[value=ready-admin]")),
		WaitVisible(CSS("#tally[data-scores='django=3 fastapi=0']")),
		Click(CSS("input[value=streaming]")),
		WaitVisible(CSS("#tally[data-scores='django=3 fastapi=2']")),
		SendKeys(CSS(weight), "m"),
		WaitVisible(CSS("#tally[data-scores='django=3 fastapi=3'][data-leader=even]")),
		Click(CSS(must)),
		WaitVisible(CSS("#tally[data-out=fastapi][data-leader=django]")),
	)
	wantRead(t, tab, "#tally", "FastAPI is ruled out by", "Only Django is left.")
	if wide := valueOf(t, tab, Evaluate[bool]("document.documentElement.scrollWidth > innerWidth")); wide {
		t.Error("the page scrolls sideways")
	}
	do(t, tab,
		Click(CSS("[name=tick][value=ready-admin]")),
		WaitVisible(CSS("#tally[data-out=''][data-leader=fastapi]")),
		WaitNotVisible(CSS(must)),
		Click(CSS("[name=tick][value=ready-admin]")),
		WaitVisible(CSS("#tally[data-out=''][data-leader=even]")),
	)
	if here := valueOf(t, tab, Location()); !strings.HasSuffix(here, "?tick=ready-admin&tick=streaming&weight=streaming%3A3") {
		t.Errorf("the address is %s", here)
	}
}

func weighWithoutScript(t *testing.T, tab context.Context, base string) {
	const late = "#count .late"

	do(t, tab,
		scriptOff(),
		Navigate(base+guidePath+"?tick=ready-admin&tick=streaming"),
		WaitNotVisible(CSS(late)),
		SendKeys(CSS(".reason:has([name=tick][value=streaming]) select"), "m"),
		WaitVisible(CSS(late)),
		Click(CSS("[name=must][value=ready-admin]")),
		Click(CSS("#count button")),
		WaitVisible(CSS("#tally[data-scores='django=3 fastapi=3'][data-out=fastapi]")),
		WaitNotVisible(CSS(late)),
	)
	wantRead(t, tab, "#tally", "FastAPI is ruled out by", "Only Django is left.")
}
