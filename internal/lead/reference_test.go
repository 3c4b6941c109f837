package lead_test

import (
	"testing"

	"tiebreak/internal/lead"
)

func TestReferencesAreReadAsPeopleTypeThem(t *testing.T) {
	t.Parallel()

	for typed, want := range map[string]string{
		"TB-0001": "TB-0001", "tb-1": "TB-0001", " tb 1 ": "TB-0001", "TB0001": "TB-0001", "ＴＢ－０００１": "TB-0001",
		"TB–12345":      "TB-12345",
		"TB-\u200b٠٠٤٢": "TB-0042", "TB": "", "TB-0": "", "1": "", "TB-1 Mara": "", "STB-1": "", "TB-99999999999999999999": "",
	} {
		if got, ok := lead.ReadReference(typed); got != want || ok != (want != "") {
			t.Errorf("%q is read as %q, %v", typed, got, ok)
		}
	}
}
