package guide

import (
	"bytes"
	"strings"

	"github.com/yuin/goldmark"
)

// markdown is CommonMark with raw HTML off: what an author writes can never bring markup of its own onto a page.
var markdown = goldmark.New()

// HTML is the Markdown text as safe HTML blocks.
func HTML(text string) (string, error) {
	var out bytes.Buffer
	if err := markdown.Convert([]byte(text), &out); err != nil {
		return "", err
	}
	return strings.TrimSpace(out.String()), nil
}

// InlineHTML is a one-paragraph Markdown text as safe HTML, without the paragraph around it.
func InlineHTML(text string) (string, error) {
	html, err := HTML(text)
	if err != nil {
		return "", err
	}
	inner, one := strings.CutPrefix(html, "<p>")
	inner, closed := strings.CutSuffix(inner, "</p>")
	if one && closed && !strings.Contains(inner, "<p>") {
		return inner, nil
	}
	return html, nil
}
