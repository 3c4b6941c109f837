package mail_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"tiebreak/internal/fault"
	"tiebreak/internal/mailtest"
	"tiebreak/internal/pgtest"
	"tiebreak/internal/postgres"
	"tiebreak/internal/staff"
)

// invite has the first member, who must be an admin, invite the address.
func invite(t *testing.T, db *postgres.DB, address string) (token string) {
	t.Helper()
	ctx := context.Background()
	secret, err := db.Secret(ctx)
	if err != nil {
		t.Fatal(err)
	}
	n := staff.Invite(address, staff.Editor)
	token = staff.InvitationToken(secret, n.Salt)
	if err := db.Invite(ctx, 1, n, staff.Digest(token)); err != nil {
		t.Fatal(err)
	}
	return token
}

func invitations(t *testing.T, db *postgres.DB) []staff.Invitation {
	t.Helper()
	page, err := db.TeamPage(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return page.Invitations
}

// changePassword gives the second member another password.
func changePassword(t *testing.T, db *postgres.DB) {
	t.Helper()
	if err := db.ResetPassword(context.Background(), 2, "another hash"); err != nil {
		t.Fatal(err)
	}
}

// askForLink has a link to choose a new password go to the address, and returns the digest of its token.
func askForLink(t *testing.T, db *postgres.DB, address string) []byte {
	t.Helper()
	salt := staff.NewSalt()
	link := staff.Digest(staff.ResetToken(secret, salt))
	if err := db.RequestReset(context.Background(), address, "Firefox on Linux", salt, link); err != nil {
		t.Fatal(err)
	}
	return link
}

// wantMail checks that one mail went out, to whom it went and what it says.
func wantMail(t *testing.T, box *mailtest.Mailbox, to string, words ...string) {
	t.Helper()
	letters := box.Got()
	if len(letters) != 1 || letters[0].To[0] != to {
		t.Fatalf("mailed was %v", letters)
	}
	for _, want := range words {
		if !strings.Contains(unfolded(letters[0].Text), want) {
			t.Errorf("the mail does not say %q:\n%s", want, letters[0].Text)
		}
	}
}

func TestInvitationIsMailedWithALinkThatIsStoredNowhere(t *testing.T) {
	t.Parallel()
	url, box := pgtest.NewURL(t), mailtest.New(t)
	db := pgtest.Open(t, url)
	hire(t, db, "admin@example.org")
	token := invite(t, db, "new@example.org")
	box.Set(mailtest.Says451)
	run(t, db, to(box))
	eventually(t, "a failed attempt is kept", func() bool {
		open := invitations(t, db)
		return len(open) == 1 && open[0].Attempts > 0 && open[0].Problem == "refused" && open[0].Code == 451
	})
	box.Set(mailtest.Takes)
	eventually(t, "the mail went out", func() bool { return invitations(t, db)[0].SentAt != nil })
	wantMail(t, box, "new@example.org", "https://guides.example.org/staff/invitations/"+token,
		"Sample admin@example.org invites you", "as an editor")
	for table, rows := range pgtest.Dump(t, url) {
		if strings.Contains(rows, token) {
			t.Errorf("the link's token is in %s", table)
		}
		if strings.Contains(rows, "new@example.org") != (table == "invitation_contents") {
			t.Errorf("in %s the address is not where it belongs", table)
		}
	}
}

func TestNoticeIsTriedUntilItIsOut(t *testing.T) {
	t.Parallel()
	url, box := pgtest.NewURL(t), mailtest.New(t)
	db := pgtest.Open(t, url)
	hire(t, db, "admin@example.org", "member@example.org")
	changePassword(t, db)
	box.Set(mailtest.Says451)
	run(t, db, to(box))
	pgtest.Await(t, url, timeout, `attempts > 0 AND problem = 'refused' AND code = 451 AND state = 'waiting' FROM deliveries`)
	box.Set(mailtest.Takes)
	pgtest.Await(t, url, timeout, `state = 'sent' AND problem = '' FROM deliveries`)
	wantMail(t, box, "member@example.org", "Subject: Your password was changed", "from the command line of the server",
		"https://guides.example.org/staff/account", "Auto-Submitted: auto-generated")
}

func TestAccountMailThatNobodyNeedsAnyMoreIsDropped(t *testing.T) {
	t.Parallel()
	for name, happen := range map[string]func(t *testing.T, url string, db *postgres.DB) (*postgres.DB, error){
		"notice after a day": func(t *testing.T, url string, db *postgres.DB) (*postgres.DB, error) {
			changePassword(t, db)
			return pgtest.After(t, url, "24 hours"), nil
		},
		"notice to a disabled member": func(t *testing.T, _ string, db *postgres.DB) (*postgres.DB, error) {
			changePassword(t, db)
			return db, db.Disable(t.Context(), postgres.CommandLine, 2, true)
		},
		"link that was used up": func(t *testing.T, _ string, db *postgres.DB) (*postgres.DB, error) {
			askForLink(t, db, "member@example.org")
			return db, db.ChangeRole(t.Context(), postgres.CommandLine, 2, staff.Reader)
		},
		"withdrawn invitation": func(t *testing.T, _ string, db *postgres.DB) (*postgres.DB, error) {
			invite(t, db, "new@example.org")
			return db, db.WithdrawInvitation(t.Context(), 1, invitations(t, db)[0].ID)
		},
		"expired invitation": func(t *testing.T, url string, db *postgres.DB) (*postgres.DB, error) {
			invite(t, db, "new@example.org")
			return pgtest.After(t, url, "168 hours"), nil
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			url, box := pgtest.NewURL(t), mailtest.New(t)
			db := pgtest.Open(t, url)
			hire(t, db, "admin@example.org", "member@example.org")
			db, err := happen(t, url, db)
			if err != nil {
				t.Fatal(err)
			}
			run(t, db, to(box))
			pgtest.Await(t, url, timeout, `state = 'completed' FROM river_job WHERE kind = 'delivery'`)
			pgtest.Await(t, url, 0, `state = 'dropped' FROM deliveries`)
			if got := box.Got(); len(got) > 0 {
				t.Errorf("mailed all the same:\n%s", got[0].Text)
			}
		})
	}
}

