package postgres_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"

	"tiebreak/internal/fault"
	"tiebreak/internal/guide"
	"tiebreak/internal/pgtest"
	"tiebreak/internal/postgres"
	"tiebreak/internal/staff"
)

// editors returns the numbers of two members.
func editors(t *testing.T, db *postgres.DB) (first, second int64) {
	t.Helper()
	for _, name := range []string{"first", "second"} {
		err := db.AddMember(t.Context(), staff.NewMember{Email: name + "@example.org", Name: name, Role: staff.Editor}, "hash")
		if err != nil {
			t.Fatal(err)
		}
	}
	team, err := db.Team(t.Context())
	if err != nil || len(team) != 2 {
		t.Fatalf("%d members: %v", len(team), err)
	}
	return team[0].ID, team[1].ID
}

// factPage reads the page of a fact.
func factPage(t *testing.T, db *postgres.DB, option, key string) postgres.FactPage {
	t.Helper()
	p, err := db.FactPage(t.Context(), option, key)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// TestTwoEditorsNeverOverwriteAFact has two editors, on two instances, save the same fact or two facts at once, while a third
// imports the option: 12 rounds, or TIEBREAK_EDIT_ROUNDS.
func TestTwoEditorsNeverOverwriteAFact(t *testing.T) {
	t.Parallel()
	address := pgtest.NewURL(t)
	instances := []*postgres.DB{pgtest.Open(t, address), pgtest.Open(t, address)}
	folder := starterFolder(t)
	if _, err := instances[0].Start(t.Context(), folder); err != nil {
		t.Fatal(err)
	}
	first, second := editors(t, instances[0])
	members := []int64{first, second}
	file := folder.Options[0]
	file.Facts = map[string]guide.Fact{"licence": file.Facts["licence"]} // an import leaves the other facts as they are
	imported := guide.Folder{Options: []guide.Option{file}}

	for round := range pgtest.Rounds(t, "TIEBREAK_EDIT_ROUNDS", 12) {
		keys := []string{"admin", "admin"}
		if round%2 == 1 {
			keys[1] = "data"
		}
		var changes [2]postgres.FactChange
		for i := range changes {
			now := factPage(t, instances[i], "django", keys[i]).Option.Facts[keys[i]]
			changes[i] = postgres.FactChange{
				Option: "django", Key: keys[i], Seen: now.Version, Member: members[i], Act: staff.FactSaved, Fact: now,
			}
			changes[i].Fact.Value = fmt.Sprintf("round %d, editor %d", round, i)
		}
		var errs [2]error
		var wait sync.WaitGroup
		for i := range changes {
			wait.Go(func() { errs[i] = instances[i].ChangeFact(t.Context(), changes[i]) })
		}
		wait.Go(func() {
			reword(&imported, "licence", fmt.Sprintf("round %d, file", round))
			if _, err := instances[0].Import(t.Context(), postgres.Import{Folder: imported}); err != nil {
				t.Errorf("round %d: the import: %v", round, err)
			}
		})
		wait.Wait()
		wantOneWinner(t, round, keys[0] == keys[1], errs)
		for i, c := range changes {
			history := factPage(t, instances[1-i], "django", c.Key).History
			now := history[0]
			saved := now.Value == c.Fact.Value && now.MemberID == c.Member && now.Version == c.Seen+1
			if errs[i] == nil && !saved {
				t.Errorf("round %d: editor %d saved %q, in force is %+v", round, i, c.Fact.Value, now)
			}
		}
	}
}

// wantOneWinner checks that of two saves of the same fact one is a conflict, and that saves of two facts both work.
func wantOneWinner(t *testing.T, round int, same bool, errs [2]error) {
	t.Helper()
	conflicts := 0
	for i, err := range errs {
		switch {
		case errors.Is(err, fault.Conflict):
			conflicts++
		case err != nil:
			t.Errorf("round %d, editor %d: %v", round, i, err)
		}
	}
	want := 0
	if same {
		want = 1
	}
	if conflicts != want {
		t.Errorf("round %d: %d conflicts, want %d", round, conflicts, want)
	}
}

func TestStillTruePressedByTwoIsNoConflictButOfAnotherValueItIs(t *testing.T) {
	t.Parallel()
	db, _ := started(t)
	first, second := editors(t, db)
	seen := factPage(t, db, "django", "admin").Option.Facts["admin"]
	seen.Checked, seen.Review = day(t, "2026-01-10"), day(t, "2026-01-20")
	save := postgres.FactChange{Option: "django", Key: "admin", Seen: 1, Member: first, Act: staff.FactSaved, Fact: seen}
	noError(t, db.ChangeFact(t.Context(), save))

	check := postgres.FactChange{Option: "django", Key: "admin", Seen: 2, Member: second, Act: staff.FactChecked}
	var wait sync.WaitGroup
	for range 4 {
		wait.Go(func() {
			if err := db.ChangeFact(t.Context(), check); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	now := factPage(t, db, "django", "admin")
	f := now.Option.Facts["admin"]
	days := f.Review.Day.Sub(f.Checked.Day).Hours() / 24
	if len(now.History) != 3 || days != 10 || !seen.Review.Before(f.Checked) {
		t.Errorf("after four presses there are %d versions, checked %s, next %s", len(now.History), f.Checked, f.Review)
	}
	if e := current(t, db); len(e.UnderReview) > 0 {
		t.Errorf("a re-check has %v under review", e.UnderReview)
	}

	save.Seen, save.Fact.Value = 3, "Another value"
	noError(t, db.ChangeFact(t.Context(), save))
	check.Seen = 3
	if err := db.ChangeFact(t.Context(), check); !errors.Is(err, fault.Conflict) {
		t.Errorf("a check of a value that is no longer there: %v", err)
	}
	check.Key = "nothing"
	if err := db.ChangeFact(t.Context(), check); !errors.Is(err, fault.NotFound) {
		t.Errorf("a check of no fact: %v", err)
	}
}

func TestEffectNamesWhatRestsOnTheFact(t *testing.T) {
	t.Parallel()
	db, _ := started(t)
	uses := factPage(t, db, "django", "admin").Uses
	for _, u := range uses {
		e, err := db.CurrentEdition(t.Context(), u.Slug)
		noError(t, err)
		rows, rests := 0, 0
		on := map[string]bool{}
		for _, c := range e.Guide.Summary {
			if c.Fact == "admin" {
				rows, on[c.ID] = rows+1, true
			}
		}
		for _, list := range e.Guide.Conditions {
			for _, c := range list {
				for _, id := range c.RestsOn {
					if on[id] {
						rests++
						break
					}
				}
			}
		}
		if len(u.Rows) != rows || rows == 0 || len(u.Conditions) != rests {
			t.Errorf("%s: %d rows and %d conditions, want %d and %d", u.Slug, len(u.Rows), len(u.Conditions), rows, rests)
		}
	}
	if len(uses) < 3 {
		t.Errorf("only %d guides show it", len(uses))
	}
}

func TestRetiredOptionStaysRetiredAndCannotBePublished(t *testing.T) {
	t.Parallel()
	db, folder := started(t)
	first, _ := editors(t, db)
	o := guide.Option{Slug: "rails", Name: "Rails", Kind: "Framework", Homepage: "https://rubyonrails.org/"}
	noError(t, db.AddOption(t.Context(), o, first))
	if err := db.AddOption(t.Context(), o, first); !errors.Is(err, fault.Conflict) {
		t.Errorf("the same option again: %v", err)
	}
	noError(t, db.RetireOption(t.Context(), "rails", true, first))
	o.Name = "Ruby on Rails"
	folder.Options = append(folder.Options, o)
	wantChange(t, put(t, db, postgres.Import{Folder: folder}), "option rails", "name changed; it stays retired")
	if now, err := db.Option(t.Context(), "rails"); err != nil || !now.Retired {
		t.Errorf("after an import: %+v, %v", now, err)
	}

	g := &folder.Guides[0]
	g.Options = append(g.Options, "rails")
	_, err := db.Import(t.Context(), postgres.Import{Folder: folder, Publish: true})
	if wrong, ok := errors.AsType[fault.Invalid](err); !ok || len(wrong) == 0 {
		t.Errorf("a guide with a retired option is published: %v", err)
	}
}

func noError(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func day(t *testing.T, text string) (d guide.Date) {
	t.Helper()
	noError(t, d.UnmarshalText([]byte(text)))
	return d
}

func TestConfirmedGuideIsNoLongerUnderReviewAndKeepsItsDraft(t *testing.T) {
	t.Parallel()
	db, folder := started(t)
	member, _ := editors(t, db)
	reword(&folder, "admin", "Built in, and re-worded")
	put(t, db, postgres.Import{Folder: folder})
	seen := current(t, db)
	if len(seen.UnderReview) == 0 {
		t.Fatal("nothing is under review")
	}
	first(folder).Title = "A draft"
	put(t, db, postgres.Import{Folder: folder})
	if _, refused := errors.AsType[fault.Invalid](db.ConfirmGuide(t.Context(), slug, seen.Digest, member)); !refused {
		t.Error("a guide with a draft is confirmed, and the draft is hidden")
	}
	put(t, db, postgres.Import{Folder: folder, Publish: true})

	reword(&folder, "admin", "Re-worded again")
	put(t, db, postgres.Import{Folder: folder})
	if err := db.ConfirmGuide(t.Context(), slug, seen.Digest, member); !errors.Is(err, fault.Conflict) {
		t.Errorf("another edition than was seen is confirmed: %v", err)
	}
	noError(t, db.ConfirmGuide(t.Context(), slug, current(t, db).Digest, member))
	now := current(t, db)
	value := now.Options[0].Facts["admin"].Value
	if len(now.UnderReview) > 0 || now.Guide.Title != "A draft" || value != "Re-worded again" {
		t.Errorf("after it, %v is under review in %q, which shows %q", now.UnderReview, now.Guide.Title, value)
	}
	if err := db.ConfirmGuide(t.Context(), "cobol-vs-fortran", "", member); !errors.Is(err, fault.NotFound) {
		t.Errorf("no such guide: %v", err)
	}
}
