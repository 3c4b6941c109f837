package migrations_test

import (
	"fmt"
	"io/fs"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"tiebreak/migrations"
)

// first is the migration that made the table schema_compatibility.
const first = 35

// stillWorks matches the line that says why programs that do not know a migration still work after it.
var stillWorks = regexp.MustCompile(`(?m)^-- Compatible: \w+( \S+){2,}$`)

// decides reports whether a migration says if programs before it still work.
func decides(number int, text string) bool {
	up, _, _ := strings.Cut(text, "-- +goose Down")
	raises := strings.Contains(up, fmt.Sprintf("\nUPDATE schema_compatibility SET oldest = %d;\n", number))
	return raises != stillWorks.MatchString(up)
}

func TestEachMigrationSaysWhetherProgramsBeforeItStillWork(t *testing.T) {
	t.Parallel()
	names, err := fs.Glob(migrations.FS, "*.sql")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		number, err := strconv.Atoi(name[:5])
		if err != nil {
			t.Fatal(err)
		}
		text, err := fs.ReadFile(migrations.FS, name)
		if err != nil {
			t.Fatal(err)
		}
		if number > first && !decides(number, string(text)) {
			t.Errorf(`%s says nothing, or two things, about the programs before it. If they do not work any more, add in its Up part
UPDATE schema_compatibility SET oldest = %d;
If they do, add a comment that says why:
-- Compatible: they never read the new column, which has a default.`, name, number)
		}
	}
}

func TestMigrationThatSaysNothingOfProgramsBeforeItIsFound(t *testing.T) {
	t.Parallel()
	const raised, compatible = "UPDATE schema_compatibility SET oldest = 40;\n", "-- Compatible: they never read the table.\n"
	for text, want := range map[string]bool{
		"": false, raised: true, compatible: true, raised + compatible: false,
		"UPDATE schema_compatibility SET oldest = 39;\n": false, // another migration's number
		"-- Compatible: yes\n":                           false, // no reason
		"-- +goose Down\n" + raised:                      false,
	} {
		if got := decides(40, "-- +goose Up\nCREATE TABLE sample ();\n"+text+"-- +goose Down\nDROP TABLE sample;\n"); got != want {
			t.Errorf("%q: got %v, want %v", text, got, want)
		}
	}
}
