package guide_test

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"tiebreak/internal/guide"
)

// TestWhatEarlierVersionsStoredKeepsItsDigest decodes the guides and editions of databases that earlier versions wrote, and
// encodes them again: a new field of the form must not change a byte of them.
func TestWhatEarlierVersionsStoredKeepsItsDigest(t *testing.T) {
	t.Parallel()

	for _, version := range []string{"4da7af5", "7b5402b"} {
		for _, row := range dumped(t, version, "editions") {
			e, err := guide.ReadEdition([]byte(row["document"]), time.Time{})
			if err != nil {
				t.Fatal(err)
			}
			if again := encoded(t, e); again != row["document"] || e.Digest != row["digest"] {
				t.Errorf("%s: edition %s has the digest %s and is now\n%s", version, row["digest"], e.Digest, again)
			}
		}
		for _, row := range dumped(t, version, "revisions") {
			var g guide.Guide
			if err := json.Unmarshal([]byte(row["document"]), &g); err != nil {
				t.Fatal(err)
			}
			if again := encoded(t, g); again != row["document"] {
				t.Errorf("%s: revision %s of guide %s is now\n%s", version, row["number"], row["guide_id"], again)
			}
		}
	}
}

// dumped returns the rows of a table in the dump of an earlier version, by the names of its columns.
func dumped(t *testing.T, version, table string) (rows []map[string]string) {
	t.Helper()
	file, err := os.Open("../../cmd/tiebreak/testdata/version_" + version + ".sql.gz")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	dump, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(dump)
	lines.Buffer(nil, 1<<20)
	var columns []string
	unescape := strings.NewReplacer(`\\`, `\`, `\t`, "\t", `\n`, "\n", `\r`, "\r")
	for lines.Scan() {
		line := lines.Text()
		if header, found := strings.CutPrefix(line, "COPY public."+table+" ("); found {
			names, _, _ := strings.Cut(header, ")")
			columns = strings.Split(names, ", ")
			continue
		}
		if line == `\.` {
			columns = nil
		}
		if columns == nil {
			continue
		}
		row := map[string]string{}
		for i, value := range strings.Split(line, "\t") {
			row[columns[i]] = unescape.Replace(value)
		}
		rows = append(rows, row)
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	if len(rows) == 0 {
		t.Fatalf("the dump of version %s has no %s", version, table)
	}
	return rows
}

func encoded(t *testing.T, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestStoredEditionThatIsUnderReviewKeepsItsDigest(t *testing.T) {
	t.Parallel()

	document := encoded(t, guide.Edition{UnderReview: []string{"django/admin"}})
	if !strings.HasSuffix(document, `,"reread":["django/admin"]}`) {
		t.Errorf("an edition under review is written as %s", document)
	}
	e, err := guide.ReadEdition([]byte(document), time.Time{})
	if err != nil || !slices.Equal(e.UnderReview, []string{"django/admin"}) {
		t.Errorf("it is read as %v: %v", e.UnderReview, err)
	}
}

func TestLevelIsStoredAsAWordUnlessItNamesSeveralOptions(t *testing.T) {
	t.Parallel()

	for document, want := range map[string]guide.Order{
		`{"take":"","why":""}`:                    nil,
		`{"take":"django","why":""}`:              {"django"},
		`{"take":["fastapi","django"],"why":"x"}`: {"fastapi", "django"},
	} {
		var level guide.Level
		if err := json.Unmarshal([]byte(document), &level); err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(level.Take, want) || encoded(t, level) != document {
			t.Errorf("%s is read as %q and written as %s", document, level.Take, encoded(t, level))
		}
	}
	if first := (guide.Order{"a", "b", "c"}).First([]string{"c", "b"}); first != "b" {
		t.Errorf("the first of b and c is %q", first)
	}
}
