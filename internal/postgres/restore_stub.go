package postgres

import "context"

// PrepareRestored is a stand-in.
func (db *DB) PrepareRestored(ctx context.Context) (int, error) { return 0, nil }

// NewestMigration is a stand-in.
func NewestMigration() int64 { return 37 }
