// Package packaging_test checks what the Debian package is made of.
package packaging_test

import (
	"os"
	"reflect"
	"strings"
	"testing"

	"tiebreak/internal/config"
)

func TestPackagedSettingsNameEverySetting(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("tiebreak.env")
	if err != nil {
		t.Fatal(err)
	}
	settings := reflect.TypeFor[config.Config]()
	for i := range settings.NumField() {
		if name := settings.Field(i).Tag.Get("env"); !strings.Contains(string(text), "\n#"+name+"=") && name != "TIEBREAK_DATA" {
			t.Errorf("tiebreak.env does not have %s", name)
		}
	}
}

// TestSettingsBelongToTheOperatorAndNotToDpkg: dpkg would ask about an edited file at each upgrade that brings another one.
func TestSettingsBelongToTheOperatorAndNotToDpkg(t *testing.T) {
	t.Parallel()
	contents, err := os.ReadFile("nfpm.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(contents), "type: config") || strings.Contains(string(contents), "dst: /etc/") {
		t.Error("the package has a file that operators edit")
	}
}

func TestSettingsAreReadByTheProgramAndNotBySystemd(t *testing.T) {
	t.Parallel()
	unit, err := os.ReadFile("tiebreak.service")
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(unit), "\nEnvironment") { // of two lines with one name systemd would take the last
		t.Error("the unit sets variables")
	}
}

func TestPackagedSettingsAreExplainedForRootWithoutSudo(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("tiebreak.env")
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(text), "sudo") || !strings.Contains(string(text), "as root, with: runuser -u tiebreak -- ") {
		t.Error("tiebreak.env does not say how root tries the mail server")
	}
}
