package web_test

import (
	"net/http"
	"testing"
)

func TestSharedResultSaysFirstWhatIsComparedAndWhoseReasonsTheseAre(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	page := s.get(ticked).wantStatus(http.StatusOK)

	page.wantText("main > article > div:first-child .kick",
		"You, or the person who sent you this link, ticked 2 reasons in our guide Django vs FastAPI.")
	page.wantCount("h1", 1).wantText("h1", "For these reasons: Django.").wantText("h2#top", "Django vs FastAPI")
	page.wantText("title", "Django vs FastAPI. For these reasons: Django.")
	page.wantAttr("meta[property='og:title']", "content", "Django vs FastAPI. For these reasons: Django.")
	page.wantAttr("meta[property='og:description']", "content", "The result of 2 ticked reasons. Django fits better: 3 to 1.")
	page.wantAttr("meta[property='og:url']", "content", s.base+page.attr("#tally [data-copy]", "href"))
	page.wantCount("#choose #tally", 0).wantText(".points.opt-a", "fits better", "3 points").wantText(".points.opt-b", "1 point")
}

func TestPageWithoutTicksBeginsWithTheGuide(t *testing.T) {
	t.Parallel()
	s := newSite(t)

	page := s.get("/compare/django-vs-fastapi").wantCount("h1", 1).wantText("h1#top", "Django vs FastAPI")
	page.wantCount(".shared", 0).wantCount("#choose #tally", 1).wantText("main .subtitle", "full-stack framework")
	s.get("/compare/django-vs-fastapi?tick=gone").wantCount(".shared", 0).wantAttr("#tally", "data-leader", "none").
		wantText("main", "The ticks of this link are no longer in this guide, so nothing is ticked.")
}

func TestReasonsRowsAndSourcesLeadToEachOther(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	page := s.get("/compare/django-vs-fastapi")

	row := page.attr("#choose .reason:has([value=ready-admin]) .basis a", "href")
	page.wantText(row+" th", "Admin interface").wantCount(row+" .back a[href='#c-ready-admin']", 1).wantCount("#c-ready-admin", 1)
	source := page.attr(row+" .ref", "href")
	page.wantText(source, "docs.djangoproject.com", "Cited in Row 2").wantCount(source+" a[href='"+row+"']", 1)
	for _, place := range page.attrs("#sources small a", "href") {
		page.wantCount(place, 1)
	}
}

func TestDecisionRecordIsAPageWithTheValuesBehindTheReasons(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	const query = "?must=ready-admin&tick=openapi"

	page := s.get("/compare/django-vs-fastapi/decision" + query).wantStatus(http.StatusOK)
	page.wantText("h1", "Use Django").wantAttr("meta[name=robots]", "content", "noindex")
	page.wantText("main .lead", "FastAPI is ruled out by “"+s.reason("ready-admin")+"”. Only Django is left.")
	for _, heading := range []string{"Context", "Options", "Reasons", "Values", "Decision", "Sources", "Version"} {
		page.wantText("main h2", heading)
	}
	page.wantText("#values tr:has(th:contains('Admin interface'))", "Reason 1", "Built in", "None")
	page.wantText("main", s.reason("ready-admin"), s.reason("openapi"), "must have", "What would change it")
	page.wantText("#decision .col-1", "What decides it", s.reason("ready-admin"), "Admin interface with Django: Built in")
	page.wantText("#decision .col-2", "What we give up", s.reason("openapi"), "API documentation with Django: By a package")
	for _, ref := range page.attrs("a.ref", "href") {
		page.wantCount(ref+" a[href^='https://']", 1)
	}
	for _, link := range page.attrs("main header .links a", "href") {
		s.get(link).wantStatus(http.StatusOK)
	}
	s.get("/compare/django-vs-fastapi/decision?tick=few-choices&tick=openapi").
		wantText("main .lead", "It is a tie: Django and FastAPI score 1 each. We then suggest Django: ").
		wantText("#decision", "Nothing is decided yet")
	s.get("/compare/django-vs-fastapi/decision?tick=ready-admin").
		wantText("#decision", "None of the ticked reasons speaks for another option.")
	s.get("/compare/django-vs-fastapi/decision").wantStatus(http.StatusOK).wantText("h1", "Choose between Django and FastAPI")
}
