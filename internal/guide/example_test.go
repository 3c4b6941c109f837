package guide_test

import (
	"fmt"
	"strings"
	"testing"

	"tiebreak/internal/guide"
)

func TestExamplePassesTheCheckAndItsWordsAreWarnedOf(t *testing.T) {
	t.Parallel()

	for n := 2; n <= guide.MaxOptions; n++ {
		var slugs []string
		var texts []guide.Text
		for i := range n {
			slug := fmt.Sprintf("option-%d", i+1)
			slugs = append(slugs, slug)
			texts = append(texts, guide.Text{Name: slug + ".yaml", Content: []byte(guide.ExampleOption(slug, today))})
		}
		texts = append(texts, guide.Text{Name: "guide.yaml", Content: []byte(guide.Example(slugs))})
		files, reading := guide.Read(texts)
		findings := guide.Check(files, reading, today)
		if guide.Mistakes(findings) > 0 {
			t.Errorf("%d options: %s", n, lines(findings))
		}
		if said := lines(findings); !strings.Contains(said, "guide.yaml:6:11: warning: subtitle: still the text of the example") {
			t.Errorf("no warning of the example's words in\n%s", said)
		}
		for _, f := range findings {
			if !strings.Contains(f.Text, "still the text of the example") {
				t.Errorf("%s", f)
			}
		}
	}
}
