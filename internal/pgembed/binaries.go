package pgembed

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// oldestMajor is the oldest PostgreSQL that makes a new cluster.
const oldestMajor = 15

// binaries is a folder with initdb and postgres in it.
type binaries struct {
	folder string
	major  int
}

func (b binaries) path(program string) string {
	return filepath.Join(b.folder, program)
}

// packageFolders are where PostgreSQL's packages put its programs.
var packageFolders = []string{
	"/usr/lib/postgresql/*/bin",                               // Debian, Ubuntu
	"/usr/pgsql-*/bin",                                        // PGDG on Fedora and its kin
	"/opt/homebrew/opt/postgresql@*/bin",                      // Homebrew on ARM
	"/usr/local/opt/postgresql@*/bin",                         // Homebrew on Intel
	"/Applications/Postgres.app/Contents/Versions/[0-9]*/bin", // Postgres.app
}

// findBinaries returns programs that suit the data: of the same major version, or the newest for new data.
func (l location) findBinaries(explicit string) (binaries, error) {
	major, err := l.dataMajor()
	if err != nil {
		return binaries{}, err
	}
	found, err := l.account.installed(explicit)
	if err != nil {
		return binaries{}, err
	}
	if major == 0 {
		return newest(found)
	}
	at := slices.IndexFunc(found, func(b binaries) bool { return b.major == major })
	if at < 0 {
		return binaries{}, l.otherMajor(major, found, explicit)
	}
	return found[at], nil
}

// otherMajor says what to do where the data is of a major version that is not among those found: how to start as before, and how
// to move to a newer version.
func (l location) otherMajor(major int, found []binaries, explicit string) error {
	where, unset := "installed", ""
	if explicit != "" {
		where, unset = "in PG_BIN="+explicit, ", and unset PG_BIN"
	}
	advice := fmt.Sprintf("%s holds data of PostgreSQL %d, which is not %s (found only %s). Nothing was changed. To start as "+
		"before, install version %d as well: run %s (if there is no such package, see postgresql.org/download)%s",
		l.shown, major, where, majors(found), major, install(major), unset)
	if newer := latest(found).major; newer > major {
		advice += fmt.Sprintf(". To move to version %d after that, run two commands: tiebreak backup FILE, then "+
			"TIEBREAK_DATA=NEWFOLDER tiebreak restore FILE. The old folder stays as it is. Use the new one from then on", newer)
	}
	return errors.New(advice)
}

func latest(found []binaries) binaries {
	return slices.MaxFunc(found, func(a, b binaries) int { return a.major - b.major })
}

func newest(found []binaries) (binaries, error) {
	b := latest(found)
	if b.major < oldestMajor {
		return b, fmt.Errorf("found only PostgreSQL %s, a new database needs %d or newer: run %s", majors(found), oldestMajor,
			install(0))
	}
	return b, nil
}

func majors(found []binaries) string {
	var numbers []string
	for _, b := range found {
		numbers = append(numbers, strconv.Itoa(b.major))
	}
	return strings.Join(slices.Compact(numbers), ", ")
}

// installed lists the binaries on this machine that the account can run, at least one. If a folder is set, only that one counts.
func (a account) installed(explicit string) ([]binaries, error) {
	if explicit != "" {
		b, err := a.inspect(explicit)
		if err != nil {
			return nil, fmt.Errorf("PG_BIN=%s has no initdb and postgres that user %s can run: set it to a folder of "+
				"PostgreSQL binaries, or unset it to search for one", explicit, a.name)
		}
		return []binaries{b}, nil
	}
	var found []binaries
	for _, folder := range candidates() {
		if b, err := a.inspect(folder); err == nil {
			found = append(found, b)
		}
	}
	if len(found) == 0 {
		return nil, fmt.Errorf("PostgreSQL is not installed: run %s, or set PG_BIN to the folder of its binaries or "+
			"DATABASE_URL to a server", install(0))
	}
	return found, nil
}

func candidates() []string {
	var folders []string
	for _, pattern := range packageFolders {
		matches, _ := filepath.Glob(pattern) // fails only for a bad pattern
		folders = append(folders, matches...)
	}
	// The name in PATH is often a link to where initdb and the libraries are.
	if path, err := exec.LookPath("postgres"); err == nil {
		if path, err = filepath.EvalSymlinks(path); err == nil {
			folders = append(folders, filepath.Dir(path))
		}
	}
	return folders
}

// inspect returns the binaries in a folder, with the version that its postgres prints.
func (a account) inspect(folder string) (binaries, error) {
	folder, err := filepath.Abs(folder)
	if err != nil {
		return binaries{}, err
	}
	b := binaries{folder: folder}
	if _, err := os.Stat(b.path("initdb")); err != nil {
		return b, err
	}
	out, err := a.command(context.Background(), b.path("postgres"), "--version").Output()
	if err != nil {
		return b, err
	}
	version, ok := strings.CutPrefix(string(out), "postgres (PostgreSQL) ")
	if !ok {
		return b, errors.New("not PostgreSQL's postgres")
	}
	b.major, err = strconv.Atoi(leadingDigits(version))
	return b, err
}

// install returns the command that installs PostgreSQL on this machine; major 0 means the newest.
func install(major int) string {
	for _, tool := range []struct{ name, newest, exact string }{
		{"apt-get", "apt-get install postgresql", "apt-get install postgresql-%d"},
		{"dnf", "dnf install postgresql-server", "dnf install postgresql%d-server"},
		{"apk", "apk add postgresql", "apk add postgresql%d"},
		{"pacman", "pacman -S postgresql", "pacman -S postgresql # version %d"},
		{"brew", "brew install postgresql@17", "brew install postgresql@%d"},
	} {
		if _, err := exec.LookPath(tool.name); err != nil {
			continue
		}
		if major == 0 {
			return tool.newest
		}
		return fmt.Sprintf(tool.exact, major)
	}
	return fmt.Sprintf("the installer of PostgreSQL %d from postgresql.org", max(major, oldestMajor))
}
