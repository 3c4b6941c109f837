package yamlform_test

import (
	"slices"
	"strings"
	"testing"

	"tiebreak/internal/guide"
	"tiebreak/internal/guide/yamlform"
)

// decides is a guide with everything that its checklist can have, in the form that an export gives it.
const decides = `guide: a-vs-b
title: A vs B
subtitle: Two samples.
options: [a, b]
field: Samples
answer:
  a: for one thing.
  b: for another.
short:
  a: One thing
  b: Another thing
level:
  take:
    - b
    - a
  why: B is smaller.
both:
  when: one part is small.
  text: They share nothing.
intro: Samples.
summary:
  - criterion: size
    label: Size
    values:
      a: Large
      b: Small
    edge: b
    why: Less to learn.
dimensions: []
verdict:
  headline: Take B.
  text: It is smaller.
conditions:
  a:
    - id: large
      text: It is large
      weight: 2
      group: size
      rules_out: [b]
      rests_on: [size]
    - id: largest
      text: It is the largest
      weight: 3
      group: size
  b:
    - id: small
      text: It is small
      weight: 1
      rests_on: [size]
profiles:
  - name: A large shop
    tick: [large]
    expect: a
  - name: A small shop
    tick: []
    must: [small]
    expect: b
questions: []
call:
  heading: Ask us
  text: Say what you need.
`

func TestEverythingOfAChecklistIsReadAndWritten(t *testing.T) {
	t.Parallel()

	files, findings := yamlform.Read([]yamlform.Text{{Name: "a.yaml", Content: []byte(decides)}})
	if findings = yamlform.Check(files, findings, today); yamlform.Mistakes(findings) > 0 {
		t.Fatal(lines(findings))
	}
	g := files[0].Guide
	large := g.Conditions["a"][0]
	switch {
	case g.Short["b"] != "Another thing", g.Both != guide.Together{When: "one part is small.", Text: "They share nothing."},
		!slices.Equal(g.Level.Take, []string{"b", "a"}), large.Group != "size", !slices.Equal(large.RulesOut, []string{"b"}),
		len(g.Profiles) != 2, !slices.Equal(g.Profiles[1].Must, []string{"small"}):
		t.Errorf("read as %+v", g)
	}
	written, err := yamlform.YAML(g)
	if err != nil || string(written) != decides {
		t.Errorf("written as (%v)\n%s", err, written)
	}
	for _, take := range []string{"take: a", "take: [a]"} {
		file, findings := read([]byte("guide: a-vs-b\nlevel: {" + take + "}\n"))
		if len(findings) > 0 || !slices.Equal(file.Guide.Level.Take, []string{"a"}) {
			t.Errorf("%s is read as %q, %s", take, file.Guide.Level.Take, lines(findings))
		}
	}
}

func TestMistakesOfAChecklistAreNamedAtTheirPlaces(t *testing.T) {
	t.Parallel()

	for _, c := range []struct{ old, other, want string }{
		{"rules_out: [b]", "rules_out: [a]", "a.yaml:39:19: conditions.a[1].rules_out[1]: a is the option"},
		{"rules_out: [b]", "rules_out: [c]", `a.yaml:39:19: conditions.a[1].rules_out[1]: this guide does not compare "c"`},
		{"rules_out: [b]", "rules_out: [b, b]", "a.yaml:39:22: conditions.a[1].rules_out[2]: b appears twice here"},
		{"weight: 1", "weight: 1\n      group: size", "a.yaml:49:14: conditions.b[1].group: size is a group of a"},
		{"group: size", "group: The size", `conditions.a[1].group: "The size" must be lower-case`},
		{"tick: [large]", "tick: [larger]", `a.yaml:52:12: profiles[1].tick[1]: "larger" is not the id of a condition`},
		{"must: [small]", "must: [small, small]", "a.yaml:56:19: profiles[2].must[2]: small appears twice here"},
		{"name: A small shop", "name: A large shop", "a.yaml:54:11: profiles[2].name: another profile has this name too"},
		{"expect: b", "expect: c", `a.yaml:57:13: profiles[2].expect: "c" is not one of a, b, even, both, none`},
		{"    expect: b\n", "", "a.yaml:54:5: profiles[2].expect is missing"},
		{"a: One thing", "a: " + strings.Repeat("x", 49), "a.yaml:10:6: short.a: 49 characters: write at most 48"},
		{"  b: Another thing\n", "", "a.yaml:10:3: short.b is missing"},
		{"    - a\n", "    - b\n", "a.yaml:15:7: level.take[2]: b appears twice here"},
		{"    - a\n", "    - c\n", `a.yaml:15:7: level.take[2]: "c" is not one of a, b`},
		{"take:\n    - b\n    - a\n", "take: []\n", "level.take is missing"},
		{"take:\n    - b\n    - a\n", "take:\n", "level.take is missing"},
		{"  when: one part is small.\n", "", "a.yaml:18:3: both.when is missing"},
	} {
		text := strings.Replace(decides, c.old, c.other, 1)
		if got := check("a.yaml", text); !strings.Contains(got, c.want) {
			t.Errorf("%s: no %q in\n%s", c.other, c.want, got)
		}
	}
}

