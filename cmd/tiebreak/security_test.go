package main

import (
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// rootFolder is the repository, as the tests of this package are run.
const rootFolder = "../.."

// known is what the table of requirements is held against.
type known struct {
	levels map[string]string // of each requirement, by its number
	tests  map[string]bool   // names of test functions
}

// entry is a requirement of the table and what stands below it.
type entry struct{ number, level, state, shows string }

var (
	entryForm  = regexp.MustCompile(`(?m)^(V\d+\.\d+\.\d+) +(\S+) +(\S+) +\S.*\n((?: {9}.*\n)*)`)
	absentForm = regexp.MustCompile(`(?m)^- (V[V\d., ]+): .+`)
	testForm   = regexp.MustCompile(`(?m)^func ((?:Test|Fuzz)\w+)\(`)
)

// entries are those of the table, in its order.
func entries(page string) (all []entry) {
	for _, m := range entryForm.FindAllStringSubmatch(page, -1) {
		all = append(all, entry{m[1], m[2], m[3], strings.Join(strings.Fields(m[4]), " ")})
	}
	return all
}

// problems is what is wrong with the table, empty if every requirement is accounted for once and what shows it is there.
func (k known) problems(page string) (wrong []string) {
	told := map[string]int{}
	for _, e := range entries(page) {
		told[e.number]++
		switch level := k.levels[e.number]; {
		case level == "":
			wrong = append(wrong, e.number+" is no requirement of level 1 or 2")
		case level != e.level:
			wrong = append(wrong, fmt.Sprintf("%s is of level %s, not %s", e.number, level, e.level))
		}
		for _, problem := range k.problemsOf(e) {
			wrong = append(wrong, e.number+": "+problem)
		}
	}
	for _, m := range absentForm.FindAllStringSubmatch(page, -1) {
		for _, group := range strings.Split(m[1], ", ") {
			found := k.under(group)
			if len(found) == 0 {
				wrong = append(wrong, group+" names no requirement of level 1 or 2")
			}
			for _, number := range found {
				told[number]++
			}
		}
	}
	for _, number := range slices.Sorted(maps.Keys(k.levels)) {
		if told[number] != 1 {
			wrong = append(wrong, fmt.Sprintf("%s is accounted for %d times", number, told[number]))
		}
	}
	return wrong
}

func (k known) problemsOf(e entry) (wrong []string) {
	switch e.state {
	case "gap", "operator":
		if !strings.HasSuffix(e.shows, ".") {
			wrong = append(wrong, "a sentence is missing")
		}
		return wrong
	case "shown":
	default:
		return []string{e.state + " is no state"}
	}
	for _, name := range strings.Split(e.shows, ", ") {
		if k.tests[name] {
			continue
		}
		if info, err := os.Stat(filepath.Join(rootFolder, name)); name == "" || !filepath.IsLocal(name) || err != nil || info.IsDir() {
			wrong = append(wrong, fmt.Sprintf("%q is neither a test nor a file", name))
		}
	}
	return wrong
}

// under are the requirements of a chapter or a section, or the one with the number.
func (k known) under(group string) (numbers []string) {
	for number := range k.levels {
		if number == group || strings.HasPrefix(number, group+".") {
			numbers = append(numbers, number)
		}
	}
	return numbers
}

// requirements reads the numbers and levels of the standard.
func requirements(t *testing.T) map[string]string {
	t.Helper()
	text, err := os.ReadFile("testdata/asvs.txt")
	if err != nil {
		t.Fatal(err)
	}
	levels := map[string]string{}
	for line := range strings.Lines(string(text)) {
		fields := strings.Fields(line)
		if fields[0] == "#" {
			continue
		}
		for _, one := range fields[1:] {
			number, level, _ := strings.Cut(one, ":")
			levels[fields[0]+"."+number] = level
		}
	}
	return levels
}

// testsOf are the names of all test functions of the module.
func testsOf(t *testing.T) map[string]bool {
	t.Helper()
	names := map[string]bool{}
	for _, folder := range []string{"cmd", "internal"} {
		err := filepath.WalkDir(filepath.Join(rootFolder, folder), func(path string, _ fs.DirEntry, err error) error {
			if err != nil || !strings.HasSuffix(path, "_test.go") {
				return err
			}
			text, err := os.ReadFile(path)
			for _, m := range testForm.FindAllStringSubmatch(string(text), -1) {
				names[m[1]] = true
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return names
}

func TestSecurityTableAccountsForEveryRequirementAndNamesWhatExists(t *testing.T) {
	t.Parallel()
	page, err := pages.ReadFile("help/security.txt")
	if err != nil {
		t.Fatal(err)
	}
	k := known{requirements(t), testsOf(t)}
	if len(k.levels) != 253 || !k.tests["TestSecurityTableAccountsForEveryRequirementAndNamesWhatExists"] {
		t.Fatalf("%d requirements and %d tests are known", len(k.levels), len(k.tests))
	}
	for _, problem := range k.problems(string(page)) {
		t.Error(problem)
	}
	for line := range strings.Lines(string(page)) {
		if utf8.RuneCountInString(line) > 101 {
			t.Errorf("longer than 100 characters: %s", line)
		}
	}
}

func TestSecurityTableIsNotBelievedBlindly(t *testing.T) {
	t.Parallel()
	k := known{map[string]string{"V1.1.1": "1", "V1.1.2": "2", "V2.1.1": "1"}, map[string]bool{"TestOne": true}}
	const good = "V1.1.1   1  shown     a word\n         TestOne,\n         Makefile\nV1.1.2   2  gap       a word\n         Not yet.\n\n- V2: no.\n"
	if wrong := k.problems(good); wrong != nil {
		t.Errorf("%q", wrong)
	}
	for _, c := range []struct{ old, new, want string }{
		{"TestOne", "TestTwo", `"TestTwo" is neither a test nor a file`},
		{"TestOne", "PENDING", `"PENDING" is neither a test nor a file`},
		{"Makefile", "no/such.go", `"no/such.go" is neither`},
		{"Makefile", "../../../etc/passwd", "is neither"},
		{"Makefile", "internal", "is neither"},
		{"         TestOne,\n         Makefile\n", "", `"" is neither`},
		{"1  shown", "2  shown", "V1.1.1 is of level 1, not 2"},
		{"shown", "partly", "partly is no state"},
		{"         Not yet.\n", "", "V1.1.2: a sentence is missing"},
		{"V1.1.2", "V1.1.3", "V1.1.3 is no requirement"},
		{"V1.1.2", "V1.1.3", "V1.1.2 is accounted for 0 times"},
		{"- V2", "- V1.1, V2", "V1.1.1 is accounted for 2 times"},
		{"- V2: no.\n", "", "V2.1.1 is accounted for 0 times"},
		{"- V2", "- V2.1.1, V20", "V20 names no requirement"},
	} {
		if wrong := strings.Join(k.problems(strings.Replace(good, c.old, c.new, 1)), "; "); !strings.Contains(wrong, c.want) {
			t.Errorf("%q for %q: said %q, want %q", c.new, c.old, wrong, c.want)
		}
	}
}

func TestHelpOnSecurityIsAPageAndOtherTopicsAreNamed(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	if page := tiebreak(t, folder, "", "help", "security"); page.code != exitDone || !strings.Contains(page.stdout, "WHAT THE KEEPER MUST DO") {
		t.Errorf("exit code %d, read %.100q", page.code, page.stdout)
	}
	if bare, usual := tiebreak(t, folder, "", "help"), tiebreak(t, folder, "", "--help"); bare != usual || bare.code != exitDone {
		t.Errorf("help alone prints %.100q with exit code %d", bare.stdout, bare.code)
	}
	if other := tiebreak(t, folder, "", "help", "nonsense"); other.code != exitUsage || !strings.Contains(other.stderr, "the topics are security") {
		t.Errorf("exit code %d, said %q", other.code, other.stderr)
	}
}
