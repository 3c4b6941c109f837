package static

import (
	"regexp"
	"testing"
)

func TestStylesheetsNameFilesThatExist(t *testing.T) {
	t.Parallel()
	found := 0
	for _, sheet := range []string{"site.css", "staff.css"} {
		for _, match := range regexp.MustCompile(`url\("([^"]*)"\)`).FindAllSubmatch(Assets()[Path(sheet)].Content, -1) {
			found++
			if _, there := Assets()[string(match[1])]; !there {
				t.Errorf("%s names %q, which does not exist", sheet, match[1])
			}
		}
	}
	if found < 2 {
		t.Errorf("%d addresses in the stylesheets", found)
	}
}
