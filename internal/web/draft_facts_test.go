package web_test

import (
	"net/http"
	"net/url"
	"testing"

	"tiebreak/internal/staff"
)

// rowFact leads from a guide to the fact of its first row.
const rowFact = "a[href='" + adminFact + "']"

func TestGuideLeadsToItsFacts(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Editor)
	for path, where := range map[string]string{
		djangoDraft: "#criteria details ", djangoDraft + "/criteria": "#item-admin ", djangoDraft + "/criteria/admin": "#facts ",
	} {
		s.get(path).wantCount(where+rowFact, 1).wantText(where, "Django", "Built in", "FastAPI")
	}
	s.mustEdit(djangoDraft+"/criteria/admin", "fact", "", "values.django", "Yes", "values.fastapi", "No")
	s.get(djangoDraft+"/criteria/admin").wantStatus(http.StatusOK).wantCount("#facts", 0)
}

func TestOutlineNamesFactsThatAreUnderReviewOrOverdue(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Editor)
	s.get(djangoDraft).wantCount("#criteria > .rows-facts", 0)
	correction := s.get(adminFact).form("#fact")
	correction.Set("value", "Corrected")
	s.post(adminFact, correction).wantStatus(http.StatusSeeOther)

	outline := s.get(djangoDraft)
	outline.wantText("#criteria", "1 row has facts that are overdue or under review")
	outline.wantText("#criteria > .rows-facts li:has("+rowFact+")", "Corrected", "under review")
	outline.wantCount("#criteria > .rows-facts .under-review", 1)
	s.get(djangoDraft+"/criteria").wantText("#item-admin li:has("+rowFact+")", "under review")
	s.press(djangoDraft, "form[action$='/publication']")
	s.get(djangoDraft).wantCount(".under-review", 0)

	late := s.later("1000 days")
	late.mustSignIn(memberEmail)
	late.get(djangoDraft).wantText("#criteria > .rows-facts li:has("+rowFact+")", "overdue")
}

func TestFactsAreFoundByWordsOfTheirOptionKeyAndValue(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Reader)
	for _, words := range []string{"django built in models", "DJANGO admin", "django  admin "} {
		s.get("/staff/facts?q="+url.QueryEscape(words)).wantStatus(http.StatusOK).wantCount("#found th "+rowFact, 1)
	}
	s.get("/staff/facts?q=django").wantCount("#overdue", 0).wantText("#found", "Django", "Licence")
	s.get("/staff/facts?q=django%25").wantText("#found", "0 facts found", "No facts match.")
}
