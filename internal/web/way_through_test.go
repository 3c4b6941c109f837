package web_test

import (
	"net/http"
	"strings"
	"testing"

	"tiebreak/internal/staff"
)

func TestLeadLeadsBackToTheListAndOnToItsOtherLeads(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Reader)
	for _, project := range []string{"first", "second", "third"} {
		s.ask(project)
	}
	list := s.get("/staff/leads?tab=all&sort=oldest")
	open := list.attrs(".leads tbody th a", "href")
	if len(open) != 3 {
		t.Fatalf("the list has %q", open)
	}
	way := s.get(open[1]).wantText("h1", "Sample").attrs("nav[aria-label=List] a", "href")
	if len(way) != 3 || !strings.HasPrefix(way[0], "/staff/leads?") || !strings.Contains(way[1], "TB-0001?") ||
		!strings.Contains(way[2], "TB-0003?") {
		t.Fatalf("the way goes to %q", way)
	}
	s.get(way[0]).wantCount(".leads tbody th a", 3)
	s.get(way[2]).wantCount("nav[aria-label=List] [rel=next]", 0).wantCount("nav[aria-label=List] [rel=prev]", 1)
	for _, forged := range []string{
		"?list=//evil.example/staff/leads&of=1.2", "?list=https://evil.example&of=x.0001.y", "?of=..", "",
	} {
		page := s.get("/staff/leads/TB-0001" + forged).wantStatus(http.StatusOK)
		for _, to := range page.attrs("nav[aria-label=List] a", "href") {
			if !strings.HasPrefix(to, "/staff/leads") {
				t.Errorf("%s leads to %q", forged, to)
			}
		}
	}
}
