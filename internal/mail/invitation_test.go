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

// invite has an admin invite the address.
func invite(t *testing.T, db *postgres.DB, email string) (token string) {
	t.Helper()
	ctx := context.Background()
	if err := db.AddMember(ctx, staff.NewMember{Email: "admin@example.org", Name: "Sample Admin", Role: staff.Admin},
		"hash"); err != nil {
		t.Fatal(err)
	}
	admin, _, err := db.MemberByEmail(ctx, "admin@example.org")
	if err != nil {
		t.Fatal(err)
	}
	secret, err := db.Secret(ctx)
	if err != nil {
		t.Fatal(err)
	}
	n := staff.Invite(email, staff.Editor)
	token = staff.InvitationToken(secret, n.Salt)
	if err := db.Invite(ctx, admin.ID, n, staff.Digest(token)); err != nil {
		t.Fatal(err)
	}
	return token
}

func TestInvitationIsMailedWithALinkThatIsStoredNowhere(t *testing.T) {
	t.Parallel()
	url, box := pgtest.NewURL(t), mailtest.New(t)
	db := pgtest.Open(t, url)
	token := invite(t, db, "new@example.org")
	box.Set(mailtest.Says451)
	run(t, db, to(box))
	eventually(t, "a failed attempt is kept", func() bool {
		open := invitations(t, db)
		return len(open) == 1 && open[0].Attempts > 0 && open[0].Problem == "refused" && open[0].Code == 451
	})
	box.Set(mailtest.Takes)
	eventually(t, "the mail went out", func() bool { return invitations(t, db)[0].SentAt != nil })

	letters := box.Got()
	if len(letters) != 1 || letters[0].To[0] != "new@example.org" {
		t.Fatalf("%d letters", len(letters))
	}
	for _, want := range []string{
		"https://guides.example.org/staff/invitations/" + token, "Sample Admin invites you",
		"as an editor",
	} {
		if !strings.Contains(unfolded(letters[0].Text), want) {
			t.Errorf("the mail does not say %q:\n%s", want, letters[0].Text)
		}
	}
	for table, rows := range pgtest.Dump(t, url) {
		if strings.Contains(rows, token) {
			t.Errorf("the link's token is in %s", table)
		}
		if strings.Contains(rows, "new@example.org") != (table == "invitation_contents") {
			t.Errorf("in %s the address is not where it belongs", table)
		}
	}
}

func TestWithdrawnInvitationIsNotMailed(t *testing.T) {
	t.Parallel()
	url, box := pgtest.NewURL(t), mailtest.New(t)
	db := pgtest.Open(t, url)
	invite(t, db, "new@example.org")
	if err := db.WithdrawInvitation(context.Background(), 1, invitations(t, db)[0].ID); err != nil {
		t.Fatal(err)
	}
	run(t, db, to(box))
	pgtest.Await(t, url, patience, `state = 'completed' FROM river_job WHERE kind = 'invitation'`)
	if got := box.Got(); len(got) > 0 {
		t.Errorf("mailed all the same:\n%s", got[0].Text)
	}
}

func invitations(t *testing.T, db *postgres.DB) []staff.Invitation {
	t.Helper()
	open, err := db.Invitations(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return open
}
