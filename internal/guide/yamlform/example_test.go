package yamlform_test

import (
	"fmt"
	"strings"
	"testing"

	"tiebreak/internal/guide"
	"tiebreak/internal/guide/yamlform"
)

func TestExamplePassesTheCheckAndItsWordsAreWarnedOf(t *testing.T) {
	t.Parallel()

	for n := 2; n <= guide.MaxOptions; n++ {
		var slugs []string
		var texts []yamlform.Text
		for i := range n {
			slug := fmt.Sprintf("option-%d", i+1)
			slugs = append(slugs, slug)
			texts = append(texts, yamlform.Text{Name: slug + ".yaml", Content: []byte(yamlform.ExampleOption(slug, today))})
		}
		texts = append(texts, yamlform.Text{Name: "guide.yaml", Content: []byte(yamlform.Example(slugs))})
		files, reading := yamlform.Read(texts)
		findings := yamlform.Check(files, reading, today)
		if yamlform.Mistakes(findings) > 0 {
			t.Errorf("%d options: %s", n, lines(findings))
		}
		says(t, lines(findings), "guide.yaml:6:11: warning: subtitle: still the text of the example")
		for _, f := range findings {
			if !strings.Contains(f.Text(), "still the text of the example") {
				t.Errorf("%s", f)
			}
		}
	}
}
