package main

import (
	"io/fs"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"tiebreak/internal/config"
)

// rootFolder is the repository, as the tests of this package are run.
const rootFolder = "../.."

func TestHelpListsAndPrintsEveryTopic(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()

	list := mustRun(t, folder, "", "help")
	files, err := fs.Glob(manual, "help/*.md")
	if err != nil || len(files) != len(topics) {
		t.Errorf("%d pages and %d topics (%v)", len(files), len(topics), err)
	}
	for _, topic := range topics {
		if !regexp.MustCompile(`(?m)^  ` + topic.name + ` +\S`).MatchString(list) {
			t.Errorf("the list has no line for %s", topic.name)
		}
		if page := mustRun(t, folder, "", "help", topic.name); !strings.HasPrefix(page, "# ") || len(page) < 1000 {
			t.Errorf("help %s: %.100q", topic.name, page)
		}
	}
}

func TestCommandHelpShowsItsOwnFlagsFirst(t *testing.T) {
	t.Parallel()
	help := tiebreak(t, t.TempDir(), "", "guide", "import", "--help").stdout
	own, shared := strings.Index(help, "--publish"), strings.Index(help, "--database-url")
	if own < 0 || shared < 0 || own > shared {
		t.Errorf("--publish stands at %d, --database-url at %d of:\n%s", own, shared, help)
	}
	if whole := tiebreak(t, t.TempDir(), "", "--help").stdout; strings.Index(whole, "guide import") > strings.Index(whole,
		"--database-url") {
		t.Error("the settings stand before the commands")
	}
}

func TestManualReadsWellInATerminal(t *testing.T) {
	t.Parallel()
	markup := regexp.MustCompile(`</?(a|b|br|div|img|p|table|td)[ />]`)
	for name, page := range manualPages(t) {
		for line := range strings.Lines(page) {
			if width := utf8.RuneCountInString(strings.TrimSuffix(line, "\n")); width > 100 {
				t.Errorf("%s: %d characters wide: %s", name, width, line)
			}
			if markup.MatchString(line) {
				t.Errorf("%s holds HTML: %s", name, line)
			}
		}
	}
}

func TestManualIndentsCommandsInNumberedListsAsCode(t *testing.T) {
	t.Parallel()
	const needed = len("1. ") + 4 // with less, Markdown joins the lines into a paragraph
	for name, page := range manualPages(t) {
		numbered := false
		for line := range strings.Lines(page) {
			text := strings.TrimLeft(line, " ")
			indentation := len(line) - len(text)
			if text != "\n" && indentation == 0 {
				numbered = regexp.MustCompile(`^\d\. `).MatchString(line)
			}
			if numbered && indentation > len("1. ") && indentation < needed {
				t.Errorf("%s: indent by %d: %s", name, needed, line)
			}
		}
	}
}

func TestManualExplainsEverySetting(t *testing.T) {
	t.Parallel()
	page := manualPages(t)["settings"]
	settings := reflect.TypeFor[config.Config]()
	for i := range settings.NumField() {
		if name := settings.Field(i).Tag.Get("env"); name == "" || !strings.Contains(page, "- `"+name+"`\n") {
			t.Errorf("settings.md has no entry for %q", name)
		}
	}
}

// usage matches a command in the manual, such as "tiebreak guide check", up to its first argument.
var usage = regexp.MustCompile("(?m)(?:^ {4,}|`|\\|)tiebreak((?: [a-z]+)+)")

func TestManualNamesOnlyCommandsThatExist(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	checked := map[string]bool{}
	for name, page := range manualPages(t) {
		for _, m := range usage.FindAllStringSubmatch(page, -1) {
			words := strings.Fields(m[1])
			if words[0] == "help" {
				words = words[:1]
			}
			if words[0] == "guide" || words[0] == "lead" || words[0] == "staff" {
				words = words[:min(2, len(words))]
			}
			if command := strings.Join(words, " "); !checked[command] {
				checked[command] = true
				if got := tiebreak(t, folder, "", append(words, "--help")...); got.code != exitDone {
					t.Errorf("%s: there is no command %q: %s", name, command, got.stderr)
				}
			}
		}
	}
	if len(checked) < 15 {
		t.Errorf("only %d commands were found", len(checked))
	}
}

func TestManualNamesOnlyMakeTargetsThatExist(t *testing.T) {
	t.Parallel()
	makefile := readFile(t, filepath.Join(rootFolder, "Makefile")) + readFile(t, filepath.Join("packaging", "release.mk"))
	for name, page := range manualPages(t) {
		for _, m := range regexp.MustCompile("(?m)(?:^    |^|`)make ([a-z-]+)").FindAllStringSubmatch(page, -1) {
			if !regexp.MustCompile(`(?m)^` + m[1] + `:`).MatchString(makefile) {
				t.Errorf("%s: there is no target %q", name, m[1])
			}
		}
	}
}

func TestYAMLExamplesOfTheManualAreValid(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	kind := regexp.MustCompile(`^(\w+):(?: ([a-z-]+))?`)
	for _, m := range regexp.MustCompile("(?s)```yaml\n(.*?)```").FindAllStringSubmatch(manualPages(t)["content"], -1) {
		first := kind.FindStringSubmatch(m[1])
		name := first[2] + ".yaml"
		if first[1] == "name" {
			name = "site.yaml"
		}
		writeFile(t, filepath.Join(folder, name), m[1])
	}
	if got := mustRun(t, t.TempDir(), "", "guide", "check", folder); got != "4 files are valid.\n" {
		t.Errorf("said %s", got)
	}
}

// manualPages returns the text of each page by its topic.
func manualPages(t *testing.T) map[string]string {
	t.Helper()
	pages := map[string]string{}
	for _, topic := range topics {
		text, err := manual.ReadFile("help/" + topic.name + ".md")
		must(t, err)
		pages[topic.name] = string(text)
	}
	return pages
}
