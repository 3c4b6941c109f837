package config_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tiebreak/internal/config"
)

// settingsFile returns the path of a file with the text.
func settingsFile(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "tiebreak.env")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestFileOfSettingsIsReadAsItStands(t *testing.T) {
	for _, name := range []string{"TIEBREAK_SMTP_URL", "TIEBREAK_MAIL_FROM", "TIEBREAK_DRAIN", "TIEBREAK_ADDR"} {
		t.Setenv(name, "") // restored after the test
		os.Unsetenv(name)
	}
	t.Setenv("TIEBREAK_LOG", "json")
	err := config.ReadFile(settingsFile(t, `# A comment
#TIEBREAK_ADDR=:1

TIEBREAK_SMTP_URL=smtp://me:p$a#s%22'w@mail.example.org:587
  TIEBREAK_MAIL_FROM = "wrong"
`))
	if err == nil || !strings.Contains(err.Error(), "tiebreak.env:5: this is not a setting") {
		t.Errorf("a space in a name: %v", err)
	}
	err = config.ReadFile(settingsFile(t, "TIEBREAK_MAIL_FROM=\"Studio <hello@example.org>\" \r\n"+
		"TIEBREAK_DRAIN=\nTIEBREAK_LOG=text\n"))
	if err != nil {
		t.Error(err)
	}
	for name, want := range map[string]string{
		"TIEBREAK_SMTP_URL":  "smtp://me:p$a#s%22'w@mail.example.org:587",
		"TIEBREAK_MAIL_FROM": "Studio <hello@example.org>",
		"TIEBREAK_LOG":       "json", // the environment wins
	} {
		if got := os.Getenv(name); got != want {
			t.Errorf("%s is %q, not %q", name, got, want)
		}
	}
	for _, name := range []string{"TIEBREAK_DRAIN", "TIEBREAK_ADDR"} {
		if value, set := os.LookupEnv(name); set {
			t.Errorf("%s is set to %q", name, value)
		}
	}
}

func TestMistypedSettingIsNamedWithItsLine(t *testing.T) {
	err := config.ReadFile(settingsFile(t, "# mail\nTIEBREAK_SMPT_URL=smtp://localhost\nsome words\n"))
	for _, want := range []string{":2: there is no setting TIEBREAK_SMPT_URL", ":3: this is not a setting"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q is not said: %v", want, err)
		}
	}
}

func TestSettingInTwoLinesIsRefused(t *testing.T) {
	t.Setenv("TIEBREAK_STARTER", "none") // the environment wins, but the file is still wrong
	err := config.ReadFile(settingsFile(t, "TIEBREAK_STARTER=guides\n#TIEBREAK_STARTER=none\n\nTIEBREAK_STARTER=none\n"+
		"TIEBREAK_STARTER=\n"))
	for _, want := range []string{
		"tiebreak.env:4: TIEBREAK_STARTER is already set in line 1: remove one of the two lines",
		"tiebreak.env:5: TIEBREAK_STARTER is already set in line 1",
	} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q is not said: %v", want, err)
		}
	}
}
