package web_test

import (
	"net/http"
	"slices"
	"testing"

	"tiebreak/internal/staff"
)

const listedSlug = "tbody th > small"

func TestStaffListOfGuidesHasPagesAndASearch(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Editor)
	short := s.get("/staff/guides").wantStatus(http.StatusOK).wantCount(".pager", 0).texts(listedSlug)
	s.sql(`INSERT INTO former_slugs (slug, guide_id)
		SELECT 'former-' || n, (SELECT id FROM guides WHERE slug = 'django-vs-fastapi') FROM generate_series(1000, 1230) n`)

	page := s.get("/staff/guides").wantStatus(http.StatusOK).wantCount("[rel=prev]", 0)
	all, pages := page.texts(listedSlug), 1
	for page.attr("[rel=next]", "href") != "" {
		page = s.get(page.attr("[rel=next]", "href")).wantStatus(http.StatusOK)
		all, pages = append(all, page.texts(listedSlug)...), pages+1
	}
	if len(all) != len(short)+231 || !slices.IsSorted(all) || pages != 3 {
		t.Errorf("%d guides on %d pages: %v", len(all), pages, all)
	}
	back := page.texts(listedSlug)
	for page.attr("[rel=prev]", "href") != "" {
		page = s.get(page.attr("[rel=prev]", "href")).wantStatus(http.StatusOK)
		back = append(page.texts(listedSlug), back...)
	}
	if !slices.Equal(back, all) {
		t.Errorf("backwards there are %d guides: %v", len(back), back)
	}

	found := s.get("/staff/guides?q=Fastapi+django").wantStatus(http.StatusOK).wantAttr("#q", "value", "Fastapi django")
	first := found.texts(listedSlug) // the guide and its former addresses
	second := s.get(found.attr("[rel=next]", "href")).wantAttr("#q", "value", "Fastapi django").texts(listedSlug)
	if len(first) != 100 || first[0] != "django-vs-fastapi" || len(second) != 100 || second[0] <= first[99] {
		t.Errorf("a search finds %v and %v", first, second)
	}
	found = s.get("/staff/guides?q=former-1230")
	if got := found.texts(listedSlug); !slices.Equal(got, []string{"former-1230"}) {
		t.Errorf("a search for an address finds %v", got)
	}
	s.get("/staff/guides?q=no+such+guide").wantStatus(http.StatusOK).wantCount("table", 0).wantText(".empty", "No guides match.")
	s.get("/staff/guides?after=%00&before=%ff").wantStatus(http.StatusOK)
}
