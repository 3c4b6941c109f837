//go:build rigs

package main

import (
	"crypto/rand"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"tiebreak/internal/pgtest"
)

// These tests mount small disks, which only root may do. "make test-long" runs them.

// smallDisk returns a folder on a disk of its own.
func smallDisk(t *testing.T, megabytes int) string {
	t.Helper()
	folder := dataFolder(t)
	must(t, syscall.Mount("tmpfs", folder, "tmpfs", 0, fmt.Sprintf("size=%dm,mode=755", megabytes)))
	t.Cleanup(func() { must(t, syscall.Unmount(folder, syscall.MNT_DETACH)) })
	return folder
}

// fill writes a file until so many kilobytes of the disk are left, and returns its path.
func fill(t *testing.T, folder string, left int) string {
	t.Helper()
	var disk syscall.Statfs_t
	must(t, syscall.Statfs(folder, &disk))
	path := filepath.Join(folder, "ballast")
	file, err := os.Create(path)
	must(t, err)
	defer file.Close()
	_, err = file.Write(make([]byte, int(disk.Bavail)*int(disk.Bsize)-left<<10))
	must(t, err)
	return path
}

// withLeads returns a data folder with sample leads, and what "lead list" prints of them.
func withLeads(t *testing.T, folder string, leads int) (list string) {
	t.Helper()
	mustRun(t, folder, "", "demo", "--guides", "1", "--options", "2", "--leads", fmt.Sprint(leads))
	return mustRun(t, folder, "", "lead", "list", "--json")
}

func TestBackupOnAFullDiskLeavesTheSiteAsItWas(t *testing.T) {
	folder := smallDisk(t, 400)
	want := withLeads(t, folder, 2000)
	fill(t, folder, 60<<10)
	wantOneLine(t, tiebreak(t, folder, "", "backup", filepath.Join(folder, "mine.backup")), "make room")
	left, err := filepath.Glob(filepath.Join(folder, "mine*"))
	if err != nil || len(left) > 0 {
		t.Errorf("it left %v (%v)", left, err)
	}
	if got := mustRun(t, folder, "", "lead", "list", "--json"); got != want {
		t.Errorf("the leads are %s", got)
	}
}

func TestRestoreOntoAFullDiskLeavesNothingHalfRestored(t *testing.T) {
	from := dataFolder(t)
	want := withLeads(t, from, 100_000)
	file := filepath.Join(from, "mine.backup")
	mustRun(t, from, "", "backup", file)

	small := smallDisk(t, 300)
	got := tiebreak(t, small, "", "restore", file)
	if got.code != exitFailed || !strings.Contains(got.stderr, "the disk is full") {
		t.Errorf("got %+v", got)
	}
	if got := tiebreak(t, small, "", "lead", "list", "--json"); got.code == exitDone && strings.Contains(got.stdout, "TB-") {
		t.Errorf("half of it was restored: %.1000s", got.stdout)
	}
	large := dataFolder(t)
	mustRun(t, large, "", "restore", file)
	if got := mustRun(t, large, "", "lead", "list", "--json"); got != want {
		t.Error("the leads differ")
	}
}

func TestMigrationOnAFullDiskLosesNothing(t *testing.T) {
	for name, backups := range map[string]string{"backups on the same disk": "", "backups elsewhere": t.TempDir()} {
		t.Run(name, func(t *testing.T) {
			folder := smallDisk(t, 500)
			withLeads(t, folder, 20_000)
			onCluster(t, folder, func(address string) { pgtest.MigrateBack(t, address, 26) })
			ballast := fill(t, folder, 100)
			migrate := command(t, folder, "migrate")
			if backups != "" {
				migrate.Env = append(migrate.Env, "TIEBREAK_BACKUP_DIR="+backups)
			}
			if got := finish(t, migrate, ""); got.code != exitFailed || !strings.Contains(got.stderr, "disk") {
				t.Errorf("got %+v", got)
			}
			must(t, os.Remove(ballast))
			if got := references(t, folder); len(got) != 20_000 {
				t.Errorf("there are %d leads", len(got))
			}
		})
	}
}

// TestSiteOnAFullDiskIsHonestAndRecovers fills the disk under a running site (research/trust.md, row 18): it then acknowledges
// nothing that it cannot keep, shows guides as before, and takes requests again within 30 seconds of getting space.
func TestSiteOnAFullDiskIsHonestAndRecovers(t *testing.T) {
	folder := smallDisk(t, 400)
	site := serveOn(t, folder, "TIEBREAK_TRUSTED_PROXIES=127.0.0.0/8", "TIEBREAK_LOG=json")
	guide := site.base + "/compare/django-vs-fastapi"
	read(t, guide)
	ballast := fill(t, folder, 2<<10)
	var acknowledged []string
	sent := 0
	send := func() (status int) {
		sent++
		email := fmt.Sprintf("sample-%d@example.org", sent)
		status, page := submit(t, site.base, email)
		switch {
		case status == http.StatusSeeOther:
			acknowledged = append(acknowledged, email)
		case status != http.StatusServiceUnavailable || !strings.Contains(page, email):
			t.Errorf("status %d, without what was typed", status)
		}
		return status
	}
	pgtest.Eventually(t, time.Minute, "the disk is full", func() bool { return send() == http.StatusServiceUnavailable })
	before := len(acknowledged)
	for range 30 {
		send()
		if status := statusOf(t, guide); status != http.StatusOK {
			t.Errorf("the guide answers %d", status)
		}
	}
	if len(acknowledged) > before+5 {
		t.Errorf("%d of 30 were taken on a full disk", len(acknowledged)-before)
	}

	must(t, os.Remove(ballast))
	began := time.Now()
	pgtest.Eventually(t, 30*time.Second, "requests are taken again", func() bool { return send() == http.StatusSeeOther })
	t.Logf("%d of %d were acknowledged; the first %v after there was space", len(acknowledged), sent, time.Since(began))
	pgtest.Eventually(t, 30*time.Second, "/readyz says yes", func() bool {
		return statusOf(t, site.base+"/readyz") == http.StatusOK
	})
	kept := mustRun(t, folder, "", "lead", "list", "--json")
	for _, email := range acknowledged {
		if !strings.Contains(kept, `"`+email+`"`) {
			t.Errorf("the acknowledged request of %s is lost", email)
		}
	}
}

// submit sends a long request from an address of its own, and returns the answer.
func submit(t *testing.T, base, email string) (status int, page string) {
	t.Helper()
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	answer, err := client.Do(request(t, "POST", base+"/intake", url.Values{
		"project": {rand.Text() + strings.Repeat(" A sample project.", 1000)}, "name": {"Sample Person"}, "email": {email},
		"option": {"undecided"}, "consent": {"yes"}, "key": {rand.Text()},
	}))
	must(t, err)
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	must(t, err)
	return answer.StatusCode, string(body)
}

// statusOf returns the status that the address answers with.
func statusOf(t *testing.T, address string) int {
	t.Helper()
	answer, err := http.Get(address)
	must(t, err)
	defer answer.Body.Close()
	return answer.StatusCode
}
