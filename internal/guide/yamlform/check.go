package yamlform

import (
	"fmt"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"tiebreak/internal/guide"
)

// Check judges files that have the form: do they say what a page needs, and does it fit together? Options and facts that
// stand in none of the files are not a mistake: the database may have them. Findings come in order, those of the reading too.
func Check(files []File, reading []Finding, today guide.Date) []Finding {
	c := checker{today: today, options: map[string]*guide.Option{}, findings: slices.Clone(reading)}
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
		c.file.prose(c.shown)
		c.file.values(c.shown)
		c.file.plain(c.asTyped)
	}
	c.once(files)
	c.repetitions(files)
	return inOrder(c.findings)
}

// Undefined warns of options that the guides name and none of the files holds: whether they exist was not checked.
func Undefined(files []File) []Finding {
	c := checker{}
	known := map[string]bool{}
	for _, f := range files {
		if f.Option != nil {
			known[f.Option.Slug] = true
		}
	}
	for _, c.file = range files {
		if c.file.Guide == nil {
			continue
		}
		for i, o := range c.file.Guide.Options {
			if IsSlug(o) && !known[o] {
				c.warn(item("options", i), "%s is not in these files, so its facts were not checked", o)
			}
		}
	}
	return c.findings
}

// Undrawn warns of characters that the picture of a guide shows nothing for: in the names of options, the answers and the
// name of the studio. The page shows them.
func Undrawn(files []File, draws func(rune) bool) []Finding {
	c := checker{}
	look := func(path, text string) {
		missing := map[rune]bool{}
		for _, r := range guide.PlainText(text) {
			if !draws(r) {
				missing[r] = true
			}
		}
		if len(missing) > 0 {
			c.warn(path, "the picture that stands for a link leaves out %s", string(slices.Sorted(maps.Keys(missing))))
		}
	}
	for _, c.file = range files {
		switch {
		case c.file.Option != nil:
			look("name", c.file.Option.Name)
		case c.file.Guide != nil:
			for _, o := range slices.Sorted(maps.Keys(c.file.Guide.Answer)) {
				look(at("answer", o), c.file.Guide.Answer[o])
			}
		case c.file.Site != nil && c.file.Site.Name != nil:
			look("name", *c.file.Site.Name)
		}
	}
	return c.findings
}

type checker struct {
	today    guide.Date
	options  map[string]*guide.Option // of all files, by slug
	file     File                     // under judgement
	findings []Finding
}

func (c *checker) wrong(path, format string, args ...any) {
	c.find(false, path, field(path, fmt.Sprintf(format, args...)))
}

func (c *checker) warn(path, format string, args ...any) {
	c.find(true, path, field(path, fmt.Sprintf(format, args...)))
}

// find adds a finding, unless the reading has reported what it follows from.
func (c *checker) find(warning bool, path, text string) {
	if c.file.misshapen(path) {
		return
	}
	p := c.file.place(path)
	c.findings = append(c.findings, Finding{File: c.file.Name, Line: p.line, Column: p.column, Text: text, Warning: warning})
}

// IsSlug reports whether a name can be part of an address.
func IsSlug(name string) bool { return slugForm.MatchString(name) }

var slugForm = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

func (c *checker) slug(path, slug string) {
	switch {
	case slug == "":
		c.given(path, slug)
	case !IsSlug(slug):
		c.wrong(path, "%s must be lower-case letters, digits and single hyphens, such as rails-vs-laravel", guide.Quoted(slug))
	}
}

func (c *checker) given(path, text string) {
	if text == "" {
		c.find(false, path, fieldName(path)+" is missing")
	}
}

// oneOf checks a choice among the options that the guide compares, and perhaps more words.
func (c *checker) oneOf(path, choice string, g *guide.Guide, more ...string) {
	choices := append(slices.Clone(g.Options), more...)
	switch {
	case choice == "":
		c.given(path, choice)
	case len(g.Options) > 0 && !slices.Contains(choices, choice):
		c.wrong(path, "%s is not one of %s", guide.Quoted(choice), strings.Join(choices, ", "))
	}
}

func (c *checker) address(path, address string) {
	if address == "" {
		c.given(path, address)
		return
	}
	if u, err := url.Parse(address); err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		c.wrong(path, "%s is not a web address: write all of it, with https://", guide.Quoted(address))
	}
}

func (c *checker) option(o *guide.Option) {
	c.slug("option", o.Slug)
	c.given("name", o.Name)
	c.given("kind", o.Kind)
	c.address("homepage", o.Homepage)
	for _, key := range slices.Sorted(maps.Keys(o.Facts)) {
		c.fact(at("facts", key), key, o.Facts[key])
	}
}

func (c *checker) fact(path, key string, f guide.Fact) {
	c.slug(path, key)
	switch f.Confidence {
	case guide.Verified, guide.Estimated:
		c.given(at(path, "value"), f.Value)
	case guide.Unknown:
		if f.Value != "" {
			c.wrong(at(path, "value"), "an unknown fact has no value: leave it out, and say in detail what you looked for")
		}
	case "":
		c.given(at(path, "confidence"), "")
	default:
		c.wrong(at(path, "confidence"), "%s is not one of verified, estimated, unknown", guide.Quoted(string(f.Confidence)))
	}
	switch {
	case f.Checked.IsZero():
		c.given(at(path, "checked"), "")
	case !f.Review.IsZero() && f.Review.Before(f.Checked):
		c.wrong(at(path, "review"), "this day is before checked")
	case f.Overdue(c.today):
		c.warn(at(path, "review"), "overdue: check the fact again")
	}
	if len(f.Sources) == 0 {
		c.warn(path, "the fact has no source")
	}
	c.sources(at(path, "sources"), f.Sources)
}

func (c *checker) sources(path string, sources []guide.Source) {
	for i, s := range sources {
		c.given(at(item(path, i), "title"), s.Title)
		c.address(at(item(path, i), "url"), s.URL)
	}
}

// once checks that no two files hold the same thing: the import would silently keep the last.
func (c *checker) once(files []File) {
	first := map[string]string{}
	for _, c.file = range files {
		path, name := "", ""
		switch {
		case c.file.Option != nil:
			path, name = "option", "option "+c.file.Option.Slug
		case c.file.Guide != nil:
			path, name = "guide", "guide "+c.file.Guide.Slug
		case c.file.Site != nil:
			name = "site"
		default:
			continue
		}
		if other, twice := first[name]; twice {
			c.wrong(path, "%s holds the same %s", other, strings.Fields(name)[0])
			continue
		}
		first[name] = c.file.Name
	}
}

// sentence ends at a full stop, a question mark or a new line.
var sentence = regexp.MustCompile(`[^.?!\n]+`)

// repetitions warns of a sentence of eight words or more that stands twice: readers feel the template.
func (c *checker) repetitions(files []File) {
	seen := map[string]string{}
	for _, c.file = range files {
		c.file.prose(func(path, text string, _ bool) {
			for _, s := range sentence.FindAllString(text, -1) {
				words := strings.Fields(strings.ToLower(norm.NFC.String(s)))
				if len(words) < 8 || strings.Contains(s, exampleWord) {
					continue
				}
				said := strings.Join(words, " ")
				if first, repeated := seen[said]; repeated {
					c.warn(path, "this sentence stands at %s too: %q", first, strings.TrimSpace(s))
					continue
				}
				p := c.file.place(path)
				seen[said] = fmt.Sprintf("%s:%d", c.file.Name, p.line)
			}
		})
	}
}
