package web_test

import (
	"fmt"
	"net/http"
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
	admin := signedIn(t, staff.Admin)
	instances := []*site{admin, admin.instance()}
	admin.addMember(otherEmail, staff.Editor)
	ends := []func(victim *site){
		func(victim *site) { victim.post("/staff/sign-out", nil) },
		func(*site) { admin.setState(otherEmail, "disabled") },
		func(*site) { admin.setRole(otherEmail, staff.Reader) },
		func(*site) { admin.resetOther() },
		func(*site) { admin.setUpAuthenticator(otherEmail) }, // in another browser
		nil, // with time
	}
	for round := range pgtest.Rounds(t, "TIEBREAK_SESSION_ROUNDS", 20) {
		overlap(t, instances, ends[round%len(ends)])
		if t.Failed() {
			t.Fatalf("in round %d", round)
		}
		admin.resetOther() // without a second factor, and active
		admin.setRole(otherEmail, staff.Editor).wantStatus(http.StatusSeeOther)
	}
}

// resetOther has the member's sessions end as "staff reset" does.
func (s *site) resetOther() {
	s.t.Helper()
	member := s.memberID(otherEmail)
	hash, err := s.db.PasswordHash(s.t.Context(), member)
	if err == nil {
		err = s.db.ResetPassword(s.t.Context(), member, hash)
	}
	if err != nil {
		s.t.Error(err)
	}
}

// overlap signs the member in, holds the row of their session until slow requests wait for it, has the session end (by the
// act, which waits behind the requests, or with time if it is nil), lets everything go on and checks that the session is over.
func overlap(t *testing.T, instances []*site, end func(victim *site)) {
	t.Helper()
	s := instances[0]
	token := s.newSession(otherEmail)
	victims := []*site{s.carrying(token), instances[1].carrying(token)}
	whose := fmt.Sprintf(` WHERE member_id = %d`, s.memberID(otherEmail))
	s.sql(`UPDATE sessions SET seen_at = clock() - interval '2 minutes'` + whose)
	release := s.hold(`SELECT FROM sessions` + whose + ` FOR UPDATE`)
	var wait sync.WaitGroup
	for i := range slow {
		wait.Go(func() { victims[i%2].get("/staff/account") })
	}
	s.awaitBlocked(slow)
	if end == nil {
		release(`UPDATE sessions SET seen_at = clock() - interval '25 hours'` + whose)
	} else {
		wait.Go(func() { end(victims[0]) })
		s.awaitBlocked(slow + 1)
		release(`SELECT 1`)
	}
	wait.Wait()
	for _, victim := range victims {
		victim.wantSignedOut("the session is back")
	}
}

// hold keeps the rows of the query locked until release runs a last statement.
func (s *site) hold(query string) (release func(last string)) {
	s.t.Helper()
	conn, err := pgx.Connect(s.t.Context(), s.address)
	noError(s.t, err)
	run := func(sql string) {
		s.t.Helper()
		_, err := conn.Exec(s.t.Context(), sql)
		noError(s.t, err)
	}
	run(`BEGIN`)
	run(query)
	return func(last string) {
		s.t.Helper()
		run(last)
		run(`COMMIT`)
		noError(s.t, conn.Close(s.t.Context()))
	}
}

// awaitBlocked waits until so many statements wait for a lock.
func (s *site) awaitBlocked(n int) {
	s.t.Helper()
	s.await(10*time.Second, fmt.Sprintf(
		`count(*) >= %d FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`, n))
}
