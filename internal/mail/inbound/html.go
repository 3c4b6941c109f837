package inbound

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

const maxQuotes = 20 // of quotes within quotes

// htmlText returns the text of a page as a person would read it: links keep their addresses, quotes have marks, and scripts
// and styles are left out. It reads tag by tag, so that no nesting is too deep.
func htmlText(page string) string {
	w := htmlWriter{}
	tags := html.NewTokenizer(strings.NewReader(page))
	for {
		kind := tags.Next()
		if w.written > 8*maxText {
			kind = html.ErrorToken // a person wrote less
		}
		switch kind {
		case html.ErrorToken:
			w.endLine()
			return strings.Join(w.lines, "\n")
		case html.TextToken:
			if w.hidden == 0 {
				w.text(string(tags.Text()))
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			w.start(tags.Token())
		case html.EndTagToken:
			w.end(tags.Token().DataAtom)
		}
	}
}

// htmlWriter writes lines.
type htmlWriter struct {
	lines        []string
	written      int // bytes in them
	line         strings.Builder
	space        bool // one is due before the next word
	quotes       int
	hidden       atom.Atom // the element that is left out; 0 for none
	preformatted int
	link         string // the address of the open link
	linked       int    // where its text begins in the line
}

// silent are elements whose content is not text. Their content is not markup either, or has no elements of the same name.
var silent = map[atom.Atom]bool{
	atom.Script: true, atom.Style: true, atom.Head: true, atom.Title: true, atom.Template: true, atom.Noscript: true,
	atom.Textarea: true, atom.Select: true,
}

// blocks are elements that begin and end a line; those with true have an empty line around them.
var blocks = map[atom.Atom]bool{
	atom.P: true, atom.H1: true, atom.H2: true, atom.H3: true, atom.H4: true, atom.H5: true, atom.H6: true, atom.Ul: true,
	atom.Ol: true, atom.Table: true, atom.Blockquote: true, atom.Pre: true, atom.Hr: true,
	atom.Div: false, atom.Li: false, atom.Tr: false, atom.Section: false, atom.Article: false, atom.Header: false,
	atom.Footer: false, atom.Dt: false, atom.Dd: false, atom.Center: false, atom.Body: false, atom.Address: false,
}

func (w *htmlWriter) start(tag html.Token) {
	if w.hidden != 0 {
		if tag.DataAtom == atom.Body {
			w.hidden = 0 // the head has no end
		}
		return
	}
	if apart, block := blocks[tag.DataAtom]; block {
		w.breakLine(apart)
	}
	switch a := tag.DataAtom; {
	case silent[a] && tag.Type == html.StartTagToken:
		w.hidden = a
	case a == atom.Br:
		w.endLine()
	case a == atom.Li:
		w.text("- ")
		w.space = true
	case a == atom.Td, a == atom.Th:
		w.space = true
	case a == atom.Blockquote:
		w.quotes = min(w.quotes+1, maxQuotes)
	case a == atom.Pre:
		w.preformatted++
	case a == atom.A:
		w.closeLink()
		w.link, w.linked = attribute(tag, "href"), w.line.Len()
	case a == atom.Img:
		w.text(attribute(tag, "alt"))
	}
}

func (w *htmlWriter) end(a atom.Atom) {
	if w.hidden != 0 {
		if a == w.hidden {
			w.hidden = 0
		}
		return
	}
	switch a {
	case atom.A:
		w.closeLink()
	case atom.Pre:
		w.preformatted = max(w.preformatted-1, 0)
	}
	apart, block := blocks[a]
	if block {
		w.breakLine(apart && a != atom.Blockquote)
	}
	if a == atom.Blockquote {
		w.quotes = max(w.quotes-1, 0)
		w.breakLine(true)
	}
}

// text adds words. Spaces and line breaks of the source are one space, except where they are preformatted.
func (w *htmlWriter) text(s string) {
	if w.preformatted > 0 {
		for i, l := range strings.Split(s, "\n") {
			if i > 0 {
				w.endLine()
			}
			w.line.WriteString(l)
		}
		return
	}
	for _, r := range s {
		switch r {
		case ' ', '\t', '\r', '\n', '\f', '\u00a0':
			w.space = true
		case '\u200b', '\ufeff', '\u034f', '\u00ad': // fillers of newsletters
		default:
			if w.space && w.line.Len() > 0 {
				w.line.WriteByte(' ')
			}
			w.space = false
			w.line.WriteRune(r)
		}
	}
}

// closeLink writes the address of a link behind its text, unless the text is the address.
func (w *htmlWriter) closeLink() {
	address := strings.TrimSpace(w.link)
	w.link = ""
	scheme, rest, _ := strings.Cut(address, ":")
	shown := w.line.String()[min(w.linked, w.line.Len()):]
	plain := strings.TrimSuffix(strings.TrimPrefix(rest, "//"), "/")
	switch strings.ToLower(scheme) {
	case "http", "https", "mailto":
		if plain != "" && !strings.Contains(shown, plain) {
			w.space = true
			w.text("(" + strings.TrimPrefix(address, "mailto:") + ")")
		}
	}
}

// endLine ends the line, which may be empty.
func (w *htmlWriter) endLine() {
	l := w.line.String()
	if w.quotes > 0 {
		l = strings.Repeat(">", w.quotes) + " " + l
	}
	w.lines, w.written = append(w.lines, strings.TrimRight(l, " ")), w.written+len(l)+1
	w.line.Reset()
	w.space, w.linked = false, 0
}

// breakLine ends the line if something stands in it. With apart an empty line follows.
func (w *htmlWriter) breakLine(apart bool) {
	if w.line.Len() > 0 {
		w.endLine()
	}
	if n := len(w.lines); apart && n > 0 && strings.Trim(w.lines[n-1], "> ") != "" {
		w.endLine()
	}
}

func attribute(tag html.Token, name string) string {
	for _, a := range tag.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}
