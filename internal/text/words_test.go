package text_test

import (
	"slices"
	"strings"
	"testing"

	"tiebreak/internal/text"
)

func TestSearchIgnoresCaseAndAccentsInAllScripts(t *testing.T) {
	t.Parallel()

	for _, alike := range [][]string{
		{"Rene\u0301e", "Renée", "RENEE", "renee"},
		{"Łukasz Żak", "lukasz zak"},
		{"Straße Groß", "STRASSE GROSS", "strasse gross"},
		{"Ρένα Παπαδάκης", "ΡΕΝΑ ΠΑΠΑΔΑΚΗΣ", "ρενα παπαδακησ"},
		{"ФЁДОР", "Федор", "фёдор"},
		{"Müller", "Mu\u0308ller", "muller"},
		{"İstanbul Işık", "istanbul isik"},
		{"Đặng Thị Ngọc", "dang thi ngoc"},
		{"Søren Ærø", "soren aero"},
		{"مُحَمَّد", "محمد"},
		{"أحمد", "احمد"},
		{"علی", "علي"},
		{"שָׁלוֹם", "שלום"},
		{"क़लम", "कलम"},
		{"ＴＢ－１２", "tb-12"},
		{"٢٠٢٦", "2026"},
		{"ﾃｽﾄ", "テスト"},
	} {
		for _, s := range alike[1:] {
			if a, b := text.Fold(alike[0]), text.Fold(s); a != b {
				t.Errorf("%s is folded to %+q, %s to %+q", alike[0], a, s, b)
			}
		}
	}
	for _, pair := range [][2]string{{"हिन्दी", "हन्द"}, {"กา", "ก"}, {"が", "か"}, {"Zak", "Zac"}} {
		if text.Fold(pair[0]) == text.Fold(pair[1]) {
			t.Errorf("%s and %s are different words", pair[0], pair[1])
		}
	}
}

func TestWordsAreSplitAlikeInAllScripts(t *testing.T) {
	t.Parallel()

	for s, want := range map[string]string{
		"Hello, big  world!": "hello|big|world",
		"हिन्दी उपयोगकर्ता":        "हिन्दी|उपयोगकर्ता",
		"مُحَمَّد علی":             "محمد|علي",
		"王小明":                      "王小|小明|明",
		"明":                        "明",
		"PostgreSQL 18で短い":         "postgresql|18|で短|短い|い",
		"김철수":                      "김철|철수|수",
		"ann+tag@mail.example.org": "ann|tag|mail|example|org",
		"C++, C# and F#.":          "c++|c#|and|f#",
		"Next.js/Node":             "next|js|node",
		"pass\u00adword a\u200bb":  "password|ab",
		"🦊 !!! … 👩‍💻":              "",
		"":                         "",
		strings.Repeat("ä", 50):    strings.Repeat("a", 40),
	} {
		if got := strings.Join(text.Words(s), "|"); got != want {
			t.Errorf("%s is split into %s", s, got)
		}
	}
}

func TestEveryRunOfSignsIsFoundInALongerOne(t *testing.T) {
	t.Parallel()
	long := []rune("项目需要一个预约系统ภาษาไทย")
	for start := range long {
		for end := start + 1; end <= len(long); end++ {
			indexed := text.Words(string(long))
			for _, asked := range text.Words(string(long[start:end])) {
				if !slices.ContainsFunc(indexed, func(word string) bool { return strings.HasPrefix(word, asked) }) {
					t.Errorf("%s: nothing begins with %s", string(long[start:end]), asked)
				}
			}
		}
	}
}

func TestSplitLosesNothing(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"", "a", " a", "C++ is a++b # c#", "Straße, “短い” \xff!"} {
		var all strings.Builder
		for stretch := range text.Split(s) {
			all.WriteString(stretch)
		}
		if all.String() != s {
			t.Errorf("%q was split into %q", s, all.String())
		}
	}
}
