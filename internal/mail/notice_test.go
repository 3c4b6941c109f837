package mail_test

import (
	"context"
	"strings"
	"testing"

	"tiebreak/internal/mailtest"
	"tiebreak/internal/pgtest"
	"tiebreak/internal/postgres"
	"tiebreak/internal/staff"
)

// reset has a second member's password be another one.
func reset(t *testing.T, db *postgres.DB) (member int64) {
	t.Helper()
	ctx := context.Background()
	for _, role := range []staff.Role{staff.Admin, staff.Reader} {
		if err := db.AddMember(ctx, staff.NewMember{Email: string(role) + "@example.org", Name: "Sample Member", Role: role},
			"hash"); err != nil {
			t.Fatal(err)
		}
	}
	m, _, err := db.MemberByEmail(ctx, "reader@example.org")
	if err == nil {
		err = db.ResetPassword(ctx, m.ID, "another hash")
	}
	if err != nil {
		t.Fatal(err)
	}
	return m.ID
}

func TestNoticeIsTriedUntilItIsOut(t *testing.T) {
	t.Parallel()
	url, box := pgtest.NewURL(t), mailtest.New(t)
	db := pgtest.Open(t, url)
	reset(t, db)
	box.Set(mailtest.Says451)
	run(t, db, to(box))
	pgtest.Await(t, url, patience, `EXISTS (SELECT FROM notices WHERE attempts > 0 AND problem = 'refused' AND code = 451 AND sent_at IS NULL)`)
	box.Set(mailtest.Takes)
	pgtest.Await(t, url, patience, `EXISTS (SELECT FROM notices WHERE sent_at IS NOT NULL AND problem = '')`)
	letters := box.Got()
	if len(letters) != 1 || letters[0].To[0] != "reader@example.org" || letters[0].Subject(t) != "Your password was changed" {
		t.Fatalf("mailed was %v", letters)
	}
	for _, want := range []string{
		"from the command line of the server", "https://guides.example.org/staff/account",
		"Auto-Submitted: auto-generated",
	} {
		if !strings.Contains(unfolded(letters[0].Text), want) {
			t.Errorf("the mail does not say %q:\n%s", want, letters[0].Text)
		}
	}
}

func TestNoticeThatNobodyNeedsAnyMoreIsNotMailed(t *testing.T) {
	t.Parallel()
	for name, happen := range map[string]func(t *testing.T, url string, db *postgres.DB, member int64) *postgres.DB{
		"after a day": func(t *testing.T, url string, _ *postgres.DB, _ int64) *postgres.DB {
			return pgtest.After(t, url, "24 hours")
		},
		"of a disabled member": func(t *testing.T, _ string, db *postgres.DB, member int64) *postgres.DB {
			if err := db.Disable(context.Background(), postgres.CommandLine, member, true); err != nil {
				t.Fatal(err)
			}
			return db
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			url, box := pgtest.NewURL(t), mailtest.New(t)
			db := pgtest.Open(t, url)
			run(t, happen(t, url, db, reset(t, db)), to(box))
			pgtest.Await(t, url, patience, `state = 'completed' FROM river_job WHERE kind = 'notice'`)
			if got := box.Got(); len(got) > 0 {
				t.Errorf("mailed all the same:\n%s", got[0].Text)
			}
		})
	}
}

func TestNoticesAreForgottenAfterAMonth(t *testing.T) {
	t.Parallel()
	url := pgtest.NewURL(t)
	reset(t, pgtest.Open(t, url))
	for _, step := range [][2]string{{"719 hours", "EXISTS"}, {"720 hours", "NOT EXISTS"}} {
		if err := pgtest.After(t, url, step[0]).Sweep(context.Background()); err != nil {
			t.Fatal(err)
		}
		pgtest.Await(t, url, 0, step[1]+` (SELECT FROM notices)`)
	}
}

func TestResetLinkIsMailedWithinADayAndGoodForAnHourFromThen(t *testing.T) {
	t.Parallel()
	for shift, want := range map[string]int{"23 hours": 1, "24 hours": 0} {
		t.Run(shift, func(t *testing.T) {
			t.Parallel()
			url, box := pgtest.NewURL(t), mailtest.New(t)
			db := pgtest.Open(t, url)
			ctx := context.Background()
			if err := db.AddMember(ctx, staff.NewMember{Email: "member@example.org", Name: "Sample Member", Role: staff.Reader},
				"hash"); err != nil {
				t.Fatal(err)
			}
			salt := staff.NewSalt()
			link := staff.Digest(staff.ResetToken(secret, salt))
			if err := db.RequestReset(ctx, "member@example.org", "Firefox on Linux", salt, link); err != nil {
				t.Fatal(err)
			}
			if err := db.RequestReset(ctx, "nobody@example.org", "Firefox on Linux", staff.NewSalt(),
				[]byte("another")); err != nil {
				t.Fatal(err)
			}
			late := pgtest.After(t, url, shift)
			run(t, late, to(box))
			pgtest.Await(t, url, patience, `count(*) = 2 FROM river_job WHERE kind = 'notice' AND state = 'completed'`)
			if got := box.Got(); len(got) != want {
				t.Fatalf("%d letters, want %d", len(got), want)
			}
			wantState(t, late, link, map[int]staff.LinkState{1: staff.Open, 0: staff.Expired}[want])
			wantState(t, pgtest.After(t, url, "24 hours 5 minutes"), link, staff.Expired)
		})
	}
}

func wantState(t *testing.T, db *postgres.DB, link []byte, want staff.LinkState) {
	t.Helper()
	if r, err := db.ResetByToken(context.Background(), link); err != nil || r.State != want {
		t.Errorf("the link is %s (%v), want %s", r.State, err, want)
	}
}
