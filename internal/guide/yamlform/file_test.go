package yamlform_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"golang.org/x/text/encoding/unicode"

	"tiebreak/internal/guide"
	"tiebreak/internal/guide/starter"
	"tiebreak/internal/guide/yamlform"
)

// today is a day on which the samples below are fresh.
var today = date("2026-11-23")

func date(iso string) guide.Date {
	var d guide.Date
	if err := d.UnmarshalText([]byte(iso)); err != nil {
		panic(err)
	}
	return d
}

// check reads and judges one file, and returns its findings a line each.
func check(name, text string) string {
	return checkAll([]yamlform.Text{{Name: name, Content: []byte(text)}})
}

func checkAll(texts []yamlform.Text) string {
	files, findings := yamlform.Read(texts)
	return lines(yamlform.Check(files, findings, today))
}

// says reports what is wanted and not in the findings.
func says(t *testing.T, got string, wanted ...string) {
	t.Helper()
	for _, want := range wanted {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
}

// read reads one file.
func read(content []byte) (yamlform.File, []yamlform.Finding) {
	files, findings := yamlform.Read([]yamlform.Text{{Name: "a.yaml", Content: content}})
	return files[0], findings
}

// eachSays reports the texts of a.yaml of which the check does not say what is wanted, followed by the words. It says the words
// only once.
func eachSays(t *testing.T, words string, wanted [][2]string) {
	t.Helper()
	for _, c := range wanted {
		text, want := c[0], c[1]
		got := check("a.yaml", text)
		if !strings.Contains(got, want+words) || words != "" && strings.Count(got, words) != 1 {
			t.Errorf("%q: no %q in\n%s", text, want, got)
		}
	}
}

// noneSays reports the texts of a.yaml of which the check says the words.
func noneSays(t *testing.T, words string, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if got := check("a.yaml", text); strings.Contains(got, words) {
			t.Errorf("%q: %s", text, got)
		}
	}
}

func lines(findings []yamlform.Finding) string {
	var all []string
	for _, f := range findings {
		all = append(all, f.String())
	}
	return strings.Join(all, "\n")
}

func starterFiles(t *testing.T) []yamlform.File {
	t.Helper()
	texts, err := yamlform.Texts(starter.FS)
	if err != nil {
		t.Fatal(err)
	}
	files, findings := yamlform.Read(texts)
	if len(findings) > 0 {
		t.Fatal(lines(findings))
	}
	return files
}

