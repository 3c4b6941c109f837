package pgembed

import (
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
)

// ErrNoTool means that one of PostgreSQL's own programs is missing.
var ErrNoTool = errors.New("is not installed: install PostgreSQL's client programs")

// Tool returns the path of one of PostgreSQL's own programs, such as pg_dump. They work with servers of their own major version
// and older ones, so it is the oldest that is not older than major. A bin that is set is the only folder searched.
func Tool(bin, name string, major int) (path string, err error) {
	folders := []string{bin}
	if bin == "" {
		folders = candidates()
		if found, err := exec.LookPath(name); err == nil {
			folders = append(folders, filepath.Dir(found))
		}
	}
	best := 0
	for _, folder := range folders {
		candidate := filepath.Join(folder, name)
		if version := toolMajor(candidate, name); version >= major && (best == 0 || version < best) {
			path, best = candidate, version
		}
	}
	if best == 0 {
		return "", fmt.Errorf("%s of PostgreSQL %d or newer %w (on Debian: apt-get install postgresql-client), or set PG_BIN to "+
			"their folder", name, major, ErrNoTool)
	}
	return path, nil
}

// toolMajor returns the major version that the program prints, 0 if it is not there.
func toolMajor(path, name string) int {
	out, err := exec.Command(path, "--version").Output()
	if err != nil {
		return 0
	}
	version, _ := strings.CutPrefix(string(out), name+" (PostgreSQL) ")
	major, err := strconv.Atoi(leadingDigits(version))
	if err != nil {
		return 0
	}
	return major
}
