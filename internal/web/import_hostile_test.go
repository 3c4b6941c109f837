package web_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"golang.org/x/text/encoding/unicode"

	"tiebreak/internal/staff"
)

func TestHostileFilesGetMessages(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Editor)
	long := strings.Repeat("a", 100_000)
	good := "option: sample\nname: S\nkind: K\nhomepage: https://example.org/\nfacts: {}\n"
	bomb := "option: a\na: &a [x,x,x,x,x,x,x,x,x]\n"
	for i := 'b'; i < 'l'; i++ {
		bomb += fmt.Sprintf("%c: &%c [%s]\n", i, i, strings.Repeat(fmt.Sprintf("*%c,", i-1), 9))
	}
	sources := "sources: &s [" + strings.Repeat("{title: a, url: b},", 3000) + "]\n"
	fan := "guide: fan\n" + sources + "questions: [&q {id: a, sources: *s}" + strings.Repeat(",*q", 50_000) + "]\n"
	utf16, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(good)
	noError(t, err)
	named := func(name string) string { return strings.Replace(good, "S", name, 1) }
	withFact := func(key, checked string) string {
		return strings.Replace(good, "{}", "{? "+key+" : {value: a, confidence: verified, checked: "+checked+"}}", 1)
	}
	const refused, shown = http.StatusUnprocessableEntity, http.StatusOK
	for name, one := range map[string]struct {
		file   string
		status int
		words  string
	}{
		"a bomb of aliases":     {bomb, refused, "unknown field"},
		"aliases of a list":     {fan, refused, "the file is too large"},
		"an alias of itself":    {"option: &a [*a]\n", refused, "hostile.yaml:1:"},
		"NUL":                   {"option: a\x00b\n", refused, "hostile.yaml:1:10: the control character U+0000"},
		"bytes":                 {"\xff\xfe\xfd", refused, "hostile.yaml:1:1"},
		"nothing but a tab":     {"\t", refused, "hostile.yaml:1:1"},
		"deep":                  {strings.Repeat("[", 60_000), refused, "hostile.yaml:1:1"},
		"a long slug":           {strings.Replace(good, "sample", long[:300], 1), refused, "300 characters: shorten it to 200"},
		"a long key":            {withFact(long, "2026-01-01"), refused, "shorten it to 200"},
		"a long name":           {named(long), refused, "100000 characters: write at most 20000"},
		"many words":            {named(manyWords(2400)), shown, "w000001"},
		"Markdown":              {named(strings.Repeat("[", 15_000)), refused, "hostile.yaml:2:"},
		"script":                {named("<script>alert(1)</script>"), shown, "<script>alert(1)</script>"},
		"right to left":         {named("مرحبا \u202eevil"), shown, "مرحبا"},
		"UTF-16":                {utf16, shown, "sample"},
		"half a UTF-16 letter":  {utf16 + "x", refused, "hostile.yaml:"},
		"a date of no calendar": {withFact("a", "99999-01-01"), refused, "is not a date"},
		"years before Christ":   {withFact("a", "0000-01-01"), shown, "facts.a: the fact has no source"},
	} {
		a := s.sendFiles(nil, "hostile.yaml", one.file)
		if a.status != one.status || !strings.Contains(a.text("main"), one.words) {
			t.Errorf("%s: status %d, want %d: %.600s", name, a.status, one.status, a.text("main"))
		}
		if a.Find("main script").Length() > 0 {
			t.Errorf("%s: the page has a script of the file's", name)
		}
		if a.status == http.StatusOK {
			s.post(importPage, a.importForm()).wantStatus(http.StatusSeeOther)
			s.get("/staff/options/sample").wantStatus(http.StatusOK)
			s.get("/options/sample").wantStatus(http.StatusOK)
		}
	}
	s.wantLogged("level=ERROR", 0)
}

func TestUploadHasLimits(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Editor)
	s.sendFiles(nil).wantStatus(http.StatusUnprocessableEntity).wantText("#file-wrong", "Choose a file")
	s.sendFiles(nil, "", "").wantStatus(http.StatusUnprocessableEntity).wantText("[role=alert] a[href='#file']", "Choose a file")
	var many []string
	for i := range 101 {
		many = append(many, fmt.Sprintf("%d.yaml", i), "option: a")
	}
	s.sendFiles(nil, many...).wantStatus(http.StatusUnprocessableEntity).wantText("#file-wrong", "at most 100 at a time")
	s.sendFiles(nil, "big.yaml", strings.Repeat("a", 600<<10)).wantStatus(http.StatusRequestEntityTooLarge).
		wantText("main", "The limit is 512 KiB")
	s.sendFiles(nil, "wrong.yaml", strings.Repeat("- a\n", 300)).wantStatus(http.StatusUnprocessableEntity)
	var lines strings.Builder
	lines.WriteString("option: a\n")
	for i := range 400 {
		fmt.Fprintf(&lines, "field-%d: a\n", i)
	}
	s.sendFiles(nil, "wrong.yaml", lines.String()).wantStatus(http.StatusUnprocessableEntity).
		wantText("main", "more messages are not shown")
}