func TestEveryMistakeOfTheFormIsNamedAtItsPlace(t *testing.T) {
	t.Parallel()

	got := check("options/django.yaml", `option: django
nmae: Django
name: Django
name: Djangoo
kind: Framework
homepage: [https://www.djangoproject.com/]
facts:
  admin:
    value: Built in
    confidence: verified
    checked: 22.11.2026
    sources: none
`)
	want := `options/django.yaml:2:1: unknown field "nmae": expected one of based_on, facts, homepage, kind, name, option, retired
options/django.yaml:4:1: name appears twice here
options/django.yaml:6:11: homepage: expected text
options/django.yaml:9:5: warning: facts.admin: the fact has no source
options/django.yaml:11:14: facts.admin.checked: "22.11.2026" is not a date: write it as 2026-11-22
options/django.yaml:12:14: facts.admin.sources: expected a list: a line with a dash for each item, or [a, b]`
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestEightDifferentMistakesOfAGuideAreNamedAtTheirPlaces(t *testing.T) {
	t.Parallel()

	got := check("guides/a-vs-b.yaml", `guide: a-vs-b
title: A vs B
subtitle: Two samples.
options: [a, b]
field: Samples
answer: {a: for one thing., c: for another.}
level: {take: d, why: It is a sample.}
intro: Samples.
summary:
  - {criterion: speed, label: Speed, fact: speed, values: {a: fast, b: slow}, edge: even, why: Both.}
  - {criterion: speed, fact: size, label: Size, edge: x, why: Nobody.}
dimensions:
  - {dimension: use, title: Use, text: {a: "One.[^2]", b: Two.}, means: Nothing., sources: [{title: S, url: example.org}]}
verdict: {headline: Take either., text: It is a sample., rests_on: [sped]}
conditions:
  a: [{id: one, text: One, weight: 4}]
  b: [{id: two, text: Two, weight: 1}]
questions: []
call: {heading: Ask us, text: Say what you need.}
`)
	want := `guides/a-vs-b.yaml:6:9: answer.b is missing
guides/a-vs-b.yaml:6:32: answer.c: this guide does not compare c
guides/a-vs-b.yaml:7:15: level.take: "d" is not one of a, b
guides/a-vs-b.yaml:10:3: warning: summary: 1 of 2 rows are ties: leave out those that decide nothing, at most a third may stay
guides/a-vs-b.yaml:10:5: summary[1]: give either fact or values, not both or neither
guides/a-vs-b.yaml:10:85: warning: summary[1].edge: no reason rests on this tie, so it decides nothing: leave the row out
guides/a-vs-b.yaml:11:17: summary[2].criterion: speed appears twice here
guides/a-vs-b.yaml:11:55: summary[2].edge: "x" is not one of a, b, even
guides/a-vs-b.yaml:13:44: dimensions[1].text.a: [^2] cites a source that does not exist: this text can cite [^1] only
guides/a-vs-b.yaml:13:93: warning: dimensions[1].sources[1]: source 1 is not cited: add [^1] to the sentence that it supports
guides/a-vs-b.yaml:13:109: dimensions[1].sources[1].url: "example.org" is not a web address: write all of it, with https://
guides/a-vs-b.yaml:14:69: verdict.rests_on[1]: "sped" is not a criterion of the summary
guides/a-vs-b.yaml:16:36: conditions.a[1].weight: 4 is not 1, 2 or 3`
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestFactsAreJudgedByDateAndConfidence(t *testing.T) {
	t.Parallel()

	got := check("options/a.yaml", `option: a
name: A
kind: Sample
homepage: https://example.org/
facts:
  old: {value: x, confidence: verified, checked: 2025-01-01, review: 2026-11-22, sources: [{title: S, url: "https://example.org/"}]}
  odd: {value: x, confidence: sure, checked: 2026-11-22, sources: [{title: S, url: "https://example.org/"}]}
  none: {value: x, confidence: unknown, checked: 2026-11-22, sources: [{title: S, url: "https://example.org/"}]}
`)
	want := `options/a.yaml:6:70: warning: facts.old.review: overdue: check the fact again
options/a.yaml:7:31: facts.odd.confidence: "sure" is not one of verified, estimated, unknown
options/a.yaml:8:17: facts.none.value: an unknown fact has no value: leave it out, and say in detail what you looked for`
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestBrokenYAMLNamesItsLine(t *testing.T) {
	t.Parallel()

	if got := check("guides/x.yaml", "guide: x\ntitle: a: b\n"); !strings.HasPrefix(got,
		"guides/x.yaml:2:1: Cannot read this line.") {
		t.Errorf("got %s", got)
	}
}

func TestRepeatedSentencesAreWarnedOf(t *testing.T) {
	t.Parallel()

	got := check("options/a.yaml", `option: a
name: A
kind: Sample
homepage: https://example.org/
facts:
  one: {value: x, detail: "This is a sentence of exactly nine words altogether.", confidence: verified, checked: 2026-11-22, sources: [{title: S, url: "https://example.org/"}]}
  two: {value: x, detail: "New. this is a sentence of exactly nine words altogether.", confidence: verified, checked: 2026-11-22, sources: [{title: S, url: "https://example.org/"}]}
`)
	if want := `options/a.yaml:7:27: warning: facts.two.detail: this sentence is also at options/a.yaml:6`; !strings.HasPrefix(
		got, want) {
		t.Errorf("got %s, want %s", got, want)
	}
}

// content returns what the file holds.
func content(f yamlform.File) any {
	switch {
	case f.Option != nil:
		return f.Option
	case f.Guide != nil:
		return f.Guide
	}
	return f.Site
}

func TestYAMLReadsBackTheSame(t *testing.T) {
	t.Parallel()

	for _, f := range starterFiles(t) {
		text, err := yamlform.YAML(content(f))
		if err != nil {
			t.Fatal(err)
		}
		again, findings := yamlform.Read([]yamlform.Text{{Name: f.Name, Content: text}})
		if len(findings) > 0 {
			t.Fatalf("%s\n%s", lines(findings), text)
		}
		before, err := json.Marshal(content(f))
		if err != nil {
			t.Fatal(err)
		}
		if after, err := json.Marshal(content(again[0])); err != nil || !bytes.Equal(before, after) {
			t.Errorf("%s changed on its way through YAML (%v)", f.Name, err)
		}
	}
}

func TestOddTextIsQuotedForOlderReaders(t *testing.T) {
	t.Parallel()

	for _, odd := range []string{"=", "<<", "no", "012", "1:30", "2026-11-22 10:00:00 +2", ".", "-", "~", "null", "# one", "👍"} {
		text, err := yamlform.YAML(guide.Option{Slug: "a", Name: odd})
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(text), "\nname: \"") && !strings.Contains(string(text), "\nname: '") {
			t.Errorf("%q is written bare:\n%s", odd, text)
		}
		if again, _ := read(text); again.Option.Name != odd {
			t.Errorf("%q reads back as %q", odd, again.Option.Name)
		}
	}
}

func TestBaseOfAUTF16FileIsRenewed(t *testing.T) {
	t.Parallel()
	for _, order := range []unicode.Endianness{unicode.LittleEndian, unicode.BigEndian} {
		form := unicode.UTF16(order, unicode.UseBOM)
		before, err := form.NewEncoder().Bytes([]byte("# Größe\noption: a\nbased_on: 0123\nname: A\n"))
		if err != nil {
			t.Fatal(err)
		}
		file, _ := read(before)
		after, changed := file.WithBase(before, "4567")
		text, err := form.NewDecoder().Bytes(after)
		if want := "# Größe\noption: a\nbased_on: 4567\nname: A\n"; string(text) != want || !changed || err != nil {
			t.Errorf("changed %v: %q (%v)", changed, text, err)
		}
		if file.Option == nil || file.Option.BasedOn != "0123" {
			t.Errorf("read as %+v", file.Option)
		}
	}
}
