package yamlform

import (
	"bytes"
	"regexp"
	"strconv"
	"strings"

	"github.com/yuin/goldmark/ast"
	gfm "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/renderer/html"

	"tiebreak/internal/guide"
	"tiebreak/internal/text"
)

// Pages treat the texts of an option or a guide by their paths. Texts at other paths are names and choices.
var (
	// Sentences in Markdown. Those of the first list have sources.
	sourcedProse = pathsOf("intro", "verdict.text", "dimensions[].text.X", "dimensions[].means", "questions[].answer")
	otherProse   = pathsOf("facts.X.detail", "subtitle", "answer.X", "level.why", "summary[].why", "verdict.headline",
		"conditions.X[].text", "call.text", "both.when", "both.text")
	// Markdown in the cells of a table.
	cellText = pathsOf("facts.X.value", "summary[].values.X")
	// Shown as it is typed.
	plainText = pathsOf("name", "kind", "title", "field", "summary[].label", "dimensions[].title", "questions[].question",
		"call.heading", "short.X", "profiles[].name")
)

// pathsOf matches paths, in which X is the name of an option or a fact and [] an item of a list.
func pathsOf(paths ...string) *regexp.Regexp {
	pattern := strings.NewReplacer(".", `\.`, "X", `.+`, "[]", `\[\d+\]`).Replace(strings.Join(paths, "|"))
	return regexp.MustCompile("^(?:" + pattern + ")$")
}

func isProse(path string) bool { return sourcedProse.MatchString(path) || otherProse.MatchString(path) }

// shown reports what a page of a guide or an option would show in another way than the author wrote it, or not at all.
func (c *checker) shown(path, text string) {
	switch {
	case c.file.Site != nil:
	case plainText.MatchString(path):
		if found := markupInPlain.FindString(text); found != "" {
			c.warn(path, "%s is shown as it is typed: this text is not Markdown", found)
		}
	case isProse(path) || cellText.MatchString(path):
		if strings.Contains(text, exampleWord) {
			c.warn(path, "still the text of the example")
		}
		if notes := guide.NotesIn(text); len(notes) > 0 && !sourcedProse.MatchString(path) {
			c.wrong(path, "[^%s] cannot be shown: this text has no sources", notes[0].Note)
		}
		c.additions(path, text)
		c.dropped(path, []byte(text))
	}
}

// maxSentenceWords is how long a sentence may be: readers lose the beginning of a longer one.
const maxSentenceWords = 30

func (c *checker) lengths(path, prose string) {
	if !isProse(path) {
		return
	}
	for _, s := range guide.Sentences(prose) {
		if n := len(strings.Fields(s)); n > maxSentenceWords {
			c.warn(path, "a sentence of %d words: split it, or cut it to %d: %q", n, maxSentenceWords, text.Shorten(s, 50))
		}
	}
}

// markupInPlain matches what an author means as markup: our signs, bold words, code, links and tags that style words.
var markupInPlain = regexp.MustCompile("\\[\\^\\d+\\]|\\[(?:estimated|unknown|our " +
	"judgement)\\]|\\*\\*[^*\\s][^*]*\\*\\*|`[^`]+`|" +
	`\[[^\]]+\]\(https?:[^)]*\)|</?(?i:a|b|br|code|em|i|kbd|small|span|strong|sub|sup|u)(?:\s[^>]*)?/?>`)

// additions warns of tables, struck words and tasks: readers see their signs.
func (c *checker) additions(path, text string) {
	additions := map[ast.NodeKind]string{
		gfm.KindTable: "a table", gfm.KindStrikethrough: "words between tildes", gfm.KindTaskCheckBox: "a box to tick",
	}
	for n := range guide.Nodes(guide.ParseGitHub([]byte(text))) {
		if what := additions[n.Kind()]; what != "" {
			c.warn(path, "guides do not have %s: readers see the signs as they are typed", what)
			delete(additions, n.Kind())
		}
	}
}

// dropped reports what our Markdown leaves out of a text or changes in it.
func (c *checker) dropped(path string, source []byte) {
	for n := range guide.Nodes(guide.Parse(source)) {
		switch n := n.(type) {
		case *ast.Text:
			if found := pathInText.Find(n.Segment.Value(source)); found != nil && n.Parent().Kind() != ast.KindCodeSpan {
				c.warn(path, "a backslash of %s is not shown: put the whole path in backticks", found)
			}
		case *ast.LinkReferenceDefinition:
			if !guide.Used(n) {
				c.warn(path, "no link uses the line that begins with [%s]: put a backslash before it if readers should see it",
					n.Label)
			}
		case *ast.FencedCodeBlock:
			if n.Info != nil && bytes.ContainsAny(n.Info.Value(source), " \t") {
				c.wrong(path, "%q is not shown: code begins on the line below ```", n.Info.Value(source))
			}
		case *ast.List:
			c.numbered(path, n, source)
		case *ast.Image:
			c.wrong(path, "the picture %s cannot be shown: describe it in words", n.Destination)
		case *ast.Link:
			c.safe(path, n.Destination)
		case *ast.AutoLink:
			c.safe(path, n.URL(source))
		}
	}
}

func (c *checker) safe(path string, address []byte) {
	if html.IsDangerousURL(address) {
		c.wrong(path, "%s cannot be a link", address)
	}
}

// pathInText matches the beginning of a Windows path with a backslash that Markdown drops.
var pathInText = regexp.MustCompile(`\b[A-Za-z]:(?:\\\w+)*\\[[:punct:]]\S*|\\\\\w\S*`)

// numbered warns of a list whose numbers jump: readers see them counted on from the first.
func (c *checker) numbered(path string, list *ast.List, source []byte) {
	want := list.Start
	for item := list.FirstChild(); list.IsOrdered() && item != nil; item = item.NextSibling() {
		if block := item.FirstChild(); block != nil && block.Lines().Len() > 0 {
			line := source[:block.Lines().At(0).Start]
			number := guide.ItemNumber.FindSubmatch(line[bytes.LastIndexByte(line, '\n')+1:])
			if number != nil && string(number[1]) != strconv.Itoa(want) && string(number[1]) != strconv.Itoa(list.Start) {
				c.warn(path, "the list item %s is shown as %d", number[1], want)
				return
			}
		}
		want++
	}
}
