package yamlform_test

import (
	"strings"
	"testing"
)

// intro returns a guide with the lines as its intro, which begins on line 2.
func intro(lines ...string) string {
	return "guide: a-vs-b\nintro:" + strings.Join(lines, "\n") + "\ntitle: A vs B\n"
}

func TestHeadingsThatYAMLTakesForCommentsAreWarnedOf(t *testing.T) {
	t.Parallel()

	const warning = " is taken for a comment and not shown: begin the text with |- and indent all its lines alike if this is one"
	eachSays(t, warning, [][2]string{
		{intro("", "  # Why this matters", "  Both compile."), "a.yaml:3:3: warning: intro: # Why this matters"},
		{intro("", "  ## Why", "", "  Both compile", "  to one."), "a.yaml:3:3: warning: intro: ## Why"},
		{intro(" |-", "    Both compile.", "", "  # Memory"), "a.yaml:5:3: warning: intro: # Memory"},
		{intro(" >", "    Both compile.", "  # Memory"), "a.yaml:4:3: warning: intro: # Memory"},
		{intro(" Both compile.", "", "  # Memory"), "a.yaml:4:3: warning: intro: # Memory"},
		{intro(` "Both`, `  # compile."`, "  # Memory"), "a.yaml:4:3: warning: intro: # Memory"},
		{intro(" 'It''s'", "  # Memory"), "a.yaml:3:3: warning: intro: # Memory"},
		{intro("", "  # Memory"), "a.yaml:3:3: warning: intro: # Memory"},
		{intro(" &x |2-", "    Both compile.", "   x", " # Memory"), "a.yaml:5:2: warning: intro: # Memory"},
		{"guide: a-vs-b\nlevel:\n  why:\n    # Speed\n    It compiles.\n", "a.yaml:4:5: warning: level.why: # Speed"},
		{
			"guide: a-vs-b\nquestions:\n  - answer: |-\n       Yes.\n\n     # No\n    id: a\n",
			"a.yaml:6:6: warning: questions[1].answer: # No",
		},
	})
	noneSays(t, "comment",
		"# reviewed by Ann\nguide: a-vs-b # a slug\n# reviewed by Ben\n\nintro: A\n# reviewed by Eve\n",
		intro(" |-", "  # Memory", "  Both compile.", "", "  ## Size"), intro(` "Both`, "", `  # Memory`, `  compile."`),
		intro(" |-", "  A", "# reviewed by Ann"),
		"guide: a-vs-b\nlevel:\n  # reviewed by Ann\n  why: |-\n    A\n\n  # reviewed by Ben\n  take: a\n  # the end\ntitle: A\n",
		"guide: a-vs-b\noptions:\n  # the first\n  - a\n  # the second\n  - b\n# an answer each\nanswer:\n  # to be "+
			"shortened\n  a: x\n",
		"guide: a-vs-b\nlevel: {\n  # reviewed by Ann\n  why: A,\n  # a choice\n  take: a }\n",
	)
}

func TestLinesThatYAMLJoinsAreWarnedOf(t *testing.T) {
	t.Parallel()

	const warning = " is joined to the line before: begin the text with |- to keep its lines"
	eachSays(t, warning, [][2]string{
		{intro(" It has", "  - speed", "  - size"), `a.yaml:3:3: warning: intro: "- speed"`},
		{intro("", "  It has", "  * speed"), `a.yaml:4:3: warning: intro: "* speed"`},
		{intro(" >-", "  It has:", "  1. speed"), `a.yaml:4:3: warning: intro: "1. speed"`},
		{intro(" >", "  It has:", "  # Speed"), `a.yaml:4:3: warning: intro: "# Speed"`},
		{intro(" >", "  A table:", "  | A | B |", "  |---|---|"), `a.yaml:4:3: warning: intro: "| A | B |"`},
		{intro(` "It has:`, `   - speed"`), `a.yaml:3:4: warning: intro: "- speed\""`},
		{intro(" 'It has:", "  # Speed'"), `a.yaml:3:3: warning: intro: "# Speed'"`},
		{"guide: a-vs-b\nlevel: {why: It\n  - x, take: a}\n", `a.yaml:3:3: warning: level.why: "- x, take: a}"`},
		{"option: a\nfacts:\n  f:\n    detail: It has\n      + x\n", `a.yaml:5:7: warning: facts.f.detail: "+ x"`},
	})
	noneSays(t, "joined",
		intro(" |-", "  It has:", "  - speed", "  - size"), intro(" It costs", "  -5 points", "  and *more*"),
		intro(" >", "  It has:", "    - speed", "    - size"),
		intro(" It has:", "", "  - speed", "", "  - size"), intro(` "It has:\n\`, `  - speed"`),
		intro(" >", "  - speed", "", "  - size"),
		"guide: a-vs-b\noptions:\n  - a\n  - b\n", "guide: a-vs-b\nlevel: {why: A}\nquestions:\n  - id: a\n    answer: "+
			"B\n  - id: b\n",
	)
}

func TestPathsThatLoseBackslashesInQuotesAreWarnedOf(t *testing.T) {
	t.Parallel()

	const loss = ` loses backslashes in double quotes: write \\ for each, or put the text in single quotes`
	eachSays(t, "", [][2]string{
		{intro(` "Put it in C:\new\table or C:\temp."`), `a.yaml:2:8: warning: intro: C:\new\table` + loss},
		{intro(` "Put it`, `  in (D:\\data\results)."`), `a.yaml:3:3: warning: intro: D:\\data\results` + loss},
		{intro(` "It is on \\server\new."`), `a.yaml:2:8: warning: intro: \\server\new` + loss},
		{intro(` "C:\Program"`), `a.yaml:2:8: warning: intro: C:\Program` + loss},
		{intro(` "C:\bin\x"`), "a.yaml:2:1: In double quotes a backslash"},
		{intro(` "C:\bin"`), `a.yaml:2:8: intro: C:\bin` + loss},
		{intro(` "C:\work"`), `a.yaml:2:1: In double quotes a backslash changes the letter behind it: write \\ for each`},
		{"guide: a-vs-b\nlevel: {why: \"In C:\\temp\"}\n", `a.yaml:2:14: warning: level.why: C:\temp` + loss},
	})
	noneSays(t, "backslash",
		intro(` "C:\\new\\table"`), intro(` 'C:\new\table'`), intro(` C:\new\table`), intro(` "Plan B:\n- use C:\\new"`),
		intro(` "Plan B:\nUse it.\tNow"`), intro(` "a:b\nc"`),
	)
}
