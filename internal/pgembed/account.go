package pgembed

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"strconv"
	"strings"
	"syscall"
)

// account is the operating system's user who runs PostgreSQL.
type account struct {
	uid, gid int
	name     string
}

// selfAccount returns the user of this process.
func selfAccount() (account, error) {
	uid := os.Geteuid()
	name, err := userName(uid)
	if err != nil {
		return account{}, fmt.Errorf("user %d has no name on this machine and PostgreSQL does not run without one: add the "+
			"user to /etc/passwd, run as another one, or set DATABASE_URL", uid)
	}
	return account{uid: uid, gid: os.Getegid(), name: name}, nil
}

// serviceAccount returns the user who runs PostgreSQL for root: the owner of the data or its folder, else the user that
// PostgreSQL's packages make, else nobody.
func (l location) serviceAccount() (account, error) {
	for _, path := range []string{l.data(), l.root} {
		uid, gid, ok := owner(path)
		if !ok || uid == 0 {
			continue
		}
		name, err := userName(uid)
		if err != nil {
			return account{}, fmt.Errorf("%s belongs to user %d, who has no name on this machine: add the user to "+
				"/etc/passwd, or run chown -R postgres %s", path, uid, path)
		}
		return account{uid: uid, gid: gid, name: name}, nil
	}
	if l.holdsData() {
		return account{}, fmt.Errorf("%s/data belongs to root, and PostgreSQL does not run as root: run chown -R "+
			"postgres: %s/data", l.shown, l.shown)
	}
	for _, name := range []string{"postgres", "nobody"} {
		if a, err := namedAccount(name); err == nil {
			return a, nil
		}
	}
	return account{}, errors.New("PostgreSQL does not run as root, and this machine has neither a user postgres nor nobody: " +
		"run as an ordinary user, or set DATABASE_URL")
}

func namedAccount(name string) (account, error) {
	u, err := user.Lookup(name)
	if err != nil {
		return account{}, err
	}
	uid, uidErr := strconv.Atoi(u.Uid)
	gid, gidErr := strconv.Atoi(u.Gid)
	return account{uid: uid, gid: gid, name: name}, errors.Join(uidErr, gidErr)
}

// userName returns the name of a user. It asks the system if that is not in /etc/passwd, which is all that Go reads without C.
func userName(uid int) (string, error) {
	id := strconv.Itoa(uid)
	if u, err := user.LookupId(id); err == nil {
		return u.Username, nil
	}
	name, err := exec.Command("id", "-nu", id).Output()
	return strings.TrimSpace(string(name)), err
}

// owner returns the user and group that a path belongs to; false if it is not there.
func owner(path string) (uid, gid int, ok bool) {
	info, err := os.Stat(path)
	if err != nil {
		return 0, 0, false
	}
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return 0, 0, false
	}
	return int(stat.Uid), int(stat.Gid), true
}

// another reports whether PostgreSQL runs as another user than this process, which only root can have it do.
func (a account) another() bool {
	return a.uid != os.Geteuid()
}

// command returns a program to run as the account, until ctx ends, in its own process group so that Ctrl-C reaches only us. It
// sees nothing of our environment: no PG variable, no secret. UTC keeps the machine's time zone out of the cluster's settings,
// LC_ALL its language out of the messages that we read.
func (a account) command(ctx context.Context, program string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Dir = "/"
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "LC_ALL=C", "TZ=UTC"}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if a.another() {
		cmd.SysProcAttr.Credential = &syscall.Credential{Uid: uint32(a.uid), Gid: uint32(a.gid)}
	}
	return cmd
}

// canEnter reports whether the account can enter a folder.
func (a account) canEnter(path string) (bool, error) {
	err := a.command(context.Background(), "test", "-x", path).Run()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return false, nil
	}
	return err == nil, err
}

// chown gives a path to the account.
func (a account) chown(path string) error {
	if !a.another() {
		return nil
	}
	return os.Lchown(path, a.uid, a.gid)
}
