package yamlform_test

import (
	"strings"
	"testing"

	"tiebreak/internal/guide"
	"tiebreak/internal/guide/yamlform"
)

func TestAliasesThatStandForTooMuchAreOneMistake(t *testing.T) {
	t.Parallel()
	sources := "sources: &s [" + strings.Repeat("{title: A page, url: b},", 3000) + "]\n"
	for name, text := range map[string]string{
		"a list of lists": sources + "questions: [&q {id: a, sources: *s}" + strings.Repeat(",*q", 50_000) + "]\n",
		"a long text":     "field: &f " + strings.Repeat("word ", 3000) + "\nformerly: [" + strings.Repeat("*f,", 50_000) + "]\n",
	} {
		files, findings := yamlform.Read([]yamlform.Text{{Name: "fan.yaml", Content: []byte("guide: fan\n" + text)}})
		findings = yamlform.Check(files, findings, guide.Date{})
		if len(findings) != 1 || !strings.Contains(findings[0].String(), "the file is too large: aliases (*NAME) count") {
			t.Errorf("%s: %d findings: %.300v", name, len(findings), findings)
		}
	}
}
