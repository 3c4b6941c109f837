package templates

import (
	"context"
	"io"
	"regexp"
	"strings"

	"github.com/a-h/templ"

	"tiebreak/internal/guide"
)

// blocks shows a text of a guide as paragraphs, its footnotes drawn from the sources beside it.
func (g GuidePage) blocks(text string, sources []guide.Source) templ.Component {
	return prose{guide.HTML, text, sources, g.Notes}
}

// line shows a text of a guide inside a line.
func (g GuidePage) line(text string, sources []guide.Source) templ.Component {
	return prose{guide.InlineHTML, text, sources, g.Notes}
}

// inline shows a text without footnotes inside a line.
func inline(text string) templ.Component { return prose{guide.InlineHTML, text, nil, nil} }

// markdown shows a text of many lines that a member typed. Its line breaks stand as typed.
func markdown(text string) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		html, err := guide.TypedHTML(text)
		if err == nil {
			_, err = io.WriteString(w, html)
		}
		return err
	})
}

// prose is Markdown with two signs of our own: [^1] is the first of its sources, [estimated], [unknown] and
// [our judgement] are labels.
type prose struct {
	html    func(text string) (string, error)
	text    string
	sources []guide.Source
	notes   *guide.Footnotes
}

var sign = regexp.MustCompile(`\[(?:\^(\d+)|(estimated|unknown|our judgement))\]`)

const wordJoiner = "\u2060"

// Render writes the text as safe HTML.
func (p prose) Render(ctx context.Context, w io.Writer) error {
	html, err := p.html(p.text)
	if err != nil {
		return err
	}
	var failed error
	html = sign.ReplaceAllStringFunc(html, func(found string) string {
		var out strings.Builder
		match := sign.FindStringSubmatch(found)
		if match[2] != "" {
			failed = label(match[2]).Render(ctx, &out)
		} else if s, ok := guide.Cited(match[1], p.sources); ok {
			out.WriteString(wordJoiner) // a footnote never stands alone on the next line
			failed = ref(p.notes.Number(s)).Render(ctx, &out)
		}
		return out.String()
	})
	if failed != nil {
		return failed
	}
	_, err = io.WriteString(w, html)
	return err
}
