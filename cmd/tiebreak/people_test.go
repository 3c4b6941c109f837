package main

import (
	"context"
	"fmt"
	"testing"

	"github.com/chromedp/cdproto/autofill"
	"github.com/chromedp/cdproto/cdp"
	. "github.com/chromedp/chromedp"
)

// TestPeopleInABrowserAreNotSuspected sends 20 requests as people do: from a guide and from the form's own page, typed,
// pasted or partly filled in by the browser itself.
func TestPeopleInABrowserAreNotSuspected(t *testing.T) {
	t.Parallel()
	tab, folder := openBrowser(t), siteFolder(t)
	site := serveOn(t, folder)
	for n := range 20 {
		do(t, tab, Navigate(site.base+[]string{guidePath, "/intake", "/intake?guide=react-vs-vue"}[n%3]))
		fillIn(t, tab, n)
		do(t, tab, Click(CSS("#consent")), Click(CSS("form[action='/intake'] button")), WaitVisible(CSS(".code")))
	}
	leads := leadsIn(t, tiebreak(t, folder, "", "lead", "list", "--json"))
	if len(leads) != 20 {
		t.Fatalf("%d leads of 20", len(leads))
	}
	for _, l := range leads {
		if l.Suspect {
			t.Errorf("%s came from a person (%s) and is suspected", l.Reference, l.Email)
		}
	}
}

// fillIn fills in the form of the nth person; every fourth has the browser fill in who they are.
func fillIn(t *testing.T, tab context.Context, n int) {
	t.Helper()
	put := []func(sel CSS, value string, opts ...QueryOption) Action[Void]{SendKeys[CSS], SetValue[CSS]}[n%2]
	email := fmt.Sprintf("sample-%d@example.org", n)
	do(t, tab,
		put(CSS("#project"), fmt.Sprintf("We are %d people who need a site. Like this one: https://example.org/%d", n+2, n)),
		put(CSS("#budget"), "Not decided yet"),
	)
	if n%4 != 3 {
		do(t, tab, put(CSS("#name"), "Sample Person"), put(CSS("#email"), email), put(CSS("#company"), "Sample & Sons"))
		return
	}
	do(t, tab, autofilled(CSS("#name"), "Sample Person", email, "Sample & Sons"))
	const filled = `[...document.querySelectorAll("form :autofill")].map(field => field.id + "=" + field.value).join()`
	if got, want := valueOf(t, tab, Evaluate[string](filled)), "name=Sample Person,email="+email+
		",company=Sample & Sons"; got != want {
		t.Fatalf("the browser filled in %q, want %q", got, want)
	}
}

// autofilled has Chromium fill in the field's form as for somebody who picks an address that they saved. It knows more than
// the form asks for, so that there is something to put into a field that nobody should fill in.
func autofilled(field CSS, name, email, company string) Action[Void] {
	address := autofill.Address{Fields: []*autofill.AddressField{
		{Name: "NAME_FULL", Value: name},
		{Name: "EMAIL_ADDRESS", Value: email},
		{Name: "COMPANY_NAME", Value: company},
		{Name: "PHONE_HOME_WHOLE_NUMBER", Value: "+14155550100"},
		{Name: "ADDRESS_HOME_STREET_ADDRESS", Value: "1 Sample Street"},
		{Name: "ADDRESS_HOME_ZIP", Value: "94103"},
		{Name: "ADDRESS_HOME_CITY", Value: "San Francisco"},
		{Name: "ADDRESS_HOME_STATE", Value: "CA"},
		{Name: "ADDRESS_HOME_COUNTRY", Value: "US"},
	}}
	return Func(func(ctx context.Context, target *Target) error {
		found, err := Nodes(field)(ctx, target)
		if err != nil {
			return err
		}
		_, err = cdp.Call(ctx, target, autofill.Trigger,
			autofill.TriggerParams{FieldID: found[0].BackendNodeID, Address: &address})
		return err
	})
}
