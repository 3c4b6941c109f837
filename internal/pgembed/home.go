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

// fallbackBase holds the clusters of folders that PostgreSQL's user cannot get to. Tests move it.
var fallbackBase = "/var/lib/tiebreak"

// home is where a cluster lives and the account that runs it.
type home struct {
	root    string // absolute; holds lock, data, run and postgres.log
	shown   string // root as the person wrote it, for messages
	account account
}

func (h home) data() string { return filepath.Join(h.root, "data") }
func (h home) run() string  { return filepath.Join(h.root, "run") }

// findHome picks the cluster's home: Folder/pg, or a folder of its own below fallbackBase. Existing data
// decides first, so that a change of permissions never makes a second, empty database.
func findHome(o Options) (home, error) {
	near, far, err := homes(o.Folder)
	if err != nil {
		return home{}, err
	}
	mayMove := !o.Explicit && !near.holdsData()
	h := near
	if mayMove && far.holdsData() {
		h = far
	}
	if os.Geteuid() != 0 {
		return h.asOrdinaryUser(o.again())
	}
	h, err = h.asRoot()
	if mayMove && errors.Is(err, errUnreachable) {
		return far.asRoot()
	}
	return h, err
}

// homes returns the home in the folder and the one that stands in for it.
func homes(folder string) (near, far home, err error) {
	path, err := filepath.Abs(folder)
	if err != nil {
		return near, far, fmt.Errorf("data folder %s: %w", folder, err)
	}
	digest := sha256.Sum256([]byte(realPath(path)))
	near.root, near.shown = filepath.Join(path, "pg"), filepath.Join(folder, "pg")
	far.root = filepath.Join(fallbackBase, hex.EncodeToString(digest[:8]))
	far.shown = far.root
	return near, far, nil
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
func (h home) asOrdinaryUser(again string) (home, error) {
	if uid, _, ok := owner(h.root); ok && uid != os.Geteuid() {
		return h, belongsTo(uid, again)
	}
	var err error
	h.account, err = selfAccount()
	return h, err
}

// again is the command line to type as another user, to whom sudo hands no variable such as TIEBREAK_DATA on.
func (o Options) again() string {
	if path, err := filepath.Abs(o.Folder); err == nil && o.Explicit {
		return fmt.Sprintf("tiebreak --data '%s' %s", strings.ReplaceAll(path, "'", `'\''`), o.Command)
	}
	return "tiebreak " + o.Command
}

func belongsTo(uid int, again string) error {
	if uid == 0 {
		return fmt.Errorf("this database belongs to root: run sudo %s", again)
	}
	name, err := userName(uid)
	if err != nil {
		return fmt.Errorf("this database belongs to user %d, who has no name on this machine: run %s as that user", uid, again)
	}
	return fmt.Errorf("this database belongs to %s: run sudo -u %s %s", name, name, again)
}

// errUnreachable means that the account cannot enter the home.
var errUnreachable = errors.New("chmod a+x the folders above it, or choose another folder with TIEBREAK_DATA")

// asRoot has the cluster run by an unprivileged account, as postgres refuses to run as root.
func (h home) asRoot() (home, error) {
	var err error
	if h.account, err = h.serviceAccount(); err != nil {
		return h, err
	}
	reached, err := h.account.reaches(existing(h.root))
	if err == nil && !reached {
		err = fmt.Errorf("user %s, who runs PostgreSQL because root must not, cannot enter %s: %w", h.account.name, h.shown,
			errUnreachable)
	}
	return h, err
}

// existing is the path itself or its nearest parent that is there.
func existing(path string) string {
	for {
		if _, err := os.Stat(path); err == nil || path == filepath.Dir(path) {
			return path
		}
		path = filepath.Dir(path)
	}
}

// make creates the home's folders. They are open for entry whatever the umask is, since the account has
// to pass them; what they hold (data, run, the log) is closed.
func (h home) make() error {
	if err := makeFolder(h.root); err != nil {
		return fmt.Errorf("cannot make %s: %w; choose another folder with TIEBREAK_DATA", h.shown, err)
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

// noDatabase says that there is nothing to work with in the folder.
func noDatabase(folder string) error {
	if path, err := filepath.Abs(folder); err == nil {
		folder = path
	}
	return fmt.Errorf(`there is no database in %s: name its folder with --data or TIEBREAK_DATA, or make one with "tiebreak serve"`, folder)
}

func (h home) holdsData() bool {
	_, err := os.Stat(filepath.Join(h.data(), "PG_VERSION"))
	return err == nil
}

// dataMajor is the major version of the data, 0 if there is none yet. Files that are no cluster are
// refused: nothing may be written over them.
func (h home) dataMajor() (int, error) {
	text, err := os.ReadFile(filepath.Join(h.data(), "PG_VERSION"))
	if err == nil {
		major, err := strconv.Atoi(leadingDigits(string(text)))
		if err != nil {
			return 0, fmt.Errorf("%s/data/PG_VERSION names no version of PostgreSQL: restore the folder from a backup", h.shown)
		}
		return major, nil
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return 0, err
	}
	entries, err := os.ReadDir(h.data())
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return 0, err
	}
	if len(entries) > 0 {
		return 0, fmt.Errorf("%s/data has files but is no PostgreSQL data (no PG_VERSION): move it away, or choose another "+
			"folder with TIEBREAK_DATA", h.shown)
	}
	return 0, nil
}

// leadingDigits is the 15 of "15.20 (Debian 15.20-0+deb12u1)" and of "15beta1".
func leadingDigits(s string) string {
	rest := strings.TrimLeft(s, "0123456789")
	return s[:len(s)-len(rest)]
}
