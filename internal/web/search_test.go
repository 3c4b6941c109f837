package web_test

import (
	"net/http"
	"strings"
	"testing"
)

func TestSearchAnswersWithTheRowItself(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	const first = ".found li:first-child"

	page := s.get("/search?q=django+admin").wantStatus(http.StatusOK)
	page.wantText(first+" h3", "Admin interface").wantText(first+" p mark", "Django")
	page.wantText(first+" p", "Django: Built in, generated from your models.")
	page.wantAttr("meta[name=robots]", "content", "noindex")
	address, _, _ := strings.Cut(page.attr(first+" a", "href"), "#")
	s.get(address).wantStatus(http.StatusOK)

	misspelt := s.get("/search?q=djagno+admin").wantStatus(http.StatusOK)
	misspelt.wantText("#main", "Nothing matches all of your words. These results match some.")
	misspelt.wantText(".meant", "django admin").wantAttr("input[name=q]", "value", "djagno admin")
	s.get(misspelt.attr(".meant", "href")).wantText(first+" h3", "Admin interface")

	s.get("/search?q=xyzzyq").wantStatus(http.StatusOK).wantCount("#main .emblem", 1)
	s.get("/search?q=xyzzyq").wantText("#main", "We found nothing for “xyzzyq”.").
		wantCount(`#main a[href="/"], #main a[href="/intake"]`, 2)
	s.get("/search?q=%F0%9F%A6%8A").wantText("#main", "We cannot search for “🦊”. Type letters or digits.")
	s.get("/search").wantStatus(http.StatusOK).wantCount(".found", 0)
	s.get("/search?q=" + strings.Repeat("%F0%9F%98%80", 300)).wantStatus(http.StatusOK)
	s.get("/search?q=%ff%00%27%29%3B--").wantStatus(http.StatusOK)
}

func TestMissingComparisonLeadsToTheNearestGuidesAndTheForm(t *testing.T) {
	t.Parallel()
	s := newSite(t)

	for path, status := range map[string]int{
		"/search?q=fastapi+vs+Litestar": http.StatusOK, "/compare/fastapi-vs-litestar": http.StatusNotFound,
	} {
		page := s.get(path).wantStatus(status).wantAttr("meta[name=robots]", "content", "noindex")
		page.wantText("h1", "We have no comparison of FastAPI and Litestar yet").wantText(".found li:first-child", "FastAPI")
		page.wantText("#main", "These guides come closest.", "Are you choosing between FastAPI and Litestar?").
			wantCount(".meant", 0).wantCount("#main form[role=search], .emblem", 2)
		s.get(page.attr(`#main a[href^="/intake"]`, "href")).wantStatus(http.StatusOK).
			wantText("form[action='/intake'] textarea[name=project]", "I am choosing between FastAPI and Litestar.")
	}
	s.get("/search?q=Qwik+vs+Zope+vs+Litestar").wantText("#main", "No guide is about any of them.")
}

func TestAddressesOfMissingComparisonsAreReadAsPeopleWriteThem(t *testing.T) {
	t.Parallel()
	s := newSite(t)

	for path, heading := range map[string]string{
		"/compare/rails-vs-laravel":          "We have no comparison of Rails and Laravel yet",
		"/compare/ruby-on-rails-vs-django":   "We have no comparison of Ruby on rails and Django yet",
		"/compare/%C3%A9lan-vs-django":       "We have no comparison of Élan and Django yet",
		"/compare/django-vs-fastapi-vs-rust": "We have no comparison of Django, FastAPI and Rust yet",
		"/compare/golang-vs-rust":            "This page does not exist",
		"/compare/django-vs-django":          "This page does not exist",
		"/compare/litestar":                  "This page does not exist",
		"/compare/fastapi-vs-litestar.md":    "This page does not exist",
	} {
		s.get(path).wantStatus(http.StatusNotFound).wantExactText("h1", heading)
	}
	s.get("/compare/golang-vs-rust").wantText(".found li:first-child h3", "Go vs Rust")
	for _, path := range []string{"/compare/FastAPI-vs-Litestar", "/compare/fastapi-vs-litestar/"} {
		s.get(path).wantStatus(http.StatusMovedPermanently).wantLocation("/compare/fastapi-vs-litestar")
	}
	s.get("/options/litestar").wantStatus(http.StatusNotFound).wantAttr("form[role=search] input", "value", "litestar")
	s.get("/nowhere").wantCount(".emblem, form[role=search]", 2)
}
