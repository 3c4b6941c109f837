package pgembed

import (
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// logLimit is the size from which a start renames the log.
const logLimit = 8 << 20

func (l location) logPath() string { return filepath.Join(l.root, "postgres.log") }

// openLog opens the file that postgres writes to, and keeps one older file.
func (l location) openLog() (*os.File, error) {
	if info, err := os.Stat(l.logPath()); err == nil && info.Size() > logLimit {
		if err := os.Rename(l.logPath(), l.logPath()+".1"); err != nil {
			return nil, err
		}
	}
	return l.openFile("postgres.log", os.O_WRONLY|os.O_APPEND)
}

// logSince returns the end of what postgres wrote since the log had the given size.
func (l location) logSince(size int64) string {
	file, err := os.Open(l.logPath())
	if err != nil {
		return err.Error()
	}
	defer file.Close()
	text, err := io.ReadAll(io.NewSectionReader(file, size, logLimit))
	if err != nil {
		return err.Error()
	}
	return lastLines(string(text))
}

// linePrefix is the time and process at the start of a line of the log.
var linePrefix = regexp.MustCompile(`^\S+ \S+ \S+ \[\d+\] `)

// lastLines returns the end of a program's output as one line.
func lastLines(text string) string {
	var lines []string
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" {
			lines = append(lines, linePrefix.ReplaceAllString(line, ""))
		}
	}
	return strings.Join(lines[max(0, len(lines)-3):], "; ")
}
