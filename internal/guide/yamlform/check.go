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

// Check returns what is wrong in files that have the form: whether they say what a page needs, and whether it fits together.
// Options and facts that no file holds are not a mistake: the database may have them. It returns the findings of the reading
// too, all in order.
func Check(files []File, reading []Finding, today guide.Date) []Finding {
	c := checker{today: today, options: optionsIn(files), findings: slices.Clone(reading)}
	for _, c.file = range files {
		switch {
		case c.file.Option != nil:
			c.option(c.file.Option)
		case c.file.Guide != nil:
			c.guide(c.file.Guide)
		case c.file.Site != nil:
			c.site(c.file.Site)
		}
		for _, t := range c.file.texts {
			c.shown(t.path, t.text)
			c.lengths(t.path, t.text)
		}
	}
	c.once(files)
	c.repetitions(files)
	return inOrder(c.findings)
}

func optionsIn(files []File) map[string]*guide.Option {
	options := map[string]*guide.Option{}
	for _, f := range files {
		if f.Option != nil {
			options[f.Option.Slug] = f.Option
		}
	}
	return options
}

// Undefined warns of options that the guides name and no file holds: whether they exist was not checked.
func Undefined(files []File) []Finding {
	c := checker{options: optionsIn(files)}
	for _, c.file = range files {
		if c.file.Guide == nil {
			continue
		}
		for i, o := range c.file.Guide.Options {
			if IsSlug(o) && c.options[o] == nil {
				c.warn(item("options", i), "%s is not in these files, so its facts were not checked", o)
			}
		}
	}
	return c.findings
}

// pictured matches the paths of the texts that the picture of a guide shows.
var pictured = pathsOf("name", "answer.X")

