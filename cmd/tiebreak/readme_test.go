package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// maxReadmeWords keeps the README a front door; everything else belongs in the manual.
const maxReadmeWords = 800

func TestReadmeIsShort(t *testing.T) {
	t.Parallel()
	if words := len(strings.Fields(readme(t))); words > maxReadmeWords {
		t.Errorf("%d words, more than %d: move something into the manual", words, maxReadmeWords)
	}
}

func TestReadmeLinksToFilesThatExist(t *testing.T) {
	t.Parallel()
	links := regexp.MustCompile(`\]\(([^)]+)\)`).FindAllStringSubmatch(readme(t), -1)
	for _, topic := range topics {
		if link := "](cmd/tiebreak/help/" + topic.name + ".md):"; !strings.Contains(readme(t), link) {
			t.Errorf("the list of topics lacks %s", topic.name)
		}
	}
	for _, m := range links {
		if _, err := os.Stat(filepath.Join(rootFolder, m[1])); err != nil {
			t.Error(err)
		}
	}
}

func TestContributingNamesPathsThatExist(t *testing.T) {
	t.Parallel()
	text := readFile(t, filepath.Join(rootFolder, "cmd/tiebreak/help/contributing.md"))
	paths := regexp.MustCompile("(?m)(?:`|^)((?:cmd|internal|templates|migrations|static)(?:/[a-z_./]+)?)(?:`| )").
		FindAllStringSubmatch(text, -1)
	if len(paths) < 70 {
		t.Errorf("only %d paths are found", len(paths))
	}
	for _, m := range paths {
		if _, err := os.Stat(filepath.Join(rootFolder, m[1])); err != nil {
			t.Error(err)
		}
	}
}

func readme(t *testing.T) string { return readFile(t, filepath.Join(rootFolder, "README.md")) }
