package web_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"tiebreak/internal/fault"
	"tiebreak/internal/guide"
	"tiebreak/internal/pgtest"
	"tiebreak/internal/postgres"
	"tiebreak/internal/staff"
)

// TestEditorsOnTwoInstancesNeverOverwriteEachOther has two editors save at the same time, in the same section or in different
// ones, while a third publishes or schedules what they see, a file is imported, or what is scheduled becomes due on both
// instances.
func TestEditorsOnTwoInstancesNeverOverwriteEachOther(t *testing.T) {
	t.Parallel()
	random := pgtest.Random(t)
	one, browser := withEditors(t)
	other := one.instance()
	other.client = browser.client
	other.mustSignIn(otherEmail)
	third := one.another()
	third.mustSignIn(memberEmail)
	race := draftRace{site: one, other: other, third: third, random: random}
	forms := one.sectionPaths()
	for round := range pgtest.Rounds(t, "TIEBREAK_EDIT_ROUNDS", 5) {
		first := forms[random.IntN(len(forms))]
		second := first
		if random.IntN(2) == 0 {
			second = forms[random.IntN(len(forms))]
		}
		places := []struct{ path, field, text string }{first, second}
		var sent [2]url.Values
		var got [2]answer
		editors := []*site{one, other}
		for i, s := range editors {
			words := fmt.Sprintf("Round %d of editor %d.", round, i)
			sent[i] = s.get(djangoDraft+places[i].path).draftForm(places[i].field, words)
		}
		act := race.anyAct(round, first.path, second.path)
		atOnce(3, func(i int) {
			if i == 2 {
				act.do()
				return
			}
			got[i] = editors[i].post(djangoDraft+places[i].path, sent[i])
		})
		saved := 0
		for i, a := range got {
			words := sent[i].Get(places[i].field)
			switch a.status {
			case http.StatusSeeOther:
				saved++
				shown := one.get(djangoDraft + places[i].path).draftForm().Get(places[i].field)
				if strings.TrimSpace(shown) != words {
					t.Errorf("round %d, %s: %s says %q, want %q", round, act.name, places[i].path, shown, words)
				}
			case http.StatusConflict:
				a.wantText("[role=alert]", words, sent[1-i].Get(places[i].field), "Member")
			default:
				t.Errorf("round %d, %s: %s: %d: %.300s", round, act.name, places[i].path, a.status, a.text("main"))
			}
		}
		if want := 2; first == second && saved != 1 || first != second && saved != want {
			t.Errorf("round %d, %s: %s and %s: %d saved", round, act.name, first.path, second.path, saved)
		}
		act.check()
		if t.Failed() {
			t.Fatalf("round %d", round)
		}
	}
}

// draftRace is what happens to a guide while two editors change it.
type draftRace struct {
	*site
	other, third *site
	random       *rand.Rand
}

// raceAct is one of these things, and what must hold after it.
type raceAct struct {
	name      string
	do, check func()
}

func (r draftRace) anyAct(round int, editing ...string) raceAct {
	acts := []func() raceAct{
		func() raceAct { return r.press("publishing", "form[action$='/publication']:not(:has([name=at]))") },
		func() raceAct { return r.press("scheduling", scheduleForm) },
		func() raceAct { return r.press("cancelling", cancelForm) },
		func() raceAct { return r.importing(round, editing) },
		r.due,
	}
	return acts[r.random.IntN(len(acts))]()
}

// press sends a form of the outline as it was before the round. It may come too late, and is then refused.
func (r draftRace) press(name, selector string) raceAct {
	r.t.Helper()
	page := r.third.get(djangoDraft)
	action, form := page.attr(selector, "action"), page.form(selector)
	if form.Has("at") {
		form.Set("at", hence(24*time.Hour))
	}
	live := r.headline()
	return raceAct{name: name, do: func() {
		if action == "" {
			return
		}
		a := r.third.post(action, form)
		if a.status != http.StatusSeeOther && a.status != http.StatusConflict {
			r.t.Errorf("%s: %d: %.300s", name, a.status, a.text("main"))
		}
	}, check: func() {
		if now := r.headline(); name != "publishing" && now != live {
			r.t.Errorf("%s published %q", name, now)
		}
	}}
}

// importing has a file of the draft change a section that nobody edits. It is refused if the draft is no longer what the file is
// based on.
func (r draftRace) importing(round int, editing []string) raceAct {
	r.t.Helper()
	out, err := r.db.Export(r.t.Context(), []string{"django-vs-fastapi"}, true)
	noError(r.t, err)
	g := out.Guides[0]
	words := fmt.Sprintf("A file of round %d.", round)
	parts := []struct {
		path string
		text func(*guide.Guide) *string
	}{
		{"/call", func(g *guide.Guide) *string { return &g.Call.Heading }},
		{"/verdict", func(g *guide.Guide) *string { return &g.Verdict.Headline }},
		{"/intro", func(g *guide.Guide) *string { return &g.Intro }},
	}
	part := parts[0]
	for _, p := range parts {
		if !slices.Contains(editing, p.path) {
			part = p
		}
	}
	*part.text(&g) = words
	var imported error
	return raceAct{name: "importing", do: func() {
		_, imported = r.other.db.Import(r.t.Context(), postgres.Import{Folder: guide.Folder{Guides: []guide.Guide{g}}})
	}, check: func() {
		draft := r.draft()
		switch got := *part.text(&draft); {
		case imported == nil && got != words:
			r.t.Errorf("the file's words are lost: %q", got)
		case imported != nil && !errors.Is(imported, fault.Conflict):
			r.t.Errorf("import: %v", imported)
		}
	}}
}

// due has what is scheduled become due, and both instances sweep at once.
func (r draftRace) due() raceAct {
	r.t.Helper()
	d, err := r.db.Draft(r.t.Context(), "django-vs-fastapi")
	noError(r.t, err)
	want := 0
	if d.Schedule != nil && d.Schedule.Problem == "" {
		want = 1
		r.sql(`UPDATE guide_schedules SET at = clock() - interval '1 second'`)
	}
	before := len(r.audited())
	return raceAct{name: "a schedule is due", do: func() {
		instances := []*site{r.site, r.other}
		atOnce(2, func(i int) {
			if err := instances[i].db.Sweep(r.t.Context()); err != nil {
				r.t.Errorf("sweep: %v", err)
			}
		})
	}, check: func() {
		all := r.audited()
		published := 0
		for _, entry := range all[:len(all)-before] {
			if strings.HasPrefix(entry, string(staff.GuidePublished)) {
				published++
			}
		}
		if published != want {
			r.t.Errorf("%d publications, want %d", published, want)
		}
		if e := r.edition(); want == 1 && e.Revision != d.Schedule.Revision {
			r.t.Errorf("revision %d is published, want %d", e.Revision, d.Schedule.Revision)
		}
	}}
}
