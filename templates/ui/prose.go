package ui

import (
	"context"
	"io"
	"strings"

	"github.com/a-h/templ"

	"tiebreak/internal/guide"
)

// Blocks returns a text of a guide as paragraphs. Its footnotes refer to the sources beside it by their number in notes.
func Blocks(text string, sources []guide.Source, notes *guide.Footnotes) templ.Component {
	return prose{guide.HTML, text, sources, notes}
}

// Line returns a text of a guide inside a line, with footnotes as Blocks shows them.
func Line(text string, sources []guide.Source, notes *guide.Footnotes) templ.Component {
	return prose{guide.InlineHTML, text, sources, notes}
}

// Inline shows a text without footnotes inside a line.
func Inline(text string) templ.Component { return prose{guide.InlineHTML, text, nil, nil} }

// TypedMarkdown shows a text of many lines that a member typed. Its line breaks stand as typed.
func TypedMarkdown(text string) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		html, err := guide.TypedHTML(text)
		if err == nil {
			_, err = io.WriteString(w, html)
		}
		return err
	})
}

// prose is Markdown with the signs of guides.
type prose struct {
	html    func(text string, show func(guide.Sign) (string, error)) (string, error)
	text    string
	sources []guide.Source
	notes   *guide.Footnotes
}

const wordJoiner = "\u2060"

// focusablePre begins code whose long lines can be scrolled with the keyboard.
const focusablePre = `<pre tabindex="0">`

// Render writes the text as safe HTML.
func (p prose) Render(ctx context.Context, w io.Writer) error {
	html, err := p.html(p.text, func(s guide.Sign) (string, error) {
		var out strings.Builder
		if s.Label != "" {
			err := Tag(s.Label).Render(ctx, &out)
			return out.String(), err
		}
		source, ok := guide.Cited(s.Note, p.sources)
		if !ok {
			return "", nil
		}
		out.WriteString(wordJoiner) // a footnote never stands alone on the next line
		err := SourceRef(p.notes.Number(source)).Render(ctx, &out)
		return out.String(), err
	})
	if err != nil {
		return err
	}
	_, err = io.WriteString(w, strings.ReplaceAll(html, "<pre>", focusablePre))
	return err
}
