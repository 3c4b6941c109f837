package main

import (
	"fmt"
	"strconv"
	"testing"

	. "github.com/chromedp/chromedp"
)

// TestGuideOfThreeOptionsIsWrittenAndPublishedWithoutScript goes from the form of a new guide to the page of a whole one.
func TestGuideOfThreeOptionsIsWrittenAndPublishedWithoutScript(t *testing.T) {
	t.Parallel()
	folder := siteFolder(t)
	e, site := editor{t, openBrowser(t)}, serveOn(t, folder)
	addMember(t, folder, "editor@example.org", "editor")
	do(t, e.tab, scriptOff(), Navigate(site.base+"/staff/sign-in"))
	sendPassword(t, e.tab, "editor@example.org", password, ".tabs")

	e.open(site.base + "/staff/guides")
	e.send("Start the guide", "title", "Three frameworks", "slug", "three-frameworks", "field", "Web frameworks",
		"option", "django", "option", "fastapi", "option", "flask", "option", "")
	draft := site.base + "/staff/guides/three-frameworks"
	e.writeTexts(draft)
	e.writeRows(draft + "/criteria")
	e.writeLists(draft)
	for section, items := range map[string]int{"criteria": 12, "profiles": 12, "conditions": 9, "dimensions": 2, "questions": 8} {
		e.open(draft + "/" + section)
		e.wantCount("main .items > li", items)
	}

	e.open(draft)
	wantRead(t, e.tab, "main", "Not published yet")
	e.press("Publish now")
	wantRead(t, e.tab, ".notice", "Published")
	e.open(site.base + "/compare/three-frameworks")
	e.wantCount("#summary tbody tr", 12)
	e.wantCount("#questions h3", 8)
	e.wantCount("#choose fieldset", 3)
	e.wantCount("#choose input[name=tick]", 9)
	load(t, e.tab, Click(CSS("#choose a[href*='tick=fastapi-meets-need-1']"))) // an example project
	do(t, e.tab, WaitReady(CSS("#tally[data-leader=fastapi]")), Click(CSS("input[value=flask-meets-need-3]")))
	load(t, e.tab, Click(CSS("#count button")))
	do(t, e.tab, WaitReady(CSS("#tally[data-scores='django=0 fastapi=1 flask=3']")))
}

// compared are the options of the new guide.
var compared = []string{"django", "fastapi", "flask"}

// writeTexts writes the sections of the draft that are not lists.
func (e editor) writeTexts(draft string) {
	e.t.Helper()
	e.add(draft+"/head", []string{
		"subtitle", "Three of a kind.",
		"answer.django", "for whole sites.", "answer.fastapi", "for interfaces.", "answer.flask", "for small sites.",
		"level.take", "django", "level.take", "flask", "level.take", "fastapi", "level.why", "It has the most parts.",
	})
	e.add(draft+"/intro", []string{
		"intro", "All three are written in Python[^1].", "source-1-title", "A page", "source-1-url", "https://example.org/",
	})
	e.add(draft+"/verdict", []string{"headline", "Take what your team knows.", "text", "Each of them will do."})
	e.add(draft+"/call", []string{"heading", "Ask us", "text", "We know all three."})
}

// writeRows removes the last of the rows that were proposed until eleven are left, says of each of these who is ahead and why,
// and adds a row that is a judgement.
func (e editor) writeRows(list string) {
	e.t.Helper()
	const last, rows = "main .items > li:last-child ", 11
	e.open(list)
	for range e.count("main .items > li") - rows {
		do(e.t, e.tab, Click(CSS(last+"summary")))
		load(e.t, e.tab, Click(CSS(last+"form[action$='/removal'] button")))
	}
	load(e.t, e.tab, Click(CSS("main .items > li:first-child .says > a")))
	for n := range rows {
		button := "Save and open the next"
		if n == rows-1 {
			button = saveDraft
		}
		e.send(button, "edge", compared[n%len(compared)], "why", fmt.Sprintf("This is reason %d.", n+1))
	}
	e.add(list+"/new", []string{
		"label", "First hour", "edge", "flask", "why", "A page needs five lines.",
		"values.django", "Much to read", "values.fastapi", "Something to read", "values.flask", "Little to read",
	})
}

// writeLists writes the other sections of the draft.
func (e editor) writeLists(draft string) {
	e.t.Helper()
	for _, option := range compared {
		var reasons [][]string
		for _, weight := range []string{"1", "2", "3"} {
			reasons = append(reasons, []string{"text", option + " meets need " + weight, "weight", weight})
		}
		e.add(draft+"/conditions/new?option="+option, reasons...)
	}
	var parts, questions, projects [][]string
	for _, title := range []string{"Daily work", "Later years"} {
		parts = append(parts, []string{
			"title", title, "means", "Try them.",
			"text.django", "It goes well.", "text.fastapi", "It goes on.", "text.flask", "It goes.",
		})
	}
	for n := range 8 {
		questions = append(questions, []string{"question", fmt.Sprintf("Sample question %d?", n+1), "answer", "A sample answer."})
	}
	for n := range 12 {
		fits, number := compared[(n+1)%len(compared)], strconv.Itoa(n+1)
		projects = append(projects, []string{
			"name", "Sample project " + number, "tick", fmt.Sprintf("%s-meets-need-%d", fits, n%2+1), "expect", fits,
		})
	}
	e.add(draft+"/dimensions/new", parts...)
	e.add(draft+"/questions/new", questions...)
	e.add(draft+"/profiles/new", projects...)
}

// TestGuideIsEditedPreviewedAndPublishedWithTheKeyboardAlone presses no mouse button.
func TestGuideIsEditedPreviewedAndPublishedWithTheKeyboardAlone(t *testing.T) {
	t.Parallel()
	tab, site := openBrowser(t), serveOn(t, siteFolder(t))
	setUp(t, tab, site)
	follow := func(words string) {
		t.Helper()
		tabTo(t, tab, "document.activeElement.textContent.trim() === '"+words+"'")
		load(t, tab, KeyEvent("\r"))
	}

	follow("Guides")
	follow("Django vs FastAPI")
	follow("Verdict")
	tabTo(t, tab, "document.activeElement.id === 'headline'")
	do(t, tab, KeyEvent("Typed by keys. "))
	tabTo(t, tab, "document.activeElement.ariaLabel === 'Insert [^1]'")
	do(t, tab, KeyEvent("\r"))
	const text = "document.activeElement"
	inserted := text + ".id === 'text' && " + text + ".value.length - " + text + ".defaultValue.length === '[^1]'.length"
	if !valueOf(t, tab, Evaluate[bool](inserted)) {
		t.Error("the footnote is not in the text of the verdict")
	}
	follow(saveDraft)
	wantRead(t, tab, ".notice", "Saved in the draft")
	follow("Preview the draft")
	wantRead(t, tab, "#verdict", "Typed by keys.")
	follow("Back to the draft")
	follow("Publish now")
	wantRead(t, tab, ".notice", "Published")
	follow("See the published guide")
	wantRead(t, tab, "#verdict", "Typed by keys.")
}
