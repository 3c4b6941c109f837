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
		{"O’Brien", "O'Brien", "O`Brien", "O´Brien", "O‘Brien", "OBrien", "Ｏ＇Ｂｒｉｅｎ"},
		{"Лук\u02bcяненко", "Лук'яненко", "Лук’яненко", "Лукяненко"},
		{"To\u02bblqin", "Toʼlqin", "To'lqin", "To‘lqin", "Tolqin"},
		{"\u02bbIolani Ka\u02bbana", "Iolani Ka'ana", "iolani kaana"},
		{"Solovʹëv", "Solov'ev", "Solovev"},
		{"ג׳ורג׳", "ג'ורג'", "גורג"},
		{"paral·lel", "para\u0140lel", "paraŀlel", "parallel"},
		{"شاہ", "شاه", "شاھ"},
		{"دریاۀ", "درياه"},
		{"ٱحمد", "احمد"},
		{"علے", "علي"},
		{"髙橋", "高橋"},
		{"山﨑", "山崎", "山嵜"},
		{"𠮷田", "吉田"},
		{"渡邊", "渡邉", "渡辺"},
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
		"O'Brien's, 'quoted'":      "obriens|quoted",
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

func TestWordsWithAnApostropheAreIndexedWholeAndInParts(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]string{
		"O’Brien":             "obrien|o|brien",
		"L’été à l'atelier":   "lete|a|latelier|l|ete|l|atelier",
		"paral·lel":           "parallel|paral|lel",
		"a 'quoted' word":     "a|quoted|word",
		"'tis, dogs' and Vue": "tis|dogs|and|vue",
	} {
		if got := strings.Join(text.Indexed(s), "|"); got != want {
			t.Errorf("%s is indexed as %s", s, got)
		}
	}
}

func TestApostrophesDoNotPartWords(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]string{
		"Vue's": "Vue's", "what’s new": "what’s| |new", "'quoted' dogs'": "'|quoted|' |dogs|'", "Лукʼяненко": "Лукʼяненко",
	} {
		var stretches []string
		for stretch := range text.Split(s) {
			stretches = append(stretches, stretch)
		}
		if got := strings.Join(stretches, "|"); got != want {
			t.Errorf("%s is split into %s", s, got)
		}
	}
}

func TestContractionsAreCommonWords(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"what's", "don’t", "It's", "isnt", "you're"} {
		for _, word := range text.Words(s) {
			if !text.IsCommon(word) {
				t.Errorf("%s of %s says too little to search for", word, s)
			}
		}
	}
	if text.IsCommon("shell") {
		t.Error("a shell is not a contraction of “she will”")
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
