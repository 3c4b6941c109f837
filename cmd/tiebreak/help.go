package main

import (
	"embed"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// manual holds a Markdown page for each topic. People read the same files in the repository.
//
//go:embed help/*.md
var manual embed.FS

// topic is a page of the manual and what stands in the list of topics about it.
type topic struct{ name, about string }

// topics lists the pages of the manual in the order in which an operator needs them.
var topics = []topic{
	{"commands", "every command, and what programs can read from a site"},
	{"settings", "the environment variables and flags, and what they mean"},
	{"content", "how to write options and guides as YAML files"},
	{"mail", "how emails go out, how answers come back, and what is read of them"},
	{"tls", "HTTPS: built in, or by Caddy, nginx or HAProxy in front"},
	{"deploy", "how to run Tiebreak behind a proxy, stop it and upgrade it"},
	{"cluster", "how to run several instances, and what happens when a server fails"},
	{"monitor", "how to see that a site is well, and what to do about each alert"},
	{"backup", "how to back up a site, restore it and move its database"},
	{"security", "what you must do, how sign-in works, and the ASVS table"},
	{"contributing", "the layout, the glossary and recipes for common changes"},
}

type helpCommand struct {
	Topic string `arg:"" optional:"" help:"Page of the manual to print. None: the list of topics."`
}

// Validate is called by the parser, so that an unknown topic is wrong usage.
func (h helpCommand) Validate() error {
	var names []string
	for _, t := range topics {
		names = append(names, t.name)
	}
	if h.Topic != "" && !slices.Contains(names, h.Topic) {
		return fmt.Errorf("there is no topic %q: the topics are %s", h.Topic, strings.Join(names, ", "))
	}
	return nil
}

// Run prints the page or, without a topic, the list of topics.
func (h helpCommand) Run() error {
	if h.Topic == "" {
		return listTopics()
	}
	page, err := manual.ReadFile("help/" + h.Topic + ".md")
	if err != nil {
		return err
	}
	_, err = fmt.Print(codeFence.ReplaceAllString(string(page), ""))
	return err
}

// codeFence matches the lines around a block of code, which mean nothing on a terminal.
var codeFence = regexp.MustCompile("(?m)^```.*\n")

// listTopics writes one line for each topic.
func listTopics() error {
	var list strings.Builder
	list.WriteString("The manual of Tiebreak. Print a page with \"tiebreak help TOPIC\".\n\n")
	for _, t := range topics {
		fmt.Fprintf(&list, "  %-13s %s\n", t.name, t.about)
	}
	list.WriteString("\n\"tiebreak --help\" lists the commands. \"tiebreak COMMAND --help\" shows the flags of one.\n")
	_, err := fmt.Print(list.String())
	return err
}
