package demo

import (
	"fmt"
	"reflect"
	"slices"
	"testing"
	"testing/fstest"
	"time"

	"tiebreak/internal/guide"
	"tiebreak/internal/guide/yamlform"
)

var day = time.Date(2026, 11, 22, 15, 4, 5, 0, time.UTC)

func TestEveryGeneratedFileIsFreeOfMistakes(t *testing.T) {
	t.Parallel()

	for name, size := range map[string]struct{ options, guides int }{
		"the smallest set":       {2, 1},
		"every pair and triple":  {6, Most(6)},
		"the command's defaults": {20, 100},
		"several shelves full":   {60, 150},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			files, reading := yamlform.Read(written(t, New(size.options, day), size.guides))
			for _, f := range yamlform.Check(files, reading, guide.Day(day)) {
				if !f.Warning {
					t.Error(f)
				}
			}
			if len(files) != size.options+size.guides {
				t.Errorf("%d files of %d options and %d guides", len(files), size.options, size.guides)
			}
		})
	}
}

func TestTheSameCallMakesTheSameGuides(t *testing.T) {
	t.Parallel()

	if one, two := New(20, day), New(20, day); !reflect.DeepEqual(one, two) ||
		!reflect.DeepEqual(slices.Collect(one.Guides(60)), slices.Collect(two.Guides(60))) {
		t.Error("two sets of the same size differ")
	}
	few, many := slices.Collect(New(20, day).Guides(30)), slices.Collect(New(20, day).Guides(60))
	if !reflect.DeepEqual(few, many[:30]) {
		t.Error("a larger number of guides does not begin with the smaller one")
	}
}

func TestEachGuideComparesOtherOptions(t *testing.T) {
	t.Parallel()

	for _, options := range []int{2, 3, 4, 5, 11, 23} {
		seen := map[string]bool{}
		for pick := range picks(options, Most(options)) {
			compared := fmt.Sprint(pick)
			if seen[compared] || !slices.IsSorted(pick) || pick[len(pick)-1] >= options {
				t.Errorf("of %d options, %s once more or wrong", options, compared)
			}
			seen[compared] = true
		}
		if len(seen) != Most(options) {
			t.Errorf("%d guides of %d options, want %d", len(seen), options, Most(options))
		}
	}
}

func TestOptionsHaveNamesOfTheirOwn(t *testing.T) {
	t.Parallel()

	seen := map[string]bool{}
	for _, o := range New(MaxOptions, day).Options {
		seen[o.Slug] = true
	}
	if len(seen) != MaxOptions {
		t.Errorf("%d slugs of %d options", len(seen), MaxOptions)
	}
}

func TestGuidesDifferInSizeAndStandOnManyShelves(t *testing.T) {
	t.Parallel()

	sizes, fields := map[int]int{}, map[string]int{}
	shortest, longest := 1<<20, 0
	for g := range New(200, day).Guides(100) {
		sizes[len(g.Options)]++
		fields[g.Field]++
		text, err := yamlform.YAML(g)
		if err != nil {
			t.Fatal(err)
		}
		shortest, longest = min(shortest, len(text)), max(longest, len(text))
	}
	if sizes[2] != 90 || sizes[3] != 8 || sizes[4] != 2 {
		t.Errorf("guides by number of options: %v", sizes)
	}
	if len(fields) != len(shelves) {
		t.Errorf("guides by field: %v", fields)
	}
	if longest < 2*shortest {
		t.Errorf("guides have %d to %d bytes", shortest, longest)
	}
}

func TestFactsAreMixedAndCheckedWithinTheLastYear(t *testing.T) {
	t.Parallel()

	known, today := map[guide.Confidence]int{}, guide.Day(day)
	for _, o := range New(200, day).Options {
		for key, f := range o.Facts {
			known[f.Confidence]++
			if today.Before(f.Checked) || f.Checked.Before(guide.Day(day.AddDate(-1, 0, 0))) || f.Review.IsZero() {
				t.Errorf("%s of %s: checked %s, review %s", key, o.Slug, f.Checked, f.Review)
			}
		}
	}
	if known[guide.Verified] < known[guide.Estimated] || known[guide.Estimated] < known[guide.Unknown] || known[guide.Unknown] == 0 {
		t.Errorf("facts by confidence: %v", known)
	}
}

// written are the YAML files of a set, as an export would write them.
func written(t *testing.T, s *Set, guides int) []yamlform.Text {
	t.Helper()
	folder := fstest.MapFS{}
	write := func(name string, v any) {
		text, err := yamlform.YAML(v)
		if err != nil {
			t.Fatal(err)
		}
		folder[name+".yaml"] = &fstest.MapFile{Data: text}
	}
	for _, o := range s.Options {
		write("options/"+o.Slug, o)
	}
	for g := range s.Guides(guides) {
		write("guides/"+g.Slug, g)
	}
	texts, err := yamlform.Texts(folder)
	if err != nil {
		t.Fatal(err)
	}
	return texts
}