func TestNoticesAreForgottenAfterAMonth(t *testing.T) {
	t.Parallel()
	url := pgtest.NewURL(t)
	db := pgtest.Open(t, url)
	hire(t, db, "admin@example.org", "member@example.org")
	changePassword(t, db)
	send(t, db, "prospect@example.org", "words")
	for _, step := range [][2]string{{"719 hours", "confirmation new password-changed"}, {"720 hours", "confirmation new"}} {
		if err := pgtest.After(t, url, step[0]).Sweep(context.Background()); err != nil {
			t.Fatal(err)
		}
		pgtest.Await(t, url, 0, `string_agg(kind, ' ' ORDER BY kind) = '`+step[1]+`'
			FROM deliveries WHERE kind IN ('confirmation', 'new', 'password-changed')`)
	}
}

func TestResetLinkIsMailedWithinADayAndWorksForAnHourFromThen(t *testing.T) {
	t.Parallel()
	for shift, want := range map[string]int{"23 hours": 1, "24 hours": 0} {
		t.Run(shift, func(t *testing.T) {
			t.Parallel()
			url, box := pgtest.NewURL(t), mailtest.New(t)
			db := pgtest.Open(t, url)
			hire(t, db, "member@example.org")
			link := askForLink(t, db, "member@example.org")
			askForLink(t, db, "nobody@example.org")
			late := pgtest.After(t, url, shift)
			run(t, late, to(box))
			pgtest.Await(t, url, timeout, `count(*) = 2 FROM river_job WHERE kind = 'delivery' AND state = 'completed'`)
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

func TestRefusedAccountMailIsGivenUpAtOnceAndNotListedAmongThoseAboutLeads(t *testing.T) {
	t.Parallel()
	url, box := pgtest.NewURL(t), mailtest.New(t)
	db := pgtest.Open(t, url)
	ctx := context.Background()
	box.Set(mailtest.Says550)
	hire(t, db, "admin@example.org", "member@example.org")
	invite(t, db, "new@example.org")
	changePassword(t, db)
	run(t, db, to(box))
	pgtest.Await(t, url, timeout, `count(*) = 2 FROM river_job WHERE kind = 'delivery' AND state = 'completed'`)
	pgtest.Await(t, url, 0, `count(*) = 2 FROM deliveries WHERE state = 'failed' AND attempts = 1 AND problem = 'unknown-address'`)
	if n := box.Conversations(); n != 2 {
		t.Errorf("the server was tried %d times", n)
	}
	open, err := db.OpenDeliveries(ctx, 10)
	if q := queue(t, db); err != nil || len(open) > 0 || q.Failed > 0 {
		t.Errorf("listed are %v (%v), counted %+v", open, err, q)
	}
	for _, act := range []func(ctx context.Context, id, member int64) error{db.DeliverNow, db.Acknowledge} {
		for id := range int64(2) {
			if err := act(ctx, id+1, 1); !errors.Is(err, fault.Conflict) {
				t.Errorf("an act on the mail %d about an account: %v", id+1, err)
			}
		}
	}
}
