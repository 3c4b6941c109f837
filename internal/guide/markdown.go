package guide

import (
	"bytes"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/renderer/html"
)

// markdown is CommonMark with raw HTML off: what an author writes can never bring markup of its own onto a page.
var markdown = goldmark.New()

// typed keeps line breaks too: whoever types a letter means them.
var typed = goldmark.New(goldmark.WithRendererOptions(html.WithHardWraps()))

// TypedHTML is Markdown that somebody typed as a letter, as safe HTML blocks.
func TypedHTML(text string) (string, error) { return convert(typed, text) }

// HTML is the Markdown text as safe HTML blocks.
func HTML(text string) (string, error) { return convert(markdown, text) }

func convert(how goldmark.Markdown, text string) (string, error) {
	var out bytes.Buffer
	if err := how.Convert([]byte(text), &out); err != nil {
		return "", err
	}
	return strings.TrimSpace(out.String()), nil
}

// InlineHTML is a one-paragraph Markdown text as safe HTML, without the paragraph around it.
func InlineHTML(text string) (string, error) {
	whole, err := HTML(text)
	if err != nil {
		return "", err
	}
	inner, one := strings.CutPrefix(whole, "<p>")
	inner, closed := strings.CutSuffix(inner, "</p>")
	if one && closed && !strings.Contains(inner, "<p>") {
		return inner, nil
	}
	return whole, nil
}
