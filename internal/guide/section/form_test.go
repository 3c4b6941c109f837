package section_test

import (
	"reflect"
	"testing"

	"tiebreak/internal/guide"
	"tiebreak/internal/guide/section"
)

func TestFieldThatCannotBeReadIsLeftAsItWas(t *testing.T) {
	t.Parallel()
	for _, weight := range []string{"x", "2.5", "99999999999999999999"} {
		c := guide.Condition{ID: "ready-admin", Text: "You need an admin.", Weight: 2}
		form := section.Values(&c)
		form.Set("text", "You want an admin.")
		form.Set("weight", weight)
		wrong := section.Fill(&c, form)
		if wrong.For("weight") == "" || c.Weight != 2 || c.Text != "You want an admin." {
			t.Errorf("weight %s: %v makes %+v", weight, wrong, c)
		}
	}
	q := guide.Question{Sources: []guide.Source{{Title: "A manual", URL: "https://example.org/"}}}
	if err := q.Sources[0].Copy.UnmarshalText([]byte("2026-11-22")); err != nil {
		t.Fatal(err)
	}
	before, form := q.Sources[0], section.Values(&q)
	form.Set("source-1-copy", "yesterday")
	wrong := section.Fill(&q, form)
	if wrong.For("source-1-copy") == "" || len(q.Sources) != 1 || !reflect.DeepEqual(q.Sources[0], before) {
		t.Errorf("a wrong date: %v makes %+v", wrong, q.Sources)
	}
}
