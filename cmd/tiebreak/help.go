package main

import (
	"embed"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/alecthomas/kong"
)

//go:embed help
var pages embed.FS

type helpCommand struct {
	Topic string `arg:"" optional:"" help:"security: what the door does, what the keeper must do, and the table of OWASP ASVS 5.0."`
}

// topics are what there is a page on: each is a file.
func topics() []string {
	files, err := pages.ReadDir("help")
	if err != nil {
		panic(err) // embedded with the program
	}
	var names []string
	for _, f := range files {
		names = append(names, strings.TrimSuffix(f.Name(), path.Ext(f.Name())))
	}
	return names
}

// Validate is called by the command line's parser: a topic without a page is wrong usage.
func (h helpCommand) Validate() error {
	if known := topics(); h.Topic != "" && !slices.Contains(known, h.Topic) {
		return fmt.Errorf("there is no page on %q: the topics are %s", h.Topic, strings.Join(known, ", "))
	}
	return nil
}

// Run prints the page on the topic or, without one, what --help prints.
func (h helpCommand) Run(around surroundings, parsed *kong.Context) error {
	if h.Topic == "" {
		whole, err := kong.Trace(parsed.Kong, nil)
		if err != nil {
			return err
		}
		return whole.PrintUsage(false)
	}
	page, err := pages.ReadFile("help/" + h.Topic + ".txt")
	if err != nil {
		return err
	}
	_, err = around.stdout.Write(page)
	return err
}
