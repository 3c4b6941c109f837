package guide

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// Check judges files that have the form: do they say what a page needs, and does it fit together? Options and facts that
// stand in none of the files are no mistake: the database may have them. Findings come in order, those of the reading too.
func Check(files []File, reading []Finding, today Date) []Finding {
	c := checker{today: today, options: map[string]*Option{}, findings: slices.Clone(reading)}
	for _, f := range files {
		if f.Option != nil {
			c.options[f.Option.Slug] = f.Option
		}
	}
	for _, c.file = range files {
		switch {
		case c.file.Option != nil:
			c.option(c.file.Option)
		case c.file.Guide != nil:
			c.guide(c.file.Guide)
		}
	}
	c.repetitions(files)
	return inOrder(c.findings)
}

type checker struct {
	today    Date
	options  map[string]*Option // of all files, by slug
	file     File               // under judgement
	findings []Finding
}

func (c *checker) wrong(path, format string, args ...any) { c.find(false, path, format, args...) }
func (c *checker) warn(path, format string, args ...any)  { c.find(true, path, format, args...) }

func (c *checker) find(warning bool, path, format string, args ...any) {
	p := c.file.place(path)
	c.findings = append(c.findings, Finding{
		File: c.file.Name, Line: p.line, Column: p.column, Text: fmt.Sprintf(format, args...), Warning: warning,
	})
}

var slugForm = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

func (c *checker) slug(path, slug string) {
	if !slugForm.MatchString(slug) {
		c.wrong(path, "%q is no name for an address: use small letters, digits and single hyphens", slug)
	}
}

func (c *checker) given(path, name, text string) {
	if text == "" {
		c.wrong(path, "%s is missing", name)
	}
}

func (c *checker) address(path, address string) {
	if u, err := url.Parse(address); err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		c.wrong(path, "%q is no web address: write it whole, with https://", address)
	}
}

func (c *checker) option(o *Option) {
	c.slug("option", o.Slug)
	c.given("name", "the option's name", o.Name)
	c.given("kind", "the option's kind", o.Kind)
	c.address("homepage", o.Homepage)
	for key, f := range o.Facts {
		c.fact(at("facts", key), key, f)
	}
}

func (c *checker) fact(path, key string, f Fact) {
	c.slug(path, key)
	switch f.Confidence {
	case Verified, Estimated:
		c.given(at(path, "value"), "the value", f.Value)
	case Unknown:
		if f.Value != "" {
			c.wrong(at(path, "value"), "an unknown fact has no value: say in detail what was looked for")
		}
	default:
		c.wrong(at(path, "confidence"), "%q is no confidence: use verified, estimated or unknown", f.Confidence)
	}
	switch {
	case f.Checked.IsZero():
		c.wrong(at(path, "checked"), "checked is missing: the day on which somebody last looked, as 2026-11-22")
	case !f.Review.IsZero() && f.Review.Before(f.Checked):
		c.wrong(at(path, "review"), "review is before checked")
	case f.Overdue(c.today):
		c.warn(at(path, "review"), "overdue: it was to be looked at again by %s", f.Review)
	}
	if len(f.Sources) == 0 {
		c.warn(path, "no source")
	}
	c.sources(at(path, "sources"), f.Sources)
}

func (c *checker) sources(path string, sources []Source) {
	for i, s := range sources {
		c.given(at(item(path, i), "title"), "the source's title", s.Title)
		c.address(at(item(path, i), "url"), s.URL)
	}
}

// sentence ends at a full stop, a question mark or a new line.
var sentence = regexp.MustCompile(`[^.?!\n]+`)

// repetitions warns of a sentence of eight words or more that stands twice: readers feel the template.
func (c *checker) repetitions(files []File) {
	seen := map[string]string{}
	for _, c.file = range files {
		c.file.prose(func(path, text string) {
			for _, s := range sentence.FindAllString(text, -1) {
				words := strings.Fields(strings.ToLower(s))
				if len(words) < 8 {
					continue
				}
				said := strings.Join(words, " ")
				if first, repeated := seen[said]; repeated {
					c.warn(path, "repeated text, first said at %s: %q", first, strings.TrimSpace(s))
					continue
				}
				p := c.file.place(path)
				seen[said] = fmt.Sprintf("%s:%d", c.file.Name, p.line)
			}
		})
	}
}
