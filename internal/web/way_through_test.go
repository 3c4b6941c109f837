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

func TestActsOnALeadKeepTheWayThroughItsList(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Editor)
	s.askMany(3)
	const query = "?list=%2Fstaff%2Fleads%3Ftab%3Dall&of=0003.0002.0001"
	page := s.get("/staff/leads/TB-0002" + query)
	for _, act := range []struct{ noun, field, value string }{
		{"/team-notes", "note", "A note"},
		{"/calls", "text", "A call"},
		{"/follow-up", "on", dayFromNow(3)},
		{"/reply", "reply", "Hello"},
	} {
		selector := "form[action^='/staff/leads/TB-0002" + act.noun + "?']"
		form := page.form(selector)
		form.Set(act.field, act.value)
		page = s.follow(s.post(page.attr(selector, "action"), form))
		if next := page.attr("[rel=next]", "href"); next != "/staff/leads/TB-0001"+query {
			t.Errorf("after %s the next lead is %q", act.noun, next)
		}
	}
	form := page.form("form[action*='/reply?']")
	form.Set("reply", "More")
	form.Set("do", "preview")
	s.post(page.attr("form[action*='/reply?']", "action"), form).wantCount("#preview", 1).wantCount("[rel=next]", 1)
}
