package web_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"tiebreak/internal/pgtest"
)

// TestEditorsOnTwoInstancesNeverOverwriteEachOther has two editors save at the same time, in the same section or in different
// ones, while a third publishes what they see.
func TestEditorsOnTwoInstancesNeverOverwriteEachOther(t *testing.T) {
	t.Parallel()
	random := pgtest.Random(t)
	one, browser := withEditors(t)
	other := one.instance()
	other.client = browser.client
	other.mustSignIn(otherEmail)
	publisher := one.another()
	publisher.mustSignIn(memberEmail)
	forms := one.sectionPaths()
	for round := range pgtest.Rounds(t, "TIEBREAK_ROUNDS", 5) {
		first := forms[random.IntN(len(forms))]
		second := first
		if random.IntN(2) == 0 {
			second = forms[random.IntN(len(forms))]
		}
		editors := []*site{one, other}
		places := []struct{ path, field, text string }{first, second}
		var sent [2]url.Values
		var got [2]answer
		for i, s := range editors {
			words := fmt.Sprintf("Round %d of editor %d.", round, i)
			sent[i] = s.get(djangoDraft+places[i].path).draftForm(places[i].field, words)
		}
		publication := publisher.get(djangoDraft).form("form[action$='/publication']")
		atOnce(3, func(i int) {
			switch {
			case i < 2:
				got[i] = editors[i].post(djangoDraft+places[i].path, sent[i])
			case publication.Has("seen"):
				a := publisher.post(djangoDraft+"/publication", publication)
				if a.status != http.StatusSeeOther && a.status != http.StatusConflict {
					t.Errorf("round %d: publishing: %d: %.300s", round, a.status, a.text("main"))
				}
			}
		})
		saved := 0
		for i, a := range got {
			words := sent[i].Get(places[i].field)
			switch a.status {
			case http.StatusSeeOther:
				saved++
				shown := one.get(djangoDraft + places[i].path).draftForm().Get(places[i].field)
				if strings.TrimSpace(shown) != words {
					t.Errorf("round %d: %s says %q, want %q", round, places[i].path, shown, words)
				}
			case http.StatusConflict:
				a.wantText("[role=alert]", words, sent[1-i].Get(places[i].field), "Member")
			default:
				t.Errorf("round %d: %s: %d: %.300s", round, places[i].path, a.status, a.text("main"))
			}
		}
		if want := 2; first == second && saved != 1 || first != second && saved != want {
			t.Errorf("round %d: %s and %s: %d saved", round, first.path, second.path, saved)
		}
	}
}
