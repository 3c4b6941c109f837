package pgembed

import (
	"os"
	"strings"
)

// forgetClientVariables removes what a shell sets for PostgreSQL's clients (PGSERVICE, PGOPTIONS and the like; our own PG_BIN
// is none of them) from this process's environment. Clients add them to every address that they are given, and none of them
// is about this cluster.
func forgetClientVariables() {
	for _, variable := range os.Environ() {
		name, _, _ := strings.Cut(variable, "=")
		if strings.HasPrefix(name, "PG") && !strings.HasPrefix(name, "PG_") {
			os.Unsetenv(name)
		}
	}
}
