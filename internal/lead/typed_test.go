package lead_test

import (
	"strings"
	"testing"
	"time"

	"tiebreak/internal/lead"
)

func TestNumbersAndDaysAreReadInAllDigits(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]int{
		"24": 24, " ２４ ": 24, "٢٤": 24, "२४": 24, "24\u200b": 24, "": -1, "a day": -1,
		"−1": -1,
	} {
		if got := lead.ReadNumber(typed); got != want {
			t.Errorf("%q is read as %d", typed, got)
		}
	}
	r, wrong := lead.ReadRange("２０２６-١١-01", "2026‑11‑25", time.Date(2026, 11, 29, 0, 0, 0, 0, time.UTC), "UTC")
	if wrong != nil || r.From() != "2026-11-01" || r.To() != "2026-11-25" {
		t.Errorf("read %s to %s (%v)", r.From(), r.To(), wrong)
	}
}

func TestWhatCannotBeSeenIsNotAnAnswer(t *testing.T) {
	t.Parallel()
	form := lead.Form{Name: "\u200b\u2060", Email: "ann@example.org", Project: "\u3164 \u00ad", Agreed: true}
	if wrong := form.Check(); wrong.For("name") == "" || wrong.For("project") == "" {
		t.Errorf("said was %v", wrong)
	}
	if wrong := (lead.NoteForm{Text: "\u200b"}).Check(); wrong == nil {
		t.Error("an invisible note is taken")
	}
	if wrong := lead.CheckText("reply", "\ufeff\n"); wrong == nil {
		t.Error("an invisible reply is taken")
	}
}

func TestInvisibleCharactersDoNotMakeOtherWordsOfTheSameText(t *testing.T) {
	t.Parallel()
	text := "We offer you search engine services of the first rank for a small price"
	for _, copied := range []string{
		strings.ReplaceAll(text, "e", "e\u200b"), strings.ToUpper(text),
		strings.ReplaceAll(text, "first", "ｆｉｒｓｔ"),
	} {
		if (lead.Contents{Project: copied}).SameWords() != (lead.Contents{Project: text}).SameWords() {
			t.Errorf("%+q counts as other words", copied)
		}
	}
}

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
