package web_test

import (
	"net/http"
	"slices"
	"testing"
)

// TestFormUnticksAMustHave sends the checklist as a browser without script does.
func TestFormUnticksAMustHave(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.strict()
	form := s.get(checklist + "?must=ready-admin&tick=openapi").form("#choose form")
	form["weight"] = []string{"", "", "openapi:3", ""}
	sent := func() answer { return s.get(checklist + "?" + form.Encode()).wantStatus(http.StatusSeeOther) }

	sent().wantLocation(checklist + "?must=ready-admin&tick=ready-admin&tick=openapi&weight=openapi%3A3")
	form["tick"] = slices.DeleteFunc(form["tick"], func(id string) bool { return id == "ready-admin" })
	clean := sent().wantLocation(checklist + "?tick=openapi&weight=openapi%3A3").location()
	s.get(clean).wantAttr("#tally", "data-leader", "fastapi").wantCount("#choose [name=must]:checked", 0)
	form.Del("tick")
	form.Del("weight")
	s.get(sent().wantLocation(checklist).location()).wantStatus(http.StatusOK)

	s.get(checklist+"?must=ready-admin&tick=").wantAttr("#tally", "data-leader", "django")
}

func TestFormOfAnEarlierAddressLeadsToTheGuide(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	form := s.get(checklist).form("#choose form")
	form.Set("tick", "openapi")
	s.rename("python-web")
	moved := s.get(checklist + "?" + form.Encode()).wantStatus(http.StatusSeeOther).location()
	s.get(moved).wantStatus(http.StatusMovedPermanently).wantLocation("/compare/python-web?tick=openapi")
}
