package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"testing"
	"time"

	. "github.com/chromedp/chromedp"
)

// saveDraft is on the button that saves a form of a draft.
const saveDraft = "Save in the draft"

// editor is a member who writes a guide in a browser.
type editor struct {
	t   *testing.T
	tab context.Context
}

func (e editor) open(address string) {
	e.t.Helper()
	do(e.t, e.tab, Navigate(address))
}

// press presses the button with the words, which must lead to the next page.
func (e editor) press(words string) {
	e.t.Helper()
	load(e.t, e.tab, Click(Search("//main//button[normalize-space()='"+words+"']")))
}

// add opens the form at the address and saves it with the values, given as names and values; once for each item of a list.
func (e editor) add(address string, items ...[]string) {
	e.t.Helper()
	e.open(address)
	for i, values := range items {
		button := "Save and add another"
		if i == len(items)-1 {
			button = saveDraft
		}
		e.send(button, values...)
	}
}

// fillForm sets the fields that have the names, and returns the names of those that do not hold their values then. The browser
// runs it on our behalf, also where it runs no script of pages.
const fillForm = `Object.entries(%s).filter(([name, values]) => {
	const fields = [...document.querySelectorAll("form.draft [name='" + name + "']")];
	for (const [i, field] of fields.entries()) {
		if (field.type === "checkbox") field.checked = values.includes(field.value);
		else field.value = values[i] ?? "";
	}
	const held = fields.filter((field) => field.type !== "checkbox" || field.checked).map((field) => field.value);
	return held.join("\n") !== values.join("\n");
}).map(([name]) => name)`

// send fills in the form of the page and presses the button.
func (e editor) send(button string, values ...string) {
	e.t.Helper()
	form := url.Values{}
	for pair := range slices.Chunk(values, 2) {
		form.Add(pair[0], pair[1])
	}
	encoded, err := json.Marshal(form)
	must(e.t, err)
	if lost := valueOf(e.t, e.tab, Evaluate[[]string](fmt.Sprintf(fillForm, encoded))); len(lost) > 0 {
		e.t.Fatalf("the form at %s does not take %v", valueOf(e.t, e.tab, Location()), lost)
	}
	e.press(button)
}

// count returns how many elements the selector matches.
func (e editor) count(selector string) int {
	e.t.Helper()
	return valueOf(e.t, e.tab, Evaluate[int](fmt.Sprintf("document.querySelectorAll(%q).length", selector)))
}

func (e editor) wantCount(selector string, want int) {
	e.t.Helper()
	if got := e.count(selector); got != want {
		e.t.Errorf("%s has %d of %s, want %d", valueOf(e.t, e.tab, Location()), got, selector, want)
	}
}

// load takes the step and waits for the page that it leads to, which must not be an error or a form that is given back.
func load(t *testing.T, tab context.Context, step Action[Void]) {
	t.Helper()
	limited, cancel := context.WithTimeout(tab, 20*time.Second)
	defer cancel()
	response, err := RunResponse(limited, step)
	where, _ := Run(tab, Location())
	switch {
	case err != nil:
		t.Fatalf("at %s: %v", where, err)
	case response.Status >= 400:
		t.Fatalf("%s has the status %d:\n%s", where, response.Status, valueOf(t, tab, Text(CSS("main"))))
	}
}
