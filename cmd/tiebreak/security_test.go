package main

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// levels holds the level of each requirement of the standard, by its number.
type levels map[string]string

var (
	requirementForm = regexp.MustCompile(`(?m)^(V\d+\.\d+\.\d+) +(\S+) +(\S+) +\S.*\n((?: {9}.*\n)*)`)
	absentForm      = regexp.MustCompile(`(?m)^- (V[V\d., ]+): .+`)
)

// problems returns what is wrong with the table. It is empty if every requirement is accounted for once.
func (l levels) problems(page string) (wrong []string) {
	seen := map[string]int{}
	for _, m := range requirementForm.FindAllStringSubmatch(page, -1) {
		number, level, state, sentence := m[1], m[2], m[3], strings.TrimSpace(m[4])
		seen[number]++
		switch l[number] {
		case level:
		case "":
			wrong = append(wrong, number+" is not a requirement of level 1 or 2")
		default:
			wrong = append(wrong, fmt.Sprintf("%s is of level %s, not %s", number, l[number], level))
		}
		switch state {
		case "met":
		case "gap", "operator":
			if !strings.HasSuffix(sentence, ".") {
				wrong = append(wrong, number+" needs a sentence")
			}
		default:
			wrong = append(wrong, fmt.Sprintf("%s: %s is not a state", number, state))
		}
	}
	for _, m := range absentForm.FindAllStringSubmatch(page, -1) {
		for _, group := range strings.Split(m[1], ", ") {
			found := l.under(group)
			if len(found) == 0 {
				wrong = append(wrong, group+" is not a requirement of level 1 or 2")
			}
			for _, number := range found {
				seen[number]++
			}
		}
	}
	for _, number := range slices.Sorted(maps.Keys(l)) {
		if seen[number] != 1 {
			wrong = append(wrong, fmt.Sprintf("%s is accounted for %d times", number, seen[number]))
		}
	}
	return wrong
}

// under returns the requirements of a chapter or a section, or the one with the number.
func (l levels) under(group string) (numbers []string) {
	for number := range l {
		if number == group || strings.HasPrefix(number, group+".") {
			numbers = append(numbers, number)
		}
	}
	return numbers
}

// requirements reads the numbers and levels of the standard.
func requirements(t *testing.T) levels {
	t.Helper()
	all := levels{}
	for line := range strings.Lines(readFile(t, "testdata/asvs.txt")) {
		fields := strings.Fields(line)
		if fields[0] == "#" {
			continue
		}
		for _, one := range fields[1:] {
			number, level, _ := strings.Cut(one, ":")
			all[fields[0]+"."+number] = level
		}
	}
	return all
}

func TestSecurityTableAccountsForEveryRequirementOnce(t *testing.T) {
	t.Parallel()
	all := requirements(t)
	if len(all) != 253 {
		t.Fatalf("%d requirements are known", len(all))
	}
	for _, problem := range all.problems(manualPages(t)["security"]) {
		t.Error(problem)
	}
}

func TestSecurityTableProblemsAreFound(t *testing.T) {
	t.Parallel()
	all := levels{"V1.1.1": "1", "V1.1.2": "2", "V2.1.1": "1"}
	const good = "V1.1.1   1  met       Words.\nV1.1.2   2  gap       Words.\n         Not yet.\n\n- V2: No.\n"
	if wrong := all.problems(good); wrong != nil {
		t.Errorf("%q", wrong)
	}
	for _, c := range []struct{ old, new, want string }{
		{"1  met", "2  met", "V1.1.1 is of level 1, not 2"},
		{"met", "partly", "partly is not a state"},
		{"         Not yet.\n", "", "V1.1.2 needs a sentence"},
		{"V1.1.2", "V1.1.3", "V1.1.3 is not a requirement"},
		{"V1.1.2", "V1.1.3", "V1.1.2 is accounted for 0 times"},
		{"- V2", "- V1.1, V2", "V1.1.1 is accounted for 2 times"},
		{"- V2: No.\n", "", "V2.1.1 is accounted for 0 times"},
		{"- V2", "- V2.1.1, V20", "V20 is not a requirement"},
	} {
		if wrong := strings.Join(all.problems(strings.Replace(good, c.old, c.new, 1)), "; "); !strings.Contains(wrong, c.want) {
			t.Errorf("%q for %q: said %q, want %q", c.new, c.old, wrong, c.want)
		}
	}
}
