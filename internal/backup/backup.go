// Package backup writes the whole database into one file and restores it, proves by a drill that a file can be restored, and
// keeps a ledger of erasures, so that a restored backup does not bring back what was erased. Keeper does all this by itself,
// each night. PostgreSQL's own programs do the reading and writing of tables.
//
// Read on in this order: file.go (what a backup is), write.go, restore.go, drill.go, ledger.go, keeper.go.
package backup

import (
	"time"

	"tiebreak/internal/postgres"
)

// Manifest says what a backup holds. It is the second line of the file, as JSON.
type Manifest struct {
	MadeAt     time.Time              `json:"made_at"`    // the moment of the snapshot, by the database's clock
	Program    string                 `json:"program"`    // version of Tiebreak that wrote it
	Schema     int64                  `json:"schema"`     // number of the newest migration
	PostgreSQL int                    `json:"postgresql"` // major version of the server, such as 15
	Tables     []postgres.TableDigest `json:"tables"`     // by name
}

// Rows returns how many rows the table of that name has.
func (m Manifest) Rows(table string) int64 {
	for _, t := range m.Tables {
		if t.Table == table {
			return t.Rows
		}
	}
	return 0
}
