package main

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"

	"tiebreak/internal/config"
	"tiebreak/internal/pgtest"
)

// dataFolder returns an empty folder of the test's own that PostgreSQL's user may enter.
func dataFolder(t *testing.T) string {
	t.Helper()
	return pgtest.Folder(t)
}

// siteFolder returns a data folder of the test's own as the first start of the site leaves it: with the starter guides. It is a
// copy, since making a database and filling it takes longer than many a test.
func siteFolder(t *testing.T) string {
	t.Helper()
	first, err := firstFolder()
	must(t, err)
	folder := dataFolder(t)
	if out, err := exec.Command("cp", "-a", filepath.Join(first, "pg"), folder).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return folder
}

// firstFolder returns the data folder that all others are copies of. It is made for the first test that needs one.
var firstFolder = sync.OnceValues(func() (string, error) {
	folder := filepath.Join(shared, "first")
	p := &program{Config: config.Config{Data: folder, PGBin: os.Getenv("PG_BIN")}, log: slog.New(slog.DiscardHandler)}
	ctx := context.Background()
	err := p.open(ctx, "serve")
	if err == nil {
		err = p.fillEmpty(ctx)
	}
	return folder, errors.Join(err, p.close())
})
