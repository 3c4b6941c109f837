package config_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"tiebreak/internal/config"
)

// Words from outside must not be able to forge a line of the log.
func TestLogEntryIsOneLineWhateverStandsInIt(t *testing.T) {
	t.Parallel()
	forged := "x\nlevel=ERROR msg=forged\r\n{\"level\":\"ERROR\"}\u2028\x1b[31m"
	for _, format := range []string{"text", "json"} {
		var out strings.Builder
		config.Config{LogFormat: format}.Logger(&out).Warn("request", "error", forged)
		line, rest, ended := strings.Cut(out.String(), "\n")
		if !ended || rest != "" || strings.ContainsAny(line, "\r\x1b") {
			t.Errorf("%s: %q", format, out.String())
		}
		if format == "text" {
			continue
		}
		var entry struct {
			Time  time.Time
			Error string
		}
		if err := json.Unmarshal([]byte(line), &entry); err != nil || entry.Error != forged || entry.Time.IsZero() {
			t.Errorf("%q is read as %+v (%v)", line, entry, err)
		}
	}
}
