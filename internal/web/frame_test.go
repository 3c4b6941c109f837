package web_test

import "testing"

// TestLinksAreApartWithoutStyle reads the navigation and the first links of a guide as a browser without style shows them.
func TestLinksAreApartWithoutStyle(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	page := s.get("/compare/django-vs-fastapi")
	page.wantText("header nav", "Guides Search About")
	page.wantText("footer nav", "About Privacy")
	page.wantText("main", "Tick what applies to you See all")
}
