package backup

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"tiebreak/internal/pgembed"
	"tiebreak/internal/postgres"
)

// drillFolder is below the folder of the backups.
const drillFolder = "drill"

// Drill restores the backup as an operator would, into a private PostgreSQL of its own below the folder, which it removes
// afterwards. The site's database takes no part in it.
func (c Config) Drill(ctx context.Context, f *File, folder string) (r Report, err error) {
	began := time.Now()
	scratch := filepath.Join(folder, drillFolder)
	cluster, err := pgembed.Open(ctx, pgembed.Options{
		Folder: scratch, Bin: c.Bin, Command: "restore --drill", Fast: true, Scratch: true,
	})
	if err != nil {
		return r, err
	}
	if !cluster.Owned() {
		return r, errors.New("another drill is under way: wait until it has ended")
	}
	defer func() {
		err = errors.Join(err, cluster.Close(), os.RemoveAll(cluster.Folder()), os.RemoveAll(scratch))
	}()
	if c.DB, err = postgres.Open(ctx, cluster.URL()); err != nil {
		return r, err
	}
	defer c.DB.Close()
	if r, err = c.Restore(ctx, f, nil); err != nil {
		return r, fmt.Errorf("drill: %w", err)
	}
	r.Took = time.Since(began)
	return r, nil
}
