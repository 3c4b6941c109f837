package main

import (
	"testing"

	. "github.com/chromedp/chromedp"
)

// TestMemberStaysSignedInWhenTheBrowserIsClosed closes the browser as people do and opens it again on the same profile.
func TestMemberStaysSignedInWhenTheBrowserIsClosed(t *testing.T) {
	t.Parallel()
	profile := t.TempDir()
	site := serveOn(t, siteFolder(t))
	tab := openProfile(t, profile)
	setUp(t, tab, site)
	must(t, Cancel(tab)) // which has Chromium store its cookies

	tab = openProfile(t, profile)
	do(t, tab, Navigate(site.base+"/staff"), WaitVisible(CSS("h1")))
	wantRead(t, tab, "header", "Sample Member")
}
