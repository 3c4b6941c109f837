package postgres

import (
	"slices"
	"strings"
)

// Words returns the text of the error in one line, in which each part is said once: the driver tries each address with and
// without TLS, and says twice that nothing listens there.
func Words(err error) string {
	var parts []string
	for line := range strings.Lines(err.Error()) {
		if line = strings.TrimSpace(line); line != "" && !slices.Contains(parts, line) {
			parts = append(parts, line)
		}
	}
	return strings.Join(parts, " ")
}
