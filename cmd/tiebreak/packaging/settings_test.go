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
