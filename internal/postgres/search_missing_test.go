package postgres_test

import (
	"fmt"
	"strings"
	"testing"

	"tiebreak/internal/guide"
	"tiebreak/internal/lead"
	"tiebreak/internal/pgtest"
	"tiebreak/internal/postgres"
)

func TestOnlyWhatLooksLikeNamesIsCounted(t *testing.T) {
	t.Parallel()
	db, _ := started(t)

	for asked, want := range map[string]string{
		"FastAPI vs Litestar":                        "fastapi vs litestar",
		"litestar VS. fastapi":                       "fastapi vs litestar",
		"C++ vs C# vs Node.js":                       "c# vs c++ vs node.js",
		"Ruby on Rails vs Django":                    "django vs ruby on rails",
		"Oracle 19c vs PostgreSQL":                   "oracle 19c vs postgresql",
		"Ĺitestar\u200b vs ＦastAPI":                  "fastapi vs litestar",
		"django vs me@example.org":                   "",
		"django vs +49 172 1234567":                  "",
		"django vs 12345":                            "",
		"django vs 1":                                "",
		"django vs <script>":                         "",
		"django vs ' OR 1=1":                         "",
		"django vs " + "x" + strings.Repeat("y", 40): "",
		"django vs fastapi":                          "", // it is there
		"litestar":                                   "",
	} {
		if got := search(t, db, asked).Counted; got != want {
			t.Errorf("%q is counted as %q, want %q", asked, got, want)
		}
	}
}

// missing returns what was looked for in the last 90 days, as "names times".
func missing(t *testing.T, db *postgres.DB) (all []string) {
	t.Helper()
	days := lead.LastDays(settings(t, db).Today.Day, guide.KeepMissing, "UTC")
	found, err := db.MissingComparisons(t.Context(), days, 1000)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range found {
		all = append(all, fmt.Sprint(m.Names, " ", m.Times))
	}
	return all
}

func count(t *testing.T, db *postgres.DB, times map[string]int) {
	t.Helper()
	if err := db.CountMissing(t.Context(), times); err != nil {
		t.Fatal(err)
	}
}

func TestADayHasRoomForSoManyMissingComparisons(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	count(t, db, map[string]int{"a vs b": 1})
	made := map[string]int{"c vs d": 5}
	for n := range guide.MaxMissing {
		made[fmt.Sprintf("made up %d vs b", n)] = 1
	}
	count(t, db, made)
	count(t, db, map[string]int{"a vs b": 2, "late vs b": 9})

	all := missing(t, db)
	if len(all) != guide.MaxMissing || all[0] != "c vs d 5" || all[1] != "a vs b 3" {
		t.Errorf("%d comparisons, first %q", len(all), all[:min(3, len(all))])
	}
}

func TestMissingComparisonsAreKeptForTheirDays(t *testing.T) {
	t.Parallel()
	url := pgtest.NewURL(t)
	count(t, pgtest.Open(t, url), map[string]int{"a vs b": 1})
	for _, step := range []struct{ shift, left string }{{"89 days", "1"}, {"91 days", "0"}} {
		if err := pgtest.After(t, url, step.shift).Sweep(t.Context()); err != nil {
			t.Fatal(err)
		}
		pgtest.Await(t, url, timeout, `count(*) = `+step.left+` FROM missing_comparisons`)
	}
}
