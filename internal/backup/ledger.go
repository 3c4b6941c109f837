package backup

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"time"

	"tiebreak/internal/postgres"
)

// LedgerName is the name of the ledger's file in the folder of the backups.
const LedgerName = "erasures.log"

// Ledger is a file that tells which leads were erased and when, a line each, and nothing else. It stands outside of the
// database, so that a restored backup can be told of what was erased after it was made.
type Ledger struct {
	path string

	mu    sync.Mutex
	size  int64                // of the file when it was read or written
	known map[string]time.Time // when each reference was erased, the last time
	last  time.Time            // the latest of them
}

// NewLedger returns the ledger in the folder.
func NewLedger(folder string) *Ledger { return &Ledger{path: filepath.Join(folder, LedgerName)} }

// precise is RFC 3339 with microseconds, as PostgreSQL has them.
const precise = "2006-01-02T15:04:05.000000Z07:00"

// overlap is how much older than the last line an erasure can be whose transaction ended later.
const overlap = time.Hour

// Update adds the erasures that are missing. The first time it looks through all there are. A line that cannot be read is told
// of once and left alone.
func (l *Ledger) Update(ctx context.Context, db *postgres.DB) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	var unreadable error
	since := l.last.Add(-overlap)
	if info, err := os.Stat(l.path); err != nil || l.known == nil || info.Size() != l.size {
		since, unreadable = time.Time{}, l.read()
	}
	erasures, err := db.Erasures(ctx, since)
	if err != nil {
		return errors.Join(unreadable, err)
	}
	var lines strings.Builder
	for _, e := range erasures {
		at := e.At.UTC()
		if before, told := l.known[e.Reference]; told && !before.Before(at) {
			continue
		}
		fmt.Fprintf(&lines, "%s %s\n", at.Format(precise), e.Reference)
		l.note(e.Reference, at)
	}
	if lines.Len() == 0 {
		return unreadable
	}
	err = l.add(lines.String())
	if err != nil {
		l.known = nil // what the file holds is not certain
	}
	return errors.Join(unreadable, err)
}

func (l *Ledger) note(reference string, at time.Time) {
	l.known[reference] = at
	if at.After(l.last) {
		l.last = at
	}
}

// read reads the file, and removes a line that a crash left unfinished.
func (l *Ledger) read() error {
	l.known, l.last, l.size = map[string]time.Time{}, time.Time{}, 0
	text, err := os.ReadFile(l.path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	whole := text[:bytes.LastIndexByte(text, '\n')+1]
	if len(whole) < len(text) {
		if err := os.Truncate(l.path, int64(len(whole))); err != nil {
			return err
		}
	}
	l.size = int64(len(whole))
	entries, err := parseLedger(string(whole))
	for _, e := range entries {
		l.note(e.Reference, e.At)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", l.path, err)
	}
	return nil
}

// add appends lines and has the disk keep them.
func (l *Ledger) add(lines string) error {
	file, err := os.OpenFile(l.path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	if l.size == 0 {
		if err := giveToOwner(l.path); err != nil {
			return errors.Join(err, file.Close())
		}
	}
	n, err := file.WriteString(lines)
	l.size += int64(n)
	return errors.Join(err, file.Sync(), file.Close(), syncFolder(filepath.Dir(l.path)))
}

// ReadLedger reads the file of a ledger. A last line that a crash left unfinished is ignored.
func ReadLedger(path string) ([]postgres.Erasure, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	list, err := parseLedger(string(text[:bytes.LastIndexByte(text, '\n')+1]))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return list, nil
}

var reference = regexp.MustCompile(`^TB-\d{4,19}$`)

// parseLedger returns the lines that can be read, and an error for each of the others.
func parseLedger(text string) (list []postgres.Erasure, err error) {
	number := 0
	for line := range strings.Lines(text) {
		number++
		moment, name, _ := strings.Cut(strings.TrimRight(line, "\r\n"), " ")
		at, wrong := time.Parse(time.RFC3339Nano, moment)
		if wrong != nil || !reference.MatchString(name) {
			err = errors.Join(err, fmt.Errorf("line %d is not a time and a reference, such as 2026-11-29T12:00:00Z TB-0042: "+
				"correct it", number))
			continue
		}
		list = append(list, postgres.Erasure{Reference: name, At: at})
	}
	return list, err
}
