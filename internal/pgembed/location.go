package pgembed

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// fallbackBase holds the clusters of folders that PostgreSQL's user cannot enter. Tests move it.
var fallbackBase = "/var/lib/tiebreak"

// location is the folder of a cluster and the account that runs it.
type location struct {
	root    string // absolute; holds lock, data, run and postgres.log
	shown   string // root as the person wrote it, for messages
	account account
}

func (l location) data() string { return filepath.Join(l.root, "data") }
func (l location) run() string  { return filepath.Join(l.root, "run") }

// findLocation returns where the cluster is: Folder/pg, or a folder of its own below fallbackBase. Existing data decides first,
// so that a change of permissions never makes a second, empty database.
func findLocation(o Options) (location, error) {
	path, err := filepath.Abs(o.Folder)
	if err != nil {
		return location{}, fmt.Errorf("data folder %s: %w", o.Folder, err)
	}
	l := location{root: filepath.Join(path, "pg"), shown: filepath.Join(o.Folder, "pg")}
	digest := sha256.Sum256([]byte(realPath(path)))
	fallback := location{root: filepath.Join(fallbackBase, hex.EncodeToString(digest[:8]))}
	fallback.shown = fallback.root
	mayMove := !o.Explicit && !l.holdsData()
	if mayMove && fallback.holdsData() {
		l = fallback
	}
	if os.Geteuid() != 0 {
		return l.asOrdinaryUser(o.retryCommand())
	}
	l, err = l.asRoot()
	if mayMove && errors.Is(err, errUnreachable) {
		return fallback.asRoot()
	}
	return l, err
}

// realPath follows links as far as the path exists: one folder has one digest, however it is reached.
func realPath(path string) string {
	real, err := filepath.EvalSymlinks(path)
	if err == nil || path == filepath.Dir(path) {
		return real
	}
	return filepath.Join(realPath(filepath.Dir(path)), filepath.Base(path))
}

// asOrdinaryUser has the cluster run by the user of this process, if it is theirs.
func (l location) asOrdinaryUser(retry string) (location, error) {
	if uid, _, ok := owner(l.root); ok && uid != os.Geteuid() {
		return l, belongsTo(uid, retry)
	}
	var err error
	l.account, err = selfAccount()
	return l, err
}

// retryCommand returns the command line to type as another user, to whom sudo passes no variable such as TIEBREAK_DATA.
func (o Options) retryCommand() string {
	if path, err := filepath.Abs(o.Folder); err == nil && o.Explicit {
		return fmt.Sprintf("tiebreak --data '%s' %s", strings.ReplaceAll(path, "'", `'\''`), o.Command)
	}
	return "tiebreak " + o.Command
}

func belongsTo(uid int, retry string) error {
	if uid == 0 {
		return fmt.Errorf("this database belongs to root: run sudo %s", retry)
	}
	name, err := userName(uid)
	if err != nil {
		return fmt.Errorf("this database belongs to user %d, who has no name on this machine: run %s as that user", uid, retry)
	}
	return fmt.Errorf("this database belongs to %s: run sudo -u %s %s", name, name, retry)
}

// errUnreachable means that the account cannot enter the location.
var errUnreachable = errors.New("chmod a+x the folders above it, or choose another folder with TIEBREAK_DATA")

// asRoot has the cluster run by an unprivileged account, as postgres refuses to run as root.
func (l location) asRoot() (location, error) {
	var err error
	if l.account, err = l.serviceAccount(); err != nil {
		return l, err
	}
	entered, err := l.account.canEnter(existing(l.root))
	if err == nil && !entered {
		err = fmt.Errorf("user %s, who runs PostgreSQL because root must not, cannot enter %s: %w", l.account.name, l.shown,
			errUnreachable)
	}
	return l, err
}

// existing returns the path itself or its nearest parent that is there.
func existing(path string) string {
	for {
		if _, err := os.Stat(path); err == nil || path == filepath.Dir(path) {
			return path
		}
		path = filepath.Dir(path)
	}
}

// make creates the folder of the cluster. It is open for entry whatever the umask is, since the account has to pass it; what it
// holds (data, run, the log) is closed.
func (l location) make() error {
	if err := makeFolder(l.root); err != nil {
		return fmt.Errorf("cannot make %s: %w; choose another folder with TIEBREAK_DATA", l.shown, err)
	}
	return nil
}

func makeFolder(path string) error {
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := makeFolder(filepath.Dir(path)); err != nil {
		return err
	}
	// Another process may be making it at the same moment.
	if err := os.Mkdir(path, 0o755); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return os.Chmod(path, 0o755)
}

// noDatabase returns the error of a command that needs a database and found none in the folder.
func noDatabase(folder string) error {
	if path, err := filepath.Abs(folder); err == nil {
		folder = path
	}
	return fmt.Errorf("there is no database in %s: name its folder with --data or TIEBREAK_DATA, or make one with "+
		`"tiebreak serve"`, folder)
}

func (l location) holdsData() bool {
	_, err := os.Stat(filepath.Join(l.data(), "PG_VERSION"))
	return err == nil
}

// dataMajor returns the major version of the data, 0 for a cluster that is not made yet. Files that are not a cluster are
// refused: nothing may be written over them.
func (l location) dataMajor() (int, error) {
	text, err := os.ReadFile(filepath.Join(l.data(), "PG_VERSION"))
	if err == nil {
		major, err := strconv.Atoi(leadingDigits(string(text)))
		if err != nil {
			return 0, fmt.Errorf("%s/data/PG_VERSION names no version of PostgreSQL: restore the folder from a backup", l.shown)
		}
		return major, nil
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return 0, err
	}
	entries, err := os.ReadDir(l.data())
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return 0, err
	}
	if len(entries) > 0 {
		return 0, fmt.Errorf("%s/data has files but is no PostgreSQL data (no PG_VERSION): move it away, or choose another "+
			"folder with TIEBREAK_DATA", l.shown)
	}
	return 0, nil
}

// leadingDigits returns the 15 of "15.20 (Debian 15.20-0+deb12u1)" and of "15beta1".
func leadingDigits(s string) string {
	rest := strings.TrimLeft(s, "0123456789")
	return s[:len(s)-len(rest)]
}
