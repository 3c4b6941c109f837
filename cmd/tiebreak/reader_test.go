package main

import (
	"context"
	"testing"
)

// TestReadersInABrowser has readers use one program, which takes longer to start than most of what they do: they leave nothing
// there. Each has a tab of their own.
func TestReadersInABrowser(t *testing.T) {
	t.Parallel()
	site := serveOn(t, siteFolder(t))
	for _, reader := range []struct {
		name string
		try  func(t *testing.T, tab context.Context, base string)
	}{
		{"the list of guides is filtered while typing", filterGuides},
		{"a decision is made with the keyboard alone", decideByKeyboard},
		{"a decision is made with script off", decideWithoutScript},
		{"the result is a step of the history", returnToTheChecklist},
		{"nothing covers the focus on a phone with script off", tickOnAPhoneWithoutScript},
		{"a decision is made on a phone and its link shows the same to others", decideOnAPhone},
		{"must have and own weights are set on a phone", weighOnAPhone},
		{"must have and own weights are set with script off", weighWithoutScript},
		{"a guide is short on a phone", guideIsShort},
		{"a link into a folded part opens it", linkOpensFoldedPart},
		{"a decision record prints on two sheets", recordPrintsOnTwoSheets},
		{"a guide prints with all its parts", guidePrintsUnfolded},
		{"topics are open on a wide screen and without script", topicsAreOpen},
	} {
		t.Run(reader.name, func(t *testing.T) { reader.try(t, openBrowser(t), site.base) })
	}
}
