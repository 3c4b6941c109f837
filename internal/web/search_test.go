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

	s.get("/search?q=xyzzyq").wantStatus(http.StatusOK).wantText("#main", "We found nothing for “xyzzyq”.").
		wantCount(`#main a[href="/"], #main a[href="/intake"]`, 2)
	s.get("/search?q=%F0%9F%A6%8A").wantText("#main", "We cannot search for “🦊”. Type letters or digits.")
	s.get("/search").wantStatus(http.StatusOK).wantCount(".found", 0)
	s.get("/search?q=" + strings.Repeat("%F0%9F%98%80", 300)).wantStatus(http.StatusOK)
	s.get("/search?q=%ff%00%27%29%3B--").wantStatus(http.StatusOK)
}

func TestSearchForAMissingComparisonLeadsToTheNearestGuidesAndTheForm(t *testing.T) {
	t.Parallel()
	s := newSite(t)

	page := s.get("/search?q=fastapi+vs+Litestar").wantStatus(http.StatusOK)
	page.wantText("h2", "We have no comparison of FastAPI and Litestar yet").wantText(".found li:first-child", "FastAPI")
	page.wantText("#main", "These guides come closest.", "Are you choosing between FastAPI and Litestar?").wantCount(".meant", 0)
	s.get(page.attr(`#main a[href^="/intake"]`, "href")).wantStatus(http.StatusOK).wantCount("form[action='/intake']", 1)
}
