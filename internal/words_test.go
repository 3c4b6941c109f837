package internal_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"
)

// privateWords match what no comment, name or text may say: relative clauses without a noun, and names that only this code used.
var privateWords = regexp.MustCompile(`(?i)\b(of|for|by) who\b|wayBack|justProven|halfway in`)

// maxColumns bounds a line of Go, a tab counting 4. Raw strings may be longer: SQL, scripts and the tags of flags.
const maxColumns = 130

func TestCodeUsesTheFieldsWordsAndShortLines(t *testing.T) {
	t.Parallel()

	for name, text := range sources(t) {
		raw := false
		for i, line := range strings.Split(text, "\n") {
			if found := privateWords.FindString(line); found != "" && !strings.HasSuffix(name, "words_test.go") {
				t.Errorf("%s:%d says %q: use the field's word", name, i+1, found)
			}
			inRaw := raw || strings.Contains(line, "`")
			raw = raw != (strings.Count(line, "`")%2 == 1)
			if columns := utf8.RuneCountInString(strings.ReplaceAll(line, "\t", "    ")); columns > maxColumns && !inRaw &&
				isGo(name) {
				t.Errorf("%s:%d has %d columns, more than %d", name, i+1, columns, maxColumns)
			}
		}
	}
}

func isGo(name string) bool { return strings.HasSuffix(name, ".go") }

// sources returns the text of each file that people write, by its name.
func sources(t *testing.T) map[string]string {
	t.Helper()
	texts := map[string]string{}
	for _, folder := range []string{"../cmd", "../internal", "../templates", "../static"} {
		err := filepath.WalkDir(folder, func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || strings.HasSuffix(name, "_templ.go") {
				return err
			}
			switch filepath.Ext(name) {
			case ".go", ".templ", ".css", ".js", ".md":
				text, err := os.ReadFile(name)
				texts[name] = string(text)
				return err
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return texts
}
