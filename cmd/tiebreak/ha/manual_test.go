//go:build rigs

package ha

import (
	"os"
	"strings"
	"testing"
)

// manualBlock returns the example from the manual that is the file of that name: what the rigs run is what operators copy.
func manualBlock(t *testing.T, name string) string {
	t.Helper()
	page, err := os.ReadFile("../help/cluster.md")
	must(t, err)
	_, rest, found := strings.Cut(string(page), "\n    # "+name)
	if !found {
		t.Fatalf("cluster.md has no example of %s", name)
	}
	var block strings.Builder
	block.WriteString("# " + name)
	for line := range strings.Lines(rest) {
		if line != "\n" && !strings.HasPrefix(line, "    ") {
			break
		}
		block.WriteString(strings.TrimPrefix(line, "    "))
	}
	return block.String()
}