func TestFindsAreOneToFiveWords(t *testing.T) {
	t.Parallel()

	source := func(find string) string {
		return "option: a\nfacts:\n  f: {sources: [{title: S, url: \"https://example.org/\", find: [" + find + "]}]}\n"
	}
	file, findings := read([]byte(source(`"5.2", internal management tool`)))
	if got := file.Option.Facts["f"].Sources[0].Find; !slices.Equal(got, []string{"5.2", "internal management tool"}) {
		t.Errorf("read as %q, %s", got, lines(findings))
	}
	noneSays(t, "words", source(`"5.2", one two three four five`), source(""))
	eachSays(t, "", [][2]string{
		{source("one two three four five six"), "a.yaml:3:64: facts.f.sources[1].find[1]: 6 words: write one to 5"},
		{source(`x, " "`), "a.yaml:3:67: facts.f.sources[1].find[2]: this is empty: write one to 5 words"},
	})
}

func TestProfilesThatComeOutOtherwiseAreMistakes(t *testing.T) {
	t.Parallel()

	for _, c := range []struct{ old, other, want string }{
		{"expect: a", "expect: b", "a.yaml:53:13: profiles[1].expect: b was expected, the checklist says a (a 2; b 0, ruled "},
		{"expect: b", "expect: even", "a.yaml:57:13: profiles[2].expect: even was expected, the checklist says b (a 0, ruled"},
		{"must: [small]", "must: [small, large]", "a.yaml:57:13: profiles[2].expect: b was expected, the checklist says both ("},
		{"must: [small]", "must: []", "profiles[2].expect: b was expected, the checklist says none (a 0; b 0)"},
		{"tick: [large]", "tick: [large, small]", ""},
	} {
		got := check("a.yaml", strings.Replace(decides, c.old, c.other, 1))
		if c.want == "" && strings.Contains(got, "expected") || !strings.Contains(got, c.want) {
			t.Errorf("%s: no %q in\n%s", c.other, c.want, got)
		}
	}
}

func TestRowsAndConditionsThatDoNotSupportEachOtherAreWarnedOf(t *testing.T) {
	t.Parallel()

	const row = `  - criterion: size
    label: Size
    values:
      a: Large
      b: Small
    edge: b
    why: Less to learn.
`
	for _, c := range []struct{ old, other, want string }{
		{"", "", "a.yaml:40:18: warning: conditions.a[1].rests_on[1]: b is ahead in the row size, so it is not a reason for a"},
		{"edge: b", "edge: a", "a.yaml:49:18: warning: conditions.b[1].rests_on[1]: a is ahead in the row size"},
		{"      rests_on: [size]\nprofiles", "profiles", "a.yaml:27:11: warning: summary[1].edge: b is ahead, and no reason to"},
		{"edge: b", "edge: even", "a.yaml:22:3: warning: summary: 1 of 1 rows are ties: leave out"},
		{row, row + strings.NewReplacer("size", "tie", "edge: b", "edge: even").Replace(row), "summary[2].edge: no reason rests"},
		{"text: It is small\n", "text: The team knows B\n", "conditions.a: only other options have a reason about skills"},
		{"weight: 1", "weight: 1\n      group: skills-b", "conditions.a: only other options have a reason"},
	} {
		got := check("a.yaml", strings.Replace(decides, c.old, c.other, 1))
		if !strings.Contains(got, c.want) {
			t.Errorf("%s: no %q in\n%s", c.other, c.want, got)
		}
	}
	sound := strings.NewReplacer("      rests_on: [size]\n    - id: largest", "    - id: largest",
		"It is large\n", "You hire people for A\n", "It is small", "The team knows B").Replace(decides)
	if got := check("a.yaml", sound); got != "" {
		t.Errorf("a sound guide has\n%s", got)
	}
}

func TestLongSentencesAndOldCopiesAreWarnedOf(t *testing.T) {
	t.Parallel()

	words := strings.Repeat("word ", 29)
	noneSays(t, "sentence of", detail(words+"end."), detail(words+"3.10. "+words+"end."), detail(words+"\\n\\n"+words),
		detail("```\\n"+words+words+"\\n```"))
	eachSays(t, "", [][2]string{
		{detail(words + "one two."), "a.yaml:2:21: warning: facts.f.detail: a sentence of 31 words: split it, or cut it to 30: "},
		{detail("Short. " + words + "\\n" + words), "a sentence of 58 words"},
	})

	source := func(copied string) string {
		return "option: a\nfacts: {f: {checked: 2026-11-22, sources: [{copy: " + copied + "}]}}\n"
	}
	noneSays(t, "copy", source("2025-11-22"), source("2026-11-22"))
	eachSays(t, "", [][2]string{
		{source("2025-11-21"), "a.yaml:2:51: warning: facts.f.sources[1].copy: the copy is more than a year older than"},
	})
}
