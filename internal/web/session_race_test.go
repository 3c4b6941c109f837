package web_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"tiebreak/internal/pgtest"
	"tiebreak/internal/staff"
)

// slow is how many requests are under way while their session ends.
const slow = 6

// TestEndedSessionNeverComesBack has requests of one session, on two instances, wait between looking their session up and
// noting that it was seen, while the session ends in one of several ways: 20 rounds, or TIEBREAK_SESSION_ROUNDS.
func TestEndedSessionNeverComesBack(t *testing.T) {
	t.Parallel()
	address := pgtest.NewURL(t)
	admin := siteOn(t, pgtest.Open(t, address))
	second := siteOn(t, pgtest.Open(t, address))
	admin.signIn(staff.Admin)
	admin.addMember("other@example.org", staff.Editor)
	ends := []func(victim *site){
		func(victim *site) { victim.post("/staff/sign-out", nil) },
		func(victim *site) { admin.setState("other@example.org", "disabled") },
		func(victim *site) { admin.setRole("other@example.org", staff.Reader) },
		func(victim *site) { victim.resetOther() },
		func(victim *site) { admin.setUpAuthenticator("other@example.org") }, // in another browser
	}
	for round := range pgtest.Rounds(t, "TIEBREAK_SESSION_ROUNDS", 20) {
		if round%(len(ends)+1) == len(ends) {
			overlap(t, address, admin, second, `UPDATE sessions SET seen_at = clock() - interval '25 hours'`, nil)
		} else {
			overlap(t, address, admin, second, ``, ends[round%(len(ends)+1)])
		}
		if t.Failed() {
			t.Fatalf("in round %d", round)
		}
		admin.resetOther() // without a second factor, and active
		admin.setRole("other@example.org", staff.Editor).wantStatus(http.StatusSeeOther)
	}
}

// resetOther has the member's sessions end as "staff reset" does.
func (s *site) resetOther() {
	s.t.Helper()
	member := s.memberID("other@example.org")
	hash, err := s.db.PasswordHash(context.Background(), member)
	if err == nil {
		err = s.db.ResetPassword(context.Background(), member, hash)
	}
	if err != nil {
		s.t.Error(err)
	}
}

// overlap signs the member in, holds the row of their session until slow requests wait for it, has the session end (by the
// statement, or by the act behind the requests), lets everything go on and looks whether the session is over.
func overlap(t *testing.T, address string, admin, second *site, statement string, end func(victim *site)) {
	t.Helper()
	ctx := context.Background()
	member := admin.memberID("other@example.org")
	hash, err := admin.db.PasswordHash(ctx, member)
	if err != nil {
		t.Fatal(err)
	}
	token := staff.NewToken()
	if _, err := admin.db.SignIn(ctx, member, hash,
		staff.NewSession{TokenDigest: staff.Digest(token), Browser: "Firefox on Linux"}); err != nil {
		t.Fatal(err)
	}
	victims := []*site{admin.carrying(token), second.carrying(token)}
	whose := fmt.Sprintf(` WHERE member_id = %d`, member)
	if err := pgtest.Exec(t, address, `UPDATE sessions SET seen_at = clock() - interval '2 minutes'`+whose); err != nil {
		t.Fatal(err)
	}
	letGo := hold(t, address, `SELECT FROM sessions`+whose+` FOR UPDATE`)
	var wait sync.WaitGroup
	for i := range slow {
		wait.Go(func() { victims[i%2].get("/staff/account") })
	}
	awaitBlocked(t, address, slow)
	if end == nil {
		letGo(statement + whose)
	} else {
		wait.Go(func() { end(victims[0]) })
		awaitBlocked(t, address, slow+1)
		letGo(`SELECT 1`)
	}
	wait.Wait()
	for i, victim := range victims {
		if victim.isIn() {
			t.Errorf("the session is back on instance %d", i)
		}
	}
}

// carrying is a browser that shows the session's token.
func (s *site) carrying(token string) *site {
	other := s.another()
	base, err := url.Parse(s.base)
	if err != nil {
		s.t.Fatal(err)
	}
	other.client.Jar.SetCookies(base, []*http.Cookie{{Name: "tiebreak", Value: token, Path: "/"}})
	return other
}

// hold keeps the rows of the query locked until it is told to run a last statement and let go.
func hold(t *testing.T, address, query string) (letGo func(last string)) {
	t.Helper()
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, address)
	if err != nil {
		t.Fatal(err)
	}
	run := func(sql string) {
		t.Helper()
		if _, err := conn.Exec(ctx, sql); err != nil {
			t.Fatal(err)
		}
	}
	run(`BEGIN`)
	run(query)
	return func(last string) {
		t.Helper()
		run(last)
		run(`COMMIT`)
		_ = conn.Close(ctx)
	}
}

// awaitBlocked waits until so many statements wait for a lock.
func awaitBlocked(t *testing.T, address string, n int) {
	t.Helper()
	pgtest.Await(t, address, 10*time.Second, fmt.Sprintf(
		`count(*) >= %d FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`, n))
}
