package web_test

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"tiebreak/internal/pgtest"
	"tiebreak/internal/staff"
)

// answerLimit is how long a reader waits at most until they read that something is wrong.
const answerLimit = 5 * time.Second

// onOwnCluster starts a site on a PostgreSQL of its own in the folder, which stop takes away, with one guide in memory.
func onOwnCluster(t *testing.T) (s *site, folder string, stop func()) {
	t.Helper()
	folder = pgtest.Folder(t)
	cluster := pgtest.Start(t, folder)
	db := pgtest.Open(t, cluster.URL())
	pgtest.Migrate(t, db)
	noError(t, fillStarter(t.Context(), db))
	s = siteOn(t, db)
	s.get("/compare/django-vs-fastapi").wantStatus(http.StatusOK)
	return s, folder, func() { noError(t, cluster.Close()) }
}

// inTime returns the answer, which must say 503 before a reader has waited too long.
func (s *site) inTime(ask func() answer) answer {
	s.t.Helper()
	began := time.Now()
	a := ask().wantStatus(http.StatusServiceUnavailable)
	if waited := time.Since(began); waited > answerLimit {
		s.t.Errorf("%s: the answer took %v", a.what, waited)
	}
	return a
}

func TestNothingTypedIsLostWhileTheDatabaseIsAway(t *testing.T) {
	t.Parallel()
	s, folder, stop := onOwnCluster(t)
	receipt := s.ask("A sample project", "email", "earlier@example.org")
	s.signIn(staff.Editor)
	seen := s.seen("TB-0001")
	form := request(fields("key", "KEYKEYKEYKEYKEYKEYKEYKEYKE", "company", "Sample & Sons"))

	stop()
	page := s.inTime(func() answer { return s.post("/intake", form) }).wantRetryAfter()
	page.wantText("[role=alert]", "Everything you typed is still below").wantText("#project", "A sample project")
	again := page.form("form[action='/intake']")
	for field, values := range form {
		if again.Get(field) != values[0] {
			t.Errorf("%s holds %q, want %q", field, again.Get(field), values[0])
		}
	}
	for path, status := range map[string]int{
		"/compare/django-vs-fastapi": http.StatusOK, "/compare/django-vs-fastapi?tick=ready-admin": http.StatusOK,
		"/compare/nobody-vs-read-it": http.StatusServiceUnavailable,
		"/readyz":                    http.StatusServiceUnavailable, "/livez": http.StatusOK,
	} {
		s.get(path).wantStatus(status)
	}
	note := s.post(receipt+"/notes", fields("note", "What I forgot", "key", "NOTE")).wantStatus(http.StatusServiceUnavailable)
	note.wantText("#note", "What I forgot")
	address := s.post(receipt+"/email", fields("email", "right@example.org", "key", "EMAIL")).
		wantStatus(http.StatusServiceUnavailable).wantAttr("#email", "value", "right@example.org")
	reply := s.post("/staff/leads/TB-0001/reply", fields("reply", "Hello", "seen", seen, "key", "REPLY", "do", "send")).
		wantStatus(http.StatusServiceUnavailable)

	pgtest.Start(t, folder)
	s.sendAgain(reply)
	for range 2 {
		s.sendAgain(note)
		s.send(again)
	}
	s.get(receipt).wantCount(".thread .typed", 1)
	for range 2 {
		s.sendAgain(address)
	}
	s.get(receipt).wantStatus(http.StatusGone)
	s.wantReplies(1)
	s.wantLeads(2) // the earlier one and this
}

func TestFrozenDatabaseIsToldInTime(t *testing.T) {
	t.Parallel()
	s, folder, _ := onOwnCluster(t)
	form := request(fields("key", "KEYKEYKEYKEYKEYKEYKEYKEYKE"))

	thaw := freeze(t, folder)
	s.inTime(func() answer { return s.post("/intake", form) }).wantText("#project", "A sample project")
	s.inTime(func() answer { return s.get("/compare/nobody-vs-read-it") })
	s.inTime(func() answer { return s.get("/options/django") })
	s.get("/compare/django-vs-fastapi").wantStatus(http.StatusOK)
	thaw()
	s.within(answerLimit, "the lead is taken", func() bool { return s.post("/intake", form).status == http.StatusSeeOther })
	s.wantLeads(1)
}

// freeze stops every process of the folder's PostgreSQL where it stands; thaw lets them go on.
func freeze(t *testing.T, folder string) (thaw func()) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(folder, "pg", "data", "postmaster.pid"))
	noError(t, err)
	first, _, _ := strings.Cut(string(text), "\n")
	postmaster, err := strconv.Atoi(first)
	noError(t, err)
	// proc(5): the children of its only thread
	children, err := os.ReadFile(fmt.Sprintf("/proc/%d/task/%[1]d/children", postmaster))
	noError(t, err)
	frozen := []int{postmaster}
	for _, child := range strings.Fields(string(children)) {
		pid, err := strconv.Atoi(child)
		noError(t, err)
		frozen = append(frozen, pid)
	}
	signal := func(with syscall.Signal) {
		for _, pid := range frozen {
			// One that has ended by itself needs no signal.
			_ = syscall.Kill(pid, with)
		}
	}
	signal(syscall.SIGSTOP)
	t.Cleanup(func() { signal(syscall.SIGCONT) })
	return func() { signal(syscall.SIGCONT) }
}
