package pgtest

import (
	"fmt"
	"testing"

	"tiebreak/internal/postgres"
)

// After returns a new store on the database at url whose clock is moved by shift, such as "25 hours".
func After(t testing.TB, url, shift string) *postgres.DB {
	t.Helper()
	must(t, Exec(t, url, fmt.Sprintf(`DO $$ BEGIN
		EXECUTE format('ALTER DATABASE %%I SET tiebreak.clock_shift = %%L', current_database(), '%s');
	END $$`, shift)))
	return Open(t, url)
}
