//go:build rigs

package ha

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

// manualBlock returns the example from the manual that is the file of that name: what the rigs run is what operators copy.
func manualBlock(t *testing.T, name string) string {
	t.Helper()
	_, rest, found := strings.Cut(content(t, "../help/cluster.md"), "\n    # "+name)
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

// manualHAProxy returns the manual's configuration of HAProxy.
func manualHAProxy(t *testing.T) string {
	t.Helper()
	_, config, found := strings.Cut(content(t, "../help/tls.md"), "```haproxy\n")
	config, _, closed := strings.Cut(config, "```")
	if !found || !closed {
		t.Fatal("tls.md has no configuration of HAProxy")
	}
	return config
}

// manualDrain returns the drain time that the manual names.
func manualDrain(t *testing.T) string {
	t.Helper()
	m := regexp.MustCompile(`(?m)^TIEBREAK_DRAIN=(\S+)$`).FindStringSubmatch(content(t, "../help/cluster.md"))
	if m == nil {
		t.Fatal("cluster.md names no TIEBREAK_DRAIN")
	}
	return m[1]
}

func content(t *testing.T, file string) string {
	t.Helper()
	data, err := os.ReadFile(file)
	must(t, err)
	return string(data)
}
