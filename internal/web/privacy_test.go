package web_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"tiebreak/internal/pgtest"
	"tiebreak/internal/staff"
)

const canary = "c4n4ry"

// canaries is a request with a canary in every field.
func canaries() url.Values {
	form := request(nil)
	for _, field := range []string{"project", "name", "company", "timeline", "budget"} {
		form.Set(field, canary+"-"+field)
	}
	form.Set("email", canary+"@example.org")
	return form
}

func TestWhatIsTypedStandsInItsContentsOnlyAndNowhereOnceErased(t *testing.T) {
	t.Parallel()
	for how, erase := range map[string]func(s *site, receipt string) answer{
		"by the prospect": func(s *site, receipt string) answer { return s.post(receipt+"/erasure", nil) },
		"by an admin":     func(s *site, _ string) answer { return s.post("/staff/leads/TB-0001/erasure", nil) },
	} {
		t.Run(how, func(t *testing.T) {
			t.Parallel()
			address := pgtest.NewURL(t)
			s := siteOn(t, pgtest.Open(t, address))
			s.signIn(staff.Admin)
			receipt := s.post("/intake", canaries()).wantStatus(http.StatusSeeOther).header.Get("Location")
			s.post(receipt+"/notes", url.Values{"note": {canary}}).wantStatus(http.StatusSeeOther)
			s.post("/intake", url.Values{"name": {canary}, "email": {canary}}).wantStatus(http.StatusUnprocessableEntity)
			s.get("/staff/leads/TB-0001").wantText("main", canary)

			if tables := pgtest.TablesWith(t, address, canary); !slices.Equal(tables, []string{"lead_contents", "lead_notes"}) {
				t.Errorf("what is typed stands in %v", tables)
			}
			erase(s, receipt).wantStatus(http.StatusSeeOther)
			if tables := pgtest.TablesWith(t, address, canary); len(tables) > 0 {
				t.Errorf("after erasure it stands in %v", tables)
			}
			for where, text := range map[string]string{"log": s.log.String(), "counts": s.counts(), "address": receipt} {
				if strings.Contains(text, canary) {
					t.Errorf("the %s holds what is typed", where)
				}
			}

			gone := s.get(receipt).wantStatus(http.StatusOK)
			gone.wantText("h1", "Your request is erased.")
			gone.wantCount("main form", 0)
			s.get("/staff/leads?tab=all").wantText("tbody", "Erased")
			s.get("/staff/leads/TB-0001").wantText(".steps", "Erased")
			s.post(receipt+"/erasure", nil).wantStatus(http.StatusSeeOther)
			s.post(receipt+"/notes", url.Values{"note": {"more"}}).wantStatus(http.StatusConflict)
		})
	}
}

func TestErasureIsForAdminsAndFreesThePlace(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.signIn(staff.Editor)
	s.post("/intake", request(nil)).wantStatus(http.StatusSeeOther)
	s.get("/staff/leads/TB-0001").wantCount("form[action$='/erasure']", 0)
	s.post("/staff/leads/TB-0001/erasure", nil).wantStatus(http.StatusForbidden)
	if l := s.leads()[0]; l.Name == "" || l.Place != "held" {
		t.Errorf("the lead is %+v", l)
	}
	s.post("/requests/"+s.leads()[0].Token+"/erasure", nil).wantStatus(http.StatusSeeOther)
	if l := s.leads()[0]; l.Place != "none" || l.Status != "erased" {
		t.Errorf("the lead is %s and has %s", l.Status, l.Place)
	}
	s.post("/requests/GUESS/erasure", nil).wantStatus(http.StatusNotFound)
}
