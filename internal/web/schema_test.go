package web_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"tiebreak/internal/pgtest"
	"tiebreak/internal/staff"
	"tiebreak/migrations"
)

// TestSessionOfAnOlderProgramOpensNothing makes a session as the first version did, which asked for no second factor.
func TestSessionOfAnOlderProgramOpensNothing(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.addMember(memberEmail, staff.Admin)
	s.setUpAuthenticator(memberEmail)
	token := staff.NewToken()
	s.sql(fmt.Sprintf(`INSERT INTO sessions (token_digest, member_id) VALUES ('\x%x', %d)`, staff.Digest(token),
		s.memberID(memberEmail)))
	browser := s.carrying(token)

	for _, path := range []string{"/staff/leads", "/staff/team", "/staff/account"} {
		if to := browser.get(path).wantStatus(http.StatusSeeOther).location(); !strings.HasPrefix(to, "/staff/sign-in?") {
			t.Errorf("%s leads to %s", path, to)
		}
	}
	s.sql(`UPDATE sessions SET factors_checked = true`)
	browser.get("/staff/leads").wantStatus(http.StatusOK)
}

func TestInstanceThatIsTooOldForTheSchemaIsTakenOutAndSignsNobodyIn(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.addMember(memberEmail, staff.Reader)
	newer := migrations.Newest() + 1
	pgtest.Upgrade(t, s.address, newer, newer)

	in := s.post("/staff/sign-in", fields("email", memberEmail, "password", samplePassword))
	in.wantStatus(http.StatusServiceUnavailable).wantRetryAfter().wantText("h1", "A newer version is starting")
	if s.token() != "" {
		t.Error("the browser was signed in")
	}
	s.sql(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
		WHERE datname = current_database() AND query LIKE '%INTO heartbeat%' AND pid <> pg_backend_pid()`)
	s.within(answerLimit, "/readyz says why", func() bool {
		ready := s.get("/readyz")
		return ready.status == http.StatusServiceUnavailable && ready.body == "a newer version has upgraded the database\n"
	})
	s.wantSignedOut("signed in")
}
