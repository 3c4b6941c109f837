package yamlform_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"

	"tiebreak/internal/guide/yamlform"
)

func TestOneRunNamesEveryMissingField(t *testing.T) {
	t.Parallel()

	got := check("guides/a-vs-b.yaml", "guide: a-vs-b\ntitle: A vs B\noptions: [a, b]\n")
	for _, field := range []string{
		"subtitle", "field", "answer.a", "answer.b", "level.take", "level.why", "intro", "summary", "verdict.headline",
		"verdict.text", "conditions.a", "conditions.b", "call.heading", "call.text",
	} {
		says(t, got, "guides/a-vs-b.yaml:1:1: "+field+" is missing")
	}
	says(t, check("guides/a.yaml", "guide: a\n"), "a guide compares 2 to 4 options, this one 0", "conditions is missing")
}

func TestWhatFollowsFromAMistakeIsNotReported(t *testing.T) {
	t.Parallel()

	got := check("options/a.yaml", "option: a\nname: [A]\nkind: Sample\nhomepage: https://example.org/\nfacts: none\n")
	want := `options/a.yaml:2:7: name: expected text
options/a.yaml:5:8: facts: expected fields, each on a line as "name: value"`
	if got != want {
		t.Errorf("got\n%s", got)
	}
}

func TestWordsThatNoPageWouldShowAreMistakes(t *testing.T) {
	t.Parallel()

	eachSays(t, "", [][2]string{
		{"option: a\nname: \"A\\0B\"\n", "a.yaml:2:7: name: the control character U+0000 cannot be shown: delete it"},
		{"option: a\nname: \"A\\eB\"\n", "a.yaml:2:7: name: the control character U+001B cannot be shown: delete it"},
		{"option: a\nname: A\x00B\n", "a.yaml:2:8: the control character U+0000 cannot be shown: delete it"},
		{
			"option: a\nname: A\xffB\nkind: \xfe\n",
			"a.yaml:2:8: this is not UTF-8: save the file as UTF-8\na.yaml:3:7: this is not UTF-8",
		},
		{"option: a\nname: A\n---\noption: b\n", "a.yaml:4:1: a second document begins here"},
		{"option: a\nname: Issue #12\n", "a.yaml:2:7: name: #12 would be taken for a comment"},
		{"option: a\nfacts: {f: {value: v, detail: \"See this[^1].\"}}\n", "a.yaml:2:31: facts.f.detail: [^1] cannot be shown"},
		{
			"option: a\nfacts: {f: {value: \"![A](/a.png)\"}}\n",
			"a.yaml:2:20: facts.f.value: the picture /a.png cannot be shown",
		},
		{
			"option: a\nfacts: {f: {value: \"[A](javascript:alert)\"}}\n",
			"a.yaml:2:20: facts.f.value: javascript:alert cannot be a link",
		},
		{
			"option: a\nname: A B\n  C # for the most part\n",
			"a.yaml:2:7: warning: name: # for the most part is taken for a comment",
		},
		{"option: a\nname:\u00a0A\n", "a.yaml:2:6: the no-break space U+00A0"},
		{"option: a\nfacts:\n  f:\u3000{value: v}\n", "a.yaml:3:5: the wide space U+3000"},
		{"option: a\n\u00a0name: A\n", "a.yaml:2:1: the no-break space U+00A0"},
		{"\ufeff\ufeffoption: a\n", "a.yaml:1:2: the byte order mark U+FEFF"},
		{"option: a\nname: \"A\nkind: B\nhomepage: \"x\"\n", "a.yaml:2:1: Cannot read this line: its quote is not closed."},
	})
	fine := []string{
		"\ufeffoption: a\r\nkind: b # a comment\r\nname: \"A B\" # another\r\n---\n", "option: a\nname: \"C# and F#\"\n",
		"option: a\nname: C#\n", "option: a\nname: |-\n  a:\u00a0b\n",
		"option: a\nfacts: {f: {value: \"[A](/options/a)\"}}\n",
	}
	for _, words := range []string{"cannot", "Cannot", "comment"} {
		noneSays(t, words, fine...)
	}
}

func TestAWordThatIsNothingToYAMLIsAMistake(t *testing.T) {
	t.Parallel()

	for _, word := range []string{"null", "Null", "NULL", "~"} {
		message := ": " + word + " is YAML for nothing: put it in quotes if you mean the word"
		eachSays(t, message, [][2]string{
			{"option: a\nname: " + word + "\n", "a.yaml:2:7: name"},
			{"option: a\nfacts: {f: {detail: " + word + "}}\n", "a.yaml:2:21: facts.f.detail"},
			{"guide: a-vs-b\noptions: [a]\nanswer: {a: " + word + "}\n", "a.yaml:3:13: answer.a"},
		})
		says(t, check("site.yaml", "name: "+word+"\n"), "site.yaml:1:7: name"+message)
	}
	noneSays(t, "nothing", "option: a\nname: 'null'\n", "option: a\nname:\n", "option: a\nname: Null and void\n",
		"option: a\nname: !!str null\n")
}