// Undrawn warns of characters that the picture of a guide shows nothing for: in the names of options, the answers and the
// name of the studio. The page shows them.
func Undrawn(files []File, draws func(rune) bool) []Finding {
	c := checker{}
	for _, c.file = range files {
		for _, t := range c.file.texts {
			if !pictured.MatchString(t.path) {
				continue
			}
			missing := map[rune]bool{}
			for _, r := range guide.PlainText(t.text) {
				if !draws(r) {
					missing[r] = true
				}
			}
			if len(missing) > 0 {
				c.warn(t.path, "the picture that stands for a link leaves out %s", string(slices.Sorted(maps.Keys(missing))))
			}
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
	message := fmt.Sprintf(format, args...)
	c.find(Finding{Path: path, Message: message, Text: field(path, message)})
}

func (c *checker) warn(path, format string, args ...any) {
	message := fmt.Sprintf(format, args...)
	c.find(Finding{Path: path, Message: message, Text: field(path, message), Warning: true})
}

// find adds a finding with its place, unless the reading has reported what it follows from.
func (c *checker) find(f Finding) {
	if c.file.misshapen(f.Path) {
		return
	}
	p := c.file.place(f.Path)
	f.File, f.Line, f.Column = c.file.Name, p.line, p.column
	c.findings = append(c.findings, f)
}

// IsSlug reports whether a name can be part of an address.
func IsSlug(name string) bool { return slugForm.MatchString(name) }

var slugForm = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

func (c *checker) slug(path, slug string) {
	switch {
	case slug == "":
		c.missing(path)
	case !IsSlug(slug):
		c.wrong(path, "%s must be lower-case letters, digits and single hyphens, such as rails-vs-laravel", guide.Quoted(slug))
	}
}

func (c *checker) given(path, text string) {
	if text == "" {
		c.missing(path)
	}
}

func (c *checker) missing(path string) {
	c.find(Finding{Path: path, Message: "this is missing", Text: fieldName(path) + " is missing"})
}

// oneOf checks a choice among the options that the guide compares, and perhaps more words.
func (c *checker) oneOf(path, choice string, g *guide.Guide, more ...string) {
	choices := append(slices.Clone(g.Options), more...)
	switch {
	case choice == "":
		c.missing(path)
	case len(g.Options) > 0 && !slices.Contains(choices, choice):
		c.wrong(path, "%s is not one of %s", guide.Quoted(choice), strings.Join(choices, ", "))
	}
}

func (c *checker) address(path, address string) {
	u, err := url.Parse(address)
	switch {
	case address == "":
		c.missing(path)
	case err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http":
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
		c.missing(at(path, "confidence"))
	default:
		c.wrong(at(path, "confidence"), "%s is not one of verified, estimated, unknown", guide.Quoted(string(f.Confidence)))
	}
	switch {
	case f.Checked.IsZero():
		c.missing(at(path, "checked"))
	case !f.Review.IsZero() && f.Review.Before(f.Checked):
		c.wrong(at(path, "review"), "this day is before the day in checked")
	case f.Overdue(c.today):
		c.warn(at(path, "review"), "overdue: check the fact again")
	}
	if len(f.Sources) == 0 {
		c.warn(path, "the fact has no source")
	}
	c.sources(at(path, "sources"), f.Sources)
	c.copies(at(path, "sources"), f)
}

// copies warns of stored copies that were old when the fact was checked: the page may say something else by now.
func (c *checker) copies(path string, f guide.Fact) {
	for i, s := range f.Sources {
		if !s.Copy.IsZero() && s.Copy.Day.AddDate(1, 0, 0).Before(f.Checked.Day) {
			c.warn(at(item(path, i), "copy"), "the copy is more than a year older than the check of the fact: read a newer one")
		}
	}
}

func (c *checker) sources(path string, sources []guide.Source) {
	for i, s := range sources {
		c.given(at(item(path, i), "title"), s.Title)
		c.address(at(item(path, i), "url"), s.URL)
		c.finds(at(item(path, i), "find"), s.Find)
	}
}

// mostFindWords is how long a find may be: a name or a short term, never a sentence.
const mostFindWords = 5

func (c *checker) finds(path string, finds []string) {
	for i, words := range finds {
		switch n := len(strings.Fields(words)); {
		case n == 0:
			c.wrong(item(path, i), "this is empty: write one to %d words that must be on the page", mostFindWords)
		case n > mostFindWords:
			c.wrong(item(path, i), "%d words: write one to %d, such as a figure, a name or a short term", n, mostFindWords)
		}
	}
}

// once checks that no two files hold the same thing: the import would silently keep the last.
func (c *checker) once(files []File) {
	first := map[string]string{}
	for _, c.file = range files {
		subject := c.file.Subject()
		path, _, _ := strings.Cut(subject, " ")
		other, twice := first[subject]
		switch {
		case subject == "":
		case !twice:
			first[subject] = c.file.Name
		case c.file.Site != nil:
			c.wrong("", "%s has the same site", other)
		default:
			c.wrong(path, "%s has the same %s", other, path)
		}
	}
}

// sentence ends at a full stop, a question mark or a new line.
var sentence = regexp.MustCompile(`[^.?!\n]+`)

// repetitions warns of a sentence of eight words or more that stands twice: readers feel the template.
func (c *checker) repetitions(files []File) {
	seen := map[string]string{}
	for _, c.file = range files {
		for _, t := range c.file.texts {
			if !isProse(t.path) {
				continue
			}
			for _, s := range sentence.FindAllString(t.text, -1) {
				words := strings.Fields(strings.ToLower(norm.NFC.String(s)))
				said := strings.Join(words, " ")
				switch first, repeated := seen[said]; {
				case len(words) < 8 || strings.Contains(s, exampleWord):
				case repeated:
					c.warn(t.path, "this sentence is also at %s: %q", first, strings.TrimSpace(s))
				default:
					seen[said] = fmt.Sprintf("%s:%d", c.file.Name, c.file.place(t.path).line)
				}
			}
		}
	}
}
