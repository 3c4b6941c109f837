package yamlform

import (
	"embed"
	"strings"
	"text/template"

	"tiebreak/internal/guide"
)

// exampleWord marks the words of an example that the author has not replaced yet.
const exampleWord = "EXAMPLE"

//go:embed example
var exampleFiles embed.FS

var examples = template.Must(template.New("").Funcs(template.FuncMap{
	"join":   strings.Join,
	"number": func(i int) int { return i + 1 },
	"last":   func(list []string) int { return len(list) - 1 },
}).ParseFS(exampleFiles, "example/*.yaml"))

// Example returns a commented guide that compares the options, as a file to start from. It passes the check, which warns
// of each text that still holds the example's words.
func Example(slugs []string) string { return example("guide.yaml", slugs) }

// ExampleOption returns a commented option, as a file to start from.
func ExampleOption(slug string, today guide.Date) string {
	return example("option.yaml", struct {
		Slug            string
		Today, NextYear guide.Date
	}{slug, today, guide.Day(today.Day.AddDate(1, 0, 0))})
}

func example(name string, data any) string {
	var text strings.Builder
	if err := examples.ExecuteTemplate(&text, name, data); err != nil {
		panic(err) // the examples are part of the program
	}
	return text.String()
}
