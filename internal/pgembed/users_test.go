package pgembed

import (
	"crypto/sha256"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

func TestOrdinaryUserRunsTheirOwnCluster(t *testing.T) {
	t.Parallel()

	folder, credential := folderOf(t, "nobody")
	owner := startOwner(t, options(folder, "serve"), credential)
	a := owner.answer(t)
	wantError(t, a.Error)
	if !a.Owned || a.Folder != filepath.Join(folder, "pg") {
		t.Errorf("got %+v", a)
	}
	must(t, query(a.URL, "CREATE TABLE kept (n int)")) // we are root or that very user
}

// folderOf returns a folder of an ordinary user and what a process needs to run as that user: root chooses the user, an ordinary
// user can only be themself.
func folderOf(t *testing.T, name string) (string, *syscall.Credential) {
	t.Helper()
	folder := newFolder(t)
	if os.Geteuid() != 0 {
		return folder, nil
	}
	a, err := namedAccount(name)
	must(t, err)
	must(t, os.Chown(filepath.Dir(folder), a.uid, a.gid))
	return folder, &syscall.Credential{Uid: uint32(a.uid), Gid: uint32(a.gid)}
}

func TestRootRunsTheClusterOfAnOrdinaryUserAsThatUser(t *testing.T) {
	t.Parallel()
	needRoot(t)

	folder, credential := folderOf(t, "nobody")
	owner := startOwner(t, options(folder, "serve"), credential)
	wantError(t, owner.answer(t).Error)
	owner.finish(t)

	asRoot := open(t, options(folder, "serve"))
	must(t, query(asRoot.URL(), "CREATE TABLE kept (n int)"))
	must(t, asRoot.Close())

	again := startOwner(t, options(folder, "serve"), credential)
	a := again.answer(t)
	wantError(t, a.Error)
	if n, err := rows(a.URL); err != nil || n != 0 {
		t.Errorf("the user does not get at their data after root: %v", err)
	}
}

func TestClusterOfAnotherUserIsRefusedWithTheCommandToRun(t *testing.T) {
	t.Parallel()
	needRoot(t)

	ofNobody, nobody := folderOf(t, "nobody")
	must(t, os.Mkdir(ofNobody, 0o755))
	must(t, os.Mkdir(ofNobody+"/pg", 0o755))
	must(t, os.Chown(ofNobody+"/pg", int(nobody.Uid), int(nobody.Gid)))
	_, daemon := folderOf(t, "daemon")

	a := startOwner(t, options(ofNobody, "serve"), daemon).answer(t)
	wantError(t, a.Error, "this database belongs to nobody: run sudo -u nobody tiebreak --data '"+ofNobody+"' serve")
	ofRoot := lockedFolder(t, "serve")
	a = startOwner(t, options(ofRoot, "migrate"), daemon).answer(t)
	wantError(t, a.Error, "this database belongs to root: run sudo tiebreak --data '"+ofRoot+"' migrate")
	assumed := options(ofRoot, "migrate")
	assumed.Explicit = false // the command need not contain a folder that nobody chose
	a = startOwner(t, assumed, daemon).answer(t)
	wantError(t, a.Error, "this database belongs to root: run sudo tiebreak migrate")
}

func TestUserWithoutANameIsToldSo(t *testing.T) {
	t.Parallel()
	needRoot(t)

	folder := newFolder(t)
	must(t, os.Chown(filepath.Dir(folder), 54321, 54321))
	a := startOwner(t, options(folder, "serve"), &syscall.Credential{Uid: 54321, Gid: 54321}).answer(t)
	wantError(t, a.Error, "user 54321 has no name on this machine", "/etc/passwd")
}

func TestFolderThatPostgresCannotEnterHasItsClusterElsewhere(t *testing.T) {
	t.Parallel()
	needRoot(t)

	folder := newFolder(t)
	must(t, os.Chmod(filepath.Dir(folder), 0o700))
	o := options(folder, "serve")
	o.Explicit = false
	digest := sha256.Sum256([]byte(folder))
	want := filepath.Join(fallbackBase, fmt.Sprintf("%x", digest)[:16])

	first := open(t, o)
	if first.Folder() != want {
		t.Fatalf("the cluster is in %s, want %s", first.Folder(), want)
	}
	must(t, query(first.URL(), "CREATE TABLE kept (n int)"))
	o.Command = "migrate"
	wantRows(t, open(t, o), 0)
	must(t, first.Close())

	must(t, os.Chmod(filepath.Dir(folder), 0o755))
	wantRows(t, open(t, o), 0) // data decides, not that the folder can be entered now
}

func TestChosenFolderThatPostgresCannotEnterIsAnError(t *testing.T) {
	t.Parallel()
	needRoot(t)

	folder := newFolder(t)
	must(t, os.Chmod(filepath.Dir(folder), 0o700))
	wantRefused(t, options(folder, "serve"), "cannot enter "+folder, "chmod a+x", "TIEBREAK_DATA")
}

func TestDataThatPostgresCannotEnterAnyMoreIsNotReplaced(t *testing.T) {
	t.Parallel()
	needRoot(t)

	folder := folderWithData(t, "15")
	must(t, os.Chmod(filepath.Dir(folder), 0o700))
	o := options(folder, "serve")
	o.Explicit = false
	wantRefused(t, o, "cannot enter "+folder)
}

func needRoot(t *testing.T) {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("only root can act for several users: run sudo go test ./internal/pgembed")
	}
}

// TestOldPostgresIsDoubtedOnlyAfterACrash has a process that is called postgres and has a right that the owner of the cluster
// lacks, so that the owner may not see its working folder.
func TestOldPostgresIsDoubtedOnlyAfterACrash(t *testing.T) {
	t.Parallel()
	needRoot(t)

	folder, daemon := folderOf(t, "daemon")
	program := filepath.Join(filepath.Dir(folder), "postgres")
	must(t, os.Symlink("/bin/sleep", program))
	const mayBindLowPorts = 10 // CAP_NET_BIND_SERVICE
	other := &exec.Cmd{Path: program, Args: []string{"sleep", "300"}, SysProcAttr: &syscall.SysProcAttr{
		Credential: daemon, AmbientCaps: []uintptr{mayBindLowPorts},
	}}
	must(t, other.Start())
	t.Cleanup(func() { other.Process.Kill(); other.Wait() })

	const doubt = "cannot tell whether an old PostgreSQL still runs"
	for _, when := range []string{"a new folder", "a good stop", "a crash"} {
		if when == "a crash" {
			file := filepath.Join(folder, "pg", "data", "postmaster.pid")
			must(t, os.WriteFile(file, []byte("999999999\n"+filepath.Dir(file)+"\n1700000000\n5432\n/nowhere\n"), 0o600))
			must(t, os.Chown(file, int(daemon.Uid), int(daemon.Gid)))
		}
		owner := startOwner(t, options(folder, "serve"), daemon)
		a := owner.answer(t)
		wantError(t, a.Error)
		if doubts := strings.Contains(a.Log, doubt); doubts != (when == "a crash") {
			t.Errorf("after %s, the log is %q", when, a.Log)
		}
		owner.finish(t)
	}
}
