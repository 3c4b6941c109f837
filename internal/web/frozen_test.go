package web_test

import (
	"context"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"tiebreak/internal/pgtest"
)

func TestFrozenDatabaseIsToldHonestlyInTime(t *testing.T) {
	t.Parallel()
	folder, err := pgtest.Folder()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(folder) })
	db := pgtest.Open(t, pgtest.Start(t, folder).URL())
	if err := db.Migrate(context.Background()); err != nil {
		t.Fatal(err)
	}
	s := siteOn(t, db)
	s.get("/compare/django-vs-fastapi").wantStatus(http.StatusOK)
	form := request(url.Values{"key": {"KEYKEYKEYKEYKEYKEYKEYKEYKE"}})

	thaw := freeze(t, folder)
	for _, ask := range []func() answer{
		func() answer { return s.post("/intake", form) },
		func() answer { return s.get("/compare/nobody-vs-read-it") },
		func() answer { return s.get("/options/django") },
	} {
		began := time.Now()
		ask().wantStatus(http.StatusServiceUnavailable)
		if waited := time.Since(began); waited > honest {
			t.Errorf("the answer took %v", waited)
		}
	}
	s.get("/compare/django-vs-fastapi").wantStatus(http.StatusOK)
	s.post("/intake", form).wantText("#project", "A sample project")
	thaw()
	s.within(honest, "the lead is taken", func() bool { return s.post("/intake", form).status == http.StatusSeeOther })
	if n := len(s.leads()); n != 1 {
		t.Errorf("%d leads, want 1", n)
	}
}

// freeze stops every process of the folder's PostgreSQL where it stands; thaw lets them go on.
func freeze(t *testing.T, folder string) (thaw func()) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(folder, "pg", "data", "postmaster.pid"))
	if err != nil {
		t.Fatal(err)
	}
	first, _, _ := strings.Cut(string(text), "\n")
	postmaster, err := strconv.Atoi(first)
	if err != nil {
		t.Fatal(err)
	}
	frozen := append([]int{postmaster}, childrenOf(t, postmaster)...)
	signal := func(with syscall.Signal) {
		for _, pid := range frozen {
			// One that ended by itself is no loss.
			_ = syscall.Kill(pid, with)
		}
	}
	signal(syscall.SIGSTOP)
	t.Cleanup(func() { signal(syscall.SIGCONT) })
	return func() { signal(syscall.SIGCONT) }
}

// childrenOf reads /proc for the processes that have the parent (proc(5), stat field 4).
func childrenOf(t *testing.T, parent int) (pids []int) {
	t.Helper()
	stats, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range stats {
		text, err := os.ReadFile(path)
		if err != nil {
			continue // it has ended
		}
		fields := strings.Fields(string(text[strings.LastIndexByte(string(text), ')')+1:]))
		if pid, err := strconv.Atoi(filepath.Base(filepath.Dir(path))); err == nil && fields[1] == strconv.Itoa(parent) {
			pids = append(pids, pid)
		}
	}
	return pids
}