func TestCharactersThatLookLikeOthersAreNamed(t *testing.T) {
	t.Parallel()

	eachSays(t, "", [][2]string{
		{
			"option: a\nfacts: {f: {confidence: verifiеd}}\n",
			"facts.f.confidence: \"verifiеd\" (its 'е' is the character U+0435) is not one of verified",
		},
		{"option: djаngo\n", "option: \"djаngo\" (its 'а' is the character U+0430) must be lower-case"},
		{"option: a\nnаme: A\n", "unknown field \"nаme\" (its 'а' is the character U+0430): expected one of"},
		{"option: a\nfacts: {f: {checked: 2026‑11‑22}}\n", "\"2026‑11‑22\" (its '‑' is the character U+2011) is not a date"},
		{"option: a\nhomepage: https：//example.org/\n", "(its '：' is the character U+FF1A) is not a web address"},
		{
			"guide: a-vs-b\noptions: [a, b]\nlevel: {take: а}\n",
			"level.take: \"а\" (its 'а' is the character U+0430) is not one of a, b",
		},
		{
			"guide: a-vs-b\nverdict: {rests_on: [а]}\nsummary: [{criterion: a}]\n",
			"verdict.rests_on[1]: \"а\" (its 'а' is the character U+0430) is not a criterion",
		},
	})
}

func TestFilesOfOtherEndingsAreNamed(t *testing.T) {
	t.Parallel()

	texts, err := yamlform.Texts(fstest.MapFS{
		"a.yaml": {Data: []byte("option: a\n")}, "b.yml": {Data: []byte("option: b\n")}, "C.YAML": {Data: []byte("option: c\n")},
		"notes.txt": {}, "d.yaml~": {}, ".git/config.yaml": {}, ".hidden.yaml": {},
	})
	if err != nil {
		t.Fatal(err)
	}
	files, findings := yamlform.Read(texts)
	want := `C.YAML:1:1: warning: rename it so that it ends in .yaml: an export would write a second file
b.yml:1:1: warning: rename it so that it ends in .yaml: an export would write a second file
d.yaml~:1:1: warning: skipped: only files that end in .yaml or .yml are read
notes.txt:1:1: warning: skipped: only files that end in .yaml or .yml are read`
	if got := lines(findings); got != want || len(yamlform.Collect(files).Options) != 3 {
		t.Errorf("%d files, and\n%s", len(files), got)
	}
}

func TestTwoFilesOfOneThingAreAMistake(t *testing.T) {
	t.Parallel()

	text := func(name, content string) yamlform.Text { return yamlform.Text{Name: name, Content: []byte(content)} }
	got := checkAll([]yamlform.Text{
		text("a.yaml", "option: a\n"), text("b.yaml", "option: a\n"), text("one/site.yaml", "name: A\n"),
		text("two/site.yaml", "name: B\n"),
	})
	says(t, got, "b.yaml:1:9: option: a.yaml has the same option", "two/site.yaml:1:1: one/site.yaml has the same site")
}

func TestUnknownFactIsNamedWithThoseThereAre(t *testing.T) {
	t.Parallel()

	files, reading := yamlform.Read([]yamlform.Text{
		{Name: "a.yaml", Content: []byte("option: a\nfacts: {orm: {value: Built in}, admin: {value: None}}\n")},
		{Name: "g.yaml", Content: []byte("guide: a-vs-b\noptions: [a, b]\nsummary: [{criterion: orm, fact: ormm}]\n")},
	})
	says(t, lines(yamlform.Check(files, reading, today)),
		`g.yaml:3:34: summary[1].fact: a has no fact "ormm": it has admin, orm`)
	if got := lines(yamlform.Undefined(files)); got != "g.yaml:2:14: warning: options[2]: b is not in these files, so its "+
		"facts were not checked" {
		t.Errorf("got\n%s", got)
	}
}

func TestAFileThatCannotBeReadKeepsNoOtherFromBeingChecked(t *testing.T) {
	t.Parallel()

	folder := t.TempDir()
	if err := errors.Join(
		os.Symlink("nowhere.yaml", filepath.Join(folder, "a.yaml")),
		os.WriteFile(filepath.Join(folder, "b.yaml"), []byte("option: b\n"), 0o600),
	); err != nil {
		t.Fatal(err)
	}
	texts, err := yamlform.Texts(os.DirFS(folder))
	if err != nil {
		t.Fatal(err)
	}
	says(t, checkAll(texts), "a.yaml:1:1: this file cannot be read: no such file", "b.yaml:1:1: name is missing")
}

func TestAPipeInAFolderIsNamedAndNotOpened(t *testing.T) {
	t.Parallel()

	for _, mode := range []fs.FileMode{fs.ModeNamedPipe, fs.ModeSocket, fs.ModeDevice, fs.ModeDevice | fs.ModeCharDevice} {
		texts, err := yamlform.Texts(fstest.MapFS{"a.yaml": {Mode: mode}, "b.yaml": {Data: []byte("option: b\n")}})
		if err != nil {
			t.Fatal(err)
		}
		files, findings := yamlform.Read(texts)
		if want := "a.yaml:1:1: this file cannot be read: it is not a regular file"; lines(findings) != want || len(files) != 1 {
			t.Errorf("%v: %d files, and\n%s", mode, len(files), lines(findings))
		}
	}
}
